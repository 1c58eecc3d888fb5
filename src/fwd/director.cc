// SPDX-License-Identifier: BSD-2-Clause
#include <array>

#include "frame_macs.h"
#include "sleight/net/siphash.h"
#include "stages.h"

namespace sleight::fwd {
namespace {

// Splits off the frames whose VIP belongs to the pool of the first one: a hash key is a
// pool's, and a burst rarely has more than one pool.
Lane take_pool(const VipIndex& vips, const Burst& burst, Lane& frames, std::uint32_t& pool) {
  Lane taken;
  Lane rest;
  frames.for_each([&](std::size_t i) {
    const std::uint32_t own = vips.pool_of(burst.vips[i]);
    if (taken.empty()) pool = own;
    (own == pool ? taken : rest).add(i);
  });
  frames = rest;
  return taken;
}

void pick_slots(const SnapshotPool& pool, Burst& burst, Lane frames) {
  std::array<const net::FlowKey*, kMaxBurst> flows;
  std::array<std::uint64_t, kMaxBurst> hashes;
  std::size_t count = 0;
  frames.for_each([&](std::size_t i) { flows[count++] = &burst.packets[i].flow; });
  net::hash_flows(pool.hash_key, {flows.data(), count}, {hashes.data(), count});
  count = 0;
  frames.for_each(
      [&](std::size_t i) { burst.slots[i] = net::slot_of(hashes[count++], pool.slots); });
}

}  // namespace

Lane steer(const Context& context, Burst& burst, Lane frames) {
  const Snapshot& snapshot = context.snapshot;
  const std::uint64_t own_mac = snapshot.ports[context.port].mac.bits();
  Lane for_this_node;
  while (!frames.empty()) {
    std::uint32_t pool_index = 0;
    const Lane of_pool = take_pool(snapshot.vips, burst, frames, pool_index);
    const SnapshotPool& pool = snapshot.pools[pool_index];
    pick_slots(pool, burst, of_pool);
    const std::uint64_t* steer_macs = pool.steer[context.port].data();
    of_pool.for_each([&](std::size_t i) {
      const std::uint64_t steer_mac = steer_macs[burst.slots[i]];
      if (steer_mac == 0) {
        burst.outcomes[i] = Drop::NoHost;
        return;
      }
      write_macs(burst.frames[i], steer_mac, own_mac);
      burst.outcomes[i] = Rule::kSlot;
      if (!snapshot.host || target_of(steer_mac) != snapshot.self) return;
      if (has_fallback(steer_mac)) context.seen.note(steer_mac);
      for_this_node.add(i);
    });
  }
  return for_this_node;
}

}  // namespace sleight::fwd
