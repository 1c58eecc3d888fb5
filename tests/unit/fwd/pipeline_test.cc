// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/fwd/pipeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "packet_rows.h"
#include "world.h"

namespace sleight::fwd {
namespace {

using support::Bytes;
using support::FakeOracle;
using support::kSelf;
using support::Worker;

constexpr auto kV4 = net::Family::kIpv4;

TEST(Pipeline, GivesTheKernelItsOwnAddressAndNothingElseNew) {
  FakeOracle kernel(SocketVerdict::kEstablished);
  Worker host(support::make_snapshot(support::kHost), &kernel);
  for (const char* name : {"arp", "not-ip", "tcp-to-nobody", "tcp-syn", "tcp-ack", "udp"}) {
    SCOPED_TRACE(name);
    const Bytes before = support::packet_rows(kV4, support::steer({kSelf, {2, 0}})).at(name);
    host.process({before});
    const Bytes& after = host.frames[0];
    EXPECT_EQ(support::destination_of(after), support::kKernelMac);
    EXPECT_TRUE(std::equal(before.begin() + 6, before.end(), after.begin() + 6, after.end()));
  }
}

TEST(Pipeline, GivesTheKernelFramesToThePortsOwnMac) {
  Worker host(support::make_snapshot(support::kHost), nullptr);
  host.process({support::destination_rows(kV4).at("own")});
  EXPECT_EQ(support::destination_of(host.frames[0]), support::kKernelMac);
}

TEST(Pipeline, LeavesGroupFramesAndDropsAsTheyCame) {
  FakeOracle kernel(SocketVerdict::kUnknown);
  Worker host(support::make_snapshot(support::kHost), &kernel);
  for (const auto& [name, frame] : support::destination_rows(kV4)) {
    const Outcome outcome = host.judge(frame);
    if (outcome != Outcome(Rule::kGroup) && outcome.verdict() != Verdict::kDrop) continue;
    EXPECT_EQ(host.frames[0], frame) << name;
  }
}

TEST(Pipeline, CountsEveryOutcomeOfABurst) {
  FakeOracle kernel(SocketVerdict::kNoSocket);
  Worker host(support::make_snapshot(support::kHost), &kernel);
  std::vector<Bytes> frames;
  for (const auto& [name, frame] : support::packet_rows(kV4, support::steer({kSelf, {2, 0}}))) {
    frames.push_back(frame);
  }
  std::map<std::size_t, std::uint64_t> expected;
  for (int round = 0; round < 3; ++round) {
    const Burst& burst = host.process(frames);
    for (std::size_t i = 0; i < burst.count; ++i) ++expected[burst.outcomes[i].index()];
  }
  for (std::size_t i = 0; i < Outcome::kCount; ++i) {
    EXPECT_EQ(host.counters.outcomes[i].read(), expected[i]) << Outcome::at(i).reason();
  }
  EXPECT_EQ(host.counters.received.read(), 0u);
}

TEST(Pipeline, AnEmptyBurstIsNoWork) {
  Worker director(support::make_snapshot(support::kDirector), nullptr);
  EXPECT_EQ(director.process({}).count, 0u);
  for (const Counter& counter : director.counters.outcomes) EXPECT_EQ(counter.read(), 0u);
}

// Frames of every kind with bits flipped and tails cut off: whatever comes, at most the
// two addresses change, and every outcome is one that the node's role can give.
TEST(Pipeline, TouchesNothingBehindTheAddresses) {
  std::mt19937 random(7);
  std::vector<Bytes> seeds;
  for (const net::Family family : {net::Family::kIpv4, net::Family::kIpv6}) {
    for (const std::uint64_t mac :
         {support::kPortMac, support::steer({kSelf, {}}), support::steer({kSelf, {2, 3}})}) {
      for (const auto& [name, frame] : support::packet_rows(family, mac)) seeds.push_back(frame);
    }
  }
  FakeOracle kernel([&](auto&) { return static_cast<SocketVerdict>(random() % 9); });
  Worker node(support::make_snapshot(support::kBoth), &kernel);
  support::point_all_slots(node.snapshot, {kSelf, {2, 3}});
  for (int round = 0; round < 20'000; ++round) {
    Bytes frame = seeds[random() % seeds.size()];
    for (int flips = static_cast<int>(random() % 4); flips > 0; --flips) {
      frame[random() % frame.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
    }
    if (random() % 4 == 0) frame.resize(random() % (frame.size() + 1));
    const Outcome outcome = node.judge(frame);
    ASSERT_NE(outcome.verdict(), Verdict::kHold);
    ASSERT_EQ(node.frames[0].size(), frame.size());
    const auto start = static_cast<std::ptrdiff_t>(std::min<std::size_t>(12, frame.size()));
    ASSERT_TRUE(std::equal(frame.begin() + start, frame.end(), node.frames[0].begin() + start));
  }
}

TEST(PipelineDeathTest, RefusesMoreThanABurst) {
  Worker host(support::make_snapshot(support::kHost), nullptr);
  Burst burst;
  burst.count = kMaxBurst + 1;
  EXPECT_DEATH(process({host.snapshot, 0, nullptr, host.seen, host.counters}, burst),
               "CHECK failed");
}

}  // namespace
}  // namespace sleight::fwd
