// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "sleight/base/endian.h"
#include "sleight/fwd/pipeline.h"

namespace sleight::fwd {

// The addresses of an Ethernet header, as the low 48 bits of a number.
// REQUIRES, everywhere: frame.size >= net::kEthernetHeader.

inline std::uint64_t destination_bits(const Frame& frame) { return load_be64(frame.data) >> 16; }

inline void write_destination(const Frame& frame, std::uint64_t destination) {
  store_be32(frame.data, static_cast<std::uint32_t>(destination >> 16));
  store_be16(frame.data + 4, static_cast<std::uint16_t>(destination));
}

inline void write_macs(const Frame& frame, std::uint64_t destination, std::uint64_t source) {
  store_be64(frame.data, destination << 16 | source >> 32);
  store_be32(frame.data + 8, static_cast<std::uint32_t>(source));
}

// REQUIRES: a valid steer MAC. In a valid chain the first fallback is never missing
// while there is a second, so looking at both at once is enough.
constexpr bool has_fallback(std::uint64_t steer_bits) { return (steer_bits & 0xffffff) != 0; }

constexpr net::HostId target_of(std::uint64_t steer_bits) {
  return static_cast<net::HostId>(steer_bits >> 24 & 0xfff);
}

}  // namespace sleight::fwd
