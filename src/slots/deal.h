// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "sleight/slots/pool.h"

namespace sleight::slots {

// Who should be the target of each slot (docs/slots.md, "The deal").
struct Deal {
  std::vector<HostId> targets;         // kNoHost: no host serves
  std::vector<std::uint32_t> waiting;  // should be elsewhere and have no room, ascending
  std::vector<std::uint32_t> stuck;    // of those: none of the chain accepts, ascending
};

// Chains of `pool` name serving hosts only; a slot may have lost its target. A slot whose
// target is `evict_for` may push its oldest fallback out rather than be stuck.
Deal deal(const Pool& pool, HostId evict_for);

}  // namespace sleight::slots
