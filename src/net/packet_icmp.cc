// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <bit>
#include <cstring>

#include "packet_private.h"
#include "sleight/base/endian.h"

namespace sleight::net {
namespace {

enum class IcmpClass : std::uint8_t { kEcho, kError, kNeighborDiscovery, kNone };

constexpr std::size_t kQuotedTcp = 8;   // ports and sequence number, RFC 792's promise
constexpr std::size_t kQuotedUdp = 4;   // ports
constexpr std::size_t kQuotedIcmp = 1;  // type

// Ports and ids swapped: as the packets of the other direction carry them.
std::uint32_t swapped_ports(const std::uint8_t* ports) {
  std::uint32_t raw;
  std::memcpy(&raw, ports, sizeof raw);
  return std::rotl(raw, 16);
}

// RFC 792. Source quench is deprecated (RFC 6633); redirects concern the next hop.
IcmpClass class_of_icmp(std::uint8_t type) {
  switch (type) {
    case 0:  // echo reply
    case 8:  // echo request
      return IcmpClass::kEcho;
    case 3:   // destination unreachable
    case 11:  // time exceeded
    case 12:  // parameter problem
      return IcmpClass::kError;
    default:
      return IcmpClass::kNone;
  }
}

// RFC 4443, RFC 4861.
IcmpClass class_of_icmpv6(std::uint8_t type) {
  switch (type) {
    case 128:  // echo request
    case 129:  // echo reply
      return IcmpClass::kEcho;
    case 1:  // destination unreachable
    case 2:  // packet too big
    case 3:  // time exceeded
    case 4:  // parameter problem
      return IcmpClass::kError;
    case 135:  // neighbor solicitation
    case 136:  // neighbor advertisement
      return IcmpClass::kNeighborDiscovery;
    default:
      return IcmpClass::kNone;
  }
}

IcmpClass class_of(Family family, std::uint8_t type) {
  return family == Family::kIpv4 ? class_of_icmp(type) : class_of_icmpv6(type);
}

bool quotes_a_packet_to(const IpView& quoted, const IpView& outer) {
  const std::size_t size = outer.family == Family::kIpv4 ? 4 : 16;
  return std::equal(quoted.source, quoted.source + size, outer.destination);
}

// The error, under the flow that the quoted packet belongs to, seen from its other end.
Packet error_packet(PacketKind kind, const IpView& quoted, std::uint32_t raw_ports) {
  IpView opposite = quoted;
  std::swap(opposite.source, opposite.destination);
  return {.kind = kind, .flow = opposite.flow(raw_ports, quoted.protocol)};
}

// REQUIRES: `quoted` reaches its transport header, which may break off anywhere.
Packet parse_quoted_transport(const IpView& outer, const IpView& quoted) {
  const Bytes header = quoted.payload;
  if (quoted.protocol == kProtocolTcp) {
    if (header.size() < kQuotedTcp) return bare_packet(PacketKind::kTruncated, outer);
    Packet packet = error_packet(PacketKind::kTcpError, quoted, swapped_ports(header.data()));
    packet.seq = load_be32(&header[4]);
    return packet;
  }
  if (quoted.protocol == kProtocolUdp) {
    if (header.size() < kQuotedUdp) return bare_packet(PacketKind::kTruncated, outer);
    return error_packet(PacketKind::kUdpError, quoted, swapped_ports(header.data()));
  }
  if (quoted.protocol == outer.protocol) {
    if (header.size() < kQuotedIcmp) return bare_packet(PacketKind::kTruncated, outer);
    if (class_of(quoted.family, header[0]) == IcmpClass::kEcho) {
      return error_packet(PacketKind::kEchoError, quoted, 0);
    }
  }
  return bare_packet(PacketKind::kOther, outer);
}

Packet parse_error(const IpView& outer, Bytes quotation) {
  const bool is_v4 = outer.family == Family::kIpv4;
  if (quotation.size() < (is_v4 ? kIpv4Header : kIpv6Header)) {
    return bare_packet(PacketKind::kTruncated, outer);
  }
  const auto quoted =
      is_v4 ? read_ipv4(quotation, Bounds::kQuotation) : read_ipv6(quotation, Bounds::kQuotation);
  if (!quoted || !quotes_a_packet_to(*quoted, outer)) {
    return bare_packet(PacketKind::kOther, outer);
  }
  switch (quoted->reach) {
    case Reach::kCutOff:
      return bare_packet(PacketKind::kTruncated, outer);
    case Reach::kLaterFragment:
      return bare_packet(PacketKind::kFragment, outer);
    case Reach::kNowhere:
      return bare_packet(PacketKind::kOther, outer);
    case Reach::kTransport:
    case Reach::kFirstFragment:  // its transport header is there
      break;
  }
  return parse_quoted_transport(outer, *quoted);
}

}  // namespace

Packet parse_icmp(const IpView& ip) {
  if (ip.payload.size() < kIcmpHeader) return bare_packet(PacketKind::kTruncated, ip);
  switch (class_of(ip.family, ip.payload[0])) {
    case IcmpClass::kEcho:
      return bare_packet(PacketKind::kEcho, ip);
    case IcmpClass::kNeighborDiscovery:
      return bare_packet(PacketKind::kNeighborDiscovery, ip);
    case IcmpClass::kError:
      return parse_error(ip, ip.payload.subspan(kIcmpHeader));
    case IcmpClass::kNone:
      break;
  }
  return bare_packet(PacketKind::kOther, ip);
}

}  // namespace sleight::net
