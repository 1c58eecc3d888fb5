// SPDX-License-Identifier: BSD-2-Clause
#include "replay.h"

#include <gtest/gtest.h>

#include "verdict_line.h"
#include "world.h"

namespace sleight::replay {
namespace {

using support::Bytes;
using support::kSelf;

constexpr auto kV4 = net::Family::kIpv4;

net::FlowKey flow(std::uint16_t sport) {
  const support::Ends ends = support::client_to(kV4, support::kWww);
  return net::FlowKey::make(ends.source, sport, ends.destination, 80, net::kProtocolTcp);
}

Bytes segment(std::uint16_t sport, std::uint64_t mac) {
  return support::ethernet_ip(mac, support::client_to(kV4, support::kWww), net::kProtocolTcp,
                              support::tcp({sport, 80}, net::kTcpAck));
}

class ReplayTest : public testing::Test {
 protected:
  std::span<const Judged> judge(Replay& replay, std::vector<Bytes> given) {
    frames_ = std::move(given);
    std::vector<fwd::Frame> views;
    for (Bytes& frame : frames_) {
      views.push_back({frame.data(), static_cast<std::uint32_t>(frame.size())});
    }
    return replay.judge(views);
  }

  static Replay make(support::Roles roles, std::vector<net::FlowKey> sockets) {
    return Replay(std::make_unique<fwd::Snapshot>(support::make_snapshot(roles)), sockets);
  }

  std::vector<Bytes> frames_;
};

TEST_F(ReplayTest, VerdictsAreThoseAfterTheSecondLook) {
  Replay host = make(support::kHost, {flow(2)});
  const std::uint64_t mac = support::steer({kSelf, {4, 0}});
  const auto judged = judge(host, {segment(1, mac), segment(2, mac), segment(3, mac)});
  EXPECT_EQ(judged[0].outcome, fwd::Outcome(fwd::Rule::kNoSocket));
  EXPECT_EQ(judged[1].outcome, fwd::Outcome(fwd::Rule::kEstablished));
  EXPECT_EQ(judged[2].outcome, fwd::Outcome(fwd::Rule::kNoSocket));
  EXPECT_EQ(support::destination_of(frames_[2]), support::steer({4, {}}));
  EXPECT_EQ(support::destination_of(frames_[1]), support::kKernelMac);
}

TEST_F(ReplayTest, TellsTheSteerMacThatAFrameLeavesWith) {
  Replay host = make(support::kHost, {});
  const auto redirected = judge(host, {segment(1, support::steer({kSelf, {4, 5}}))});
  EXPECT_EQ(redirected[0].steer, net::encode({support::kFabric, {4, {5, 0}}}));
  const auto accepted = judge(host, {segment(1, support::steer({kSelf, {}}))});
  EXPECT_EQ(accepted[0].steer, std::nullopt);
}

TEST_F(ReplayTest, AForwardedFrameHasEveryFieldInItsLine) {
  Replay director = make(support::kDirector, {});
  const auto judged = judge(director, {segment(40000, support::kPortMac)});
  const std::string slot = std::to_string(judged[0].slot);
  EXPECT_EQ(verdict_line(3, judged[0], director.snapshot()),
            R"({"n":3,"verdict":"forward","reason":"slot","vip":"www","service":"web","slot":)" +
                slot + R"(,"steer":"32:00:02:00:00:00"})");
}

TEST_F(ReplayTest, ALineLeavesOutWhatTheFrameHasNot) {
  Replay host = make(support::kHost, {});
  const auto judged = judge(host, {Bytes(60), Bytes(3)});
  EXPECT_EQ(verdict_line(0, judged[0], host.snapshot()),
            R"({"n":0,"verdict":"drop","reason":"NotMine"})");
  EXPECT_EQ(verdict_line(1, judged[1], host.snapshot()),
            R"({"n":1,"verdict":"drop","reason":"Malformed"})");
}

}  // namespace
}  // namespace sleight::replay
