// SPDX-License-Identifier: BSD-2-Clause
#include "settle_times.h"

#include <gtest/gtest.h>

namespace sleight::control {
namespace {

TEST(SettleTimesTest, NothingIsKnownBeforeTheFirst) {
  const SettleTimes times;
  EXPECT_EQ(times.last(), std::nullopt);
  EXPECT_EQ(times.max(), std::nullopt);
  EXPECT_EQ(times.percentile(50), std::nullopt);
}

TEST(SettleTimesTest, PercentilesAreExact) {
  SettleTimes times;
  for (std::uint64_t us = 100; us >= 1; --us) times.record(us);
  EXPECT_EQ(times.percentile(50), 50u);
  EXPECT_EQ(times.percentile(99), 99u);
  EXPECT_EQ(times.percentile(100), 100u);
  EXPECT_EQ(times.last(), 1u);
  EXPECT_EQ(times.max(), 100u);
}

TEST(SettleTimesTest, OnlyTheLatestThousandCountButTheSlowestIsRemembered) {
  SettleTimes times;
  times.record(1'000'000);
  for (int i = 0; i < 1000; ++i) times.record(7);
  EXPECT_EQ(times.percentile(100), 7u);
  EXPECT_EQ(times.max(), 1'000'000u);
}

}  // namespace
}  // namespace sleight::control
