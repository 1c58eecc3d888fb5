// SPDX-License-Identifier: BSD-2-Clause
#include "pool_control.h"

#include <gtest/gtest.h>

#include "fakes.h"
#include "sleight/slots/pool.h"

namespace sleight::control {
namespace {

using namespace std::chrono_literals;
using slots::EventKind;

class PoolControlTest : public testing::Test {
 protected:
  PoolControlTest() {
    config_.fill = 30s;
    config_.drain_timeout = 10min;
    config_.fallback_ttl = 1h;
  }

  Now at(std::chrono::milliseconds since_start) const {
    return {start_ + since_start, kWallStart + since_start.count()};
  }
  void apply(EventKind kind, net::HostId host, Now now) {
    auto proposal = control_.propose({.kind = kind, .host = host, .now = now.wall_ms, .slots = {}});
    ASSERT_TRUE(std::holds_alternative<slots::Plan>(proposal));
    control_.adopt(std::get<slots::Plan>(std::move(proposal)), now.steady);
  }

  static constexpr slots::TimeMs kWallStart = 1'700'000'000'000;
  const SteadyTime start_ = std::chrono::steady_clock::now();
  config::Pool config_ = test::director_config().pools[0];
  slots::Pool table_ = slots::fresh_pool(16, 2, {{.id = 1}, {.id = 2}, {.id = 3}, {.id = 4}});
  PoolControl control_{config_, table_, start_};
};

TEST_F(PoolControlTest, EachAdoptedPlanRaisesTheVersion) {
  EXPECT_EQ(control_.version(), 1u);
  apply(EventKind::kDrain, 2, at(0ms));
  EXPECT_EQ(control_.version(), 2u);
  EXPECT_EQ(table_.find(2)->state, slots::HostState::kDraining);
}

TEST_F(PoolControlTest, ADrainIsOverdueWhenItsTimeoutHasElapsedAndNotBefore) {
  apply(EventKind::kDrain, 2, at(5s));
  EXPECT_TRUE(control_.overdue_hosts(at(5s + 10min - 1ms)).empty());
  const auto due = control_.overdue_hosts(at(5s + 10min));
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].kind, EventKind::kDrained);
  EXPECT_EQ(due[0].host, 2);
}

TEST_F(PoolControlTest, AFillIsOverdueWhenItsTimeHasElapsedAndNotBefore) {
  apply(EventKind::kDrain, 2, at(0ms));
  apply(EventKind::kUndrain, 2, at(1min));
  EXPECT_TRUE(control_.overdue_hosts(at(1min + 30s - 1ms)).empty());
  const auto due = control_.overdue_hosts(at(1min + 30s));
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].kind, EventKind::kFilled);
}

TEST_F(PoolControlTest, APostponedHostHasAnotherPeriod) {
  apply(EventKind::kDrain, 2, at(0ms));
  control_.postpone(2, at(10min).steady);
  EXPECT_TRUE(control_.overdue_hosts(at(20min - 1ms)).empty());
  EXPECT_EQ(control_.overdue_hosts(at(20min)).size(), 1u);
}

TEST_F(PoolControlTest, FallbacksExpireAfterTheirTimeToLive) {
  EXPECT_FALSE(control_.has_expired(at(2h)));
  apply(EventKind::kDrain, 2, at(0ms));
  EXPECT_FALSE(control_.has_expired(at(1h)));
  EXPECT_TRUE(control_.has_expired(at(1h + 1ms)));
  const auto expiry = control_.expiry(at(1h + 1ms));
  EXPECT_EQ(expiry.kind, EventKind::kExpire);
  EXPECT_EQ(expiry.ttl, 3'600'000);
}

}  // namespace
}  // namespace sleight::control
