// SPDX-License-Identifier: BSD-2-Clause
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "sleight/base/check.h"
#include "sleight/oracle/oracle.h"
#include "socket_population.h"
#include "world.h"

// A host's whole path for packets whose chain has a fallback, the kernel asked for real:
// bursts of 32 segments of random flows. A hit is asked about once; a miss twice, without
// the wait between, and redirected.
namespace sleight::fwd {
namespace {

using support::Bytes;

constexpr std::size_t kBurst = 32;
constexpr std::size_t kAddressBytes = 12;

struct Trace {
  std::vector<Bytes> frames;  // a whole number of bursts
  Bytes addresses;            // that process() overwrites
  std::size_t next = 0;

  void fill(Burst& burst) {
    burst.count = kBurst;
    for (std::size_t i = 0; i < kBurst; ++i) {
      Bytes& frame = frames[next + i];
      std::memcpy(frame.data(), addresses.data(), kAddressBytes);
      burst.frames[i] = {frame.data(), static_cast<std::uint32_t>(frame.size())};
    }
    next += kBurst;
    if (next == frames.size()) next = 0;
  }
};

Trace make_trace(const oracle::SocketPopulation& population, bool owned) {
  const std::uint64_t steer = support::steer({support::kSelf, {2, 0}});
  const std::vector<std::size_t> order = population.shuffled();
  Trace trace;
  while (trace.frames.size() < order.size() || trace.frames.size() % kBurst != 0) {
    const std::size_t index = order[trace.frames.size() % order.size()];
    const net::FlowKey flow =
        owned ? population.owned(index).flow() : population.stranger(index).flow();
    trace.frames.push_back(
        support::ethernet_ip(steer, {flow.source(), flow.destination()}, net::kProtocolTcp,
                             support::tcp({flow.sport(), flow.dport()}, net::kTcpAck)));
  }
  trace.addresses.assign(trace.frames[0].begin(), trace.frames[0].begin() + kAddressBytes);
  return trace;
}

// What a worker does with the held when their time has come.
void move_held(const Burst& from, Burst& to) {
  to.count = 0;
  for (std::size_t i = 0; i < from.count; ++i) {
    if (from.outcomes[i].verdict() != Verdict::kHold) continue;
    to.frames[to.count] = from.frames[i];
    to.questions[to.count++] = from.questions[i];
  }
}

oracle::Oracle& real_oracle() {
  static const std::unique_ptr<oracle::Oracle> oracle = [] {
    auto loaded = oracle::Oracle::load(1);
    if (!loaded) std::fprintf(stderr, "%s\n", loaded.error().message.c_str());
    CHECK(loaded);
    return *std::move(loaded);
  }();
  return *oracle;
}

void run(benchmark::State& state, bool owned) {
  const auto& population = oracle::SocketPopulation::of(static_cast<std::size_t>(state.range(0)));
  Trace trace = make_trace(population, owned);
  const Snapshot snapshot = support::make_snapshot(support::kHost);
  SeenSteerMacs seen;
  Counters counters;
  const Context context{snapshot, 0, &real_oracle().asker(0), seen, counters};
  const auto burst = std::make_unique<Burst>();
  const auto held = std::make_unique<Burst>();
  for (auto _ : state) {
    trace.fill(*burst);
    process(context, *burst);
    move_held(*burst, *held);
    second_look(context, *held);
  }
  if (held->count != (owned ? 0 : kBurst)) state.SkipWithError("a verdict was wrong");
  state.counters["per_packet"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kBurst,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_FallbackHit(benchmark::State& state) { run(state, true); }
void BM_FallbackMiss(benchmark::State& state) { run(state, false); }

// From few sockets to many, so that the population only grows.
void register_all() {
  for (const std::int64_t sockets : {10, 10'000, 100'000}) {
    benchmark::RegisterBenchmark("BM_FallbackHit", BM_FallbackHit)->Arg(sockets);
    benchmark::RegisterBenchmark("BM_FallbackMiss", BM_FallbackMiss)->Arg(sockets);
  }
}

}  // namespace
}  // namespace sleight::fwd

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  sleight::fwd::register_all();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
