// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "sleight/net/mac_address.h"

namespace sleight::net {

// 1..4095; 0 stands for "none".
using HostId = std::uint16_t;

inline constexpr HostId kNoHost = 0;
inline constexpr HostId kMaxHostId = 4095;
inline constexpr std::uint8_t kMaxFabric = 15;
inline constexpr std::size_t kMaxFallbacks = 2;

// What a slot points to: the host that takes new connections, then the hosts that may
// still own old ones, newest first. A default-constructed chain points nowhere.
struct Chain {
  HostId target = kNoHost;
  std::array<HostId, kMaxFallbacks> fallbacks{};

  // Target and fallbacks together, 0..3.
  constexpr std::size_t size() const {
    return target == kNoHost ? 0 : 1u + (fallbacks[0] != kNoHost) + (fallbacks[1] != kNoHost);
  }
  constexpr bool has_fallback() const { return fallbacks[0] != kNoHost; }
  constexpr bool contains(HostId host) const {
    return host != kNoHost && (target == host || fallbacks[0] == host || fallbacks[1] == host);
  }
  // What the packet carries after its target has passed it on: the first fallback
  // becomes the target. REQUIRES: has_fallback().
  constexpr Chain shifted() const { return {fallbacks[0], {fallbacks[1], kNoHost}}; }

  // A target, no gap, no host twice, every id in range.
  constexpr bool is_valid() const {
    if (target == kNoHost || target > kMaxHostId) return false;
    if (fallbacks[0] > kMaxHostId || fallbacks[1] > kMaxHostId) return false;
    if (fallbacks[0] == kNoHost) return fallbacks[1] == kNoHost;
    return fallbacks[0] != target && fallbacks[1] != target && fallbacks[0] != fallbacks[1];
  }

  friend constexpr bool operator==(const Chain&, const Chain&) = default;
};

// "3>2>1": target first; "-" for the chain that points nowhere.
std::string to_string(const Chain& chain);

// A chain written as a MAC address (docs/steer-mac.md):
//
//   bits 47..44 fabric | 43..40 0x2 | 39..36 reserved, 0
//        35..24 target | 23..12 first fallback | 11..0 second fallback
struct SteerMac {
  std::uint8_t fabric = 0;
  Chain chain;

  friend constexpr bool operator==(const SteerMac&, const SteerMac&) = default;
};

inline constexpr std::uint64_t kSteerMark = 0x2;

// REQUIRES: fabric <= kMaxFabric and chain.is_valid().
constexpr std::uint64_t steer_bits(std::uint8_t fabric, const Chain& chain) {
  return std::uint64_t{fabric} << 44 | kSteerMark << 40 | std::uint64_t{chain.target} << 24 |
         std::uint64_t{chain.fallbacks[0]} << 12 | std::uint64_t{chain.fallbacks[1]};
}
constexpr MacAddress encode(const SteerMac& steer) {
  return MacAddress::from_bits(steer_bits(steer.fabric, steer.chain));
}

// The steer MAC of a host alone.
constexpr MacAddress canonical_mac(std::uint8_t fabric, HostId host) {
  return encode({fabric, {host, {}}});
}

// Unicast and locally administered with bits 43..40 = 0x2: an address of the kind that
// steer MACs are made of, valid or not.
constexpr bool is_steer_kind(std::uint64_t mac_bits) {
  return (mac_bits >> 40 & 0xf) == kSteerMark;
}

// Nothing when `mac` is not of the kind, has reserved bits set, or holds no valid chain.
constexpr std::optional<SteerMac> decode_steer(std::uint64_t mac_bits) {
  if (!is_steer_kind(mac_bits) || (mac_bits >> 36 & 0xf) != 0) return std::nullopt;
  const auto id_at = [mac_bits](unsigned shift) {
    return static_cast<HostId>(mac_bits >> shift & 0xfff);
  };
  const SteerMac steer{static_cast<std::uint8_t>(mac_bits >> 44 & 0xf),
                       {id_at(24), {id_at(12), id_at(0)}}};
  if (!steer.chain.is_valid()) return std::nullopt;
  return steer;
}
constexpr std::optional<SteerMac> decode_steer(const MacAddress& mac) {
  return decode_steer(mac.bits());
}

}  // namespace sleight::net
