// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/ip_address.h"

#include <gtest/gtest.h>

#include <random>

namespace sleight::net {
namespace {

IpAddress random_address(std::mt19937_64& random, Family family) {
  const std::array<std::uint64_t, 2> bytes = {random(), random()};
  return family == Family::kIpv4 ? IpAddress::v4(&bytes) : IpAddress::v6(&bytes);
}

// Bit `index` of an address, 0 the most significant.
bool bit(const IpAddress& address, unsigned index) {
  return (address.bytes[index / 8] >> (7 - index % 8) & 1) != 0;
}

TEST(IpAddress, ReadsBothFamilies) {
  const auto v4 = parse_ip("203.0.113.10");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->family, Family::kIpv4);
  EXPECT_EQ(v4->bytes, (std::array<std::uint8_t, 16>{203, 0, 113, 10}));
  const auto v6 = parse_ip("2001:db8::10");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->family, Family::kIpv6);
  EXPECT_EQ(v6->bytes, (std::array<std::uint8_t, 16>{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0,
                                                     0, 0, 0, 0x10}));
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
  for (const std::string& text :
       {std::string(), std::string("203.0.113"), std::string("203.0.113.256"),
        std::string("203.0.113.010"), std::string("203.0.113.10 "), std::string("::1::"),
        std::string("fe80::1%eth0"), std::string("[::1]"), std::string("host"),
        std::string("203.0.113.10\0x", 14), std::string("::1\0", 4)}) {
    const auto address = parse_ip(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().message.find(text), std::string::npos);
  }
}

TEST(IpAddress, RoundTripsThroughText) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const auto address = random_address(random, i % 2 == 0 ? Family::kIpv4 : Family::kIpv6);
    EXPECT_EQ(*parse_ip(to_string(address)), address);
  }
}

TEST(IpAddress, KeepsMappedAddressesInTheirFamily) {
  const auto mapped = parse_ip("::ffff:203.0.113.10");
  ASSERT_TRUE(mapped);
  EXPECT_EQ(mapped->family, Family::kIpv6);
  EXPECT_NE(*mapped, *parse_ip("203.0.113.10"));
}

TEST(IpPrefix, ReadsAddressesAndRanges) {
  EXPECT_EQ(parse_prefix("203.0.113.64/26")->length, 26);
  EXPECT_TRUE(parse_prefix("203.0.113.10")->is_host());
  EXPECT_TRUE(parse_prefix("203.0.113.10/32")->is_host());
  EXPECT_TRUE(parse_prefix("2001:db8::10")->is_host());
  EXPECT_EQ(parse_prefix("::/0")->length, 0);
  EXPECT_EQ(to_string(*parse_prefix("203.0.113.10/32")), "203.0.113.10");
  EXPECT_EQ(to_string(*parse_prefix("2001:db8::/32")), "2001:db8::/32");
}

TEST(IpPrefix, RefusesWhatIsNoPrefix) {
  for (const char* text : {"", "/", "/24", "203.0.113.0/", "203.0.113.0/33", "203.0.113.0/-1",
                           "203.0.113.0/024", "203.0.113.0/24/", "203.0.113.0/ 24",
                           "203.0.113.0/24 ", "2001:db8::/129", "2001:db8::/4294967297"}) {
    EXPECT_FALSE(parse_prefix(text)) << text;
  }
}

TEST(IpPrefix, NamesThePrefixThatWasProbablyMeant) {
  const auto prefix = parse_prefix("203.0.113.77/26");
  ASSERT_FALSE(prefix);
  EXPECT_NE(prefix.error().message.find("203.0.113.64/26"), std::string::npos);
  EXPECT_FALSE(parse_prefix("2001:db8::1/127"));
  EXPECT_TRUE(parse_prefix("2001:db8::2/127"));
}

TEST(IpPrefix, ContainsExactlyTheAddressesThatShareItsBits) {
  std::mt19937_64 random(2);
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    const unsigned bits = family == Family::kIpv4 ? 32 : 128;
    for (unsigned length = 0; length <= bits; ++length) {
      // The prefix: random bits, those behind the length cleared one by one.
      IpPrefix prefix{random_address(random, family), static_cast<std::uint8_t>(length)};
      for (unsigned i = length; i < bits; ++i) {
        prefix.address.bytes[i / 8] &= static_cast<std::uint8_t>(~(0x80 >> i % 8));
      }
      for (unsigned flipped = 0; flipped < bits; ++flipped) {
        IpAddress candidate = random_address(random, family);
        for (unsigned i = 0; i < length; ++i) {
          const auto mask = static_cast<std::uint8_t>(0x80 >> i % 8);
          candidate.bytes[i / 8] &= static_cast<std::uint8_t>(~mask);
          if (bit(prefix.address, i)) candidate.bytes[i / 8] |= mask;
        }
        EXPECT_TRUE(prefix.contains(candidate));
        candidate.bytes[flipped / 8] ^= static_cast<std::uint8_t>(0x80 >> flipped % 8);
        EXPECT_EQ(prefix.contains(candidate), flipped >= length);
      }
      EXPECT_EQ(*parse_prefix(to_string(prefix)), prefix);
    }
  }
}

TEST(IpPrefix, ContainsNothingOfTheOtherFamily) {
  EXPECT_FALSE(parse_prefix("0.0.0.0/0")->contains(*parse_ip("::")));
  EXPECT_FALSE(parse_prefix("::/0")->contains(*parse_ip("0.0.0.0")));
}

}  // namespace
}  // namespace sleight::net
