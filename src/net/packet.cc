// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/packet.h"

#include <cstring>

#include "packet_private.h"
#include "sleight/base/endian.h"

namespace sleight::net {
namespace {

constexpr std::uint8_t kVersion4NoOptions = 0x45;
constexpr std::size_t kTotalLength = kEthernetHeader + 2;
constexpr std::size_t kFragmentField = kEthernetHeader + 6;
constexpr std::size_t kProtocolField = kEthernetHeader + 9;
constexpr std::size_t kSource = kEthernetHeader + 12;
constexpr std::size_t kDestination = kEthernetHeader + 16;
constexpr std::size_t kPlainTcp = kEthernetHeader + kIpv4Header;
constexpr std::uint16_t kNotWhole = 0x3fff;  // more fragments, or an offset

std::uint32_t raw_ports(const std::uint8_t* transport) {
  std::uint32_t raw;
  std::memcpy(&raw, transport, sizeof raw);
  return raw;
}

void read_tcp(Packet& packet, const std::uint8_t* header) {
  packet.kind = PacketKind::kTcp;
  packet.tcp_flags = header[13];
  packet.seq = load_be32(header + 4);
  packet.ack = load_be32(header + 8);
}

// Nearly all that arrives: TCP in IPv4 without options, whole.
bool is_plain_tcp(Bytes frame) {
  if (frame.size() < kPlainTcp + kTcpHeader) return false;
  if (load_be16(&frame[12]) != kEtherTypeIpv4) return false;
  if (frame[kEthernetHeader] != kVersion4NoOptions) return false;
  if (frame[kProtocolField] != kProtocolTcp) return false;
  if ((load_be16(&frame[kFragmentField]) & kNotWhole) != 0) return false;
  const std::size_t total = load_be16(&frame[kTotalLength]);
  return total >= kIpv4Header + kTcpHeader && total <= frame.size() - kEthernetHeader;
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

Packet of_kind(PacketKind kind) {
  Packet packet;
  packet.kind = kind;
  return packet;
}

[[gnu::noinline]] Packet parse_general(Bytes frame) {
  if (frame.size() < kEthernetHeader) return {};
  const Bytes content = frame.subspan(kEthernetHeader);
  switch (load_be16(&frame[12])) {
    case kEtherTypeIpv4:
      return parse_ip(read_ipv4(content, Bounds::kLengthField));
    case kEtherTypeIpv6:
      return parse_ip(read_ipv6(content, Bounds::kLengthField));
    case kEtherTypeArp:
      return of_kind(PacketKind::kArp);
    case kEtherTypeTraining:
      return of_kind(PacketKind::kTraining);
    default:
      return of_kind(PacketKind::kNotIp);
  }
}

}  // namespace

Packet bare_packet(PacketKind kind, const IpView& ip) {
  Packet packet;
  packet.kind = kind;
  packet.flow = ip.flow(0, ip.protocol);
  return packet;
}

Packet parse_transport(const IpView& ip) {
  const Bytes header = ip.payload;
  if (ip.protocol == kProtocolTcp) {
    if (header.size() < kTcpHeader) return bare_packet(PacketKind::kTruncated, ip);
    Packet packet;
    packet.flow = ip.flow(raw_ports(header.data()), kProtocolTcp);
    read_tcp(packet, header.data());
    return packet;
  }
  if (ip.protocol == kProtocolUdp) {
    if (header.size() < kUdpHeader) return bare_packet(PacketKind::kTruncated, ip);
    Packet packet;
    packet.kind = PacketKind::kUdp;
    packet.flow = ip.flow(raw_ports(header.data()), kProtocolUdp);
    return packet;
  }
  const bool is_icmp =
      ip.protocol == (ip.family == Family::kIpv4 ? kProtocolIcmp : kProtocolIcmpv6);
  return is_icmp ? parse_icmp(ip) : bare_packet(PacketKind::kOther, ip);
}

Packet parse(std::span<const std::uint8_t> frame) {
  if (!is_plain_tcp(frame)) return parse_general(frame);
  Packet packet;
  packet.flow = FlowKey::v4(&frame[kSource], &frame[kDestination], raw_ports(&frame[kPlainTcp]),
                            kProtocolTcp);
  read_tcp(packet, &frame[kPlainTcp]);
  return packet;
}

}  // namespace sleight::net
