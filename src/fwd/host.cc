// SPDX-License-Identifier: BSD-2-Clause

#include "frame_macs.h"
#include "ruling.h"
#include "stages.h"

namespace sleight::fwd {
namespace {

using net::PacketKind;

// Open: only the kernel's socket table can tell whose it is.
Ruling judge_without_socket(const net::Packet& packet, std::uint64_t steer_mac) {
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
  return kOpen;
}

}  // namespace

Lane accept_new(Burst& burst, Lane frames) {
  Lane open;
  frames.for_each([&](std::size_t i) {
    const Ruling ruling = judge_without_socket(burst.packets[i], destination_bits(burst.frames[i]));
    if (ruling.is_open()) {
      open.add(i);
    } else {
      burst.outcomes[i] = ruling.outcome();
    }
  });
  return open;
}

}  // namespace sleight::fwd
