// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/slots/pool.h"

#include <algorithm>

#include "deal.h"
#include "steps.h"

namespace sleight::slots {

const Member* Pool::find(HostId id) const {
  const auto at =
      std::lower_bound(members.begin(), members.end(), id,
                       [](const Member& member, HostId key) { return member.id < key; });
  return at != members.end() && at->id == id ? &*at : nullptr;
}

Member* Pool::find(HostId id) {
  const Pool& self = *this;
  return const_cast<Member*>(self.find(id));
}

Pool fresh_pool(std::uint32_t slots, std::uint8_t max_fallbacks, std::vector<Member> members) {
  Pool pool{max_fallbacks, std::move(members), std::vector<Slot>(slots)};
  const Deal dealt = deal(pool, kNoHost);
  for (std::uint32_t slot = 0; slot < slots; ++slot) {
    point(pool.table[slot], dealt.targets[slot], max_fallbacks, 0);
  }
  return pool;
}

}  // namespace sleight::slots
