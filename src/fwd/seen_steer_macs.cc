// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/fwd/seen_steer_macs.h"

namespace sleight::fwd {

void SeenSteerMacs::add(Cell& cell, std::uint64_t mac_bits) {
  // The cell stays as it was, so that the next frame tries again.
  if (pending_count_ == kMaxPending) return;
  pending_[pending_count_++] = mac_bits;
  cell = {mac_bits, second_};
}

}  // namespace sleight::fwd
