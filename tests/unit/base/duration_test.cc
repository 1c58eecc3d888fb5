// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/base/duration.h"

#include <gtest/gtest.h>

namespace sleight {
namespace {

using std::chrono::milliseconds;

TEST(Duration, ReadsEveryUnit) {
  EXPECT_EQ(*parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(*parse_duration("5s"), milliseconds(5'000));
  EXPECT_EQ(*parse_duration("10m"), milliseconds(600'000));
  EXPECT_EQ(*parse_duration("1h"), milliseconds(3'600'000));
  EXPECT_EQ(*parse_duration("2d"), milliseconds(172'800'000));
}

TEST(Duration, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "5", "s", "-1s", "1.5s", "5 s", "5sec", "99999999999999999d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, PrintsTheLargestUnitThatDivides) {
  EXPECT_EQ(to_string(milliseconds(0)), "0s");
  EXPECT_EQ(to_string(milliseconds(1'500)), "1500ms");
  EXPECT_EQ(to_string(milliseconds(60'000)), "1m");
  EXPECT_EQ(to_string(milliseconds(86'400'000)), "1d");
}

TEST(Duration, RoundTrips) {
  for (std::int64_t ms = 1; ms < 1'000'000'000; ms = ms * 7 + 3) {
    EXPECT_EQ(*parse_duration(to_string(milliseconds(ms))), milliseconds(ms));
  }
}

}  // namespace
}  // namespace sleight
