// SPDX-License-Identifier: BSD-2-Clause
#include <benchmark/benchmark.h>

#include <cstring>
#include <memory>
#include <vector>

#include "world.h"

// fwd::process() without I/O: bursts of 32 TCP segments, each of a flow of its own, in a
// trace of 1024 frames whose addresses are put back before each burst (that copy of 12
// bytes is timed too, BM_RestoreAddresses tells its price).
namespace sleight::fwd {
namespace {

using support::Bytes;

constexpr std::size_t kFrames = 1024;
constexpr std::size_t kBurst = 32;
constexpr net::Chain kAlone{support::kSelf, {}};
constexpr net::Chain kWithFallback{support::kSelf, {2, 0}};

class FixedOracle final : public SocketOracle {
 public:
  explicit FixedOracle(SocketVerdict verdict) : verdict_(verdict) {}

  void ask(std::span<const SocketQuestion>, std::span<SocketVerdict> verdicts) override {
    for (SocketVerdict& verdict : verdicts) verdict = verdict_;
  }

 private:
  SocketVerdict verdict_;
};

class Trace {
 public:
  Trace(net::Family family, std::uint64_t destination) {
    for (std::size_t i = 0; i < kFrames; ++i) {
      const auto port = static_cast<std::uint16_t>(1024 + i);
      frames_.push_back(support::ethernet_ip(destination, support::client_to(family, support::kWww),
                                             net::kProtocolTcp,
                                             support::tcp({port, 80}, net::kTcpAck)));
    }
    addresses_.assign(frames_[0].begin(), frames_[0].begin() + 12);
  }

  void next(Burst& burst) {
    burst.count = kBurst;
    for (std::size_t i = 0; i < kBurst; ++i) {
      Bytes& frame = frames_[(next_ + i) % kFrames];
      std::memcpy(frame.data(), addresses_.data(), 12);
      burst.frames[i] = {frame.data(), static_cast<std::uint32_t>(frame.size())};
    }
    next_ += kBurst;
  }

 private:
  std::vector<Bytes> frames_;
  Bytes addresses_;
  std::size_t next_ = 0;
};

net::Family family_of(const benchmark::State& state) {
  return state.range(0) == 4 ? net::Family::kIpv4 : net::Family::kIpv6;
}

void report(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBurst));
  state.counters["per_packet"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kBurst,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void run(benchmark::State& state, support::Roles roles, std::uint64_t destination,
         SocketVerdict verdict) {
  const Snapshot snapshot = support::make_snapshot(roles);
  FixedOracle oracle(verdict);
  SeenSteerMacs seen;
  Counters counters;
  const Context context{snapshot, 0, &oracle, seen, counters};
  Trace trace(family_of(state), destination);
  const auto burst = std::make_unique<Burst>();
  for (auto _ : state) {
    trace.next(*burst);
    process(context, *burst);
    benchmark::DoNotOptimize(burst->outcomes);
  }
  report(state);
}

void BM_RestoreAddresses(benchmark::State& state) {
  Trace trace(family_of(state), support::kPortMac);
  const auto burst = std::make_unique<Burst>();
  for (auto _ : state) {
    trace.next(*burst);
    benchmark::DoNotOptimize(burst->frames);
  }
  report(state);
}
BENCHMARK(BM_RestoreAddresses)->Arg(4)->Arg(6);

void BM_DirectorHit(benchmark::State& state) {
  run(state, support::kDirector, support::kPortMac, SocketVerdict::kUnknown);
}
BENCHMARK(BM_DirectorHit)->Arg(4)->Arg(6);

void BM_HostNoFallback(benchmark::State& state) {
  run(state, support::kHost, support::steer(kAlone), SocketVerdict::kUnknown);
}
BENCHMARK(BM_HostNoFallback)->Arg(4)->Arg(6);

// What the second chance costs beside the kernel's answers.
void BM_HostFallbackHit(benchmark::State& state) {
  run(state, support::kHost, support::steer(kWithFallback), SocketVerdict::kEstablished);
}
BENCHMARK(BM_HostFallbackHit)->Arg(4)->Arg(6);

void BM_HostFallbackMiss(benchmark::State& state) {
  run(state, support::kHost, support::steer(kWithFallback), SocketVerdict::kNoSocket);
}
BENCHMARK(BM_HostFallbackMiss)->Arg(4)->Arg(6);

}  // namespace
}  // namespace sleight::fwd

BENCHMARK_MAIN();
