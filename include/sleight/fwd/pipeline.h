// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "sleight/fwd/counters.h"
#include "sleight/fwd/outcome.h"
#include "sleight/fwd/seen_steer_macs.h"
#include "sleight/fwd/snapshot.h"
#include "sleight/fwd/socket_oracle.h"
#include "sleight/net/packet.h"

namespace sleight::fwd {

inline constexpr std::size_t kMaxBurst = 64;

// The bytes of one frame; the caller's, writable.
struct Frame {
  std::uint8_t* data = nullptr;
  std::uint32_t size = 0;
};

// Up to kMaxBurst frames and, after process(), what becomes of each. Frames to which a
// port's owner gives a verdict other than kDrop and kHold are ready to send as they
// lie: MAC addresses are rewritten in place.
struct Burst {
  std::size_t count = 0;
  std::array<Frame, kMaxBurst> frames;      // in
  std::array<Outcome, kMaxBurst> outcomes;  // out
  // out; what replay and tracing print. kNoIndex where it does not apply.
  std::array<std::uint32_t, kMaxBurst> vips;
  std::array<std::uint32_t, kMaxBurst> services;
  std::array<std::uint32_t, kMaxBurst> slots;
  // out, where the outcome is Rule::kSecondLook: what to ask again.
  std::array<SocketQuestion, kMaxBurst> questions;

  // Between the stages of process().
  std::array<net::Packet, kMaxBurst> packets;
};

// What a worker lends to the stages. The oracle may be null without role host.
struct Context {
  const Snapshot& snapshot;
  PortIndex port;
  SocketOracle* oracle;
  SeenSteerMacs& seen;  // steer MACs with fallbacks that this burst carried
  Counters& counters;
};

// Judges frames that a wire port received (design sections 4 and 5): as a director those
// to the port's own MAC, as a host those to steer MACs; with both roles a packet whose
// slot targets this node goes from the one to the other at once. Asks the oracle at most
// once. Counts outcomes and nothing else.
// REQUIRES: burst.count <= kMaxBurst; context.port < snapshot.ports.size().
void process(const Context& context, Burst& burst);

// The second look at frames whose outcome was Rule::kSecondLook, after the hits of
// their burst went to the kernel and the hold time passed: `frames` and `questions` as
// process() left them, all of context.port; `outcomes` afterwards final. Counts outcomes,
// second_looks and second_look_hits.
// REQUIRES: burst.count <= kMaxBurst; context.oracle.
void second_look(const Context& context, Burst& burst);

}  // namespace sleight::fwd
