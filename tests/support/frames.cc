// SPDX-License-Identifier: BSD-2-Clause
#include "frames.h"

#include <algorithm>

#include "sleight/base/endian.h"
#include "sleight/net/mac_address.h"

namespace sleight::support {
namespace {

constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::uint8_t kFragmentHeader = 44;
constexpr std::uint8_t kDestinationUnreachableV4 = 3;
constexpr std::uint8_t kDestinationUnreachableV6 = 1;

void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

Bytes ipv4(const Ends& ends, std::uint8_t protocol, const Bytes& payload,
           std::uint16_t fragment_field) {
  Bytes packet(kIpv4Header);
  packet[0] = 0x45;
  store_be16(&packet[2], static_cast<std::uint16_t>(kIpv4Header + payload.size()));
  store_be16(&packet[6], fragment_field);
  packet[8] = 64;
  packet[9] = protocol;
  std::copy_n(ends.source.bytes.begin(), 4, packet.begin() + 12);
  std::copy_n(ends.destination.bytes.begin(), 4, packet.begin() + 16);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < kIpv4Header; i += 2) sum += load_be16(&packet[i]);
  sum = (sum & 0xffff) + (sum >> 16);
  store_be16(&packet[10], static_cast<std::uint16_t>(~(sum + (sum >> 16))));
  append(packet, payload);
  return packet;
}

Bytes ipv6(const Ends& ends, std::uint8_t next_header, const Bytes& payload) {
  Bytes packet(kIpv6Header);
  packet[0] = 0x60;
  store_be16(&packet[4], static_cast<std::uint16_t>(payload.size()));
  packet[6] = next_header;
  packet[7] = 64;
  std::copy_n(ends.source.bytes.begin(), 16, packet.begin() + 8);
  std::copy_n(ends.destination.bytes.begin(), 16, packet.begin() + 24);
  append(packet, payload);
  return packet;
}

Bytes neighbor_message(std::uint8_t type, const net::IpAddress& target) {
  Bytes message(8);
  message[0] = type;
  message.insert(message.end(), target.bytes.begin(), target.bytes.end());
  return message;
}

}  // namespace

Bytes tcp(Ports ports, std::uint8_t flags, TcpNumbers numbers) {
  Bytes segment(20);
  store_be16(&segment[0], ports.source);
  store_be16(&segment[2], ports.destination);
  store_be32(&segment[4], numbers.seq);
  store_be32(&segment[8], numbers.ack);
  segment[12] = 0x50;
  segment[13] = flags;
  return segment;
}

Bytes udp(Ports ports) {
  Bytes datagram(8);
  store_be16(&datagram[0], ports.source);
  store_be16(&datagram[2], ports.destination);
  store_be16(&datagram[4], 8);
  return datagram;
}

Bytes echo(net::Family family) {
  Bytes message(8);
  message[0] = family == net::Family::kIpv4 ? 8 : 128;
  return message;
}

Bytes unreachable(net::Family family, const Bytes& quoted_ip_packet) {
  Bytes message(8);
  message[0] = family == net::Family::kIpv4 ? kDestinationUnreachableV4 : kDestinationUnreachableV6;
  append(message, quoted_ip_packet);
  return message;
}

Bytes neighbor_solicitation(const net::IpAddress& target) { return neighbor_message(135, target); }

Bytes neighbor_advertisement(const net::IpAddress& target) { return neighbor_message(136, target); }

std::uint8_t icmp_protocol(net::Family family) {
  return family == net::Family::kIpv4 ? net::kProtocolIcmp : net::kProtocolIcmpv6;
}

Bytes ip(const Ends& ends, std::uint8_t protocol, const Bytes& payload) {
  return ends.source.family == net::Family::kIpv4 ? ipv4(ends, protocol, payload, 0)
                                                  : ipv6(ends, protocol, payload);
}

Bytes ip_fragment(const Ends& ends, std::uint8_t protocol, const Bytes& payload) {
  constexpr std::uint16_t kOffset = 185;  // in units of eight bytes
  if (ends.source.family == net::Family::kIpv4) return ipv4(ends, protocol, payload, kOffset);
  Bytes header(8);
  header[0] = protocol;
  store_be16(&header[2], kOffset << 3);
  append(header, payload);
  return ipv6(ends, kFragmentHeader, header);
}

std::uint16_t ether_type(net::Family family) {
  return family == net::Family::kIpv4 ? net::kEtherTypeIpv4 : net::kEtherTypeIpv6;
}

Bytes ethernet(std::uint64_t destination_mac, std::uint16_t type, const Bytes& payload) {
  constexpr std::size_t kShortest = 60;
  const auto destination = net::MacAddress::from_bits(destination_mac).bytes;
  const auto source = net::MacAddress::from_bits(kRouterMac).bytes;
  Bytes frame(destination.begin(), destination.end());
  frame.insert(frame.end(), source.begin(), source.end());
  frame.resize(net::kEthernetHeader);
  store_be16(&frame[12], type);
  append(frame, payload);
  frame.resize(std::max(frame.size(), kShortest));
  return frame;
}

Bytes ethernet_ip(std::uint64_t destination_mac, const Ends& ends, std::uint8_t protocol,
                  const Bytes& payload) {
  return ethernet(destination_mac, ether_type(ends.source.family), ip(ends, protocol, payload));
}

}  // namespace sleight::support
