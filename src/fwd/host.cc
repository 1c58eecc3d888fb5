// SPDX-License-Identifier: BSD-2-Clause
#include <optional>

#include "frame_macs.h"
#include "stages.h"

namespace sleight::fwd {
namespace {

using net::PacketKind;

// Nothing: only the kernel's socket table can tell whose it is.
std::optional<Outcome> judge_without_socket(const net::Packet& packet, std::uint64_t steer_mac) {
  if (!has_fallback(steer_mac)) return Rule::kNoFallback;
  switch (packet.kind) {
    case PacketKind::kUdp:
    case PacketKind::kUdpError:
      return Rule::kUdp;
    case PacketKind::kEcho:
    case PacketKind::kEchoError:
      return Rule::kEcho;
    default:
      break;
  }
  // An error has no flags, so it never looks like the start of a connection.
  if ((packet.tcp_flags & (net::kTcpSyn | net::kTcpAck)) == net::kTcpSyn) return Rule::kSyn;
  return std::nullopt;
}

}  // namespace

Lane accept_new(Burst& burst, Lane frames) {
  Lane open;
  frames.for_each([&](std::size_t i) {
    const auto outcome = judge_without_socket(burst.packets[i], destination_bits(burst.frames[i]));
    if (outcome) {
      burst.outcomes[i] = *outcome;
    } else {
      open.add(i);
    }
  });
  return open;
}

}  // namespace sleight::fwd
