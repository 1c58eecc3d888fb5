// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sleight/fwd/seams.h"
#include "sleight/net/siphash.h"
#include "sleight/net/training.h"

namespace sleight::control {

// Says "I live, and own so many flows" out of every port.
class HeartbeatSender {
 public:
  // `fabrics` by PortIndex; `frames` outlives the object.
  HeartbeatSender(fwd::FrameSender& frames, net::HostId self, std::vector<std::uint8_t> fabrics,
                  std::optional<net::SipKey> steer_key);

  // `flows`: none when unknown. `time_us`: microseconds since 1970.
  void send(std::optional<std::uint64_t> flows, std::uint64_t time_us);

  std::uint64_t sent() const { return sent_; }
  std::uint64_t unsent() const { return unsent_; }

 private:
  fwd::FrameSender& frames_;
  net::HostId self_;
  std::vector<std::uint8_t> fabrics_;
  std::optional<net::SipKey> steer_key_;
  std::uint64_t sent_ = 0;
  std::uint64_t unsent_ = 0;
};

}  // namespace sleight::control
