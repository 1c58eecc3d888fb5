// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <rte_ether.h>
#include <rte_mbuf.h>

#include "sleight/fwd/pipeline.h"

namespace sleight::dataplane {

// Puts back the VLAN tag that a driver took off, so that the frame is again what came in.
// False where there is no room for it. May replace `packet`.
inline bool restore_tag(rte_mbuf*& packet) {
  if ((packet->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED) == 0) [[likely]]
    return true;
  if (rte_vlan_insert(&packet) != 0) return false;
  packet->ol_flags &= ~RTE_MBUF_F_RX_VLAN;
  return true;
}

// Brings the frame into one piece. False where there is no room for that; it then is good
// for nothing but to be freed. May replace `packet`.
inline bool make_contiguous(rte_mbuf*& packet) {
  return restore_tag(packet) && (packet->nb_segs == 1 || rte_pktmbuf_linearize(packet) == 0);
}

// REQUIRES: the frame is in one piece.
inline fwd::Frame frame_of(rte_mbuf* packet) {
  return {rte_pktmbuf_mtod(packet, std::uint8_t*), packet->data_len};
}

}  // namespace sleight::dataplane
