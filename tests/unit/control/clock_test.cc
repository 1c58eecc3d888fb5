// SPDX-License-Identifier: BSD-2-Clause
#include "clock.h"

#include <gtest/gtest.h>

#include "fakes.h"
#include "pool_control.h"

namespace sleight::control {
namespace {

using namespace std::chrono_literals;

constexpr slots::TimeMs kTwoHours = 2 * 3'600'000;
slots::TimeMs system_wall = 1'700'000'000'000;  // each test steps it on

class ClockTest : public testing::Test {
 protected:
  const Clock clock_{[] { return system_wall; }};
  const Now start_ = clock_.read();
};

TEST_F(ClockTest, WallTimeRunsOnWithTheSteadyClock) {
  EXPECT_GE(start_.wall_ms, 1'700'000'000'000);
  EXPECT_EQ(clock_.at(start_.steady + 90s).wall_ms, start_.wall_ms + 90'000);
}

TEST_F(ClockTest, AStepOfTheSystemsClockMovesNothing) {
  system_wall += kTwoHours;
  EXPECT_EQ(clock_.at(start_.steady + 1s).wall_ms, start_.wall_ms + 1000);
  EXPECT_LT(clock_.read().wall_ms, start_.wall_ms + kTwoHours);
}

TEST_F(ClockTest, AStepOfTwoHoursExpiresNoFallbackOfOneHour) {
  config::Pool config = control::test::director_config().pools[0];
  config.fallback_ttl = 1h;
  slots::Pool table = slots::fresh_pool(16, 2, {{.id = 1}, {.id = 2}});
  PoolControl control(config, table, start_.steady);
  auto drain = control.propose(
      {.kind = slots::EventKind::kDrain, .host = 2, .now = start_.wall_ms, .slots = {}});
  control.adopt(std::get<slots::Plan>(std::move(drain)), start_.steady);
  system_wall += kTwoHours;
  EXPECT_TRUE(control.expired_fallbacks(clock_.read()).empty());
  EXPECT_TRUE(control.expired_fallbacks(clock_.at(start_.steady + 1h)).empty());
  EXPECT_FALSE(control.expired_fallbacks(clock_.at(start_.steady + 1h + 1ms)).empty());
}

}  // namespace
}  // namespace sleight::control
