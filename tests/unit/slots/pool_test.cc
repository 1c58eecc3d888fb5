// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/slots/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "random_pool.h"

namespace sleight::slots {
namespace {

std::vector<Member> equal_members(std::uint32_t count) {
  std::vector<Member> members;
  for (std::uint32_t id = 1; id <= count; ++id) members.push_back({static_cast<HostId>(id), 100});
  return members;
}

std::map<HostId, std::uint64_t> counts(const std::vector<HostId>& hosts) {
  std::map<HostId, std::uint64_t> result;
  for (const HostId host : hosts) ++result[host];
  return result;
}

// What moved, and what the shares alone force to move.
struct Movement {
  std::size_t moved = 0;
  std::size_t least = 0;
};

Movement movement(const std::vector<HostId>& before, const std::vector<HostId>& after) {
  Movement movement;
  for (std::size_t slot = 0; slot < before.size(); ++slot) {
    movement.moved += before[slot] != after[slot];
  }
  auto gained = counts(after);
  for (const auto& [host, count] : counts(before)) {
    gained[host] -= std::min(gained[host], count);
  }
  for (const auto& [host, count] : gained) movement.least += count;
  return movement;
}

TEST(Homes, AreSpreadByWeightToWithinOneSlot) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Chance chance(seed);
    const std::uint32_t slots = chance.between(1, 700);
    const auto members = chance.members(chance.between(1, std::min(slots, 80u)));
    auto count = counts(homes(slots, members));
    std::uint64_t weights = 0;
    for (const Member& member : members) weights += member.weight;
    for (const Member& member : members) {
      const std::uint64_t share = std::uint64_t{slots} * member.weight;
      ASSERT_GE(count[member.id], share / weights) << "seed " << seed;
      ASSERT_LE(count[member.id], (share + weights - 1) / weights) << "seed " << seed;
    }
    ASSERT_EQ(count.count(kNoHost), 0u) << "seed " << seed;
  }
}

TEST(Homes, DoNotDependOnStates) {
  Chance chance(7);
  auto members = chance.members(9);
  const auto before = homes(256, members);
  members[2].state = HostState::kDead;
  members[5].state = HostState::kDraining;
  EXPECT_EQ(homes(256, members), before);
}

TEST(Homes, OfAPoolWithoutMembersAreNowhere) {
  EXPECT_EQ(homes(4, {}), std::vector<HostId>(4, kNoHost));
}

TEST(Homes, OfOneMemberAreItsAlone) {
  EXPECT_EQ(homes(3, {{4095, 1}}), std::vector<HostId>(3, 4095));
}

TEST(Homes, MoveFewSlotsBeyondThoseThatALeavingHostGivesUp) {
  const auto members = equal_members(8);
  const auto before = homes(256, members);
  Movement all;
  for (std::size_t leaver = 0; leaver < members.size(); ++leaver) {
    auto rest = members;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(leaver));
    const Movement one = movement(before, homes(256, rest));
    all.moved += one.moved;
    all.least += one.least;
  }
  EXPECT_EQ(all.least, 256u);
  EXPECT_LE(all.moved, all.least * 13 / 10);
}

TEST(Homes, MoveFewSlotsBeyondThoseThatAJoiningHostTakes) {
  const Movement join = movement(homes(1024, equal_members(32)), homes(1024, equal_members(33)));
  EXPECT_EQ(join.least, 31u);
  EXPECT_LE(join.moved, join.least * 2);
}

TEST(FreshPool, PointsEverySlotHomeWhileAllHostsAccept) {
  const Pool pool = fresh_pool(256, 2, equal_members(8));
  const auto home = homes(256, pool.members);
  for (std::uint32_t slot = 0; slot < 256; ++slot) {
    EXPECT_EQ(pool.table[slot].chain, (Chain{home[slot], {}}));
  }
}

TEST(FreshPool, SharesTheHomesOfHostsThatDoNotAcceptByWeight) {
  auto members = equal_members(8);
  members[0].state = HostState::kInactive;
  members[1].state = HostState::kDraining;
  const Pool pool = fresh_pool(256, 2, members);
  std::map<HostId, int> count;
  for (const Slot& slot : pool.table) ++count[slot.chain.target];
  EXPECT_EQ(count.size(), 6u);
  for (const auto& [host, slots] : count) EXPECT_NEAR(slots, 256 / 6.0, 1) << host;
}

TEST(FreshPool, PointsAtDrainingHostsWhileNobodyAccepts) {
  const Pool pool = fresh_pool(8, 2, {{1, 100, HostState::kDraining}, {2, 100, HostState::kDead}});
  for (const Slot& slot : pool.table) EXPECT_EQ(slot.chain.target, 1);
}

TEST(FreshPool, PointsNowhereWhileNobodyServes) {
  const Pool pool = fresh_pool(8, 2, {{2, 100, HostState::kDead}});
  for (const Slot& slot : pool.table) EXPECT_EQ(slot, Slot{});
}

TEST(Pool, FindsMembersById) {
  Pool pool = fresh_pool(16, 2, {{3, 100}, {9, 50}});
  ASSERT_NE(pool.find(9), nullptr);
  EXPECT_EQ(pool.find(9)->weight, 50u);
  EXPECT_EQ(pool.find(4), nullptr);
  EXPECT_EQ(pool.find(4095), nullptr);
}

}  // namespace
}  // namespace sleight::slots
