// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/control/control.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <utility>

#include "fakes.h"
#include "sleight/net/training.h"

namespace sleight::control {
namespace {

using namespace std::chrono_literals;

class ControlTest : public testing::Test {
 protected:
  explicit ControlTest(config::Config config = test::director_config())
      : config_(std::move(config)), node_(config_), control_(io_, config_, node_.seams()) {}

  template <typename Condition>
  void run_until(Condition done) {
    const auto limit = std::chrono::steady_clock::now() + 3s;
    while (!done() && std::chrono::steady_clock::now() < limit) io_.run_one_for(20ms);
    EXPECT_TRUE(done());
  }
  // Chains of the pool in the newest snapshot.
  std::vector<net::Chain> chains() const {
    std::vector<net::Chain> chains;
    for (const std::uint64_t bits : node_.publisher.newest().pools.at(0).steer.at(0)) {
      chains.push_back(net::decode_steer(bits).value().chain);
    }
    return chains;
  }
  void hear(const net::TrainingFrame& frame) {
    fwd::WireEvent event{.kind = fwd::WireEvent::Kind::kTraining};
    std::copy(frame.begin(), frame.end(), event.frame.begin());
    event.frame_size = static_cast<std::uint8_t>(frame.size());
    node_.events.waiting.push_back(event);
  }

  boost::asio::io_context io_;
  config::Config config_;
  test::FakeNode node_;
  Control control_;
};

TEST_F(ControlTest, StartPublishesATableInWhichEachHostServesItsHomes) {
  ASSERT_TRUE(control_.start().has_value());
  ASSERT_EQ(node_.publisher.published.size(), 1u);
  for (const net::Chain& chain : chains()) EXPECT_FALSE(chain.has_fallback());
  for (const HostReport& host : control_.hosts()) {
    EXPECT_EQ(host.state, "active");
    EXPECT_EQ(host.slots_target, 4u);
    EXPECT_EQ(host.slots_home, 4u);
  }
}

TEST_F(ControlTest, ADrainPublishesSteerMacsThatNameTheNewTargetThenTheDrainedHost) {
  ASSERT_TRUE(control_.start().has_value());
  const auto before = chains();
  const auto result =
      control_.change_host({.action = HostAction::kDrain, .host = "h2", .pool = {}});
  ASSERT_TRUE(std::holds_alternative<std::vector<HostChange>>(result));
  ASSERT_EQ(node_.publisher.published.size(), 2u);
  const auto after = chains();
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i].target != 2) {
      EXPECT_EQ(after[i], before[i]);
      continue;
    }
    EXPECT_NE(after[i].target, 2);
    EXPECT_EQ(after[i].fallbacks[0], 2);
  }
  EXPECT_TRUE(control_.statistics().snapshot.settled);
  EXPECT_TRUE(control_.statistics().snapshot.last_settle_us.has_value());
}

TEST_F(ControlTest, ARefusedCommandPublishesNothing) {
  ASSERT_TRUE(control_.start().has_value());
  const auto result =
      control_.change_host({.action = HostAction::kUndrain, .host = "h2", .pool = {}});
  EXPECT_TRUE(std::holds_alternative<Refused>(result));
  EXPECT_EQ(node_.publisher.published.size(), 1u);
}

TEST_F(ControlTest, HeartbeatsOfHostsAreShownWithTheirAgeAndFlows) {
  ASSERT_TRUE(control_.start().has_value());
  EXPECT_EQ(control_.hosts()[2].heartbeat_age_ms, std::nullopt);
  hear(net::make_heartbeat({.id = 3, .flows_owned = 12}, nullptr));
  run_until([&] { return control_.statistics().heartbeats.heard == 1; });
  const HostReport host = control_.hosts()[2];
  EXPECT_LT(host.heartbeat_age_ms.value(), 3000u);
  EXPECT_EQ(host.flows, 12u);
}

TEST_F(ControlTest, APortTooFewIsAnErrorAtStart) {
  node_.ports.facts.clear();
  EXPECT_FALSE(control_.start().has_value());
}

TEST_F(ControlTest, ADirectorHasNoSocketsToCount) {
  ASSERT_TRUE(control_.start().has_value());
  std::optional<bool> counted;
  control_.count_sockets([&](const Result<SocketReport>& result) { counted = result.has_value(); });
  EXPECT_EQ(counted, false);
}

TEST_F(ControlTest, AfterStopNothingIsLeftToRun) {
  ASSERT_TRUE(control_.start().has_value());
  control_.stop();
  const auto start = std::chrono::steady_clock::now();
  io_.run();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
}

config::Config hasty() {
  config::Config config = test::director_config();
  config.pools[0].fill = 50ms;
  config.pools[0].drain_timeout = 50ms;
  return config;
}

class HastyControlTest : public ControlTest {
 protected:
  HastyControlTest() : ControlTest(hasty()) {}
};

TEST_F(HastyControlTest, DrainsAndFillsEndByThemselvesAndArePublished) {
  ASSERT_TRUE(control_.start().has_value());
  (void)control_.change_host({.action = HostAction::kDrain, .host = "h2", .pool = {}});
  run_until([&] { return control_.hosts()[1].state == "inactive"; });
  EXPECT_EQ(node_.publisher.published.size(), 3u);
  for (const net::Chain& chain : chains()) EXPECT_FALSE(chain.contains(2));
  (void)control_.change_host({.action = HostAction::kUndrain, .host = "h2", .pool = {}});
  run_until([&] { return control_.hosts()[1].state == "active"; });
  EXPECT_EQ(node_.publisher.published.size(), 5u);
}

class HostControlTest : public ControlTest {
 protected:
  HostControlTest() : ControlTest(test::host_config()) {}
};

TEST_F(HostControlTest, AHostSaysEveryHundredMillisecondsThatItLivesAndWhatItOwns) {
  node_.census.flows = 9;
  ASSERT_TRUE(control_.start().has_value());
  run_until([&] { return node_.frames.sent.size() >= 3; });
  const auto heard = net::read_heartbeat(node_.frames.sent.back().second, nullptr);
  ASSERT_TRUE(heard.heartbeat.has_value());
  EXPECT_EQ(heard.heartbeat->id, 2);
  EXPECT_EQ(heard.heartbeat->flows_owned, 9u);
  EXPECT_GT(heard.heartbeat->time_us, 1'600'000'000'000'000u);
}

config::Config lone_host() {
  config::Config config = test::host_config();
  config.pools.clear();
  return config;
}

class LoneHostControlTest : public ControlTest {
 protected:
  LoneHostControlTest() : ControlTest(lone_host()) {}
};

TEST_F(LoneHostControlTest, AHostWithoutPoolsKnowsItsOwnName) {
  const auto report = control_.mac("02:00:02:00:10:00");
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->hosts, (std::vector<std::string>{"h2", "#1"}));
}

TEST_F(HostControlTest, ASteerMacFromTheWireIsTrained) {
  ASSERT_TRUE(control_.start().has_value());
  const std::uint64_t seen = net::steer_bits(0, {2, {1, 0}});
  node_.events.waiting.push_back({.kind = fwd::WireEvent::Kind::kSteerSeen, .mac_bits = seen});
  run_until([&] { return control_.statistics().training.sent == 1; });
}

TEST_F(HostControlTest, SocketsAreCountedOnAnotherThreadAndAnsweredLater) {
  node_.census.flows = 4;
  node_.census.requests = 1;
  ASSERT_TRUE(control_.start().has_value());
  std::optional<SocketReport> counted;
  control_.count_sockets([&](const Result<SocketReport>& result) { counted = result.value(); });
  run_until([&] { return counted.has_value(); });
  EXPECT_EQ(counted->flows, 4u);
  EXPECT_EQ(counted->requests, 1u);
}

}  // namespace
}  // namespace sleight::control
