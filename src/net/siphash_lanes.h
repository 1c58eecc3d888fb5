// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>

#include "sleight/net/flow_key.h"
#include "sleight/net/siphash.h"

namespace sleight::net {

inline constexpr std::size_t kAvx2Lanes = 4;
inline constexpr std::size_t kAvx512Lanes = 8;

// Whether one of `kLanes` keys is an IPv6 one. IPv4 keys leave their last block zero.
template <std::size_t kLanes>
inline bool any_ipv6(const FlowKey* const* flows) {
  std::uint64_t last_blocks = 0;
  for (std::size_t i = 0; i < kLanes; ++i) {
    last_blocks |= flows[i]->blocks()[FlowKey::kBlocks - 1];
  }
  return last_blocks != 0;
}

// Hash `groups` times as many keys as there are lanes. Only on a CPU that has the
// instructions: nothing else in these two files may be called on one that has not.
void hash_groups_avx2(const SipKey& key, const FlowKey* const* flows, std::size_t groups,
                      std::uint64_t* hashes);
void hash_groups_avx512(const SipKey& key, const FlowKey* const* flows, std::size_t groups,
                        std::uint64_t* hashes);

}  // namespace sleight::net
