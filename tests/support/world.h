// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "frames.h"
#include "sleight/fwd/pipeline.h"

namespace sleight::support {

// A small node to send frames through: one port in fabric 3, host 1, two VIPs in two
// pools with different keys, IPv4 and IPv6 alike.
inline constexpr std::uint8_t kFabric = 3;
inline constexpr net::HostId kSelf = 1;
inline constexpr std::uint64_t kPortMac = 0x00'00'5e'00'53'aa;
inline constexpr std::uint64_t kKernelMac = 0x00'00'5e'00'53'bb;

inline constexpr std::uint32_t kWww = 0;    // VIP, pool 0
inline constexpr std::uint32_t kShop = 1;   // VIP, pool 1; TCP port 80 only
inline constexpr std::uint32_t kWeb = 0;    // service: www, TCP ports 80 and 443
inline constexpr std::uint32_t kDns = 1;    // service: www, UDP port 53
inline constexpr std::uint32_t kOrder = 2;  // service: shop, TCP port 80

struct Roles {
  bool director = false;
  bool host = false;
};
inline constexpr Roles kDirector{true, false};
inline constexpr Roles kHost{false, true};
inline constexpr Roles kBoth{true, true};

// All slots point to host 2.
fwd::Snapshot make_snapshot(Roles roles);
void point_all_slots(fwd::Snapshot& snapshot, const net::Chain& chain);

// Client to VIP.
Ends client_to(net::Family family, std::uint32_t vip);
// Client to an address that is no VIP.
Ends client_to_nobody(net::Family family);

constexpr std::uint64_t steer(const net::Chain& chain) { return net::steer_bits(kFabric, chain); }

// A pretended kernel. Counts calls and remembers the questions of the last one.
class FakeOracle final : public fwd::SocketOracle {
 public:
  using Answer = std::function<fwd::SocketVerdict(const fwd::SocketQuestion&)>;

  explicit FakeOracle(fwd::SocketVerdict always) : answer_([always](auto&) { return always; }) {}
  explicit FakeOracle(Answer answer) : answer_(std::move(answer)) {}

  void ask(std::span<const fwd::SocketQuestion> questions,
           std::span<fwd::SocketVerdict> verdicts) override;

  int calls = 0;
  std::vector<fwd::SocketQuestion> questions;

 private:
  Answer answer_;
};

// A worker's state around one burst.
class Worker {
 public:
  Worker(fwd::Snapshot node, fwd::SocketOracle* asked) : snapshot(std::move(node)), oracle(asked) {}

  // The burst is valid until the next call.
  const fwd::Burst& process(std::vector<Bytes> given);
  // The frames that the last process() held, asked about again; they come first in
  // `frames` afterwards, in their order.
  const fwd::Burst& second_look();
  // One frame, its final outcome: a held one gets its second look.
  fwd::Outcome judge(Bytes frame);

  fwd::Snapshot snapshot;
  fwd::SocketOracle* oracle;
  fwd::SeenSteerMacs seen;
  fwd::Counters counters;
  std::vector<Bytes> frames;

 private:
  fwd::Context context() { return {snapshot, 0, oracle, seen, counters}; }

  std::unique_ptr<fwd::Burst> burst_ = std::make_unique<fwd::Burst>();
};

std::uint64_t destination_of(const Bytes& frame);
std::uint64_t source_of(const Bytes& frame);

}  // namespace sleight::support
