// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <rte_mbuf.h>

#include "sleight/fwd/pipeline.h"

namespace sleight::dataplane {

// Brings the frame into one piece. False where there is no room for that; it then is good
// for nothing but to be freed.
inline bool make_contiguous(rte_mbuf* packet) {
  return packet->nb_segs == 1 || rte_pktmbuf_linearize(packet) == 0;
}

// REQUIRES: the frame is in one piece.
inline fwd::Frame frame_of(rte_mbuf* packet) {
  return {rte_pktmbuf_mtod(packet, std::uint8_t*), packet->data_len};
}

}  // namespace sleight::dataplane
