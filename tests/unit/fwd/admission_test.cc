// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

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
constexpr std::uint64_t kAlone = support::steer({kSelf, {}});
constexpr std::uint64_t kWithFallback = support::steer({kSelf, {2, 3}});

class Admission : public testing::Test {
 protected:
  FakeOracle kernel_{SocketVerdict::kEstablished};
  Worker host_{support::make_snapshot(support::kHost), &kernel_};
};

TEST_F(Admission, NamesTheVipAndTheService) {
  const Burst& burst = host_.process(
      {packet_rows(kV4, kAlone).at("tcp-ack"), packet_rows(net::Family::kIpv6, kAlone).at("udp"),
       packet_rows(kV4, kAlone).at("echo"), packet_rows(kV4, kAlone).at("tcp-to-nobody"),
       packet_rows(kV4, kAlone).at("tcp-no-service")});
  EXPECT_EQ(burst.vips[0], support::kWww);
  EXPECT_EQ(burst.services[0], support::kWeb);
  EXPECT_EQ(burst.services[1], support::kDns);
  EXPECT_EQ(burst.vips[2], support::kWww);
  EXPECT_EQ(burst.services[2], kNoIndex);
  EXPECT_EQ(burst.vips[3], kNoIndex);
  EXPECT_EQ(burst.vips[4], support::kWww);
  EXPECT_EQ(burst.services[4], kNoIndex);
}

TEST_F(Admission, LeavesNothingOfTheBurstBefore) {
  host_.process({packet_rows(kV4, kAlone).at("tcp-ack")});
  const Burst& burst = host_.process({Bytes(60)});
  EXPECT_EQ(burst.outcomes[0], Outcome(Drop::NotMine));
  EXPECT_EQ(burst.vips[0], kNoIndex);
  EXPECT_EQ(burst.services[0], kNoIndex);
  EXPECT_EQ(burst.slots[0], kNoIndex);
}

TEST_F(Admission, NotesSteerMacsWithFallbacksWhateverTheyCarry) {
  std::uint32_t second = 0;
  for (const auto& [name, frame] : packet_rows(kV4, kWithFallback)) {
    SCOPED_TRACE(name);
    host_.seen.clear_pending();
    host_.seen.start_second(++second);
    host_.process({frame});
    ASSERT_EQ(host_.seen.pending().size(), 1u);
    EXPECT_EQ(host_.seen.pending()[0], kWithFallback);
  }
}

TEST_F(Admission, NotesNeitherChainsOfOneNorThoseOfOthers) {
  for (const auto& [name, frame] : support::destination_rows(kV4)) host_.process({frame});
  host_.process({packet_rows(kV4, support::steer({2, {3, 0}})).at("tcp-ack")});
  EXPECT_TRUE(host_.seen.pending().empty());
}

TEST_F(Admission, ANodeWithoutAPacketRoleLeavesItsOwnFramesToTheKernel) {
  Worker controller(support::make_snapshot({}), nullptr);
  const auto rows = support::destination_rows(kV4);
  EXPECT_EQ(controller.judge(rows.at("own")), Outcome(Rule::kOwnMac));
  EXPECT_EQ(controller.judge(rows.at("group")), Outcome(Rule::kGroup));
  EXPECT_EQ(controller.judge(rows.at("steer-mine")), Outcome(Drop::NotMine));
}

}  // namespace
}  // namespace sleight::fwd
