// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/ip_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "sleight/base/check.h"

namespace sleight::net {
namespace {

int socket_family(Family family) { return family == Family::kIpv4 ? AF_INET : AF_INET6; }

// `address` with every bit behind `length` zero.
IpAddress masked(const IpAddress& address, unsigned length) {
  IpAddress result = address;
  for (unsigned i = 0; i < result.bytes.size(); ++i) {
    const unsigned before = 8 * i;
    const unsigned kept = length <= before ? 0 : std::min(length - before, 8u);
    result.bytes[i] &= static_cast<std::uint8_t>(0xff00u >> kept);
  }
  return result;
}

std::optional<std::uint8_t> parse_length(std::string_view digits, unsigned limit) {
  unsigned length = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, code] = std::from_chars(digits.data(), end, length);
  const bool leading_zero = digits.size() > 1 && digits.front() == '0';
  if (code != std::errc() || stop != end || leading_zero || length > limit) return std::nullopt;
  return static_cast<std::uint8_t>(length);
}

}  // namespace

IpAddress IpAddress::v4(const void* four_bytes) {
  IpAddress address;
  std::memcpy(address.bytes.data(), four_bytes, 4);
  return address;
}

IpAddress IpAddress::v6(const void* sixteen_bytes) {
  IpAddress address{Family::kIpv6, {}};
  std::memcpy(address.bytes.data(), sixteen_bytes, 16);
  return address;
}

bool IpPrefix::contains(const IpAddress& candidate) const {
  return candidate.family == address.family && masked(candidate, length) == address;
}

std::string to_string(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN] = {};
  CHECK(inet_ntop(socket_family(address.family), address.bytes.data(), text, sizeof text) !=
        nullptr);
  return text;
}

std::string to_string(const IpPrefix& prefix) {
  if (prefix.is_host()) return to_string(prefix.address);
  return fmt::format("{}/{}", to_string(prefix.address), prefix.length);
}

Result<IpAddress> parse_ip(std::string_view text) {
  const std::string terminated(text);
  IpAddress address;
  address.family = text.find(':') == std::string_view::npos ? Family::kIpv4 : Family::kIpv6;
  // A zero byte inside would hide the rest from a C function.
  const bool whole = terminated.find('\0') == std::string::npos;
  if (!whole ||
      inet_pton(socket_family(address.family), terminated.c_str(), address.bytes.data()) != 1) {
    return Error{
        fmt::format("'{}' is no IP address: expected one as 203.0.113.10 or 2001:db8::10", text)};
  }
  return address;
}

Result<IpPrefix> parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address) return address.error();
  const unsigned limit = address->bit_length();
  if (slash == std::string_view::npos) return IpPrefix{*address, static_cast<std::uint8_t>(limit)};
  const auto length = parse_length(text.substr(slash + 1), limit);
  if (!length) {
    return Error{
        fmt::format("'{}': expected a prefix length of 0 to {} behind the slash", text, limit)};
  }
  const IpPrefix prefix{masked(*address, *length), *length};
  if (prefix.address != *address) {
    return Error{
        fmt::format("'{}' has bits set behind its prefix length: write {} for the prefix or {} for "
                    "the address alone",
                    text, to_string(prefix), to_string(*address))};
  }
  return prefix;
}

}  // namespace sleight::net
