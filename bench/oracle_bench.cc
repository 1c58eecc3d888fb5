// SPDX-License-Identifier: BSD-2-Clause
#include <benchmark/benchmark.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "sleight/base/check.h"
#include "sleight/oracle/census.h"
#include "sleight/oracle/oracle.h"
#include "socket_population.h"

// The kernel's answers, filling of the shared memory and reading included: sockets in the
// table x questions a call, random flows. A miss finds the listener and no cookie.
namespace sleight::oracle {
namespace {

fwd::SocketOracle& real_oracle() {
  static const std::unique_ptr<Oracle> oracle = [] {
    auto loaded = Oracle::load(1);
    if (!loaded) std::fprintf(stderr, "%s\n", loaded.error().message.c_str());
    CHECK(loaded);
    return *std::move(loaded);
  }();
  return oracle->asker(0);
}

// At least one full batch, a whole number of them.
std::vector<fwd::SocketQuestion> questions(const SocketPopulation& population, bool owned) {
  constexpr std::size_t kBatch = fwd::SocketOracle::kMaxQuestions;
  const std::vector<std::size_t> order = population.shuffled();
  std::vector<fwd::SocketQuestion> list;
  while (list.size() < order.size() || list.size() % kBatch != 0) {
    const std::size_t index = order[list.size() % order.size()];
    const TcpClient client = owned ? population.owned(index) : population.stranger(index);
    list.push_back(client.question());
  }
  return list;
}

void ask(benchmark::State& state, bool owned) {
  const auto burst = static_cast<std::size_t>(state.range(1));
  const auto& population = SocketPopulation::of(static_cast<std::size_t>(state.range(0)));
  const std::vector<fwd::SocketQuestion> list = questions(population, owned);
  fwd::SocketOracle& oracle = real_oracle();
  std::vector<fwd::SocketVerdict> verdicts(burst);
  const auto expected = owned ? fwd::SocketVerdict::kEstablished : fwd::SocketVerdict::kListener;
  std::size_t next = 0;
  std::int64_t wrong = 0;
  for (auto _ : state) {
    oracle.ask({list.data() + next, burst}, verdicts);
    wrong += verdicts[0] != expected;
    next += burst;
    if (next == list.size()) next = 0;
  }
  if (wrong != 0) state.SkipWithError("a verdict was wrong");
  state.counters["per_question"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(burst),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_Hit(benchmark::State& state) { ask(state, true); }
void BM_Miss(benchmark::State& state) { ask(state, false); }

void BM_Census(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  SocketPopulation::of(count);
  const net::IpPrefix vip = net::parse_prefix("203.0.113.10").value();
  Census census;
  for (auto _ : state) {
    const auto result = census.count({&vip, 1});
    if (!result || result->flows != count) state.SkipWithError("the count was wrong");
  }
}

// From few sockets to many, so that the population only grows.
void register_all() {
  for (const std::int64_t sockets : {10, 10'000, 100'000}) {
    for (const std::int64_t burst : {1, 8, 32, 64}) {
      benchmark::RegisterBenchmark("BM_Hit", BM_Hit)->Args({sockets, burst});
      benchmark::RegisterBenchmark("BM_Miss", BM_Miss)->Args({sockets, burst});
    }
    benchmark::RegisterBenchmark("BM_Census", BM_Census)
        ->Arg(sockets)
        ->Unit(benchmark::kMillisecond);
  }
}

}  // namespace
}  // namespace sleight::oracle

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  sleight::oracle::register_all();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
