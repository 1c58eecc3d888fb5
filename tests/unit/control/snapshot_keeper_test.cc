// SPDX-License-Identifier: BSD-2-Clause
#include "snapshot_keeper.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "fakes.h"

namespace sleight::control {
namespace {

using namespace std::chrono_literals;

class SnapshotKeeperTest : public testing::Test {
 protected:
  SnapshotKeeperTest() { keeper_.set_ports(node_.ports.ports()); }

  void publish(std::optional<SteadyTime> arrived) { keeper_.publish(tables_, arrived); }

  boost::asio::io_context io_;
  const config::Config config_ = test::director_config();
  test::FakeNode node_{config_};
  const std::map<std::string, slots::Pool> tables_{
      {"caches", snapshot::fresh_table(config_.pools[0])}};
  SnapshotKeeper keeper_{io_, config_, node_.publisher};
};

TEST_F(SnapshotKeeperTest, SnapshotsAreNumberedAndTheNewestIsKnown) {
  publish(std::nullopt);
  publish(std::nullopt);
  ASSERT_EQ(node_.publisher.published.size(), 2u);
  EXPECT_EQ(node_.publisher.newest().version, 2u);
  EXPECT_EQ(&keeper_.current(), &node_.publisher.newest());
}

TEST_F(SnapshotKeeperTest, AWaitedForChangeIsTimedWhenTheLastWorkerHasIt) {
  node_.publisher.polls_to_settle = 3;
  publish(std::chrono::steady_clock::now() - 10ms);
  EXPECT_FALSE(keeper_.report().settled);
  EXPECT_EQ(keeper_.report().last_settle_us, std::nullopt);
  io_.run_for(2s);
  EXPECT_TRUE(keeper_.report().settled);
  EXPECT_EQ(node_.publisher.polls, 4);
  EXPECT_GE(keeper_.report().last_settle_us.value(), 10'000u);
}

TEST_F(SnapshotKeeperTest, AChangeThatANewerOneOvertookIsTimedWithIt) {
  node_.publisher.polls_to_settle = 2;
  const auto now = std::chrono::steady_clock::now();
  publish(now - 50ms);
  publish(now);
  io_.run_for(2s);
  EXPECT_GE(keeper_.report().max_settle_us.value(), 50'000u);
  EXPECT_LT(keeper_.report().last_settle_us.value(), 50'000u);
}

TEST_F(SnapshotKeeperTest, ASnapshotThatNobodyWaitsForIsNotTimed) {
  publish(std::nullopt);
  EXPECT_TRUE(keeper_.report().settled);
  EXPECT_EQ(keeper_.report().last_settle_us, std::nullopt);
}

}  // namespace
}  // namespace sleight::control
