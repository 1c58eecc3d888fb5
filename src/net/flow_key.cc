// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/flow_key.h"

#include <fmt/format.h>

#include <bit>

#include "sleight/base/check.h"

namespace sleight::net {
namespace {

constexpr std::uint64_t kPortBits = 0xffff'ffff;

std::uint64_t ports_swapped(std::uint64_t tail) {
  return (tail & ~kPortBits) | std::rotl(static_cast<std::uint32_t>(tail), 16);
}

std::string protocol_name(std::uint8_t protocol) {
  switch (protocol) {
    case kProtocolTcp:
      return "tcp";
    case kProtocolUdp:
      return "udp";
    case kProtocolIcmp:
      return "icmp";
    case kProtocolIcmpv6:
      return "icmpv6";
    default:
      return fmt::format("protocol-{}", protocol);
  }
}

std::string endpoint(const IpAddress& address, std::uint16_t port, bool has_port) {
  if (!has_port) return to_string(address);
  const bool is_v4 = address.family == Family::kIpv4;
  return fmt::format(fmt::runtime(is_v4 ? "{}:{}" : "[{}]:{}"), to_string(address), port);
}

}  // namespace

FlowKey FlowKey::make(const IpAddress& source, std::uint16_t sport, const IpAddress& destination,
                      std::uint16_t dport, std::uint8_t protocol) {
  CHECK(source.family == destination.family);
  const std::uint32_t raw_ports = __builtin_bswap16(sport) | std::uint32_t{__builtin_bswap16(dport)}
                                                                 << 16;
  const auto build = source.family == Family::kIpv4 ? &FlowKey::v4 : &FlowKey::v6;
  return build(source.bytes.data(), destination.bytes.data(), raw_ports, protocol);
}

IpAddress FlowKey::source() const {
  return is_v4() ? IpAddress::v4(&blocks_[0]) : IpAddress::v6(&blocks_[0]);
}

IpAddress FlowKey::destination() const {
  if (!is_v4()) return IpAddress::v6(&blocks_[2]);
  const std::uint64_t bytes = blocks_[0] >> 32;
  return IpAddress::v4(&bytes);
}

FlowKey FlowKey::reversed() const {
  FlowKey key;
  if (is_v4()) {
    key.blocks_[0] = std::rotl(blocks_[0], 32);
    key.blocks_[1] = ports_swapped(blocks_[1]);
  } else {
    key.blocks_ = {blocks_[2], blocks_[3], blocks_[0], blocks_[1], ports_swapped(blocks_[4])};
  }
  return key;
}

std::string to_string(const FlowKey& key) {
  const bool has_ports = key.protocol() == kProtocolTcp || key.protocol() == kProtocolUdp;
  return fmt::format("{} {} > {}", protocol_name(key.protocol()),
                     endpoint(key.source(), key.sport(), has_ports),
                     endpoint(key.destination(), key.dport(), has_ports));
}

}  // namespace sleight::net
