// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "packet_rows.h"
#include "world.h"

namespace sleight::fwd {
namespace {

using support::Bytes;
using support::FakeOracle;
using support::kSelf;
using support::packet_rows;
using support::Worker;

constexpr auto kV4 = net::Family::kIpv4;
constexpr std::uint64_t kWithFallback = support::steer({kSelf, {2, 3}});

Bytes segment(std::uint16_t sport, support::TcpNumbers numbers = {},
              std::uint64_t mac = kWithFallback) {
  return support::ethernet_ip(mac, support::client_to(kV4, support::kWww), net::kProtocolTcp,
                              support::tcp({sport, 80}, net::kTcpAck, numbers));
}

Worker host_with(FakeOracle& kernel) {
  return Worker(support::make_snapshot(support::kHost), &kernel);
}

TEST(SecondChance, AsksOnceForAFullBurst) {
  FakeOracle kernel(SocketVerdict::kEstablished);
  Worker host = host_with(kernel);
  std::vector<Bytes> frames;
  for (std::uint16_t i = 0; i < kMaxBurst; ++i) frames.push_back(segment(i));
  const Burst& burst = host.process(frames);
  EXPECT_EQ(kernel.calls, 1);
  EXPECT_EQ(kernel.questions.size(), SocketOracle::kMaxQuestions);
  EXPECT_TRUE(std::all_of(burst.outcomes.begin(), burst.outcomes.end(),
                          [](Outcome outcome) { return outcome == Rule::kEstablished; }));
}

TEST(SecondChance, AsksOnlyAboutWhatOnlyASocketCanTell) {
  FakeOracle kernel(SocketVerdict::kEstablished);
  Worker host = host_with(kernel);
  host.process({packet_rows(kV4, kWithFallback).at("tcp-syn"), segment(7),
                packet_rows(kV4, kWithFallback).at("udp"), segment(9)});
  ASSERT_EQ(kernel.questions.size(), 2u);
  EXPECT_EQ(kernel.questions[0].flow.sport(), 7u);
  EXPECT_EQ(kernel.questions[1].flow.sport(), 9u);
}

TEST(SecondChance, DoesNotAskWithoutAQuestion) {
  FakeOracle kernel(SocketVerdict::kNoSocket);
  Worker host = host_with(kernel);
  host.process(
      {segment(1, {}, support::steer({kSelf, {}})), packet_rows(kV4, kWithFallback).at("echo")});
  host.process({});
  host.second_look();
  EXPECT_EQ(kernel.calls, 0);
}

TEST(SecondChance, AsksWithTheNumbersOfTheSegment) {
  FakeOracle kernel(SocketVerdict::kEstablished);
  Worker host = host_with(kernel);
  host.process({segment(7, {0x01020304, 0xfffefdfc})});
  const SocketQuestion& question = kernel.questions.at(0);
  const support::Ends ends = support::client_to(kV4, support::kWww);
  EXPECT_EQ(question.flow,
            net::FlowKey::make(ends.source, 7, ends.destination, 80, net::kProtocolTcp));
  EXPECT_EQ(question.seq, 0x01020304u);
  EXPECT_EQ(question.ack, 0xfffefdfcu);
  EXPECT_EQ(question.tcp_flags, net::kTcpAck);
  EXPECT_FALSE(question.is_error);
}

TEST(SecondChance, AsksAboutTheSegmentThatAnErrorQuotes) {
  for (const net::Family family : {net::Family::kIpv4, net::Family::kIpv6}) {
    FakeOracle kernel(SocketVerdict::kEstablished);
    Worker host = host_with(kernel);
    host.process({packet_rows(family, kWithFallback).at("tcp-error")});
    const SocketQuestion& question = kernel.questions.at(0);
    EXPECT_TRUE(question.is_error);
    EXPECT_EQ(question.tcp_flags, 0u);
    EXPECT_EQ(question.seq, support::TcpNumbers{}.seq);
    EXPECT_EQ(question.flow.source(), support::client_to(family, support::kWww).source);
    EXPECT_EQ(question.flow.dport(), 80u);
  }
}

// Hits and misses in every pattern: each miss keeps its own question.
TEST(SecondChance, AMissKeepsTheQuestionThatWasAskedAboutIt) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    FakeOracle kernel([&](const SocketQuestion& question) {
      return question.flow.sport() % 3 == 0 ? SocketVerdict::kEstablished
                                            : SocketVerdict::kListener;
    });
    Worker host = host_with(kernel);
    std::vector<Bytes> frames;
    std::vector<std::uint16_t> sports;
    for (std::size_t i = 0; i < kMaxBurst; ++i) {
      sports.push_back(static_cast<std::uint16_t>(random()));
      const bool is_asked = random() % 2 == 0;
      frames.push_back(
          segment(sports.back(), {}, is_asked ? kWithFallback : support::steer({kSelf, {}})));
    }
    const Burst& burst = host.process(frames);
    for (std::size_t i = 0; i < kMaxBurst; ++i) {
      if (burst.outcomes[i] != Outcome(Rule::kSecondLook)) continue;
      ASSERT_EQ(burst.questions[i].flow.sport(), sports[i]);
      ASSERT_NE(sports[i] % 3, 0);
    }
  }
}

TEST(SecondChance, LeavesHeldFramesAsTheyCame) {
  FakeOracle kernel(SocketVerdict::kNoSocket);
  Worker host = host_with(kernel);
  host.process({segment(1)});
  EXPECT_EQ(host.frames[0], segment(1));
}

TEST(SecondChance, RedirectsAMissToTheNextHostOfTheChain) {
  FakeOracle kernel(SocketVerdict::kNoSocket);
  Worker host = host_with(kernel);
  const Bytes before = segment(1);
  EXPECT_EQ(host.judge(before), Outcome(Rule::kNoSocket));
  const Bytes& after = host.frames[0];
  EXPECT_EQ(support::destination_of(after), support::steer({2, {3, 0}}));
  EXPECT_EQ(support::source_of(after), support::steer({kSelf, {}}));
  EXPECT_TRUE(std::equal(before.begin() + 12, before.end(), after.begin() + 12, after.end()));
}

TEST(SecondChance, ASecondLookThatHitsGoesToTheKernel) {
  FakeOracle kernel([&](auto&) {
    return kernel.calls == 1 ? SocketVerdict::kNoSocket : SocketVerdict::kRequest;
  });
  Worker host = host_with(kernel);
  EXPECT_EQ(host.judge(segment(1)), Outcome(Rule::kRequest));
  EXPECT_EQ(support::destination_of(host.frames[0]), support::kKernelMac);
  EXPECT_EQ(support::source_of(host.frames[0]), support::kRouterMac);
}

TEST(SecondChance, CountsWhatTheSecondLookChanged) {
  FakeOracle kernel([&](const SocketQuestion& question) {
    return kernel.calls == 2 && question.flow.sport() == 2 ? SocketVerdict::kEstablished
                                                           : SocketVerdict::kNoSocket;
  });
  Worker host = host_with(kernel);
  host.process({segment(1), segment(2), segment(3)});
  host.second_look();
  const auto count = [&](Outcome outcome) {
    return host.counters.outcomes[outcome.index()].read();
  };
  EXPECT_EQ(count(Rule::kSecondLook), 3u);
  EXPECT_EQ(count(Rule::kNoSocket), 2u);
  EXPECT_EQ(count(Rule::kEstablished), 1u);
  EXPECT_EQ(host.counters.second_looks.read(), 3u);
  EXPECT_EQ(host.counters.second_look_hits.read(), 1u);
}

// An oracle that leaves its verdicts as it found them.
class SilentOracle final : public SocketOracle {
 public:
  void ask(std::span<const SocketQuestion>, std::span<SocketVerdict>) override {}
};

TEST(SecondChance, SilenceOfTheOracleIsNeitherHitNorMiss) {
  SilentOracle silent;
  Worker host(support::make_snapshot(support::kHost), &silent);
  EXPECT_EQ(host.judge(segment(1)), Outcome(Drop::SocketUnknown));
}

}  // namespace
}  // namespace sleight::fwd
