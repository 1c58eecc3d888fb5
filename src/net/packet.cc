// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/packet.h"

#include <cstring>

#include "packet_private.h"
#include "sleight/base/endian.h"

namespace sleight::net {
namespace {

constexpr std::size_t kEtherType = 12;
constexpr std::size_t kTcpSeq = 4;
constexpr std::size_t kTcpAckNumber = 8;
constexpr std::size_t kTcpFlags = 13;

constexpr std::uint8_t kVersion4NoOptions = 0x45;
constexpr std::uint16_t kNotWhole = 0x3fff;  // more fragments, or an offset

std::uint32_t raw_ports(const std::uint8_t* transport) {
  std::uint32_t raw;
  std::memcpy(&raw, transport, sizeof raw);
  return raw;
}

// Nearly all that arrives is TCP, whole, right behind an IP header without extras: the
// two straight paths. What they accept, the general path would read alike.
bool is_plain_tcp_over_ipv4(Bytes frame) {
  if (frame.size() < kEthernetHeader + kIpv4Header + kTcpHeader) return false;
  const std::uint8_t* ip = &frame[kEthernetHeader];
  if (load_be16(&frame[kEtherType]) != kEtherTypeIpv4 || ip[0] != kVersion4NoOptions) return false;
  if (ip[9] != kProtocolTcp || (load_be16(ip + 6) & kNotWhole) != 0) return false;
  const std::size_t total = load_be16(ip + 2);
  return total >= kIpv4Header + kTcpHeader && total <= frame.size() - kEthernetHeader;
}

bool is_plain_tcp_over_ipv6(Bytes frame) {
  if (frame.size() < kEthernetHeader + kIpv6Header + kTcpHeader) return false;
  const std::uint8_t* ip = &frame[kEthernetHeader];
  if (load_be16(&frame[kEtherType]) != kEtherTypeIpv6 || ip[0] >> 4 != 6) return false;
  const std::size_t length = load_be16(ip + 4);
  return ip[6] == kProtocolTcp && length >= kTcpHeader &&
         length <= frame.size() - kEthernetHeader - kIpv6Header;
}

// Built in one expression, so in its final place.
Packet plain_tcp_over_ipv4(const std::uint8_t* ip) {
  const std::uint8_t* tcp = ip + kIpv4Header;
  return {.kind = PacketKind::kTcp,
          .tcp_flags = tcp[kTcpFlags],
          .flow = FlowKey::v4(ip + 12, ip + 16, raw_ports(tcp), kProtocolTcp),
          .seq = load_be32(tcp + kTcpSeq),
          .ack = load_be32(tcp + kTcpAckNumber)};
}

Packet plain_tcp_over_ipv6(const std::uint8_t* ip) {
  const std::uint8_t* tcp = ip + kIpv6Header;
  return {.kind = PacketKind::kTcp,
          .tcp_flags = tcp[kTcpFlags],
          .flow = FlowKey::v6(ip + 8, ip + 24, raw_ports(tcp), kProtocolTcp),
          .seq = load_be32(tcp + kTcpSeq),
          .ack = load_be32(tcp + kTcpAckNumber)};
}

Packet parse_ip(const std::optional<IpView>& ip) {
  if (!ip) return {};
  switch (ip->reach) {
    case Reach::kTransport:
      return parse_transport(*ip);
    case Reach::kFirstFragment:
    case Reach::kLaterFragment:
      return bare_packet(PacketKind::kFragment, *ip);
    case Reach::kCutOff:
      return bare_packet(PacketKind::kTruncated, *ip);
    case Reach::kNowhere:
      break;
  }
  return bare_packet(PacketKind::kOther, *ip);
}

[[gnu::noinline]] Packet parse_general(Bytes frame) {
  if (frame.size() < kEthernetHeader) return {};
  const Bytes content = frame.subspan(kEthernetHeader);
  switch (load_be16(&frame[kEtherType])) {
    case kEtherTypeIpv4:
      return parse_ip(read_ipv4(content, Bounds::kLengthField));
    case kEtherTypeIpv6:
      return parse_ip(read_ipv6(content, Bounds::kLengthField));
    case kEtherTypeArp:
      return {.kind = PacketKind::kArp};
    case kEtherTypeTraining:
      return {.kind = PacketKind::kTraining};
    default:
      return {.kind = PacketKind::kNotIp};
  }
}

}  // namespace

Packet bare_packet(PacketKind kind, const IpView& ip) {
  return {.kind = kind, .flow = ip.flow(0, ip.protocol)};
}

Packet parse_transport(const IpView& ip) {
  const Bytes header = ip.payload;
  if (ip.protocol == kProtocolTcp) {
    if (header.size() < kTcpHeader) return bare_packet(PacketKind::kTruncated, ip);
    return {.kind = PacketKind::kTcp,
            .tcp_flags = header[kTcpFlags],
            .flow = ip.flow(raw_ports(header.data()), kProtocolTcp),
            .seq = load_be32(&header[kTcpSeq]),
            .ack = load_be32(&header[kTcpAckNumber])};
  }
  if (ip.protocol == kProtocolUdp) {
    if (header.size() < kUdpHeader) return bare_packet(PacketKind::kTruncated, ip);
    return {.kind = PacketKind::kUdp, .flow = ip.flow(raw_ports(header.data()), kProtocolUdp)};
  }
  const bool is_icmp =
      ip.protocol == (ip.family == Family::kIpv4 ? kProtocolIcmp : kProtocolIcmpv6);
  return is_icmp ? parse_icmp(ip) : bare_packet(PacketKind::kOther, ip);
}

Packet parse(std::span<const std::uint8_t> frame) {
  if (is_plain_tcp_over_ipv4(frame)) return plain_tcp_over_ipv4(&frame[kEthernetHeader]);
  if (is_plain_tcp_over_ipv6(frame)) return plain_tcp_over_ipv6(&frame[kEthernetHeader]);
  return parse_general(frame);
}

}  // namespace sleight::net
