// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/flow_key.h"

#include <gtest/gtest.h>

#include <random>

namespace sleight::net {
namespace {

IpAddress ip(const char* text) { return *parse_ip(text); }

struct Parts {
  IpAddress source, destination;
  std::uint16_t sport, dport;
  std::uint8_t protocol;

  FlowKey key() const { return FlowKey::make(source, sport, destination, dport, protocol); }
};

Parts random_parts(std::mt19937_64& random) {
  const std::array<std::uint64_t, 4> bytes = {random(), random(), random(), random()};
  const auto address = random() % 2 == 0 ? &IpAddress::v4 : &IpAddress::v6;
  return {address(&bytes[0]), address(&bytes[2]), static_cast<std::uint16_t>(random()),
          static_cast<std::uint16_t>(random()), static_cast<std::uint8_t>(random())};
}

TEST(FlowKey, GivesBackWhatItWasMadeOf) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const Parts parts = random_parts(random);
    const FlowKey key = parts.key();
    EXPECT_EQ(key.family(), parts.source.family);
    EXPECT_EQ(key.source(), parts.source);
    EXPECT_EQ(key.destination(), parts.destination);
    EXPECT_EQ(key.sport(), parts.sport);
    EXPECT_EQ(key.dport(), parts.dport);
    EXPECT_EQ(key.protocol(), parts.protocol);
  }
}

TEST(FlowKey, ReversedIsTheFlowOfTheOtherDirection) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 10'000; ++i) {
    const Parts there = random_parts(random);
    const Parts back{there.destination, there.source, there.dport, there.sport, there.protocol};
    EXPECT_EQ(there.key().reversed(), back.key());
    EXPECT_EQ(there.key().reversed().reversed(), there.key());
  }
}

TEST(FlowKey, IsTheSameFromWireBytes) {
  const std::uint8_t source[] = {198, 51, 100, 7};
  const std::uint8_t destination[] = {203, 0, 113, 10};
  const std::uint8_t ports[] = {0x9c, 0x40, 0x00, 0x50};
  std::uint32_t raw_ports;
  std::memcpy(&raw_ports, ports, sizeof raw_ports);
  EXPECT_EQ(FlowKey::v4(source, destination, raw_ports, kProtocolTcp),
            FlowKey::make(ip("198.51.100.7"), 40000, ip("203.0.113.10"), 80, kProtocolTcp));
}

TEST(FlowKey, DiffersWhenAnyBitOfItDiffers) {
  const FlowKey key = FlowKey::make(ip("::1"), 1, ip("::2"), 2, kProtocolTcp);
  EXPECT_NE(key, FlowKey::make(ip("::1"), 1, ip("::2"), 2, kProtocolUdp));
  EXPECT_NE(key, FlowKey::make(ip("::1"), 2, ip("::2"), 1, kProtocolTcp));
  EXPECT_NE(key, FlowKey::make(ip("::2"), 1, ip("::1"), 2, kProtocolTcp));
  EXPECT_NE(FlowKey::make(ip("0.0.0.0"), 0, ip("0.0.0.0"), 0, 0),
            FlowKey::make(ip("::"), 0, ip("::"), 0, 0));
}

TEST(FlowKey, PrintsPortsOnlyWhereTheProtocolHasThem) {
  EXPECT_EQ(to_string(FlowKey::make(ip("198.51.100.7"), 40000, ip("203.0.113.10"), 80, 6)),
            "tcp 198.51.100.7:40000 > 203.0.113.10:80");
  EXPECT_EQ(to_string(FlowKey::make(ip("2001:db8::7"), 40000, ip("2001:db8::10"), 53, 17)),
            "udp [2001:db8::7]:40000 > [2001:db8::10]:53");
  EXPECT_EQ(to_string(FlowKey::make(ip("198.51.100.7"), 0, ip("203.0.113.10"), 0, 1)),
            "icmp 198.51.100.7 > 203.0.113.10");
  EXPECT_EQ(to_string(FlowKey::make(ip("::1"), 0, ip("::2"), 0, 58)), "icmpv6 ::1 > ::2");
  EXPECT_EQ(to_string(FlowKey::make(ip("::1"), 0, ip("::2"), 0, 50)), "protocol-50 ::1 > ::2");
}

TEST(FlowKeyDeathTest, NeedsAddressesOfOneFamily) {
  EXPECT_DEATH(FlowKey::make(ip("::1"), 1, ip("127.0.0.1"), 2, kProtocolTcp), "CHECK failed");
}

}  // namespace
}  // namespace sleight::net
