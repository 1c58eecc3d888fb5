// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "sleight/net/ip_address.h"
#include "sleight/net/packet.h"

// Frames for tests, benches and fuzz seeds, built from the outside in: what a header's
// reader does with them is the business of the tests of net.
namespace sleight::support {

using Bytes = std::vector<std::uint8_t>;

struct Ends {
  net::IpAddress source;
  net::IpAddress destination;

  Ends reversed() const { return {destination, source}; }
};

struct Ports {
  std::uint16_t source = 40000;
  std::uint16_t destination = 80;
};

struct TcpNumbers {
  std::uint32_t seq = 1000;
  std::uint32_t ack = 2000;
};

Bytes tcp(Ports ports, std::uint8_t flags, TcpNumbers numbers = {});
Bytes udp(Ports ports);
// ICMP for IPv4 ends, ICMPv6 for IPv6 ends.
Bytes echo(net::Family family);
Bytes unreachable(net::Family family, const Bytes& quoted_ip_packet);
Bytes neighbor_solicitation(const net::IpAddress& target);
Bytes neighbor_advertisement(const net::IpAddress& target);
// The protocol number of those above.
std::uint8_t icmp_protocol(net::Family family);

Bytes ip(const Ends& ends, std::uint8_t protocol, const Bytes& payload);
// The same as a fragment behind the first.
Bytes ip_fragment(const Ends& ends, std::uint8_t protocol, const Bytes& payload);
std::uint16_t ether_type(net::Family family);

// 60 bytes at least, as an Ethernet has them.
Bytes ethernet(std::uint64_t destination_mac, std::uint16_t type, const Bytes& payload);
// `ends` says which IP it is.
Bytes ethernet_ip(std::uint64_t destination_mac, const Ends& ends, std::uint8_t protocol,
                  const Bytes& payload);

// The source MAC of all of them.
inline constexpr std::uint64_t kRouterMac = 0x00'00'5e'00'53'01;

}  // namespace sleight::support
