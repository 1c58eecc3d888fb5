// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <bit>
#include <numeric>

#include "share.h"
#include "sleight/slots/pool.h"

namespace sleight::slots {
namespace {

// The finalizer of SplitMix64: every bit of the id reaches every bit of the result.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

// A host walks all slots in an order of its own: a fixed stride from a fixed start.
struct Walk {
  std::uint32_t at = 0;
  std::uint32_t stride = 1;
  std::uint64_t credit = 0;
  std::size_t member = 0;
};

Walk walk_of(HostId id, std::uint32_t slots) {
  Walk walk;
  walk.at = static_cast<std::uint32_t>(mix(std::uint64_t{id} << 1) % slots);
  walk.stride = static_cast<std::uint32_t>(mix(std::uint64_t{id} << 1 | 1) % slots);
  while (std::gcd(walk.stride, slots) != 1) walk.stride = (walk.stride + 1) % slots;
  return walk;
}

class Homes {
 public:
  Homes(std::uint32_t slots, const std::vector<Member>& members)
      : members_(members), homes_(slots, kNoHost), shares_(weights_of(members), slots) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      walks_.push_back(walk_of(members[i].id, slots));
      walks_.back().member = i;
    }
  }

  std::vector<HostId> settle() && {
    while (!walks_.empty() && taken_ < homes_.size()) settle_round();
    return std::move(homes_);
  }

 private:
  static std::vector<std::uint32_t> weights_of(const std::vector<Member>& members) {
    std::vector<std::uint32_t> weights;
    weights.reserve(members.size());
    for (const Member& member : members) weights.push_back(member.weight);
    return weights;
  }

  // A power of two changes seldom when members do, so the pace of the walks stays.
  std::uint64_t pace() const {
    std::uint64_t heaviest = 1;
    for (const Walk& walk : walks_) {
      heaviest = std::max<std::uint64_t>(heaviest, members_[walk.member].weight);
    }
    return std::bit_ceil(heaviest);
  }

  // The heaviest hosts visit one slot or so, the others as many as their weight lets them.
  void settle_round() {
    std::erase_if(walks_, [this](const Walk& walk) { return !shares_.has_room(walk.member); });
    const std::uint64_t step = pace();
    for (Walk& walk : walks_) {
      walk.credit += members_[walk.member].weight;
      for (; walk.credit >= step; walk.credit -= step) visit(walk);
    }
  }

  void visit(Walk& walk) {
    HostId& home = homes_[walk.at];
    if (home == kNoHost && shares_.take(walk.member)) {
      home = members_[walk.member].id;
      ++taken_;
    }
    walk.at += walk.stride;
    if (walk.at >= homes_.size()) walk.at -= static_cast<std::uint32_t>(homes_.size());
  }

  const std::vector<Member>& members_;
  std::vector<HostId> homes_;
  Shares shares_;
  std::vector<Walk> walks_;
  std::size_t taken_ = 0;
};

}  // namespace

std::vector<HostId> homes(std::uint32_t slots, const std::vector<Member>& members) {
  return Homes(slots, members).settle();
}

}  // namespace sleight::slots
