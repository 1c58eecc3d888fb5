// SPDX-License-Identifier: BSD-2-Clause
#include "heartbeat_book.h"

#include <gtest/gtest.h>

#include "fakes.h"
#include "heartbeat_sender.h"

namespace sleight::control {
namespace {

using namespace std::chrono_literals;

class HeartbeatBookTest : public testing::Test {
 protected:
  HeartbeatBook book(std::optional<net::SipKey> key = {}, net::HostId self = net::kNoHost) {
    return HeartbeatBook(names_, self, {0, 1}, key);
  }
  // What host `id` on fabrics 0 and 1 sends.
  std::vector<std::vector<std::uint8_t>> heartbeats(net::HostId id,
                                                    std::optional<std::uint64_t> flows,
                                                    std::optional<net::SipKey> key = {}) {
    test::FakeFrames frames;
    HeartbeatSender sender(frames, id, {0, 1}, key);
    sender.send(flows, 1'700'000'000'000'000);
    EXPECT_EQ(sender.sent(), 2u);
    std::vector<std::vector<std::uint8_t>> result;
    for (const auto& [port, frame] : frames.sent) {
      EXPECT_EQ(port, result.size());
      result.push_back(frame);
    }
    return result;
  }
  static HeartbeatReport counts(const HeartbeatBook& book) {
    HeartbeatReport report;
    book.report(report);
    return report;
  }

  const SteadyTime start_ = std::chrono::steady_clock::now();
  const config::Config config_ = test::director_config();
  const HostNames names_{config_};
};

TEST_F(HeartbeatBookTest, WhatAHostSendsIsHeardWithItsFlows) {
  auto heard = book();
  const auto frames = heartbeats(3, 42);
  heard.hear(0, frames[0], start_);
  ASSERT_TRUE(heard.latest(3).has_value());
  EXPECT_EQ(flows_of(heard.latest(3)->heartbeat), 42u);
  EXPECT_EQ(counts(heard).heard, 1u);
  EXPECT_FALSE(heard.latest(1).has_value());
}

TEST_F(HeartbeatBookTest, TheLatestOfAllPortsCounts) {
  auto heard = book();
  heard.hear(1, heartbeats(3, 7)[1], start_ + 1s);
  heard.hear(0, heartbeats(3, 42)[0], start_);
  EXPECT_EQ(heard.latest(3)->heard_at, start_ + 1s);
  EXPECT_EQ(flows_of(heard.latest(3)->heartbeat), 7u);
}

TEST_F(HeartbeatBookTest, AHostThatCannotCountIsNotTakenForAnIdleOne) {
  auto heard = book();
  heard.hear(0, heartbeats(3, std::nullopt)[0], start_);
  EXPECT_EQ(flows_of(heard.latest(3)->heartbeat), std::nullopt);
}

TEST_F(HeartbeatBookTest, WithAKeyOnlyTaggedOnesAreBelieved) {
  const net::SipKey key{3, 4};
  auto heard = book(key);
  heard.hear(0, heartbeats(3, 1)[0], start_);
  heard.hear(0, heartbeats(3, 1, net::SipKey{5, 6})[0], start_);
  EXPECT_FALSE(heard.latest(3).has_value());
  EXPECT_EQ(counts(heard).untagged, 1u);
  EXPECT_EQ(counts(heard).bad_tag, 1u);
  heard.hear(0, heartbeats(3, 1, key)[0], start_);
  EXPECT_TRUE(heard.latest(3).has_value());
}

TEST_F(HeartbeatBookTest, ForeignOnesAndOurOwnAreCountedAndNotBelieved) {
  auto heard = book({}, 2);
  heard.hear(0, heartbeats(77, 1)[0], start_);  // no host of ours
  heard.hear(0, heartbeats(3, 1)[1], start_);   // fabric 1 on a port of fabric 0
  heard.hear(0, heartbeats(2, 1)[0], start_);
  EXPECT_EQ(counts(heard).foreign, 2u);
  EXPECT_EQ(counts(heard).own, 1u);
  EXPECT_EQ(counts(heard).heard, 0u);
}

TEST_F(HeartbeatBookTest, OtherTrainingFramesArePassedOverAndBrokenOnesCounted) {
  auto heard = book();
  const auto training = net::make_training(net::encode({0, {3, {1, 0}}}));
  heard.hear(0, training, start_);
  auto broken = heartbeats(3, 1)[0];
  broken[14] = 9;  // format
  heard.hear(0, broken, start_);
  EXPECT_EQ(counts(heard).malformed, 1u);
  EXPECT_EQ(counts(heard).heard, 0u);
}

TEST_F(HeartbeatBookTest, AFullRingIsCounted) {
  test::FakeFrames frames;
  frames.is_full = true;
  HeartbeatSender sender(frames, 1, {0}, {});
  sender.send(0, 0);
  EXPECT_EQ(sender.sent(), 0u);
  EXPECT_EQ(sender.unsent(), 1u);
}

}  // namespace
}  // namespace sleight::control
