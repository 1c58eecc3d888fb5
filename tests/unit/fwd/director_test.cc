// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <algorithm>

#include "packet_rows.h"
#include "sleight/net/siphash.h"
#include "world.h"

namespace sleight::fwd {
namespace {

using support::Bytes;
using support::FakeOracle;
using support::kPortMac;
using support::kSelf;
using support::kShop;
using support::kWww;
using support::packet_rows;
using support::Worker;

class Director : public testing::TestWithParam<net::Family> {
 protected:
  static Bytes segment(std::uint16_t sport, std::uint32_t vip) {
    return support::ethernet_ip(kPortMac, support::client_to(GetParam(), vip), net::kProtocolTcp,
                                support::tcp({sport, 80}, net::kTcpAck));
  }

  std::uint32_t slot_in(std::uint32_t pool, const net::FlowKey& flow) const {
    const SnapshotPool& row = director_.snapshot.pools[pool];
    return net::slot_of(net::hash_flow(row.hash_key, flow), row.slots);
  }

  static net::FlowKey flow(std::uint16_t sport, std::uint32_t vip, std::uint16_t dport = 80,
                           std::uint8_t protocol = net::kProtocolTcp) {
    const support::Ends ends = support::client_to(GetParam(), vip);
    return net::FlowKey::make(ends.source, sport, ends.destination, dport, protocol);
  }

  Worker director_{support::make_snapshot(support::kDirector), nullptr};
};

TEST_P(Director, TakesTheSlotThatTheFlowHashesTo) {
  std::vector<Bytes> frames;
  for (std::uint16_t i = 0; i < kMaxBurst; ++i) frames.push_back(segment(1000 + i, kWww));
  const Burst& burst = director_.process(frames);
  for (std::uint16_t i = 0; i < kMaxBurst; ++i) {
    EXPECT_EQ(burst.slots[i], slot_in(0, flow(1000 + i, kWww)));
  }
}

TEST_P(Director, HashesEachPoolWithItsOwnKey) {
  std::vector<Bytes> frames;
  for (std::uint16_t i = 0; i < 20; ++i) frames.push_back(segment(i, i % 3 == 0 ? kShop : kWww));
  const Burst& burst = director_.process(frames);
  for (std::uint16_t i = 0; i < 20; ++i) {
    const std::uint32_t vip = i % 3 == 0 ? kShop : kWww;
    EXPECT_EQ(burst.slots[i], slot_in(vip, flow(i, vip)));
    EXPECT_EQ(burst.outcomes[i], Outcome(Rule::kSlot));
  }
}

TEST_P(Director, WritesTheSlotsChainAndItsOwnAddressAndNothingElse) {
  const std::uint32_t slot = slot_in(0, flow(40000, kWww));
  director_.snapshot.pools[0].steer[0][slot] = support::steer({9, {8, 7}});
  const Bytes before = segment(40000, kWww);
  director_.process({before});
  const Bytes& after = director_.frames[0];
  EXPECT_EQ(support::destination_of(after), support::steer({9, {8, 7}}));
  EXPECT_EQ(support::source_of(after), kPortMac);
  EXPECT_TRUE(std::equal(before.begin() + 12, before.end(), after.begin() + 12, after.end()));
}

TEST_P(Director, UsesTheSteerMacsOfThePortThatTheFrameCameFrom) {
  SnapshotPort second = director_.snapshot.ports[0];
  second.fabric = 5;
  director_.snapshot.ports = {director_.snapshot.ports[0], second};
  SnapshotPool& pool = director_.snapshot.pools[0];
  pool.steer.emplace_back(pool.slots, net::steer_bits(5, {2, {}}));
  Bytes frame = segment(1, kWww);
  Burst burst;
  burst.count = 1;
  burst.frames[0] = {frame.data(), static_cast<std::uint32_t>(frame.size())};
  process({director_.snapshot, 1, nullptr, director_.seen, director_.counters}, burst);
  EXPECT_EQ(support::destination_of(frame), net::steer_bits(5, {2, {}}));
}

TEST_P(Director, SendsAnErrorWhereItsFlowGoes) {
  const Burst& burst = director_.process({packet_rows(GetParam(), kPortMac).at("tcp-error"),
                                          packet_rows(GetParam(), kPortMac).at("udp-error")});
  EXPECT_EQ(burst.slots[0], slot_in(0, flow(40000, kWww)));
  EXPECT_EQ(burst.slots[1], slot_in(0, flow(40000, kWww, 53, net::kProtocolUdp)));
}

TEST_P(Director, HashesEchoWithoutPorts) {
  const Burst& burst = director_.process({packet_rows(GetParam(), kPortMac).at("echo")});
  EXPECT_EQ(burst.slots[0], slot_in(0, flow(0, kWww, 0, support::icmp_protocol(GetParam()))));
}

TEST_P(Director, DropsWhatASlotThatPointsNowhereGets) {
  const std::uint32_t slot = slot_in(0, flow(40000, kWww));
  director_.snapshot.pools[0].steer[0][slot] = 0;
  const Bytes before = segment(40000, kWww);
  const Burst& burst = director_.process({before});
  EXPECT_EQ(burst.outcomes[0], Outcome(Drop::NoHost));
  EXPECT_EQ(burst.slots[0], slot);
  EXPECT_EQ(director_.frames[0], before);
}

TEST_P(Director, OnAHostGoesOnWithItsOwnSlotsAtOnce) {
  FakeOracle kernel(SocketVerdict::kNoSocket);
  Worker node(support::make_snapshot(support::kBoth), &kernel);
  support::point_all_slots(node.snapshot, {kSelf, {4, 5}});
  node.process({segment(40000, kWww)});
  EXPECT_EQ(support::destination_of(node.frames[0]), support::steer({kSelf, {4, 5}}));
  ASSERT_EQ(node.seen.pending().size(), 1u);
  EXPECT_EQ(node.seen.pending()[0], support::steer({kSelf, {4, 5}}));
  EXPECT_EQ(node.second_look().outcomes[0], Outcome(Rule::kNoSocket));
  EXPECT_EQ(support::destination_of(node.frames[0]), support::steer({4, {5, 0}}));
  EXPECT_EQ(support::source_of(node.frames[0]), support::steer({kSelf, {}}));
}

TEST_P(Director, OnAHostAsksOnceAboutBothWaysThatPacketsCome) {
  FakeOracle kernel(SocketVerdict::kEstablished);
  Worker node(support::make_snapshot(support::kBoth), &kernel);
  support::point_all_slots(node.snapshot, {kSelf, {4, 0}});
  const Bytes steered = packet_rows(GetParam(), support::steer({kSelf, {2, 0}})).at("tcp-ack");
  const Burst& burst = node.process({segment(1, kWww), steered, segment(3, kShop), steered});
  EXPECT_EQ(kernel.calls, 1);
  ASSERT_EQ(kernel.questions.size(), 4u);
  EXPECT_EQ(kernel.questions[0].flow, flow(1, kWww));
  EXPECT_EQ(kernel.questions[2].flow, flow(3, kShop));
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(burst.outcomes[i], Outcome(Rule::kEstablished));
  EXPECT_NE(burst.slots[0], kNoIndex);
  EXPECT_EQ(burst.slots[1], kNoIndex);
}

INSTANTIATE_TEST_SUITE_P(BothFamilies, Director,
                         testing::Values(net::Family::kIpv4, net::Family::kIpv6),
                         [](const auto& tested) {
                           return tested.param == net::Family::kIpv4 ? "IPv4" : "IPv6";
                         });

}  // namespace
}  // namespace sleight::fwd
