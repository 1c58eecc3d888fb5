// SPDX-License-Identifier: BSD-2-Clause
#include <benchmark/benchmark.h>

#include <array>
#include <random>
#include <vector>

#include "sleight/base/endian.h"
#include "sleight/net/packet.h"
#include "sleight/net/siphash.h"

// Time per packet is the inverse of items_per_second; `ns` is the same as a counter.

namespace sleight::net {
namespace {

constexpr std::size_t kBurst = 32;
constexpr std::size_t kFlows = 4096;
constexpr std::size_t kFrames = 256;  // few enough to stay in the first cache
constexpr SipKey kKey{0x0706050403020100, 0x0f0e0d0c0b0a0908};

using Frame = std::array<std::uint8_t, 128>;
constexpr std::size_t kFrameSize = 74;

void count_packets(benchmark::State& state, std::size_t per_iteration) {
  const auto packets = static_cast<std::size_t>(state.iterations()) * per_iteration;
  state.SetItemsProcessed(static_cast<std::int64_t>(packets));
  state.counters["ns"] =
      benchmark::Counter(static_cast<double>(packets) / 1e9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

Frame random_frame(std::mt19937_64& random) {
  Frame frame;
  for (std::uint8_t& byte : frame) byte = static_cast<std::uint8_t>(random());
  return frame;
}

Frame ipv4_frame(std::mt19937_64& random, std::uint8_t protocol, std::size_t options) {
  Frame frame = random_frame(random);
  store_be16(&frame[12], kEtherTypeIpv4);
  frame[14] = static_cast<std::uint8_t>(0x45 + options / 4);
  store_be16(&frame[16], kFrameSize - kEthernetHeader);
  store_be16(&frame[20], 0x4000);
  frame[23] = protocol;
  return frame;
}

Frame ipv6_frame(std::mt19937_64& random, std::uint8_t protocol) {
  Frame frame = random_frame(random);
  store_be16(&frame[12], kEtherTypeIpv6);
  frame[14] = 0x60;
  store_be16(&frame[18], kFrameSize - kEthernetHeader - 40);
  frame[20] = protocol;
  return frame;
}

// A host's path MTU discovery: fragmentation needed, quoting TCP.
Frame icmp_error_frame(std::mt19937_64& random) {
  Frame frame = ipv4_frame(random, kProtocolIcmp, 0);
  frame[34] = 3;
  frame[42] = 0x45;
  store_be16(&frame[48], 0);
  frame[51] = kProtocolTcp;
  std::copy_n(&frame[30], 4, &frame[54]);
  return frame;
}

template <typename Make>
void parse_bench(benchmark::State& state, const Make& make) {
  std::mt19937_64 random(1);
  std::vector<Frame> frames;
  for (std::size_t i = 0; i < kFrames; ++i) frames.push_back(make(random));
  std::array<Packet, kBurst> packets;
  std::size_t at = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < kBurst; ++i) {
      parse_into({frames[at + i].data(), kFrameSize}, packets[i]);
    }
    benchmark::DoNotOptimize(packets);
    at = (at + kBurst) % kFrames;
  }
  count_packets(state, kBurst);
}

void hash_bench(benchmark::State& state, HashWidth width, unsigned percent_v4) {
  if (width > best_hash_width()) return state.SkipWithError("not on this CPU");
  set_hash_width(width);
  std::mt19937_64 random(1);
  std::vector<Packet> packets;
  for (std::size_t i = 0; i < kFlows; ++i) {
    const bool is_v4 = random() % 100 < percent_v4;
    const Frame frame =
        is_v4 ? ipv4_frame(random, kProtocolTcp, 0) : ipv6_frame(random, kProtocolTcp);
    packets.push_back(parse({frame.data(), kFrameSize}));
  }
  std::vector<const FlowKey*> flows;
  for (const Packet& packet : packets) flows.push_back(&packet.flow);
  std::array<std::uint64_t, kBurst> hashes;
  const auto burst = static_cast<std::size_t>(state.range(0));
  std::size_t at = 0;
  for (auto _ : state) {
    hash_flows(kKey, {&flows[at], burst}, hashes);
    benchmark::DoNotOptimize(hashes);
    at += burst;
    if (at + burst > kFlows) at = 0;
  }
  count_packets(state, burst);
  set_hash_width(best_hash_width());
}

void register_benches() {
  const auto add_parse = [](const char* name, auto make) {
    benchmark::RegisterBenchmark(name,
                                 [make](benchmark::State& state) { parse_bench(state, make); });
  };
  using Random = std::mt19937_64;
  add_parse("parse/ipv4_tcp", [](Random& random) { return ipv4_frame(random, kProtocolTcp, 0); });
  add_parse("parse/ipv4_options_tcp",
            [](Random& random) { return ipv4_frame(random, kProtocolTcp, 8); });
  add_parse("parse/ipv4_udp", [](Random& random) { return ipv4_frame(random, kProtocolUdp, 0); });
  add_parse("parse/ipv6_tcp", [](Random& random) { return ipv6_frame(random, kProtocolTcp); });
  add_parse("parse/ipv6_udp", [](Random& random) { return ipv6_frame(random, kProtocolUdp); });
  add_parse("parse/icmp_error", icmp_error_frame);
  for (const HashWidth width : {HashWidth::kScalar, HashWidth::kAvx2, HashWidth::kAvx512}) {
    for (const unsigned percent_v4 : {100u, 50u, 0u}) {
      const std::string name = "hash/" + std::string(to_string(width)) +
                               "/ipv4_percent:" + std::to_string(percent_v4) + "/burst";
      benchmark::RegisterBenchmark(
          name.c_str(),
          [width, percent_v4](benchmark::State& state) { hash_bench(state, width, percent_v4); })
          ->Arg(kBurst)
          ->Arg(7)
          ->Arg(3)
          ->Arg(1);
    }
  }
}

}  // namespace
}  // namespace sleight::net

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  sleight::net::register_benches();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
