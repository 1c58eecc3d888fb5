// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "clock.h"
#include "sleight/control/reports.h"
#include "sleight/fwd/seams.h"
#include "sleight/net/steer_mac.h"

namespace sleight::control {

// Teaches the switches where the steer MACs that reach this host live: each that traffic
// carries at most once a second, all known ones every minute, forgotten when traffic has
// not carried them for ten. Knows no timer: it is told the time.
class Trainer {
 public:
  static constexpr unsigned kFramesPerSecond = 1000;
  static constexpr std::chrono::seconds kShortestGap{1};
  static constexpr std::chrono::seconds kLongestGap{60};
  static constexpr std::chrono::minutes kForgetAfter{10};
  // At most 2S + hosts steer MACs exist in a pool; whoever invents more finds no room.
  static constexpr std::size_t kMaxKnown = 262'144;

  // `fabrics` by PortIndex; `frames` outlives the object.
  Trainer(fwd::FrameSender& frames, net::HostId self, std::vector<std::uint8_t> fabrics);

  // Traffic carried `mac_bits`. Anything but a steer MAC that targets this host on that
  // port is ignored.
  void note(fwd::PortIndex port, std::uint64_t mac_bits, SteadyTime now);

  // Sends what is due, no faster than kFramesPerSecond.
  void run(SteadyTime now);

  TrainingReport report() const;

 private:
  // Port in the upper 16 bits, steer MAC in the lower 48.
  using Key = std::uint64_t;
  struct Known {
    SteadyTime seen;
    SteadyTime sent;
    bool queued = false;
  };

  bool is_ours(fwd::PortIndex port, std::uint64_t mac_bits) const;
  void enqueue(Key key, Known& known);
  void sweep(SteadyTime now);

  fwd::FrameSender& frames_;
  net::HostId self_;
  std::vector<std::uint8_t> fabrics_;
  std::unordered_map<Key, Known> known_;
  std::deque<Key> queue_;  // each key at most once; those in it are never forgotten
  SteadyTime last_sweep_;
  SteadyTime last_run_;
  double allowance_ = 0;  // frames that may go now
  std::uint64_t sent_ = 0;
  std::uint64_t overflow_ = 0;
};

}  // namespace sleight::control
