// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "sleight/fwd/pipeline.h"

namespace sleight::replay {

// A pretended kernel that owns a fixed set of established flows.
class KnownSockets final : public fwd::SocketOracle {
 public:
  explicit KnownSockets(std::span<const net::FlowKey> flows);

  void ask(std::span<const fwd::SocketQuestion> questions,
           std::span<fwd::SocketVerdict> verdicts) override;

 private:
  struct Hash {
    std::size_t operator()(const net::FlowKey& flow) const;
  };
  std::unordered_set<net::FlowKey, Hash> flows_;
};

// What became of one frame. Indices as in the snapshot, fwd::kNoIndex for none.
struct Judged {
  fwd::Outcome outcome;
  std::uint32_t vip = fwd::kNoIndex;
  std::uint32_t service = fwd::kNoIndex;
  std::uint32_t slot = fwd::kNoIndex;
  std::optional<net::MacAddress> steer;  // that the frame leaves with
};

// The packet path without a wire: frames in, final verdicts and rewritten frames out.
class Replay {
 public:
  // REQUIRES: the snapshot has one port.
  Replay(std::unique_ptr<const fwd::Snapshot> snapshot, std::span<const net::FlowKey> sockets);

  const fwd::Snapshot& snapshot() const { return *snapshot_; }

  // Judges up to kMaxBurst frames as one burst and rewrites them in place; those that
  // are held get their second look at once. Valid until the next call.
  std::span<const Judged> judge(std::span<const fwd::Frame> frames);

 private:
  void look_again(const fwd::Context& context);

  std::unique_ptr<const fwd::Snapshot> snapshot_;
  KnownSockets sockets_;
  fwd::SeenSteerMacs seen_;
  fwd::Counters counters_;
  fwd::Burst burst_;
  fwd::Burst held_;
  std::array<Judged, fwd::kMaxBurst> judged_;
};

}  // namespace sleight::replay
