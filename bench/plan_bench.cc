// SPDX-License-Identifier: BSD-2-Clause
// What a slot plan costs the control thread: one drain, one undrain.
#include <benchmark/benchmark.h>

#include <variant>

#include "sleight/slots/slot_plan.h"

namespace {

using sleight::slots::Event;
using sleight::slots::EventKind;
using sleight::slots::HostId;
using sleight::slots::Member;
using sleight::slots::Plan;
using sleight::slots::Pool;

Pool pool_of(benchmark::State& state) {
  std::vector<Member> members;
  for (HostId id = 1; id <= state.range(1); ++id) {
    members.push_back({.id = id, .weight = 50u + id % 100u});
  }
  return sleight::slots::fresh_pool(static_cast<std::uint32_t>(state.range(0)), 2,
                                    std::move(members));
}

void drain(benchmark::State& state) {
  const Pool pool = pool_of(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        plan(pool, Event{.kind = EventKind::kDrain, .host = 1, .now = 1, .slots = {}}));
  }
}

void undrain(benchmark::State& state) {
  const auto drained =
      plan(pool_of(state), Event{.kind = EventKind::kDrain, .host = 1, .now = 1, .slots = {}});
  const Pool& pool = std::get<Plan>(drained).after;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        plan(pool, Event{.kind = EventKind::kUndrain, .host = 1, .now = 2, .slots = {}}));
  }
}

// Slots, hosts.
BENCHMARK(drain)->Args({256, 8})->Args({65'536, 1'000})->Unit(benchmark::kMicrosecond);
BENCHMARK(undrain)->Args({256, 8})->Args({65'536, 1'000})->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
