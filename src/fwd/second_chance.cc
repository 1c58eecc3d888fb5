// SPDX-License-Identifier: BSD-2-Clause
#include <array>
#include <optional>

#include "frame_macs.h"
#include "ruling.h"
#include "sleight/base/check.h"
#include "sleight/net/steer_mac.h"
#include "stages.h"

namespace sleight::fwd {
namespace {

using Verdicts = std::array<SocketVerdict, kMaxBurst>;

static_assert(kMaxBurst <= SocketOracle::kMaxQuestions);

SocketQuestion question_about(const net::Packet& packet) {
  return {packet.flow, packet.seq, packet.ack, packet.tcp_flags, packet.is_error()};
}

// Open: a miss.
Ruling ruling_of(SocketVerdict verdict) {
  switch (verdict) {
    case SocketVerdict::kUnknown:
      return Drop::SocketUnknown;
    case SocketVerdict::kEstablished:
      return Rule::kEstablished;
    case SocketVerdict::kRequest:
      return Rule::kRequest;
    case SocketVerdict::kTimeWait:
      return Rule::kTimeWait;
    case SocketVerdict::kSynCookie:
      return Rule::kSynCookie;
    case SocketVerdict::kNoSocket:
    case SocketVerdict::kListener:
    case SocketVerdict::kOtherRequest:
    case SocketVerdict::kOtherTimeWait:
      break;
  }
  return kOpen;
}

// The first `count` questions of the burst. What an oracle leaves out stays unknown.
Verdicts ask(const Context& context, const Burst& burst, std::size_t count) {
  CHECK(context.oracle != nullptr);
  Verdicts verdicts{};
  context.oracle->ask({burst.questions.data(), count}, {verdicts.data(), count});
  return verdicts;
}

void redirect(const SnapshotPort& port, const Frame& frame) {
  const std::optional<net::SteerMac> steer = net::decode_steer(destination_bits(frame));
  CHECK(steer && steer->chain.has_fallback());
  write_macs(frame, net::steer_bits(steer->fabric, steer->chain.shifted()), port.canonical.bits());
}

}  // namespace

void first_look(const Context& context, Burst& burst, Lane frames) {
  std::size_t count = 0;
  frames.for_each(
      [&](std::size_t i) { burst.questions[count++] = question_about(burst.packets[i]); });
  const Verdicts verdicts = ask(context, burst, count);
  // Backwards, because a question may only move up, to the place of its frame, after
  // those that lay there have moved.
  frames.for_each_backwards([&](std::size_t i) {
    --count;
    const Ruling ruling = ruling_of(verdicts[count]);
    burst.outcomes[i] = ruling.is_open() ? Rule::kSecondLook : ruling.outcome();
    if (ruling.is_open()) burst.questions[i] = burst.questions[count];
  });
}

std::size_t judge_again(const Context& context, Burst& burst) {
  const Verdicts verdicts = ask(context, burst, burst.count);
  std::size_t hits = 0;
  for (std::size_t i = 0; i < burst.count; ++i) {
    const Ruling ruling = ruling_of(verdicts[i]);
    burst.outcomes[i] = ruling.is_open() ? Rule::kNoSocket : ruling.outcome();
    if (ruling.is_open()) redirect(context.snapshot.ports[context.port], burst.frames[i]);
    hits += is_hit(verdicts[i]);
  }
  return hits;
}

}  // namespace sleight::fwd
