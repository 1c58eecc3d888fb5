// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/slots/slot_plan.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "random_pool.h"

namespace sleight::slots {
namespace {

constexpr TimeMs kNow = 5000;

Event event(EventKind kind, HostId host = kNoHost) {
  Event event;
  event.kind = kind;
  event.host = host;
  event.now = kNow;
  return event;
}

// A pool whose slots are given one by one; its hosts weigh the same.
Pool pool_of(std::vector<HostState> states, std::vector<Chain> chains,
             std::uint8_t max_fallbacks = 2) {
  Pool pool{max_fallbacks, {}, {}};
  for (std::size_t i = 0; i < states.size(); ++i) {
    pool.members.push_back({static_cast<HostId>(i + 1), 100, states[i]});
  }
  for (const Chain& chain : chains) {
    Slot slot{chain, {}};
    for (std::size_t i = 0; i < 2; ++i) slot.since[i] = chain.fallbacks[i] == kNoHost ? 0 : 1000;
    pool.table.push_back(slot);
  }
  return pool;
}

Plan must(const Pool& pool, const Event& event) {
  const auto result = plan(pool, event);
  const Refusal* refusal = refused(result);
  EXPECT_EQ(refusal, nullptr) << (refusal == nullptr ? "" : to_string(refusal->reason));
  return refusal == nullptr ? planned(result) : Plan{};
}

RefusalReason reason_of(const Pool& pool, const Event& event) {
  const auto result = plan(pool, event);
  EXPECT_NE(refused(result), nullptr) << to_string(event.kind);
  return refused(result)->reason;
}

Pool four_hosts() { return fresh_pool(64, 2, {{1, 100}, {2, 100}, {3, 100}, {4, 100}}); }

using enum HostState;

TEST(SlotPlan, DrainPutsANewTargetInFrontAndKeepsTheOldOneAsFallback) {
  const Pool before = four_hosts();
  const Plan drain = must(before, event(EventKind::kDrain, 1));
  EXPECT_EQ(drain.changed.size(), 16u);
  for (const std::uint32_t slot : drain.changed) {
    EXPECT_EQ(before.table[slot].chain, (Chain{1, {}}));
    const Slot& after = drain.after.table[slot];
    EXPECT_NE(after.chain.target, 1);
    EXPECT_EQ(after.chain, (Chain{after.chain.target, {1, kNoHost}}));
    EXPECT_EQ(after.since, (std::array<TimeMs, 2>{kNow, 0}));
  }
}

TEST(SlotPlan, DrainSpreadsTheSlotsOverTheHostsThatAccept) {
  const Plan drain = must(four_hosts(), event(EventKind::kDrain, 1));
  std::map<HostId, int> count;
  for (const Slot& slot : drain.after.table) ++count[slot.chain.target];
  EXPECT_EQ(count.size(), 3u);
  for (const auto& [host, slots] : count) EXPECT_NEAR(slots, 64 / 3.0, 1) << host;
}

TEST(SlotPlan, UndrainBringsAHostItsHomesBackAndKeepsItsSubstituteBehindIt) {
  const Pool before = four_hosts();
  const Plan drain = must(before, event(EventKind::kDrain, 1));
  const Plan undrain = must(drain.after, event(EventKind::kUndrain, 1));
  EXPECT_EQ(undrain.changed, drain.changed);
  for (const std::uint32_t slot : undrain.changed) {
    const HostId substitute = drain.after.table[slot].chain.target;
    EXPECT_EQ(undrain.after.table[slot].chain, (Chain{1, {substitute, kNoHost}}));
  }
  EXPECT_EQ(undrain.after.find(1)->state, kFilling);
}

TEST(SlotPlan, FillingEndsWithoutAMove) {
  const Plan drain = must(four_hosts(), event(EventKind::kDrain, 1));
  const Plan undrain = must(drain.after, event(EventKind::kUndrain, 1));
  const Plan filled = must(undrain.after, event(EventKind::kFilled, 1));
  EXPECT_TRUE(filled.changed.empty());
  EXPECT_EQ(filled.after.find(1)->state, kActive);
}

TEST(SlotPlan, ASecondOverlappingDrainKeepsBothOwnersInTheChain) {
  const Plan first = must(four_hosts(), event(EventKind::kDrain, 1));
  const Plan second = must(first.after, event(EventKind::kDrain, 2));
  int both = 0;
  for (const std::uint32_t slot : second.changed) {
    const Chain& before = first.after.table[slot].chain;
    const Chain& after = second.after.table[slot].chain;
    EXPECT_EQ(before.target, 2);
    EXPECT_EQ(after, (Chain{after.target, {2, before.fallbacks[0]}}));
    both += after.fallbacks[1] == 1;
  }
  EXPECT_GT(both, 0);
}

TEST(SlotPlan, AThirdOverlappingDrainThatWouldStrandAnOwnerIsRefusedWithSlotsAndBlockers) {
  const Plan first = must(four_hosts(), event(EventKind::kDrain, 1));
  const Plan second = must(first.after, event(EventKind::kDrain, 2));
  const auto third = plan(second.after, event(EventKind::kDrain, 3));
  ASSERT_NE(refused(third), nullptr);
  EXPECT_EQ(refused(third)->reason, RefusalReason::kChainFull);
  EXPECT_EQ(refused(third)->blocked_by, (std::vector<HostId>{1, 2}));
  for (const std::uint32_t slot : refused(third)->slots) {
    EXPECT_EQ(second.after.table[slot].chain.size(), 3u);
    EXPECT_EQ(second.after.table[slot].chain.target, 3);
  }
}

TEST(SlotPlan, TheThirdDrainIsSafeOnceTheFirstHasEnded) {
  const Plan first = must(four_hosts(), event(EventKind::kDrain, 1));
  const Plan second = must(first.after, event(EventKind::kDrain, 2));
  const Plan drained = must(second.after, event(EventKind::kDrained, 1));
  const Plan third = must(drained.after, event(EventKind::kDrain, 3));
  EXPECT_TRUE(third.evicted.empty());
}

TEST(SlotPlan, AForcedDrainPushesOutTheOldestFallbackAndSaysWhere) {
  const Pool before = pool_of({kActive, kDraining, kDraining, kActive}, {{1, {2, 3}}, {4, {}}});
  Event drain = event(EventKind::kDrain, 1);
  drain.force = true;
  const Plan forced = must(before, drain);
  EXPECT_EQ(forced.evicted, (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(forced.after.table[0].chain, (Chain{4, {1, 2}}));
}

TEST(SlotPlan, AHostsOwnDrainWaitsForRoomAndIsResumedWhenThereIsSome) {
  const Pool before = pool_of({kActive, kDraining, kDraining, kActive}, {{1, {2, 3}}, {4, {}}});
  Event drain = event(EventKind::kDrain, 1);
  drain.wait = true;
  const Plan waiting = must(before, drain);
  EXPECT_EQ(waiting.waiting, (std::vector<std::uint32_t>{0}));
  EXPECT_TRUE(waiting.changed.empty());
  const Plan resumed = must(waiting.after, event(EventKind::kDrained, 3));
  EXPECT_TRUE(resumed.waiting.empty());
  EXPECT_EQ(resumed.after.table[0].chain, (Chain{4, {1, 2}}));
}

TEST(SlotPlan, ADrainTakesAHostOfAFullChainRatherThanBeRefused) {
  const Pool before = pool_of({kActive, kDraining, kActive, kActive}, {{1, {2, 3}}, {4, {}}});
  const Plan drain = must(before, event(EventKind::kDrain, 1));
  EXPECT_EQ(drain.after.table[0].chain, (Chain{3, {1, 2}}));
}

TEST(SlotPlan, ADeadHostLeavesAllChainsAndTheRestStaysBehindTheNewTarget) {
  const Pool before = pool_of({kActive, kDraining, kDraining, kActive}, {{1, {2, 3}}, {4, {}}});
  const Plan dead = must(before, event(EventKind::kDead, 1));
  EXPECT_EQ(dead.after.table[0].chain, (Chain{4, {2, 3}}));
  EXPECT_EQ(dead.after.table[0].since, (std::array<TimeMs, 2>{1000, 1000}));
  EXPECT_TRUE(dead.evicted.empty());
}

TEST(SlotPlan, ADrainedHostLeavesAllChains) {
  const Plan drain = must(four_hosts(), event(EventKind::kDrain, 1));
  const Plan drained = must(drain.after, event(EventKind::kDrained, 1));
  EXPECT_EQ(drained.changed, drain.changed);
  for (const Slot& slot : drained.after.table) EXPECT_EQ(slot.chain.size(), 1u);
}

// A substitute is chosen as if the host had left, so its leaving finds most slots in place.
TEST(SlotPlan, AHostThatIsDrainedAndThenLeavesMovesMostOfItsSlotsOnce) {
  for (HostId leaver = 1; leaver <= 4; ++leaver) {
    const Plan drain = must(four_hosts(), event(EventKind::kDrain, leaver));
    const Plan drained = must(drain.after, event(EventKind::kDrained, leaver));
    const Plan left = must(drained.after, event(EventKind::kLeave, leaver));
    std::size_t again = 0;
    for (const std::uint32_t slot : drain.changed) {
      again += left.after.table[slot].chain.target != drain.after.table[slot].chain.target;
    }
    EXPECT_LE(again, drain.changed.size() / 4) << leaver;
  }
}

TEST(SlotPlan, AReleasedHostLeavesTheSlotsNamedAndNoOthers) {
  const Plan drain = must(four_hosts(), event(EventKind::kDrain, 1));
  Event released = event(EventKind::kReleased, 1);
  released.slots = {drain.changed[0], drain.changed[3], 100000};
  const Plan plan = must(drain.after, released);
  EXPECT_EQ(plan.changed, (std::vector<std::uint32_t>{drain.changed[0], drain.changed[3]}));
}

TEST(SlotPlan, ATargetIsNotReleased) {
  const Pool before = four_hosts();
  Event released = event(EventKind::kReleased, 1);
  for (std::uint32_t slot = 0; slot < 64; ++slot) released.slots.push_back(slot);
  EXPECT_TRUE(must(before, released).changed.empty());
}

TEST(SlotPlan, FallbacksExpireWhenTheyAreOlderThanTheTtl) {
  const Pool before = pool_of({kActive, kActive}, {{1, {2, kNoHost}}, {2, {}}});
  Event expire = event(EventKind::kExpire);
  expire.ttl = kNow - 1000;
  EXPECT_TRUE(must(before, expire).changed.empty());
  expire.ttl -= 1;
  const Plan expired = must(before, expire);
  EXPECT_EQ(expired.after.table[0], (Slot{{1, {}}, {}}));
}

TEST(SlotPlan, TheLastHostThatAcceptsCannotBeDrainedEvenByForce) {
  const Pool before = pool_of({kFilling, kDraining, kInactive, kDead}, {{1, {}}, {1, {}}});
  Event drain = event(EventKind::kDrain, 1);
  EXPECT_EQ(reason_of(before, drain), RefusalReason::kLastAccepting);
  drain.force = true;
  EXPECT_EQ(reason_of(before, drain), RefusalReason::kLastAccepting);
}

TEST(SlotPlan, DrainingHostsServeWhileNobodyAccepts) {
  const Pool before = pool_of({kActive, kDraining}, {{1, {2, kNoHost}}, {1, {}}});
  const Plan disabled = must(before, event(EventKind::kDisable, 1));
  EXPECT_EQ(disabled.after.table[0].chain, (Chain{2, {}}));
  EXPECT_EQ(disabled.after.table[1].chain, (Chain{2, {}}));
  EXPECT_TRUE(disabled.waiting.empty());
}

TEST(SlotPlan, ThePoolPointsNowhereWhileNobodyServes) {
  Pool pool = four_hosts();
  for (HostId host = 1; host <= 4; ++host) pool = must(pool, event(EventKind::kDead, host)).after;
  for (const Slot& slot : pool.table) EXPECT_EQ(slot, Slot{});
  pool = must(pool, event(EventKind::kEnable, 2)).after;
  for (const Slot& slot : pool.table) EXPECT_EQ(slot.chain, (Chain{2, {}}));
}

TEST(SlotPlan, SlotsThatCannotGoHomeForLackOfRoomWaitUntilFallbacksExpire) {
  const Pool before = pool_of({kInactive, kActive, kActive, kActive},
                              {{2, {3, 4}}, {3, {4, 2}}, {4, {2, 3}}, {2, {3, 4}}});
  const Plan enable = must(before, event(EventKind::kEnable, 1));
  for (const Slot& slot : enable.after.table) EXPECT_NE(slot.chain.target, 1);
  EXPECT_FALSE(enable.waiting.empty());
  Event expire = event(EventKind::kExpire);
  expire.ttl = 1;
  const Plan expired = must(enable.after, expire);
  EXPECT_TRUE(expired.waiting.empty());
  const auto home = homes(4, before.members);
  for (std::uint32_t slot = 0; slot < 4; ++slot) {
    EXPECT_EQ(expired.after.table[slot].chain.target, home[slot]);
  }
}

TEST(SlotPlan, WithoutASecondChanceNothingIsRefusedAndNobodyIsAFallback) {
  Pool pool = fresh_pool(64, 0, {{1, 100}, {2, 100}, {3, 100}, {4, 100}});
  for (HostId host = 1; host <= 3; ++host) {
    const Plan drain = must(pool, event(EventKind::kDrain, host));
    EXPECT_TRUE(drain.waiting.empty() && drain.evicted.empty());
    pool = drain.after;
  }
  for (const Slot& slot : pool.table) EXPECT_EQ(slot.chain, (Chain{4, {}}));
}

TEST(SlotPlan, AJoiningHostHasItsFullShareAtOnce) {
  Event join = event(EventKind::kJoin, 9);
  join.weight = 200;
  const Plan plan = must(four_hosts(), join);
  EXPECT_EQ(plan.after.find(9)->state, kFilling);
  std::map<HostId, int> count;
  for (const Slot& slot : plan.after.table) ++count[slot.chain.target];
  EXPECT_NEAR(count[9], 64 / 3.0, 1);
}

TEST(SlotPlan, WeightsAndMembershipAreChecked) {
  const Pool pool = pool_of({kActive, kActive}, {{1, {}}, {2, {}}});
  Event join = event(EventKind::kJoin, 3);
  EXPECT_EQ(reason_of(pool, join), RefusalReason::kBadWeight);
  join.weight = 65536;
  EXPECT_EQ(reason_of(pool, join), RefusalReason::kBadWeight);
  join.weight = 1;
  EXPECT_EQ(reason_of(pool, join), RefusalReason::kTooManyHosts);
  join.host = 2;
  EXPECT_EQ(reason_of(pool, join), RefusalReason::kHostExists);
  join.host = 4096;
  EXPECT_EQ(reason_of(pool, join), RefusalReason::kUnknownHost);
  EXPECT_EQ(reason_of(pool, event(EventKind::kSetWeight, 1)), RefusalReason::kBadWeight);
  EXPECT_EQ(reason_of(pool, event(EventKind::kLeave, 7)), RefusalReason::kUnknownHost);
}

// Every (event, state) cell: the state that follows, or a refusal.
TEST(SlotPlan, EveryEventAppliesInItsStatesAndIsRefusedInTheOthers) {
  struct Row {
    EventKind kind;
    std::map<HostState, HostState> next;
  };
  const std::map<HostState, HostState> all_inactive{{kActive, kInactive},
                                                    {kFilling, kInactive},
                                                    {kDraining, kInactive},
                                                    {kInactive, kInactive},
                                                    {kDead, kInactive}};
  const std::map<HostState, HostState> all_dead{
      {kActive, kDead}, {kFilling, kDead}, {kDraining, kDead}, {kInactive, kDead}, {kDead, kDead}};
  const Row rows[] = {
      {EventKind::kDrain, {{kActive, kDraining}, {kFilling, kDraining}}},
      {EventKind::kUndrain, {{kDraining, kFilling}, {kInactive, kFilling}}},
      {EventKind::kEnable, {{kInactive, kFilling}, {kDead, kFilling}}},
      {EventKind::kDrained, {{kDraining, kInactive}}},
      {EventKind::kFilled, {{kFilling, kActive}}},
      {EventKind::kDisable, all_inactive},
      {EventKind::kDead, all_dead},
  };
  for (const Row& row : rows) {
    for (const HostState state : {kActive, kFilling, kDraining, kInactive, kDead}) {
      const Pool pool = fresh_pool(8, 2, {{1, 100, state}, {2, 100, kActive}});
      const auto result = plan(pool, event(row.kind, 1));
      const auto next = row.next.find(state);
      if (next == row.next.end()) {
        ASSERT_NE(refused(result), nullptr) << to_string(row.kind) << " while " << to_string(state);
        EXPECT_EQ(refused(result)->reason, RefusalReason::kWrongState);
      } else {
        ASSERT_EQ(refused(result), nullptr) << to_string(row.kind) << " while " << to_string(state);
        EXPECT_EQ(planned(result).after.find(1)->state, next->second);
      }
    }
  }
}

}  // namespace
}  // namespace sleight::slots
