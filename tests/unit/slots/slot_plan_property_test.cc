// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "flow_model.h"
#include "random_pool.h"
#include "sleight/slots/slot_plan.h"

namespace sleight::slots {
namespace {

constexpr int kPools = 600;
constexpr int kEvents = 60;

std::vector<HostId> hosts_of(const Chain& chain) {
  std::vector<HostId> hosts;
  for (const HostId host : {chain.target, chain.fallbacks[0], chain.fallbacks[1]}) {
    if (host != kNoHost) hosts.push_back(host);
  }
  std::sort(hosts.begin(), hosts.end());
  return hosts;
}

bool accepts(const Pool& pool, HostId host) {
  const Member* member = pool.find(host);
  return member != nullptr && is_accepting(member->state);
}

bool serves(const Pool& pool, HostId host) {
  const Member* member = pool.find(host);
  return member != nullptr && is_serving(member->state);
}

template <typename Is>
std::size_t count_members(const Pool& pool, Is is) {
  return static_cast<std::size_t>(
      std::count_if(pool.members.begin(), pool.members.end(),
                    [&](const Member& member) { return is(member.state); }));
}

bool is_full(const Pool& pool, const Slot& slot) {
  return pool.max_fallbacks > 0 && slot.chain.size() > pool.max_fallbacks;
}

bool has(const std::vector<std::uint32_t>& slots, std::uint32_t slot) {
  return std::binary_search(slots.begin(), slots.end(), slot);
}

// The slots as the plan found them when it dealt: without the hosts that the event made
// leave. `model` has taken the event already.
std::vector<bool> full_before_deal(const Pool& before, const Event& event, const Pool& after) {
  std::vector<bool> full;
  for (std::uint32_t index = 0; index < before.table.size(); ++index) {
    const Slot& slot = before.table[index];
    const bool released = event.kind == EventKind::kReleased && has(event.slots, index);
    std::size_t size = 0;
    size += serves(after, slot.chain.target);
    for (std::size_t i = 0; i < 2; ++i) {
      const bool expired =
          event.kind == EventKind::kExpire && slot.since[i] < event.now - event.ttl;
      const HostId host = slot.chain.fallbacks[i];
      size += serves(after, host) && !expired && !(released && host == event.host);
    }
    full.push_back(before.max_fallbacks > 0 && size > before.max_fallbacks);
  }
  return full;
}

// A pool, what has been done to it, and the flows that its clients may have.
class Story {
 public:
  explicit Story(std::uint64_t seed) : chance_(seed), pool_(chance_.pool(96, 12)), flows_(pool_) {}

  void step() {
    now_ += chance_.between(1, 20);
    const Event event = chance_.event(pool_, now_);
    SCOPED_TRACE(std::string(to_string(event.kind)) + " host " + std::to_string(event.host));
    const Pool before = pool_;
    const auto result = plan(pool_, event);
    ASSERT_EQ(pool_, before);
    if (const Refusal* refusal = refused(result)) return check_refusal(event, *refusal);
    const Plan& next = planned(result);
    ASSERT_EQ(planned(plan(pool_, event)).after, next.after);
    pool_ = next.after;
    flows_.apply(event, next);
    check_chains(next);
    check_changed(before, next);
    check_waiting(next);
    const auto full = full_before_deal(before, event, pool_);
    check_balance(next, full);
    check_reasons(before, next, full);
    check_calm();
    ASSERT_TRUE(next.evicted.empty() || (event.kind == EventKind::kDrain && event.force));
  }

 private:
  void check_refusal(const Event& event, const Refusal& refusal) {
    ASSERT_EQ(refusal.reason == RefusalReason::kChainFull, !refusal.slots.empty());
    if (refusal.reason != RefusalReason::kChainFull) return;
    ASSERT_EQ(event.kind, EventKind::kDrain);
    ASSERT_FALSE(event.force || event.wait || pool_.max_fallbacks == 0);
    // A full chain of max_fallbacks + 1 hosts that all drain, the new one among them.
    const auto draining = [](HostState state) { return state == HostState::kDraining; };
    ASSERT_GE(count_members(pool_, draining), pool_.max_fallbacks);
    for (const std::uint32_t slot : refusal.slots) {
      const Chain& chain = pool_.table[slot].chain;
      ASSERT_EQ(chain.target, event.host);
      ASSERT_TRUE(is_full(pool_, pool_.table[slot]));
      ASSERT_FALSE(accepts(pool_, chain.fallbacks[0]) || accepts(pool_, chain.fallbacks[1]));
    }
    check_becomes_safe(event, refusal);
  }

  void check_becomes_safe(const Event& event, const Refusal& refusal) {
    Pool later = pool_;
    for (const HostId host : refusal.blocked_by) {
      later = planned(plan(later, {EventKind::kDrained, host})).after;
    }
    // Room may have brought waiting slots to the host meanwhile; these may be refused now.
    const auto result = plan(later, event);
    const Refusal* again = refused(result);
    if (again == nullptr) return;
    for (const std::uint32_t slot : refusal.slots) ASSERT_FALSE(has(again->slots, slot));
  }

  // The chain is exactly the hosts that may own flows there: nobody is stranded, nobody
  // is asked in vain.
  void check_chains(const Plan& next) {
    const bool anybody = count_members(pool_, is_serving) > 0;
    for (std::uint32_t slot = 0; slot < pool_.table.size(); ++slot) {
      const Slot& entry = pool_.table[slot];
      ASSERT_EQ(entry.chain.is_valid(), anybody);
      ASSERT_LE(entry.chain.size(), pool_.max_fallbacks + 1u);
      for (const HostId host : hosts_of(entry.chain)) ASSERT_TRUE(serves(pool_, host));
      for (std::size_t i = 0; i < 2; ++i) {
        ASSERT_EQ(entry.since[i] != 0, entry.chain.fallbacks[i] != kNoHost);
      }
      if (pool_.max_fallbacks == 0) continue;
      ASSERT_EQ(hosts_of(entry.chain), flows_.owners(slot)) << "slot " << slot;
    }
    for (const std::uint32_t slot : next.evicted) ASSERT_TRUE(has(next.changed, slot));
  }

  void check_changed(const Pool& before, const Plan& next) {
    ASSERT_TRUE(std::is_sorted(next.waiting.begin(), next.waiting.end()));
    for (std::uint32_t slot = 0; slot < pool_.table.size(); ++slot) {
      ASSERT_EQ(before.table[slot].chain != pool_.table[slot].chain, has(next.changed, slot));
    }
  }

  void check_waiting(const Plan& next) {
    if (count_members(pool_, is_accepting) == 0) return;
    for (std::uint32_t slot = 0; slot < pool_.table.size(); ++slot) {
      const Slot& entry = pool_.table[slot];
      if (accepts(pool_, entry.chain.target)) continue;
      ASSERT_TRUE(has(next.waiting, slot)) << "slot " << slot;
      ASSERT_TRUE(is_full(pool_, entry));
      for (const HostId host : entry.chain.fallbacks) ASSERT_FALSE(accepts(pool_, host));
    }
  }

  std::map<HostId, std::uint64_t> count_targets() const {
    std::map<HostId, std::uint64_t> counts;
    for (const Member& member : pool_.members) {
      if (is_accepting(member.state)) counts[member.id] = 0;
    }
    for (const Slot& slot : pool_.table) {
      const auto at = counts.find(slot.chain.target);
      if (at != counts.end()) ++at->second;
    }
    return counts;
  }

  // No slot with room could be moved to make the pool more even by more than one slot.
  void check_balance(const Plan& next, const std::vector<bool>& full) {
    const auto counts = count_targets();
    std::uint64_t slots = 0;
    std::uint64_t weights = 0;
    for (const auto& [host, count] : counts) {
      slots += count;
      weights += pool_.find(host)->weight;
    }
    if (std::find(full.begin(), full.end(), true) == full.end()) {
      for (const auto& [host, count] : counts) {
        const std::uint64_t share = slots * pool_.find(host)->weight;
        ASSERT_GE(count, share / weights) << "host " << host;
        ASSERT_LE(count, (share + weights - 1) / weights) << "host " << host;
      }
      return;
    }
    const std::uint64_t slack = crowded(next, full);
    for (std::uint32_t slot = 0; slot < pool_.table.size(); ++slot) {
      const HostId from = pool_.table[slot].chain.target;
      if (full[slot] || !accepts(pool_, from)) continue;
      for (const auto& [to, count] : counts) {
        ASSERT_LE((counts.at(from) - 1) * pool_.find(to)->weight,
                  (count + 1 + slack) * pool_.find(from)->weight)
            << "slot " << slot << ": " << from << " to " << to;
      }
    }
  }

  // Full slots that had a choice and found all of it taken: each may unbalance by one.
  std::uint64_t crowded(const Plan& next, const std::vector<bool>& full) const {
    return static_cast<std::uint64_t>(
        std::count_if(next.waiting.begin(), next.waiting.end(), [&](std::uint32_t slot) {
          const auto hosts = hosts_of(pool_.table[slot].chain);
          return full[slot] && std::count_if(hosts.begin(), hosts.end(), [this](HostId host) {
                                 return accepts(pool_, host);
                               }) > 1;
        }));
  }

  // A target changes only when it no longer accepts, when the slot goes home, or when the
  // host that loses it has its share without.
  void check_reasons(const Pool& before, const Plan& next, const std::vector<bool>& full) {
    if (std::find(full.begin(), full.end(), true) != full.end()) return;
    const auto home = homes(static_cast<std::uint32_t>(pool_.table.size()), pool_.members);
    const auto counts = count_targets();
    std::uint64_t weights = 0;
    for (const auto& [host, count] : counts) weights += pool_.find(host)->weight;
    const auto has_its_share = [&](HostId host) {
      return counts.at(host) >= pool_.table.size() * pool_.find(host)->weight / weights;
    };
    for (const std::uint32_t slot : next.changed) {
      const HostId from = before.table[slot].chain.target;
      const HostId to = pool_.table[slot].chain.target;
      if (from == to || !accepts(pool_, from) || to == home[slot]) continue;
      ASSERT_TRUE(has_its_share(from)) << "slot " << slot;
    }
    for (std::uint32_t slot = 0; slot < pool_.table.size(); ++slot) {
      if (!accepts(pool_, home[slot]) || pool_.table[slot].chain.target == home[slot]) continue;
      ASSERT_TRUE(has_its_share(home[slot])) << "slot " << slot << " is not at home";
    }
  }

  // An event that says nothing moves nothing.
  void check_calm() {
    if (pool_.members.empty()) return;
    const Plan again = planned(plan(pool_, {EventKind::kReleased, pool_.members.front().id}));
    ASSERT_TRUE(again.changed.empty()) << again.changed.size() << " slots move without a reason";
  }

  Chance chance_;
  Pool pool_;
  FlowModel flows_;
  TimeMs now_ = 1000;
};

TEST(SlotPlanProperties, HoldAfterEveryEventOfManyRandomStories) {
  for (std::uint64_t seed = 0; seed < kPools; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Story story(seed);
    for (int i = 0; i < kEvents; ++i) {
      SCOPED_TRACE("event " + std::to_string(i));
      story.step();
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

class RollingRestart {
 public:
  explicit RollingRestart(std::uint64_t seed) : chance_(seed) {
    const std::uint32_t slots = chance_.between(2, 512);
    const std::uint32_t hosts = chance_.between(2, std::min(24u, slots));
    pool_ = fresh_pool(slots, 2, chance_.members(hosts));
    ends_drains_ = chance_.one_in(3);
  }

  // Fallbacks never expire; drains are not even waited for, unless the seed says so.
  void round() {
    const std::vector<Member> members = pool_.members;
    for (const Member& member : members) {
      apply(EventKind::kDrain, member.id);
      if (ends_drains_) apply(EventKind::kDrained, member.id);
      apply(EventKind::kUndrain, member.id);
      apply(EventKind::kFilled, member.id);
      if (testing::Test::HasFatalFailure()) return;
      ASSERT_TRUE(waiting_.empty());
      const auto home = homes(static_cast<std::uint32_t>(pool_.table.size()), pool_.members);
      for (std::uint32_t slot = 0; slot < home.size(); ++slot) {
        ASSERT_EQ(pool_.table[slot].chain.target, home[slot]) << "slot " << slot;
      }
    }
  }

 private:
  void apply(EventKind kind, HostId host) {
    const auto result = plan(pool_, {kind, host});
    ASSERT_EQ(refused(result), nullptr) << to_string(kind) << " of host " << host;
    pool_ = planned(result).after;
    waiting_ = planned(result).waiting;
  }

  Chance chance_;
  Pool pool_;
  std::vector<std::uint32_t> waiting_;
  bool ends_drains_ = false;
};

TEST(SlotPlanProperties, ARollingRestartOfAnyPoolIsNeverRefusedAndEndsAtHome) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RollingRestart restart(seed);
    for (int round = 0; round < 3; ++round) {
      restart.round();
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace sleight::slots
