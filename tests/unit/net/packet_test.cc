// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/packet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <set>

#include "golden.h"
#include "sleight/base/endian.h"

namespace sleight::net {
namespace {

// Parses the first `size` bytes from an allocation of exactly that size, so that the
// address sanitizer sees every byte read behind them.
Packet parse_copy(const std::vector<std::uint8_t>& frame, std::size_t size) {
  const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[size]);
  std::copy_n(frame.begin(), size, copy.get());
  return parse({copy.get(), size});
}

Packet parse_copy(const std::vector<std::uint8_t>& frame) {
  return parse_copy(frame, frame.size());
}

GoldenPacket golden(const std::string& name) {
  const auto packets = golden_packets();
  const auto found =
      std::find_if(packets.begin(), packets.end(), [&](const auto& p) { return p.name == name; });
  CHECK(found != packets.end());
  return *found;
}

// The outer destination, read without the parser.
IpAddress outer_destination(const std::vector<std::uint8_t>& frame) {
  const bool is_v4 = load_be16(&frame[12]) == kEtherTypeIpv4;
  return is_v4 ? IpAddress::v4(&frame[kEthernetHeader + 16])
               : IpAddress::v6(&frame[kEthernetHeader + 24]);
}

// What holds for every frame whatsoever.
void expect_invariants(const std::vector<std::uint8_t>& frame, const Packet& packet) {
  if (packet.is_ip()) {
    EXPECT_EQ(packet.flow.destination(), outer_destination(frame));
  } else {
    EXPECT_EQ(packet.flow, FlowKey());
  }
  if (packet.kind != PacketKind::kTcp) {
    EXPECT_EQ(packet.tcp_flags, 0);
    EXPECT_EQ(packet.ack, 0u);
  }
  if (packet.kind != PacketKind::kTcp && packet.kind != PacketKind::kTcpError) {
    EXPECT_EQ(packet.seq, 0u);
  }
}

TEST(Packet, IsWhatTheGoldenPacketsSay) {
  for (const GoldenPacket& expected : golden_packets()) {
    SCOPED_TRACE(expected.name);
    const Packet packet = parse_copy(expected.frame);
    EXPECT_EQ(to_string(packet.kind), expected.kind);
    EXPECT_EQ(packet.is_ip() ? to_string(packet.flow) : "", expected.flow);
    EXPECT_EQ(packet.tcp_flags, expected.flags);
    EXPECT_EQ(packet.seq, expected.seq);
    EXPECT_EQ(packet.ack, expected.ack);
    expect_invariants(expected.frame, packet);
  }
}

TEST(Packet, GoldenPacketsCoverEveryKind) {
  std::set<std::string> kinds;
  for (const GoldenPacket& packet : golden_packets()) kinds.insert(packet.kind);
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(PacketKind::kEchoError) + 1);
}

// Where the packet in an unbroken frame ends and Ethernet padding begins.
std::size_t end_of_packet(const std::vector<std::uint8_t>& frame, const Packet& packet) {
  if (!packet.is_ip()) return std::min(frame.size(), kEthernetHeader);
  return packet.flow.is_v4() ? kEthernetHeader + load_be16(&frame[kEthernetHeader + 2])
                             : kEthernetHeader + 40 + load_be16(&frame[kEthernetHeader + 4]);
}

TEST(Packet, CutBeforeItsEndIsMalformedAndNeverReadBehindTheCut) {
  for (const GoldenPacket& whole : golden_packets()) {
    const Packet untouched = parse_copy(whole.frame);
    const std::size_t end = end_of_packet(whole.frame, untouched);
    for (std::size_t size = 0; size < whole.frame.size(); ++size) {
      SCOPED_TRACE(whole.name + " cut to " + std::to_string(size));
      const PacketKind expected = size < end ? PacketKind::kMalformed : untouched.kind;
      EXPECT_EQ(parse_copy(whole.frame, size).kind, expected);
    }
  }
}

// The same cuts with the length field mended: now the inner checks have to hold.
TEST(Packet, IsNeverReadBehindItsIpLength) {
  for (const GoldenPacket& whole : golden_packets()) {
    const Packet untouched = parse_copy(whole.frame);
    if (!untouched.is_ip()) continue;
    const bool is_v4 = untouched.flow.is_v4();
    const std::size_t header = is_v4 ? 20 : 40;
    for (std::size_t size = kEthernetHeader + header; size < whole.frame.size(); ++size) {
      SCOPED_TRACE(whole.name + " ends at " + std::to_string(size));
      std::vector<std::uint8_t> frame(whole.frame.begin(),
                                      whole.frame.begin() + static_cast<std::ptrdiff_t>(size));
      const std::size_t length = size - kEthernetHeader - (is_v4 ? 0 : header);
      store_be16(&frame[kEthernetHeader + (is_v4 ? 2 : 4)], static_cast<std::uint16_t>(length));
      const Packet bare = parse_copy(frame);
      expect_invariants(frame, bare);
      // Padding behind the length changes nothing.
      frame.resize(size + 9, 0xff);
      const Packet padded = parse_copy(frame);
      EXPECT_EQ(bare.kind, padded.kind);
      EXPECT_EQ(bare.flow, padded.flow);
      EXPECT_EQ(bare.seq, padded.seq);
    }
  }
}

TEST(Packet, OfRandomBytesKeepsTheInvariants) {
  std::mt19937 random(1);
  const auto goldens = golden_packets();
  for (int round = 0; round < 200'000; ++round) {
    std::vector<std::uint8_t> frame = goldens[random() % goldens.size()].frame;
    if (frame.size() < kEthernetHeader) continue;
    const std::size_t changes = 1 + random() % 8;
    for (std::size_t i = 0; i < changes; ++i) {
      frame[random() % frame.size()] = static_cast<std::uint8_t>(random());
    }
    expect_invariants(frame, parse_copy(frame));
  }
}

// `straight` with random addresses and TCP header, and the same behind `extra` bytes
// that only the general path reads over, header mended by `mend`.
template <typename Mend>
void expect_both_paths_alike(std::vector<std::uint8_t> straight, std::size_t first_address,
                             std::size_t transport, const std::vector<std::uint8_t>& extra,
                             const Mend& mend) {
  std::mt19937 random(2);
  for (int round = 0; round < 10'000; ++round) {
    for (std::size_t at = first_address; at < straight.size(); ++at) {
      straight[at] = static_cast<std::uint8_t>(random());
    }
    std::vector<std::uint8_t> general = straight;
    general.insert(general.begin() + static_cast<std::ptrdiff_t>(transport), extra.begin(),
                   extra.end());
    mend(general);
    const Packet one = parse_copy(straight);
    const Packet other = parse_copy(general);
    ASSERT_EQ(one.kind, PacketKind::kTcp);
    ASSERT_EQ(other.kind, PacketKind::kTcp);
    EXPECT_EQ(one.flow, other.flow);
    EXPECT_EQ(one.tcp_flags, other.tcp_flags);
    EXPECT_EQ(one.seq, other.seq);
    EXPECT_EQ(one.ack, other.ack);
  }
}

TEST(Packet, OfIpv4IsReadAlikeOnBothPaths) {
  expect_both_paths_alike(golden("tcp A over IPv4").frame, kEthernetHeader + 12,
                          kEthernetHeader + 20, {1, 1, 1, 1}, [](auto& general) {
                            general[kEthernetHeader] = 0x46;
                            general[kEthernetHeader + 3] = 44;
                          });
}

TEST(Packet, OfIpv6IsReadAlikeOnBothPaths) {
  expect_both_paths_alike(golden("tcp A over IPv6").frame, kEthernetHeader + 8,
                          kEthernetHeader + 40, {kProtocolTcp, 0, 1, 4, 0, 0, 0, 0},
                          [](auto& general) {
                            general[kEthernetHeader + 5] = 28;
                            general[kEthernetHeader + 6] = 60;
                          });
}

TEST(Packet, ParsedInPlaceForgetsWhatWasThere) {
  Packet packet = parse_copy(golden("tcp A over IPv6").frame);
  parse_into(golden("arp request").frame, packet);
  EXPECT_EQ(packet.kind, PacketKind::kArp);
  EXPECT_EQ(packet.flow, FlowKey());
  EXPECT_EQ(packet.tcp_flags, 0);
  EXPECT_EQ(packet.seq, 0u);
  EXPECT_EQ(packet.ack, 0u);
}

// An answer's error names the flow that the client's packets have: one slot, one owner.
TEST(Packet, AnErrorHasTheFlowOfThePacketsItConcerns) {
  EXPECT_EQ(parse_copy(golden("tcp A over IPv4").frame).flow,
            parse_copy(golden("fragmentation needed quoting tcp").frame).flow);
  EXPECT_EQ(parse_copy(golden("tcp A over IPv6").frame).flow,
            parse_copy(golden("packet too big quoting tcp").frame).flow);
  EXPECT_EQ(parse_copy(golden("echo request over IPv4").frame).flow,
            parse_copy(golden("error quoting echo").frame).flow);
  EXPECT_EQ(parse_copy(golden("echo request over IPv6").frame).flow,
            parse_copy(golden("error over IPv6 quoting echo").frame).flow);
}

TEST(Packet, EveryIcmpTypeHasItsKind) {
  std::vector<std::uint8_t> frame = golden("fragmentation needed quoting tcp").frame;
  for (unsigned type = 0; type < 256; ++type) {
    frame[kEthernetHeader + 20] = static_cast<std::uint8_t>(type);
    const bool is_echo = type == 0 || type == 8;
    const bool is_error = type == 3 || type == 11 || type == 12;
    const PacketKind expected = is_echo    ? PacketKind::kEcho
                                : is_error ? PacketKind::kTcpError
                                           : PacketKind::kOther;
    EXPECT_EQ(parse_copy(frame).kind, expected) << type;
  }
}

TEST(Packet, EveryIcmpv6TypeHasItsKind) {
  std::vector<std::uint8_t> frame = golden("packet too big quoting tcp").frame;
  for (unsigned type = 0; type < 256; ++type) {
    frame[kEthernetHeader + 40] = static_cast<std::uint8_t>(type);
    PacketKind expected = PacketKind::kOther;
    if (type == 128 || type == 129) expected = PacketKind::kEcho;
    if (type >= 1 && type <= 4) expected = PacketKind::kTcpError;
    if (type == 135 || type == 136) expected = PacketKind::kNeighborDiscovery;
    EXPECT_EQ(parse_copy(frame).kind, expected) << type;
  }
}

TEST(Packet, EveryFragmentFieldIsAFragmentButTheAtomicOne) {
  std::vector<std::uint8_t> frame = golden("tcp A over IPv4").frame;
  std::vector<std::uint8_t> v6 = golden("tcp in an atomic fragment").frame;
  for (unsigned field = 0; field < 0x10000; ++field) {
    store_be16(&frame[kEthernetHeader + 6], static_cast<std::uint16_t>(field));
    const bool v4_whole = (field & 0x3fff) == 0;  // "don't fragment" and the reserved bit aside
    ASSERT_EQ(parse_copy(frame).kind, v4_whole ? PacketKind::kTcp : PacketKind::kFragment) << field;
    store_be16(&v6[kEthernetHeader + 42], static_cast<std::uint16_t>(field));
    const bool v6_whole = (field & 0xfff9) == 0;  // two reserved bits aside
    ASSERT_EQ(parse_copy(v6).kind, v6_whole ? PacketKind::kTcp : PacketKind::kFragment) << field;
  }
}

}  // namespace
}  // namespace sleight::net
