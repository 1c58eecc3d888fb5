// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/mac_address.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace sleight::net {
namespace {

constexpr std::size_t kTextSize = 17;  // six pairs of digits, five colons

std::optional<std::uint8_t> parse_octet(std::string_view two_digits) {
  std::uint8_t octet = 0;
  const char* end = two_digits.data() + two_digits.size();
  const auto [stop, code] = std::from_chars(two_digits.data(), end, octet, 16);
  if (code != std::errc() || stop != end) return std::nullopt;
  return octet;
}

}  // namespace

std::string to_string(const MacAddress& mac) {
  return fmt::format("{:02x}", fmt::join(mac.bytes, ":"));
}

Result<MacAddress> parse_mac(std::string_view text) {
  const Error bad{
      fmt::format("'{}' is no MAC address: expected six pairs of hex digits with colons between, "
                  "as in 02:00:01:00:00:00",
                  text)};
  if (text.size() != kTextSize) return bad;
  MacAddress mac;
  for (std::size_t i = 0; i < mac.bytes.size(); ++i) {
    if (i > 0 && text[3 * i - 1] != ':') return bad;
    const auto octet = parse_octet(text.substr(3 * i, 2));
    if (!octet) return bad;
    mac.bytes[i] = *octet;
  }
  return mac;
}

}  // namespace sleight::net
