// SPDX-License-Identifier: BSD-2-Clause
#include "steps.h"

namespace sleight::slots {
namespace {

// Appends a fallback behind those that `chain` has; false when it is full.
bool append(Slot& slot, HostId host, TimeMs since, std::size_t most) {
  for (std::size_t i = 0; i < most; ++i) {
    if (slot.chain.fallbacks[i] != kNoHost) continue;
    slot.chain.fallbacks[i] = host;
    slot.since[i] = since;
    return true;
  }
  return false;
}

template <typename Keep>
void keep_fallbacks(Slot& slot, Keep keep) {
  const Slot before = slot;
  slot = {{before.chain.target, {}}, {}};
  for (std::size_t i = 0; i < net::kMaxFallbacks; ++i) {
    const HostId host = before.chain.fallbacks[i];
    if (host != kNoHost && keep(host, before.since[i])) {
      append(slot, host, before.since[i], net::kMaxFallbacks);
    }
  }
}

}  // namespace

std::size_t entries(const Slot& slot) {
  const Chain& chain = slot.chain;
  return std::size_t{chain.target != kNoHost} + (chain.fallbacks[0] != kNoHost) +
         (chain.fallbacks[1] != kNoHost);
}

void leave(Slot& slot, HostId host) {
  if (!slot.chain.contains(host)) return;
  if (slot.chain.target == host) slot.chain.target = kNoHost;
  keep_fallbacks(slot, [host](HostId fallback, TimeMs) { return fallback != host; });
}

void expire(Slot& slot, TimeMs limit) {
  keep_fallbacks(slot, [limit](HostId, TimeMs since) { return since >= limit; });
}

void point(Slot& slot, HostId target, std::uint8_t max_fallbacks, TimeMs now) {
  if (slot.chain.target == target) return;
  const Slot before = slot;
  slot = {{target, {}}, {}};
  if (target == kNoHost) return;
  if (before.chain.target != kNoHost) append(slot, before.chain.target, now, max_fallbacks);
  for (std::size_t i = 0; i < net::kMaxFallbacks; ++i) {
    const HostId host = before.chain.fallbacks[i];
    if (host != kNoHost && host != target) append(slot, host, before.since[i], max_fallbacks);
  }
}

}  // namespace sleight::slots
