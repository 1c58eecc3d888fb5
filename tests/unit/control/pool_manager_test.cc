// SPDX-License-Identifier: BSD-2-Clause
#include "pool_manager.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fakes.h"

namespace sleight::control {
namespace {

using namespace std::chrono_literals;

class PoolManagerTest : public testing::Test {
 protected:
  explicit PoolManagerTest(config::Config config = test::director_config())
      : config_(std::move(config)), names_(config_), manager_(config_, names_, at(0ms)) {}

  Now at(std::chrono::milliseconds since_start) const {
    return {start_ + since_start, 1'700'000'000'000 + since_start.count()};
  }
  ChangeResult change(HostAction action, const std::string& host, bool force = false,
                      std::chrono::milliseconds when = 0ms) {
    return manager_.change({.action = action, .host = host, .pool = {}, .force = force}, at(when));
  }
  HostChange changed(const ChangeResult& result) {
    const auto* changes = std::get_if<std::vector<HostChange>>(&result);
    EXPECT_NE(changes, nullptr);
    return changes == nullptr || changes->empty() ? HostChange{} : changes->front();
  }
  std::string state_of(const std::string& host) {
    const auto hosts = manager_.hosts();
    const auto found = std::find_if(hosts.begin(), hosts.end(),
                                    [&](const HostReport& each) { return each.name == host; });
    return found == hosts.end() ? "" : found->state;
  }

  const SteadyTime start_ = std::chrono::steady_clock::now();
  config::Config config_;
  HostNames names_;
  PoolManager manager_;
};

TEST_F(PoolManagerTest, ADrainMovesTheHostsSlotsAndKeepsItAsFallback) {
  const auto change = changed(this->change(HostAction::kDrain, "h2"));
  EXPECT_EQ(change.pool, "caches");
  EXPECT_EQ(change.host, "h2");
  EXPECT_EQ(change.state, "draining");
  EXPECT_EQ(change.slots_moved, 4u);
  EXPECT_EQ(change.slots_waiting, 0u);
  EXPECT_EQ(change.version, 2u);
  const auto hosts = manager_.hosts();
  EXPECT_EQ(hosts[1].slots_target, 0u);
  EXPECT_EQ(hosts[1].slots_home, 4u);
  EXPECT_EQ(hosts[1].slots_fallback, 4u);
}

TEST_F(PoolManagerTest, UndrainBringsTheSlotsHomeAndTheFillEnds) {
  const auto home = manager_.tables();
  (void)change(HostAction::kDrain, "h2");
  const auto back = changed(change(HostAction::kUndrain, "h2", false, 1s));
  EXPECT_EQ(back.state, "filling");
  EXPECT_EQ(back.slots_moved, 4u);
  EXPECT_FALSE(manager_.tick(at(30s)));
  EXPECT_TRUE(manager_.tick(at(31s)));
  EXPECT_EQ(state_of("h2"), "active");
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(manager_.tables().at("caches").table[i].chain.target,
              home.at("caches").table[i].chain.target);
  }
}

TEST_F(PoolManagerTest, ADrainThatTakesTooLongEndsInactiveAndLeavesTheChains) {
  (void)change(HostAction::kDrain, "h2");
  EXPECT_FALSE(manager_.tick(at(10min - 1ms)));
  EXPECT_TRUE(manager_.tick(at(10min)));
  EXPECT_EQ(state_of("h2"), "inactive");
  EXPECT_EQ(manager_.hosts()[1].slots_fallback, 0u);
}

TEST_F(PoolManagerTest, OldFallbacksExpire) {
  (void)change(HostAction::kDrain, "h2");
  (void)change(HostAction::kUndrain, "h2", false, 1s);
  (void)manager_.tick(at(1min));
  const auto before = manager_.hosts();
  EXPECT_GT(before[0].slots_fallback + before[2].slots_fallback + before[3].slots_fallback, 0u);
  EXPECT_TRUE(manager_.tick(at(2h)));
  for (const HostReport& host : manager_.hosts()) EXPECT_EQ(host.slots_fallback, 0u);
  EXPECT_FALSE(manager_.tick(at(3h)));
}

TEST_F(PoolManagerTest, TheLogOfExpiryNamesTheHosts) {
  (void)change(HostAction::kDrain, "h2");
  (void)change(HostAction::kDrain, "h3");
  (void)change(HostAction::kUndrain, "h2", false, 1s);
  testing::internal::CaptureStderr();
  (void)manager_.tick(at(9min + 59s));
  EXPECT_EQ(testing::internal::GetCapturedStderr().find("fallbacks_expired"), std::string::npos);
  testing::internal::CaptureStderr();
  (void)manager_.tick(at(2h));
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("event=fallbacks_expired pool=caches hosts=h1,"), std::string::npos) << log;
}

TEST_F(PoolManagerTest, ADrainThatNobodyCanTakeOverIsHeldAndLoggedOnce) {
  (void)change(HostAction::kDrain, "h2");
  for (const std::string host : {"h1", "h3", "h4"}) (void)change(HostAction::kDisable, host);
  testing::internal::CaptureStderr();
  for (int seconds = 0; seconds < 5; ++seconds) {
    (void)manager_.tick(at(10min + std::chrono::seconds(seconds)));
  }
  const std::string log = testing::internal::GetCapturedStderr();
  const auto first = log.find("event=drain_held pool=caches host=h2");
  ASSERT_NE(first, std::string::npos) << log;
  EXPECT_EQ(log.find("drain_held", first + 10), std::string::npos) << log;
  EXPECT_EQ(state_of("h2"), "draining");
  EXPECT_EQ(manager_.hosts()[1].slots_target, 16u);
}

TEST_F(PoolManagerTest, ANodeThatPlansSaysThatItsTableIsFresh) {
  testing::internal::CaptureStderr();
  const PoolManager planner(config_, names_, at(0ms));
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("level=warn event=fresh_table pool=caches"), std::string::npos) << log;
}

TEST_F(PoolManagerTest, DisableGivesUpAndEnableBringsBack) {
  EXPECT_EQ(changed(change(HostAction::kDisable, "h4")).state, "inactive");
  EXPECT_EQ(manager_.hosts()[3].slots_target, 0u);
  EXPECT_EQ(changed(change(HostAction::kEnable, "h4")).state, "filling");
  EXPECT_EQ(manager_.hosts()[3].slots_target, 4u);
}

TEST_F(PoolManagerTest, DisablingTheLastHostThatServesTakesForce) {
  for (const std::string host : {"h1", "h2"}) (void)change(HostAction::kDisable, host);
  (void)change(HostAction::kDrain, "h3");
  EXPECT_EQ(changed(change(HostAction::kDisable, "h4")).state, "inactive");
  const auto before = manager_.tables();
  const auto result = change(HostAction::kDisable, "h3");
  ASSERT_TRUE(std::holds_alternative<Refused>(result));
  EXPECT_EQ(std::get<Refused>(result).reason, "last_serving");
  EXPECT_NE(std::get<Refused>(result).message.find("no slot points anywhere"), std::string::npos);
  EXPECT_EQ(manager_.tables(), before);
  EXPECT_EQ(changed(change(HostAction::kDisable, "h3", true)).state, "inactive");
  EXPECT_EQ(changed(change(HostAction::kDisable, "h3")).state, "inactive");
}

TEST_F(PoolManagerTest, UnknownNamesAreRefused) {
  EXPECT_EQ(std::get<Refused>(change(HostAction::kDrain, "h9")).reason, "unknown_host");
  const auto no_pool = manager_.change({.host = "h1", .pool = "other"}, at(0ms));
  EXPECT_EQ(std::get<Refused>(no_pool).reason, "unknown_pool");
  EXPECT_FALSE(manager_.table_reports("other", 0).has_value());
}

TEST_F(PoolManagerTest, ATableReportShowsChainsNamesAndSteerMacs) {
  (void)change(HostAction::kDrain, "h2", false, 7ms);
  const auto reports = manager_.table_reports(std::nullopt, 3);
  ASSERT_TRUE(reports.has_value());
  ASSERT_EQ(reports->size(), 1u);
  const TableReport& table = reports->front();
  EXPECT_EQ(table.version, 2u);
  ASSERT_EQ(table.slots.size(), 16u);
  const auto moved = std::find_if(table.slots.begin(), table.slots.end(),
                                  [](const SlotReport& slot) { return slot.home == 2; });
  ASSERT_NE(moved, table.slots.end());
  ASSERT_EQ(moved->chain.size(), 2u);
  EXPECT_EQ(moved->chain[1], 2);
  EXPECT_EQ(moved->hosts[1], "h2");
  EXPECT_EQ(moved->since, (std::vector<std::int64_t>{1'700'000'000'007}));
  EXPECT_EQ(moved->steer, to_string(net::encode({3, {moved->chain[0], {2, 0}}})));
}

config::Config one_fallback() {
  config::Config config = test::director_config();
  config.pools[0].max_fallbacks = 1;
  return config;
}

class OneFallbackTest : public PoolManagerTest {
 protected:
  OneFallbackTest() : PoolManagerTest(one_fallback()) {}
};

TEST_F(OneFallbackTest, ARefusalChangesNothingAndSaysWhoStandsInTheWay) {
  ASSERT_EQ(changed(change(HostAction::kDrain, "h1")).state, "draining");
  const auto before = manager_.tables();
  const auto result = change(HostAction::kDrain, "h2");
  ASSERT_TRUE(std::holds_alternative<Refused>(result));
  const auto& refused = std::get<Refused>(result);
  EXPECT_EQ(refused.reason, "chain_full");
  EXPECT_FALSE(refused.slots.empty());
  EXPECT_TRUE(std::is_sorted(refused.slots.begin(), refused.slots.end()));
  EXPECT_EQ(refused.blocked_by, (std::vector<std::string>{"h1"}));
  EXPECT_NE(refused.message.find("host h2 and its fallbacks fill the chain"), std::string::npos);
  EXPECT_NE(refused.message.find("one fallback of each of these slots has ended its drain or "
                                 "expired (h1)"),
            std::string::npos)
      << refused.message;
  EXPECT_EQ(manager_.tables(), before);
  EXPECT_EQ(state_of("h2"), "active");
}

TEST_F(OneFallbackTest, ForceOverridesAFullChain) {
  (void)change(HostAction::kDrain, "h1");
  EXPECT_EQ(changed(change(HostAction::kDrain, "h2", true)).state, "draining");
}

config::Config two_pools() {
  config::Config config = test::director_config();
  config.pools.push_back(config.pools[0]);
  config.pools[1].name = "videos";
  config.pools[1].hosts.resize(2);
  return config;
}

class TwoPoolsTest : public PoolManagerTest {
 protected:
  TwoPoolsTest() : PoolManagerTest(two_pools()) {}
};

TEST_F(TwoPoolsTest, WithoutAPoolACommandIsAboutEveryPoolOfTheHost) {
  const auto result = change(HostAction::kDrain, "h1");
  const auto& changes = std::get<std::vector<HostChange>>(result);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].pool, "caches");
  EXPECT_EQ(changes[1].pool, "videos");
}

TEST_F(TwoPoolsTest, OneRefusalLeavesAllPoolsAsTheyWere) {
  ASSERT_FALSE(
      std::holds_alternative<Refused>(manager_.change({.host = "h1", .pool = "videos"}, at(0ms))));
  const auto before = manager_.tables();
  // The last accepting host of videos; caches alone would allow it.
  const auto result = change(HostAction::kDrain, "h2");
  ASSERT_TRUE(std::holds_alternative<Refused>(result));
  EXPECT_EQ(std::get<Refused>(result).reason, "last_accepting");
  EXPECT_NE(std::get<Refused>(result).message.find("videos"), std::string::npos);
  EXPECT_EQ(manager_.tables(), before);
}

class PureHostTest : public PoolManagerTest {
 protected:
  PureHostTest() : PoolManagerTest(test::host_config()) {}
};

TEST_F(PureHostTest, AHostPlansNothing) {
  EXPECT_TRUE(manager_.hosts().empty());
  EXPECT_EQ(std::get<Refused>(change(HostAction::kDrain, "h1")).reason, "no_table");
}

}  // namespace
}  // namespace sleight::control
