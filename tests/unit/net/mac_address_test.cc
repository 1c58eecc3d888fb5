// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/mac_address.h"

#include <gtest/gtest.h>

#include <random>

namespace sleight::net {
namespace {

TEST(MacAddress, PrintsSixGroups) {
  EXPECT_EQ(to_string(MacAddress::from_bits(0x0200'0100'0000)), "02:00:01:00:00:00");
  EXPECT_EQ(to_string(MacAddress{}), "00:00:00:00:00:00");
}

TEST(MacAddress, ReadsDigitsOfEitherCase) {
  EXPECT_EQ(parse_mac("aA:bB:cC:dD:eE:fF")->bits(), 0xaabb'ccdd'eeffu);
}

TEST(MacAddress, RefusesWhatIsNoMacAndRepeatsIt) {
  for (const std::string text :
       {"", "02:00:01:00:00", "02:00:01:00:00:00:00", "02-00-01-00-00-00", "0200.0100.0000",
        "2:0:1:0:0:0", "02:00:01:00:00:0g", "02:00:01:00:00:-1", "+2:00:01:00:00:00",
        " 2:00:01:00:00:00", "02:00:01:00:00:00 ", "02:00:01:00:00:0:"}) {
    const auto mac = parse_mac(text);
    ASSERT_FALSE(mac) << text;
    EXPECT_EQ(mac.error().message.find("'" + text + "'"), 0u);
  }
}

TEST(MacAddress, RoundTripsThroughTextAndBits) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const MacAddress mac = MacAddress::from_bits(random() >> 16);
    EXPECT_EQ(*parse_mac(to_string(mac)), mac);
    EXPECT_EQ(MacAddress::from_bits(mac.bits()), mac);
  }
}

TEST(MacAddress, KnowsGroupsAndZero) {
  EXPECT_TRUE(parse_mac("ff:ff:ff:ff:ff:ff")->is_group());
  EXPECT_TRUE(parse_mac("01:00:5e:00:00:01")->is_group());
  EXPECT_TRUE(parse_mac("33:33:00:00:00:01")->is_group());
  EXPECT_FALSE(parse_mac("02:00:01:00:00:01")->is_group());
  EXPECT_TRUE(MacAddress{}.is_zero());
  EXPECT_FALSE(parse_mac("00:00:00:00:00:01")->is_zero());
}

}  // namespace
}  // namespace sleight::net
