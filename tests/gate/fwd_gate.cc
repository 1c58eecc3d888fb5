// SPDX-License-Identifier: BSD-2-Clause
#include <valgrind/callgrind.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "sleight/net/siphash.h"
#include "world.h"

// Sends a fixed number of packets through fwd::process() with callgrind counting that
// and nothing else: fwd_gate CASE; the number of packets goes to stdout.
namespace sleight::fwd {
namespace {

using support::Bytes;

constexpr std::size_t kBursts = 500;
constexpr std::size_t kBurst = 32;

class EstablishedOracle final : public SocketOracle {
 public:
  void ask(std::span<const SocketQuestion>, std::span<SocketVerdict> verdicts) override {
    for (SocketVerdict& verdict : verdicts) verdict = SocketVerdict::kEstablished;
  }
};

struct Case {
  std::string_view name;
  support::Roles roles;
  std::uint64_t destination;
  net::Family family;
};

constexpr net::Chain kAlone{support::kSelf, {}};
constexpr net::Chain kWithFallback{support::kSelf, {2, 0}};

constexpr Case kCases[] = {
    {"director_tcp4", support::kDirector, support::kPortMac, net::Family::kIpv4},
    {"director_tcp6", support::kDirector, support::kPortMac, net::Family::kIpv6},
    {"host_tcp4", support::kHost, support::steer(kAlone), net::Family::kIpv4},
    {"host_tcp6", support::kHost, support::steer(kAlone), net::Family::kIpv6},
    {"host_fallback_tcp4", support::kHost, support::steer(kWithFallback), net::Family::kIpv4},
};

const Case* find_case(std::string_view name) {
  for (const Case& known : kCases) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

// One segment of a flow of its own.
Bytes segment(const Case& measured, std::size_t flow) {
  const auto port = static_cast<std::uint16_t>(1024 + flow);
  return support::ethernet_ip(measured.destination,
                              support::client_to(measured.family, support::kWww), net::kProtocolTcp,
                              support::tcp({port, 80}, net::kTcpAck));
}

void measure(const Case& measured) {
  const Snapshot snapshot = support::make_snapshot(measured.roles);
  EstablishedOracle oracle;
  const auto seen = std::make_unique<SeenSteerMacs>();
  const auto counters = std::make_unique<Counters>();
  const Context context{snapshot, 0, &oracle, *seen, *counters};
  // Each burst has frames of its own, because process() rewrites them.
  std::vector<Bytes> frames;
  for (std::size_t i = 0; i < kBursts * kBurst; ++i) frames.push_back(segment(measured, i));
  const auto burst = std::make_unique<Burst>();
  burst->count = kBurst;
  for (std::size_t first = 0; first < frames.size(); first += kBurst) {
    for (std::size_t i = 0; i < kBurst; ++i) {
      Bytes& frame = frames[first + i];
      burst->frames[i] = {frame.data(), static_cast<std::uint32_t>(frame.size())};
    }
    CALLGRIND_TOGGLE_COLLECT;
    process(context, *burst);
    CALLGRIND_TOGGLE_COLLECT;
  }
}

}  // namespace
}  // namespace sleight::fwd

int main(int argc, char** argv) {
  namespace net = sleight::net;
  namespace fwd = sleight::fwd;
  const fwd::Case* measured = argc == 2 ? fwd::find_case(argv[1]) : nullptr;
  if (measured == nullptr) {
    std::fputs("Usage: fwd_gate CASE, one of:\n", stderr);
    for (const fwd::Case& known : fwd::kCases) {
      std::fprintf(stderr, "  %.*s\n", static_cast<int>(known.name.size()), known.name.data());
    }
    return 2;
  }
  net::set_hash_width(net::HashWidth::kScalar);
  fwd::measure(*measured);
  std::printf("%zu\n", fwd::kBursts * fwd::kBurst);
  return 0;
}
