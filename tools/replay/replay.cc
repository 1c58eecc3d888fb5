// SPDX-License-Identifier: BSD-2-Clause
#include "replay.h"

#include <algorithm>
#include <utility>

#include "sleight/base/check.h"
#include "sleight/base/endian.h"
#include "sleight/net/siphash.h"

namespace sleight::replay {
namespace {

std::optional<net::MacAddress> steer_of(fwd::Outcome outcome, const fwd::Frame& frame) {
  const fwd::Verdict verdict = outcome.verdict();
  if (verdict != fwd::Verdict::kForward && verdict != fwd::Verdict::kRedirect) return std::nullopt;
  return net::MacAddress::from_bits(load_be64(frame.data) >> 16);
}

}  // namespace

KnownSockets::KnownSockets(std::span<const net::FlowKey> flows)
    : flows_(flows.begin(), flows.end()) {}

std::size_t KnownSockets::Hash::operator()(const net::FlowKey& flow) const {
  return net::hash_flow({}, flow);
}

void KnownSockets::ask(std::span<const fwd::SocketQuestion> questions,
                       std::span<fwd::SocketVerdict> verdicts) {
  std::transform(questions.begin(), questions.end(), verdicts.begin(),
                 [this](const auto& question) {
                   return flows_.contains(question.flow) ? fwd::SocketVerdict::kEstablished
                                                         : fwd::SocketVerdict::kNoSocket;
                 });
}

Replay::Replay(std::unique_ptr<const fwd::Snapshot> snapshot, std::span<const net::FlowKey> sockets)
    : snapshot_(std::move(snapshot)), sockets_(sockets) {
  CHECK(snapshot_->ports.size() == 1);
}

std::span<const Judged> Replay::judge(std::span<const fwd::Frame> frames) {
  CHECK(frames.size() <= fwd::kMaxBurst);
  burst_.count = frames.size();
  std::copy(frames.begin(), frames.end(), burst_.frames.begin());
  const fwd::Context context{*snapshot_, 0, &sockets_, seen_, counters_};
  fwd::process(context, burst_);
  look_again(context);
  seen_.clear_pending();
  for (std::size_t i = 0; i < burst_.count; ++i) {
    judged_[i] = {burst_.outcomes[i], burst_.vips[i], burst_.services[i], burst_.slots[i],
                  steer_of(burst_.outcomes[i], burst_.frames[i])};
  }
  return {judged_.data(), burst_.count};
}

void Replay::look_again(const fwd::Context& context) {
  std::array<std::size_t, fwd::kMaxBurst> places;
  held_.count = 0;
  for (std::size_t i = 0; i < burst_.count; ++i) {
    if (burst_.outcomes[i].verdict() != fwd::Verdict::kHold) continue;
    held_.frames[held_.count] = burst_.frames[i];
    held_.questions[held_.count] = burst_.questions[i];
    places[held_.count++] = i;
  }
  fwd::second_look(context, held_);
  for (std::size_t i = 0; i < held_.count; ++i) burst_.outcomes[places[i]] = held_.outcomes[i];
}

}  // namespace sleight::replay
