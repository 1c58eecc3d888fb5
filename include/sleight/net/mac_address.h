// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "sleight/base/result.h"

namespace sleight::net {

// An Ethernet address; bytes in the order of the wire.
struct MacAddress {
  std::array<std::uint8_t, 6> bytes{};

  // `value` holds the address in its low 48 bits, first byte most significant.
  static constexpr MacAddress from_bits(std::uint64_t value) {
    MacAddress mac;
    for (unsigned i = 0; i < 6; ++i) {
      mac.bytes[i] = static_cast<std::uint8_t>(value >> (40 - 8 * i));
    }
    return mac;
  }
  constexpr std::uint64_t bits() const {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8 | byte;
    return value;
  }

  // Broadcast or multicast (I/G bit, IEEE 802).
  constexpr bool is_group() const { return (bytes[0] & 0x01) != 0; }
  constexpr bool is_zero() const { return bits() == 0; }

  friend constexpr auto operator<=>(const MacAddress&, const MacAddress&) = default;
};

// "02:00:01:00:00:00".
std::string to_string(const MacAddress& mac);

// Six groups of two hex digits, separated by colons.
Result<MacAddress> parse_mac(std::string_view text);

}  // namespace sleight::net
