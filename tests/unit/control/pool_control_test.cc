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
  EXPECT_FALSE(control_.overdue_host(at(5s + 10min - 1ms)).has_value());
  const auto due = control_.overdue_host(at(5s + 10min));
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(due->kind, EventKind::kDrained);
  EXPECT_EQ(due->host, 2);
}

TEST_F(PoolControlTest, AFillIsOverdueWhenItsTimeHasElapsedAndNotBefore) {
  apply(EventKind::kDrain, 2, at(0ms));
  apply(EventKind::kUndrain, 2, at(1min));
  EXPECT_FALSE(control_.overdue_host(at(1min + 30s - 1ms)).has_value());
  const auto due = control_.overdue_host(at(1min + 30s));
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(due->kind, EventKind::kFilled);
}

TEST_F(PoolControlTest, ADrainDoesNotEndWhileNobodyElseCanBeTheTarget) {
  apply(EventKind::kDrain, 2, at(0ms));
  for (const net::HostId host : std::vector<net::HostId>{1, 3, 4})
    apply(EventKind::kDisable, host, at(1min));
  EXPECT_TRUE(control_.held_drains(at(10min - 1ms).steady).empty());
  EXPECT_FALSE(control_.overdue_host(at(1h)).has_value());
  EXPECT_EQ(control_.held_drains(at(1h).steady), (std::vector<net::HostId>{2}));
}

TEST_F(PoolControlTest, TheTimeOfADrainRunsFromTheLastRepointOfItsSlots) {
  apply(EventKind::kDrain, 2, at(0ms));
  for (const net::HostId host : std::vector<net::HostId>{1, 3, 4})
    apply(EventKind::kDisable, host, at(1min));
  apply(EventKind::kEnable, 1, at(1h));
  EXPECT_TRUE(control_.held_drains(at(1h).steady).empty());
  apply(EventKind::kFilled, 1, at(1h));
  EXPECT_FALSE(control_.overdue_host(at(1h + 10min - 1ms)).has_value());
  const auto due = control_.overdue_host(at(1h + 10min));
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(due->kind, EventKind::kDrained);
  EXPECT_EQ(due->host, 2);
}

TEST_F(PoolControlTest, ADrainThatIsStuckInFullChainsIsHeld) {
  // The only slot: host 2 is its target, hosts 3 and 4 fill the chain, none accepts but 1.
  using enum slots::HostState;
  table_ = {2,
            {{.id = 1},
             {.id = 2, .state = kDraining},
             {.id = 3, .state = kDraining},
             {.id = 4, .state = kDraining}},
            {{{2, {3, 4}}, {kWallStart, kWallStart}}}};
  EXPECT_EQ(control_.held_drains(at(10min).steady), (std::vector<net::HostId>{2}));
  const auto due = control_.overdue_host(at(10min));
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(due->host, 3);
  // Its end makes room: host 1 takes over, and the time of host 2 starts.
  apply(EventKind::kDrained, 3, at(10min));
  EXPECT_EQ(table_.table[0].chain, (net::Chain{1, {2, 4}}));
  EXPECT_EQ(control_.overdue_host(at(10min))->host, 4);
  apply(EventKind::kDrained, 4, at(10min));
  EXPECT_FALSE(control_.overdue_host(at(20min - 1ms)).has_value());
  EXPECT_EQ(control_.overdue_host(at(20min))->host, 2);
}

TEST_F(PoolControlTest, FallbacksExpireAfterTheirTimeToLive) {
  EXPECT_TRUE(control_.expired_fallbacks(at(2h)).empty());
  apply(EventKind::kDrain, 2, at(0ms));
  EXPECT_TRUE(control_.expired_fallbacks(at(1h)).empty());
  EXPECT_EQ(control_.expired_fallbacks(at(1h + 1ms)), (std::vector<net::HostId>{2}));
  const auto expiry = control_.expiry(at(1h + 1ms));
  EXPECT_EQ(expiry.kind, EventKind::kExpire);
  EXPECT_EQ(expiry.ttl, 3'600'000);
}

}  // namespace
}  // namespace sleight::control
