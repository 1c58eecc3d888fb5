// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "sleight/net/flow_key.h"
#include "sleight/net/ip_address.h"
#include "sleight/net/packet.h"

namespace sleight::net {

using Bytes = std::span<const std::uint8_t>;

inline constexpr std::size_t kIpv4Header = 20;  // without options
inline constexpr std::size_t kIpv6Header = 40;
inline constexpr std::size_t kTcpHeader = 20;
inline constexpr std::size_t kUdpHeader = 8;
inline constexpr std::size_t kIcmpHeader = 8;

// How far the headers of an IP packet lead.
enum class Reach : std::uint8_t {
  kTransport,      // `payload` begins with the header that `protocol` names
  kFirstFragment,  // the same, and more of the packet travels in other frames
  kLaterFragment,  // payload, but no transport header
  kCutOff,         // an extension header does not fit
  kNowhere,        // more extension headers than we follow, or not at its destination yet
};

// What the IP header and its options or extension headers say. Points into the frame.
struct IpView {
  Family family;
  std::uint8_t protocol;
  Reach reach;
  const std::uint8_t* source;
  const std::uint8_t* destination;
  Bytes payload;

  FlowKey flow(std::uint32_t raw_ports, std::uint8_t flow_protocol) const {
    return family == Family::kIpv4 ? FlowKey::v4(source, destination, raw_ports, flow_protocol)
                                   : FlowKey::v6(source, destination, raw_ports, flow_protocol);
  }
};

// Whose length field bounds the payload. A quotation breaks off where its sender liked,
// and some routers garble its length field: there only the bytes at hand count.
enum class Bounds : std::uint8_t { kLengthField, kQuotation };

// Nothing when the header does not hold.
std::optional<IpView> read_ipv4(Bytes packet, Bounds bounds);
std::optional<IpView> read_ipv6(Bytes packet, Bounds bounds);

// Addresses and protocol, no ports.
Packet bare_packet(PacketKind kind, const IpView& ip);

// What the transport header behind `ip` says. REQUIRES: ip.reach == Reach::kTransport.
Packet parse_transport(const IpView& ip);

// REQUIRES: ip.protocol is ICMP for IPv4 or ICMPv6 for IPv6.
Packet parse_icmp(const IpView& ip);

}  // namespace sleight::net
