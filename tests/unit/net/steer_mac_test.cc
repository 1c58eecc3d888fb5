// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/steer_mac.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace sleight::net {
namespace {

MacAddress mac(const char* text) { return *parse_mac(text); }

// Hosts at both ends of every hex digit, so that fields which leak into each other show.
constexpr std::array<HostId, 12> kIds = {0,     1,     2,     3,     0xf,   0x10,
                                         0x0ff, 0x100, 0x7ff, 0x800, 0xffe, 0xfff};

TEST(SteerMac, ReadsAsTheDesignPrintsIt) {
  EXPECT_EQ(encode({0, {1, {}}}), mac("02:00:01:00:00:00"));
  EXPECT_EQ(encode({0, {2, {1, 0}}}), mac("02:00:02:00:10:00"));
  EXPECT_EQ(encode({0, {3, {2, 1}}}), mac("02:00:03:00:20:01"));
  EXPECT_EQ(encode({15, {4095, {4094, 4093}}}), mac("f2:0f:ff:ff:ef:fd"));
  EXPECT_EQ(canonical_mac(5, 0x123), mac("52:01:23:00:00:00"));
}

TEST(SteerMac, EveryValidChainOfASmallDomainRoundTrips) {
  std::set<std::uint64_t> seen;
  std::size_t valid = 0;
  for (std::uint8_t fabric = 0; fabric <= kMaxFabric; ++fabric) {
    for (const HostId target : kIds) {
      for (const HostId first : kIds) {
        for (const HostId second : kIds) {
          const SteerMac steer{fabric, {target, {first, second}}};
          if (!steer.chain.is_valid()) {
            // An invalid chain has no MAC: the bits that it would have are refused.
            EXPECT_FALSE(decode_steer(steer_bits(fabric, steer.chain)));
            continue;
          }
          ++valid;
          const MacAddress address = encode(steer);
          EXPECT_FALSE(address.is_group());
          EXPECT_TRUE(is_steer_kind(address.bits()));
          EXPECT_EQ(decode_steer(address), steer);
          seen.insert(address.bits());
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), valid);
}

TEST(SteerMac, EveryTopByteAndReservedValueIsJudged) {
  const std::uint64_t chain = steer_bits(0, {3, {2, 1}}) & 0xf'ffff'ffff;
  for (std::uint64_t top = 0; top < 0x1000; ++top) {
    const std::uint64_t bits = top << 36 | chain;
    const bool is_kind = (top >> 4 & 0xf) == 2;
    EXPECT_EQ(is_steer_kind(bits), is_kind);
    EXPECT_EQ(decode_steer(bits).has_value(), is_kind && (top & 0xf) == 0) << std::hex << top;
  }
}

TEST(SteerMac, OfRandomBitsDecodesToWhatEncodesThemAgain) {
  std::mt19937_64 random(1);
  int decoded = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    // Mark and reserved bits right half of the time, else nearly nothing would decode.
    std::uint64_t bits = random() >> 16;
    if (i % 2 == 0) bits = (bits & ~(std::uint64_t{0xff} << 36)) | kSteerMark << 40;
    const auto steer = decode_steer(bits);
    if (!steer) continue;
    ++decoded;
    EXPECT_EQ(encode(*steer).bits(), bits);
  }
  EXPECT_GT(decoded, 400'000);
}

TEST(Chain, IsInvalidWithoutATargetWithAGapOrWithAHostTwice) {
  EXPECT_TRUE((Chain{1, {}}.is_valid()));
  EXPECT_TRUE((Chain{1, {2, 3}}.is_valid()));
  EXPECT_FALSE(Chain{}.is_valid());
  EXPECT_FALSE((Chain{0, {1, 0}}.is_valid()));
  EXPECT_FALSE((Chain{1, {0, 2}}.is_valid()));
  EXPECT_FALSE((Chain{1, {1, 0}}.is_valid()));
  EXPECT_FALSE((Chain{1, {2, 1}}.is_valid()));
  EXPECT_FALSE((Chain{1, {2, 2}}.is_valid()));
  EXPECT_FALSE((Chain{4096, {}}.is_valid()));
  EXPECT_FALSE((Chain{1, {4096, 0}}.is_valid()));
  EXPECT_FALSE((Chain{1, {2, 4096}}.is_valid()));
}

TEST(Chain, ShiftsUntilOneHostIsLeft) {
  const Chain three{3, {2, 1}};
  EXPECT_EQ(three.size(), 3u);
  EXPECT_EQ(three.shifted(), (Chain{2, {1, 0}}));
  EXPECT_EQ(three.shifted().shifted(), (Chain{1, {}}));
  EXPECT_FALSE(three.shifted().shifted().has_fallback());
  EXPECT_TRUE(three.shifted().is_valid());
  EXPECT_EQ(Chain{}.size(), 0u);
}

TEST(Chain, ContainsItsHostsAndNeverNobody) {
  const Chain chain{3, {2, 0}};
  EXPECT_TRUE(chain.contains(3));
  EXPECT_TRUE(chain.contains(2));
  EXPECT_FALSE(chain.contains(1));
  EXPECT_FALSE(chain.contains(kNoHost));
}

TEST(Chain, PrintsTargetFirst) {
  EXPECT_EQ(to_string(Chain{3, {2, 1}}), "3>2>1");
  EXPECT_EQ(to_string(Chain{3, {}}), "3");
  EXPECT_EQ(to_string(Chain{}), "-");
}

}  // namespace
}  // namespace sleight::net
