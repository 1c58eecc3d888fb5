// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>

#include "sleight/net/flow_key.h"

namespace sleight::net {

inline constexpr std::size_t kEthernetHeader = 14;
inline constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherTypeArp = 0x0806;
inline constexpr std::uint16_t kEtherTypeIpv6 = 0x86dd;
inline constexpr std::uint16_t kEtherTypeTraining = 0x88b5;  // IEEE local experimental 1

inline constexpr std::uint8_t kTcpFin = 0x01;
inline constexpr std::uint8_t kTcpSyn = 0x02;
inline constexpr std::uint8_t kTcpRst = 0x04;
inline constexpr std::uint8_t kTcpAck = 0x10;

enum class PacketKind : std::uint8_t {
  kMalformed,  // shorter than an Ethernet header, or an IP header that does not hold
  kNotIp,      // any other ethertype
  kArp,
  kTraining,
  kNeighborDiscovery,  // ICMPv6 types 135 and 136; flow: addresses, no ports
  kTruncated,          // the IP header holds, the transport header does not fit
  kFragment,           // any fragment but the atomic one (RFC 6946)
  kOther,              // IP, but nothing below
  kTcp,
  kUdp,
  kEcho,       // ICMP or ICMPv6 echo request or reply; ports 0
  kTcpError,   // ICMP or ICMPv6 error that quotes a packet of ours: flow is the quoted
  kUdpError,   //   one, reversed, so that its destination is ours, its protocol the
  kEchoError,  //   quoted protocol
};

// What one look at a frame's headers found. From kNeighborDiscovery on, `flow` holds
// at least the addresses, so flow.destination() is the outer destination address in
// every one of them.
//
// An ICMP error that quotes nothing of ours (outer destination != quoted source, or a
// quoted protocol other than TCP, UDP and echo) is kOther; one whose quotation breaks
// off before the ports is kTruncated; one that quotes a fragment behind the first is
// kFragment.
struct Packet {
  PacketKind kind = PacketKind::kMalformed;
  std::uint8_t tcp_flags = 0;  // kTcp only
  FlowKey flow{};
  std::uint32_t seq = 0;  // kTcp: sequence number; kTcpError: the quoted one. A number.
  std::uint32_t ack = 0;  // kTcp: acknowledgement number

  bool is_ip() const { return kind >= PacketKind::kNeighborDiscovery; }
  bool is_error() const { return kind >= PacketKind::kTcpError; }
};

// Reads Ethernet, IPv4 with options, IPv6 with extension headers (RFC 8200), TCP, UDP,
// ICMP and ICMPv6, the quoted packet of an error too. Bytes behind the IP length
// (Ethernet padding) do not count; no byte outside `frame` is read.
Packet parse(std::span<const std::uint8_t> frame);

// The same in place. Hot loops want it: copying a Packet just built waits for its
// narrow stores, which takes about as long as parsing it (bench/net_bench.cc).
inline void parse_into(std::span<const std::uint8_t> frame, Packet& packet) {
  ::new (static_cast<void*>(&packet)) Packet(parse(frame));
}

}  // namespace sleight::net
