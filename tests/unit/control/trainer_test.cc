// SPDX-License-Identifier: BSD-2-Clause
#include "trainer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fakes.h"
#include "sleight/net/training.h"

namespace sleight::control {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t steer(net::HostId target, net::HostId first, net::HostId second = 0) {
  return net::steer_bits(0, {target, {first, second}});
}

class TrainerTest : public testing::Test {
 protected:
  SteadyTime at(std::chrono::milliseconds since_start) const { return start_ + since_start; }
  // Runs as control does, every 20 ms.
  void run(std::chrono::milliseconds from, std::chrono::milliseconds to) {
    for (auto now = from; now <= to; now += 20ms) trainer_.run(at(now));
  }

  const SteadyTime start_ = std::chrono::steady_clock::now();
  test::FakeFrames frames_;
  Trainer trainer_{frames_, 2, {0, 5}};
};

TEST_F(TrainerTest, ASteerMacThatTrafficCarriesIsTrainedOutOfItsPort) {
  trainer_.run(at(0ms));
  trainer_.note(0, steer(2, 1), at(0ms));
  trainer_.run(at(20ms));
  ASSERT_EQ(frames_.sent.size(), 1u);
  EXPECT_EQ(frames_.sent[0].first, 0);
  const auto expected = net::make_training(net::MacAddress::from_bits(steer(2, 1)));
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), frames_.sent[0].second.begin(),
                         frames_.sent[0].second.end()));
}

TEST_F(TrainerTest, EachIsTrainedAtMostOnceASecondHoweverOftenItIsSeen) {
  for (auto now = 0ms; now <= 2500ms; now += 20ms) {
    trainer_.note(0, steer(2, 1), at(now));
    trainer_.run(at(now));
  }
  EXPECT_EQ(frames_.sent.size(), 3u);
}

TEST_F(TrainerTest, KnownOnesAreTrainedEveryMinuteAndForgottenAfterTen) {
  trainer_.note(0, steer(2, 1), at(0ms));
  run(0ms, 59s);
  EXPECT_EQ(frames_.sent.size(), 1u);
  run(59s, 62s);
  EXPECT_EQ(frames_.sent.size(), 2u);
  run(62s, 601s);
  const auto by_then = frames_.sent.size();
  EXPECT_GE(by_then, 9u);
  EXPECT_EQ(trainer_.report().known, 0u);
  run(601s, 900s);
  EXPECT_EQ(frames_.sent.size(), by_then);
}

TEST_F(TrainerTest, ManyAtOnceArePaced) {
  trainer_.run(at(0ms));
  for (net::HostId first = 3; first < 3003; ++first) trainer_.note(0, steer(2, first), at(0ms));
  run(20ms, 1000ms);
  EXPECT_GE(frames_.sent.size(), 900u);
  EXPECT_LE(frames_.sent.size(), 1050u);
  run(1020ms, 4000ms);
  EXPECT_EQ(frames_.sent.size(), 3000u);
}

TEST_F(TrainerTest, AFullRingLosesNothing) {
  frames_.is_full = true;
  trainer_.note(0, steer(2, 1), at(0ms));
  run(0ms, 500ms);
  frames_.is_full = false;
  trainer_.run(at(520ms));
  EXPECT_EQ(frames_.sent.size(), 1u);
}

TEST_F(TrainerTest, WhatDoesNotTargetThisHostOnThatPortIsIgnored) {
  trainer_.note(0, steer(1, 2), at(0ms));       // another's
  trainer_.note(1, steer(2, 1), at(0ms));       // fabric 0 on a port of 5
  trainer_.note(7, steer(2, 1), at(0ms));       // no such port
  trainer_.note(0, 0x0000'1234'5678, at(0ms));  // no steer MAC
  EXPECT_EQ(trainer_.report().known, 0u);
  trainer_.note(1, net::steer_bits(5, {2, {1, 0}}), at(0ms));
  EXPECT_EQ(trainer_.report().known, 1u);
}

}  // namespace
}  // namespace sleight::control
