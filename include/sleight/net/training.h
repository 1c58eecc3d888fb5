// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "sleight/net/mac_address.h"
#include "sleight/net/siphash.h"
#include "sleight/net/steer_mac.h"

namespace sleight::net {

// Training frames teach switches the port of a steer MAC; the one whose source is a
// canonical MAC is also the host's heartbeat. docs/steer-mac.md has the page.

// Where training frames go: a locally administered group address.
inline constexpr MacAddress kTrainingGroup = MacAddress::from_bits(0x03'73'6c'65'69'67);

inline constexpr std::size_t kTrainingFrameSize = 60;  // the shortest Ethernet frame, no FCS
using TrainingFrame = std::array<std::uint8_t, kTrainingFrameSize>;

enum class StateWish : std::uint8_t { kNone = 0, kDrain = 1 };
enum class Health : std::uint8_t { kUnknown = 0, kUp = 1, kDown = 2 };

// Flows owned, of a host that cannot count them just now: it must not be taken for an
// idle one.
inline constexpr std::uint32_t kFlowsUnknown = 0xffffffff;

// Payload behind the Ethernet header, network order:
//
//   0 format (1) | 1 fabric | 2 id, 2 bytes | 4 state wish | 5 health | 6 flags
//   | 7 reserved, 0 | 8 flows owned, 4 | 12 table epoch, 4 | 16 table version, 8
//   | 24 time, 8: microseconds since 1970 | 32 SipHash tag, 8
//
// Flag bit 0: tagged. The tag is siphash13(steer key, source MAC ‖ bytes 0..31).
struct Heartbeat {
  std::uint8_t fabric = 0;
  HostId id = kNoHost;
  StateWish wish = StateWish::kNone;
  Health health = Health::kUnknown;
  std::uint32_t flows_owned = 0;  // or kFlowsUnknown
  std::uint32_t table_epoch = 0;
  std::uint64_t table_version = 0;
  std::uint64_t time_us = 0;

  friend bool operator==(const Heartbeat&, const Heartbeat&) = default;
};

// A frame that only teaches: source `steer`, no heartbeat inside (format 0).
TrainingFrame make_training(const MacAddress& steer);

// The heartbeat, source canonical_mac(fabric, id); tagged when there is a key.
TrainingFrame make_heartbeat(const Heartbeat& heartbeat, const SipKey* steer_key);

enum class HeartbeatError : std::uint8_t {
  kNotHeartbeat,  // a training frame of another steer MAC, or no training frame at all
  kMalformed,     // unknown format, reserved bits, or source MAC that contradicts it
  kUntagged,      // a key is configured and the frame has no tag
  kBadTag,
};

struct HeartbeatResult {
  std::optional<Heartbeat> heartbeat;
  HeartbeatError error = HeartbeatError::kNotHeartbeat;  // where there is none
};

// Age is the caller's to judge.
HeartbeatResult read_heartbeat(std::span<const std::uint8_t> frame, const SipKey* steer_key);

}  // namespace sleight::net
