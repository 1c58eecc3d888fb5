// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "sleight/base/result.h"

namespace sleight::net {

enum class Family : std::uint8_t { kIpv4 = 4, kIpv6 = 6 };

// An IPv4 or IPv6 address. Bytes in network order; an IPv4 address fills the first
// four and the rest is zero, so comparing whole objects is right. An IPv4-mapped
// IPv6 address stays an IPv6 address.
struct IpAddress {
  Family family = Family::kIpv4;
  std::array<std::uint8_t, 16> bytes{};

  static IpAddress v4(const void* four_bytes);
  static IpAddress v6(const void* sixteen_bytes);

  unsigned bit_length() const { return family == Family::kIpv4 ? 32 : 128; }

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

// An address range; bits of `address` behind `length` are zero.
struct IpPrefix {
  IpAddress address;
  std::uint8_t length = 0;  // 0..32 or 0..128

  bool contains(const IpAddress& candidate) const;
  bool is_host() const { return length == address.bit_length(); }

  friend constexpr auto operator<=>(const IpPrefix&, const IpPrefix&) = default;
};

std::string to_string(const IpAddress& address);
std::string to_string(const IpPrefix& prefix);  // a host prefix prints as its address

Result<IpAddress> parse_ip(std::string_view text);

// "203.0.113.64/26", or an address alone for a host prefix. Host bits that are set
// are an error that names the prefix that was probably meant.
Result<IpPrefix> parse_prefix(std::string_view text);

}  // namespace sleight::net
