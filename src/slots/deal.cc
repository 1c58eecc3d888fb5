// SPDX-License-Identifier: BSD-2-Clause
#include "deal.h"

#include <algorithm>
#include <array>
#include <queue>

#include "share.h"
#include "sleight/base/check.h"
#include "steps.h"

namespace sleight::slots {
namespace {

constexpr std::size_t kNobody = ~std::size_t{0};
// Each deal costs a pass over the table; the second nearly always settles it.
constexpr int kMostDeals = 8;

class Dealer {
 public:
  Dealer(const Pool& pool, HostId evict_for);

  Deal run() &&;

 private:
  // A slot that can only have one taker.
  struct Pin {
    std::uint32_t slot = 0;
    std::size_t taker = kNobody;
  };

  void sort_slots();
  void pin_only_taker(std::uint32_t slot);
  void pin_crowded();
  void crowd(std::uint32_t slot);
  void place_pinned();
  bool place_near();
  template <typename Place>
  void round(Place place);
  void place_anywhere();
  void note_waiting();

  std::size_t takers_in(const Chain& chain) const;
  bool is_wide(const Slot& slot) const;
  std::size_t lighter(std::size_t a, std::size_t b) const;
  std::size_t taker_of(HostId host) const { return host == kNoHost ? kNobody : taker_index_[host]; }
  bool give(std::uint32_t slot, HostId host);
  bool give_home(std::uint32_t slot, bool stays);
  bool give_fallback(std::uint32_t slot);

  const Pool& pool_;
  const HostId evict_for_;
  const std::vector<HostId> homes_;
  std::vector<Member> takers_;
  std::array<std::size_t, net::kMaxHostId + 1> taker_index_;
  std::vector<std::uint32_t> weights_;
  Shares shares_{{}, 0};

  // Slots that have a choice: among the hosts of their full chain, or of all takers. The
  // open ones of them have no target yet.
  std::vector<std::uint32_t> narrow_;
  std::vector<std::uint32_t> wide_;
  std::vector<std::uint32_t> open_narrow_;
  std::vector<std::uint32_t> open_wide_;
  std::vector<Pin> pinned_;
  Deal deal_;
};

// Accepting hosts take slots; while there are none, draining ones do.
std::vector<Member> takers_of(const Pool& pool) {
  std::vector<Member> takers;
  const auto add = [&](auto is_taker) {
    std::copy_if(pool.members.begin(), pool.members.end(), std::back_inserter(takers),
                 [&](const Member& member) { return is_taker(member.state); });
  };
  add(is_accepting);
  if (takers.empty()) add(is_serving);
  return takers;
}

Dealer::Dealer(const Pool& pool, HostId evict_for)
    : pool_(pool),
      evict_for_(evict_for),
      homes_(homes(static_cast<std::uint32_t>(pool.table.size()), pool.members)),
      takers_(takers_of(pool)) {
  taker_index_.fill(kNobody);
  for (std::size_t i = 0; i < takers_.size(); ++i) {
    taker_index_[takers_[i].id] = i;
    weights_.push_back(takers_[i].weight);
  }
  deal_.targets.assign(pool.table.size(), kNoHost);
}

Deal Dealer::run() && {
  if (takers_.empty()) return std::move(deal_);
  sort_slots();
  for (int deals = 1; !place_near() && deals < kMostDeals && !wide_.empty(); ++deals) pin_crowded();
  deal_.waiting = std::move(open_narrow_);
  place_anywhere();
  note_waiting();
  return std::move(deal_);
}

std::size_t Dealer::takers_in(const Chain& chain) const {
  return std::size_t{taker_of(chain.target) != kNobody} +
         (taker_of(chain.fallbacks[0]) != kNobody) + (taker_of(chain.fallbacks[1]) != kNobody);
}

bool Dealer::is_wide(const Slot& slot) const {
  if (pool_.max_fallbacks == 0 || entries(slot) <= pool_.max_fallbacks) return true;
  return evict_for_ != kNoHost && slot.chain.target == evict_for_ && takers_in(slot.chain) == 0;
}

void Dealer::sort_slots() {
  for (std::uint32_t slot = 0; slot < pool_.table.size(); ++slot) {
    const Slot& entry = pool_.table[slot];
    const std::size_t choices = takers_in(entry.chain);
    if (is_wide(entry)) {
      wide_.push_back(slot);
    } else if (choices > 1) {
      narrow_.push_back(slot);
    } else if (choices == 1) {
      pin_only_taker(slot);
    } else {
      deal_.stuck.push_back(slot);
      deal_.targets[slot] = entry.chain.target;
    }
  }
}

void Dealer::pin_only_taker(std::uint32_t slot) {
  const Chain& chain = pool_.table[slot].chain;
  for (const HostId host : {chain.target, chain.fallbacks[0], chain.fallbacks[1]}) {
    if (taker_of(host) != kNobody) pinned_.push_back({slot, taker_of(host)});
  }
}

void Dealer::place_pinned() {
  std::vector<std::uint64_t> counts(takers_.size());
  for (const Pin& pin : pinned_) ++counts[pin.taker];
  shares_ = Shares(weights_, pool_.table.size() - deal_.stuck.size(), counts);
  for (const Pin& pin : pinned_) {
    shares_.take_beyond(pin.taker);
    deal_.targets[pin.slot] = takers_[pin.taker].id;
  }
}

template <typename Place>
void Dealer::round(Place place) {
  std::erase_if(open_narrow_, place);
  std::erase_if(open_wide_, place);
}

// Everybody stays, goes home or swaps within the chain. False when full chains found that
// all they could have taken had its share: these crowd their targets.
bool Dealer::place_near() {
  place_pinned();
  open_narrow_ = narrow_;
  open_wide_ = wide_;
  round([this](std::uint32_t slot) { return give_home(slot, true); });
  round([this](std::uint32_t slot) { return give_home(slot, false); });
  round([this](std::uint32_t slot) { return give(slot, pool_.table[slot].chain.target); });
  round([this](std::uint32_t slot) { return give_fallback(slot); });
  for (const std::uint32_t slot : open_narrow_) crowd(slot);
  return open_narrow_.empty();
}

// Beyond a share; in place if that accepts.
void Dealer::crowd(std::uint32_t slot) {
  const Chain& chain = pool_.table[slot].chain;
  std::size_t taker = taker_of(chain.target);
  if (taker == kNobody) {
    taker = lighter(taker_of(chain.fallbacks[0]), taker_of(chain.fallbacks[1]));
  }
  shares_.take_beyond(taker);
  deal_.targets[slot] = takers_[taker].id;
}

// The full chains of crowded takers are pinned there, so that the next deal moves slots
// with room off those takers.
void Dealer::pin_crowded() {
  std::vector<bool> is_crowded(takers_.size());
  for (const std::uint32_t slot : open_narrow_) {
    is_crowded[taker_of(deal_.targets[slot])] = true;
  }
  std::erase_if(narrow_, [&](std::uint32_t slot) {
    const std::size_t taker = taker_of(deal_.targets[slot]);
    if (is_crowded[taker]) pinned_.push_back({slot, taker});
    return is_crowded[taker];
  });
}

bool Dealer::give(std::uint32_t slot, HostId host) {
  const std::size_t taker = taker_of(host);
  if (taker == kNobody || !shares_.take(taker)) return false;
  deal_.targets[slot] = host;
  return true;
}

bool Dealer::give_home(std::uint32_t slot, bool stays) {
  const Slot& entry = pool_.table[slot];
  const HostId home = homes_[slot];
  if (stays != (entry.chain.target == home)) return false;
  return (is_wide(entry) || entry.chain.contains(home)) && give(slot, home);
}

bool Dealer::give_fallback(std::uint32_t slot) {
  const Chain& chain = pool_.table[slot].chain;
  return give(slot, chain.fallbacks[0]) || give(slot, chain.fallbacks[1]);
}

std::size_t Dealer::lighter(std::size_t a, std::size_t b) const {
  if (a == kNobody || b == kNobody) return std::min(a, b);
  return shares_.is_lighter(b, a) ? b : a;
}

// First where they would be at home if nobody but the takers were in the pool, so that
// a host that drains and then leaves moves its slots once.
void Dealer::place_anywhere() {
  if (open_wide_.empty()) return;
  const auto slots = static_cast<std::uint32_t>(pool_.table.size());
  const std::vector<HostId> next_homes = homes(slots, takers_);
  std::erase_if(open_wide_, [&](std::uint32_t slot) { return give(slot, next_homes[slot]); });
  const auto is_later = [this](std::size_t a, std::size_t b) { return shares_.is_lighter(b, a); };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(is_later)> order(is_later);
  for (std::size_t taker = 0; taker < takers_.size(); ++taker) order.push(taker);
  for (const std::uint32_t slot : open_wide_) {
    while (!shares_.has_room(order.top())) order.pop();
    const std::size_t taker = order.top();
    order.pop();
    CHECK(give(slot, takers_[taker].id));
    order.push(taker);
  }
}

void Dealer::note_waiting() {
  deal_.waiting.insert(deal_.waiting.end(), deal_.stuck.begin(), deal_.stuck.end());
  for (std::uint32_t slot = 0; slot < pool_.table.size(); ++slot) {
    const Slot& entry = pool_.table[slot];
    const bool home_takes = taker_of(homes_[slot]) != kNobody;
    if (home_takes && !is_wide(entry) && !entry.chain.contains(homes_[slot])) {
      deal_.waiting.push_back(slot);
    }
  }
  std::sort(deal_.waiting.begin(), deal_.waiting.end());
  deal_.waiting.erase(std::unique(deal_.waiting.begin(), deal_.waiting.end()), deal_.waiting.end());
}

}  // namespace

Deal deal(const Pool& pool, HostId evict_for) { return Dealer(pool, evict_for).run(); }

}  // namespace sleight::slots
