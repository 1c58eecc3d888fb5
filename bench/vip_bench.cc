// SPDX-License-Identifier: BSD-2-Clause
#include <benchmark/benchmark.h>
#include <rte_eal.h>
#include <rte_hash.h>

#include <array>
#include <cstdint>
#include <iterator>
#include <memory>
#include <random>
#include <vector>

#include "sleight/base/check.h"
#include "sleight/fwd/vip_index.h"

// The VIP of a destination address: VipIndex beside DPDK's hash table, which it stands in
// for. Time per key is the inverse of items_per_second; `ns` is the same as a counter.
// Argument: number of VIPs.

namespace sleight::fwd {
namespace {

constexpr std::size_t kBurst = 32;
constexpr std::size_t kKeys = 1024;  // few enough to stay in the second cache

using AddressBytes = std::array<std::uint8_t, 16>;

struct HashDeleter {
  void operator()(rte_hash* table) const { rte_hash_free(table); }
};
using HashTable = std::unique_ptr<rte_hash, HashDeleter>;

net::IpAddress vip_address(net::Family family, std::size_t number) {
  const auto high = static_cast<std::uint8_t>(number >> 8);
  const auto low = static_cast<std::uint8_t>(number);
  if (family == net::Family::kIpv4) return {family, {203, 0, high, low}};
  return {family, {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, high, low}};
}

std::vector<net::IpAddress> random_destinations(net::Family family, std::size_t vips) {
  std::mt19937 random(1);
  std::vector<net::IpAddress> destinations;
  for (std::size_t i = 0; i < kKeys; ++i) {
    destinations.push_back(vip_address(family, random() % vips));
  }
  return destinations;
}

void count_keys(benchmark::State& state) {
  const auto keys = state.iterations() * kKeys;
  state.SetItemsProcessed(static_cast<std::int64_t>(keys));
  state.counters["ns"] = benchmark::Counter(
      static_cast<double>(keys) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void find_vip(benchmark::State& state, net::Family family) {
  const auto count = static_cast<std::size_t>(state.range(0));
  std::vector<VipEntry> vips;
  for (std::size_t i = 0; i < count; ++i) {
    const net::IpAddress address = vip_address(family, i);
    vips.push_back({{{address, static_cast<std::uint8_t>(address.bit_length())}}, 0, {}});
  }
  const VipIndex index(vips);
  std::vector<net::FlowKey> flows;
  for (const net::IpAddress& address : random_destinations(family, count)) {
    flows.push_back(net::FlowKey::make(address, 40000, address, 443, net::kProtocolTcp));
  }
  for (auto _ : state) {
    for (const net::FlowKey& flow : flows) benchmark::DoNotOptimize(index.find_vip(flow));
  }
  count_keys(state);
}

HashTable make_hash(net::Family family, std::size_t vips) {
  rte_hash_parameters parameters = {};
  parameters.name = "vip_bench";
  parameters.entries = static_cast<std::uint32_t>(vips * 2);
  parameters.key_len = sizeof(AddressBytes);
  HashTable table(rte_hash_create(&parameters));
  CHECK(table != nullptr);
  for (std::size_t i = 0; i < vips; ++i) {
    const AddressBytes key = vip_address(family, i).bytes;
    CHECK(rte_hash_add_key_data(table.get(), key.data(), reinterpret_cast<void*>(i + 1)) == 0);
  }
  return table;
}

void rte_hash_bulk(benchmark::State& state, net::Family family) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const HashTable table = make_hash(family, count);
  const std::vector<net::IpAddress> destinations = random_destinations(family, count);
  std::vector<const void*> keys;
  for (const net::IpAddress& address : destinations) keys.push_back(address.bytes.data());
  std::array<void*, kBurst> data{};
  for (auto _ : state) {
    for (std::size_t at = 0; at < keys.size(); at += kBurst) {
      std::uint64_t hits = 0;
      rte_hash_lookup_bulk_data(table.get(), &keys[at], kBurst, &hits, data.data());
      benchmark::DoNotOptimize(hits);
    }
  }
  count_keys(state);
}

BENCHMARK_CAPTURE(find_vip, v4, net::Family::kIpv4)->Arg(10)->Arg(1000)->Arg(10'000);
BENCHMARK_CAPTURE(find_vip, v6, net::Family::kIpv6)->Arg(10)->Arg(1000)->Arg(10'000);
BENCHMARK_CAPTURE(rte_hash_bulk, v4, net::Family::kIpv4)->Arg(10)->Arg(1000)->Arg(10'000);
BENCHMARK_CAPTURE(rte_hash_bulk, v6, net::Family::kIpv6)->Arg(10)->Arg(1000)->Arg(10'000);

}  // namespace
}  // namespace sleight::fwd

int main(int argc, char** argv) {
  // rte_hash takes its memory from the EAL; ours needs nothing of it.
  std::array<char, 16> arguments[] = {{"vip_bench"},   {"--no-huge"}, {"--no-pci"},
                                      {"--no-shconf"}, {"-m"},        {"256"},
                                      {"-l"},          {"0"},         {"--no-telemetry"}};
  std::vector<char*> eal;
  for (auto& argument : arguments) eal.push_back(argument.data());
  if (rte_eal_init(static_cast<int>(eal.size()), eal.data()) < 0) return 1;
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return rte_eal_cleanup() == 0 ? 0 : 1;
}
