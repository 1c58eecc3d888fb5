// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/fwd/outcome.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "sleight/fwd/socket_oracle.h"

namespace sleight::fwd {
namespace {

TEST(Outcome, EveryOneHasAReasonOfItsOwn) {
  std::set<std::string_view> reasons;
  for (std::size_t i = 0; i < Outcome::kCount; ++i) reasons.insert(Outcome::at(i).reason());
  EXPECT_EQ(reasons.size(), Outcome::kCount);
  EXPECT_FALSE(reasons.contains(""));
}

TEST(Outcome, ReasonsAreSpeltAsTheDocumentsSpellThem) {
  EXPECT_EQ(Outcome(Rule::kSlot).reason(), "slot");
  EXPECT_EQ(Outcome(Rule::kTimeWait).reason(), "time_wait");
  EXPECT_EQ(Outcome(Rule::kTraining).reason(), "training");
  EXPECT_EQ(Outcome(Drop::Malformed).reason(), "Malformed");
  EXPECT_EQ(Outcome(Drop::NoHost).reason(), "NoHost");
  EXPECT_EQ(Outcome(Drop::HoldFull).reason(), "HoldFull");
}

TEST(Outcome, VerdictsFollowFromTheRule) {
  EXPECT_EQ(Outcome(Rule::kSlot).verdict(), Verdict::kForward);
  EXPECT_EQ(Outcome(Rule::kNoFallback).verdict(), Verdict::kAccept);
  EXPECT_EQ(Outcome(Rule::kTimeWait).verdict(), Verdict::kAccept);
  EXPECT_EQ(Outcome(Rule::kNoSocket).verdict(), Verdict::kRedirect);
  EXPECT_EQ(Outcome(Rule::kGroup).verdict(), Verdict::kKernel);
  EXPECT_EQ(Outcome(Rule::kNotVip).verdict(), Verdict::kKernel);
  EXPECT_EQ(Outcome(Rule::kSecondLook).verdict(), Verdict::kHold);
  EXPECT_EQ(Outcome(Rule::kTraining).verdict(), Verdict::kDrop);
}

TEST(Outcome, EveryDropIsADrop) {
  for (std::size_t i = 0; i < kDropCount; ++i) {
    EXPECT_EQ(Outcome(static_cast<Drop>(i)).verdict(), Verdict::kDrop);
  }
}

TEST(Outcome, IndexAndOutcomeAreOneAnothersInverse) {
  EXPECT_EQ(Outcome::at(Outcome(Drop::Fragment).index()), Outcome(Drop::Fragment));
  EXPECT_EQ(Outcome::at(0), Outcome(Rule::kSlot));
}

TEST(Verdict, EveryOneHasAName) {
  EXPECT_EQ(to_string(Verdict::kForward), "forward");
  EXPECT_EQ(to_string(Verdict::kAnswer), "answer");
  EXPECT_EQ(to_string(Verdict::kHold), "hold");
}

TEST(SocketVerdict, HitsAreThoseWhoseFlowIsOurs) {
  std::set<std::string> hits;
  for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(SocketVerdict::kOtherTimeWait); ++i) {
    const auto verdict = static_cast<SocketVerdict>(i);
    if (is_hit(verdict)) hits.emplace(to_string(verdict));
  }
  EXPECT_EQ(hits, (std::set<std::string>{"established", "request", "time_wait", "syn_cookie"}));
}

}  // namespace
}  // namespace sleight::fwd
