// SPDX-License-Identifier: BSD-2-Clause
#include "worker.h"

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "mbuf_frame.h"
#include "sleight/base/check.h"

namespace sleight::dataplane {
namespace {

using fwd::Verdict;

// Measured best for five processes on two cores: longer sleeps leave the cores to the
// kernel, shorter ones cost wake-ups (wrk: 33,000 requests/s with 200 us, 20,000 with 50).
constexpr unsigned kEmptyTurnsBeforeSleep = 64;
constexpr std::uint64_t kSleepNs = 200'000;

void sleep_for(std::uint64_t duration_ns) {
  const timespec duration{0, static_cast<long>(duration_ns)};
  nanosleep(&duration, nullptr);
}

}  // namespace

Worker::Worker(WorkerSetup setup, SnapshotPublisher& publisher)
    : setup_(std::move(setup)), publisher_(publisher), held_(setup_.hold_capacity) {
  CHECK(setup_.burst >= 1 && setup_.burst <= fwd::kMaxBurst);
  CHECK(setup_.injected.empty() || setup_.injected.size() == setup_.ports.size());
}

Worker::~Worker() { CHECK(held_.empty()); }

void Worker::run(const std::atomic<bool>& stop) {
  // Else the kernel adds 50 us to every sleep.
  prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  SnapshotReader reader(publisher_, setup_.queue);
  reader.online();
  while (!stop.load(std::memory_order_relaxed)) {
    const fwd::Snapshot* snapshot = reader.current();
    CHECK(snapshot != nullptr);
    const bool busy = turn(*snapshot, clock_.now_ns());
    reader.quiescent();
    empty_turns_ = busy ? 0 : empty_turns_ + 1;
    if (setup_.idle_sleep && empty_turns_ >= kEmptyTurnsBeforeSleep) rest(reader);
  }
  while (!held_.empty()) judge_held(*reader.current(), clock_.now_ns());
}

bool Worker::turn(const fwd::Snapshot& snapshot, std::uint64_t now_ns) {
  start_second(now_ns);
  bool busy = false;
  // All that is due: a call takes the misses of one port, and every port may bring a
  // burst of new ones a turn.
  while (judge_held(snapshot, now_ns)) busy = true;
  for (const PortPair& pair : setup_.ports) {
    busy |= receive(snapshot, pair);
    busy |= pass_from_kernel(pair);
  }
  for (std::size_t i = 0; i < setup_.injected.size(); ++i) {
    busy |= send_injected(setup_.ports[i], *setup_.injected[i]);
  }
  return busy;
}

bool Worker::receive(const fwd::Snapshot& snapshot, const PortPair& pair) {
  const std::uint16_t count =
      rte_eth_rx_burst(pair.wire, setup_.queue, packets_.data(), setup_.burst);
  if (count == 0) return false;
  counters_.bursts.add(1);
  counters_.received.add(count);
  take_frames({packets_.data(), count});
  fwd::process({snapshot, pair.index, setup_.oracle, seen_, counters_}, burst_);
  dispatch(pair);
  tell_seen(pair);
  return true;
}

// Frames that are not in one piece, and cannot be brought into one, are dropped here:
// the pipeline judges bytes that lie side by side.
void Worker::take_frames(std::span<rte_mbuf* const> received) {
  burst_.count = 0;
  for (rte_mbuf* packet : received) {
    if (!make_contiguous(packet)) {
      counters_.outcomes[fwd::Outcome(fwd::Drop::Malformed).index()].add(1);
      rte_pktmbuf_free(packet);
      continue;
    }
    packets_[burst_.count] = packet;
    burst_.frames[burst_.count++] = frame_of(packet);
  }
}

void Worker::dispatch(const PortPair& pair) {
  std::uint64_t to_hold = 0;  // by position in the burst
  static_assert(fwd::kMaxBurst <= 64);
  for (std::size_t i = 0; i < burst_.count; ++i) {
    const fwd::Outcome outcome = burst_.outcomes[i];
    switch (outcome.verdict()) {
      case Verdict::kForward:
      case Verdict::kRedirect:
      case Verdict::kAnswer:
        to_wire_.add(packets_[i]);
        break;
      case Verdict::kAccept:
      case Verdict::kKernel:
        to_kernel_.add(packets_[i]);
        break;
      case Verdict::kHold:
        to_hold |= std::uint64_t{1} << i;
        break;
      case Verdict::kDrop:
        if (outcome == fwd::Rule::kTraining) tell_training(pair, burst_.frames[i]);
        rte_pktmbuf_free(packets_[i]);
        break;
    }
  }
  send(pair.kernel, to_kernel_);
  send(pair.wire, to_wire_);
  if (to_hold != 0) hold(pair, to_hold);
}

// The wait begins when the hits of the burst are with the kernel: what a miss may be
// waiting for is one of them.
void Worker::hold(const PortPair& pair, std::uint64_t to_hold) {
  const std::uint64_t due_ns = clock_.now_ns() + fwd::kHoldNs;
  for (; to_hold != 0; to_hold &= to_hold - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(to_hold));
    if (held_.push({packets_[i], burst_.frames[i], burst_.questions[i], pair.index, due_ns})) {
      continue;
    }
    counters_.outcomes[fwd::Outcome(fwd::Drop::HoldFull).index()].add(1);
    rte_pktmbuf_free(packets_[i]);
  }
}

// The due misses of one port, up to a burst of them.
bool Worker::judge_held(const fwd::Snapshot& snapshot, std::uint64_t now_ns) {
  const fwd::HoldQueue::Held* held = held_.due(now_ns);
  if (held == nullptr) return false;
  const fwd::PortIndex port = held->port;
  burst_.count = 0;
  for (; held != nullptr && held->port == port && burst_.count < setup_.burst;
       held = held_.due(now_ns)) {
    packets_[burst_.count] = static_cast<rte_mbuf*>(held->handle);
    burst_.frames[burst_.count] = held->frame;
    burst_.questions[burst_.count++] = held->question;
    held_.pop();
  }
  fwd::second_look({snapshot, port, setup_.oracle, seen_, counters_}, burst_);
  const auto is_port = [port](const PortPair& pair) { return pair.index == port; };
  dispatch(*std::find_if(setup_.ports.begin(), setup_.ports.end(), is_port));
  return true;
}

bool Worker::pass_from_kernel(const PortPair& pair) {
  to_wire_.count =
      rte_eth_rx_burst(pair.kernel, setup_.queue, to_wire_.frames.data(), setup_.burst);
  if (to_wire_.count == 0) return false;
  counters_.from_kernel.add(to_wire_.count);
  send(pair.wire, to_wire_);
  return true;
}

bool Worker::send_injected(const PortPair& pair, FrameRing& ring) {
  if (ring.empty()) return false;
  to_wire_.count = static_cast<std::uint16_t>(ring.pop({to_wire_.frames.data(), setup_.burst}));
  counters_.injected.add(to_wire_.count);
  send(pair.wire, to_wire_);
  return true;
}

void Worker::send(std::uint16_t port, Outbox& box) {
  if (box.count == 0) return;
  const std::uint16_t sent = rte_eth_tx_burst(port, setup_.queue, box.frames.data(), box.count);
  counters_.sent.add(sent);
  if (sent < box.count) [[unlikely]] {
    counters_.unsent.add(box.count - sent);
    rte_pktmbuf_free_bulk(&box.frames[sent], box.count - sent);
  }
  box.count = 0;
}

void Worker::tell_training(const PortPair& pair, const fwd::Frame& frame) {
  fwd::WireEvent event;
  event.kind = fwd::WireEvent::Kind::kTraining;
  event.port = pair.index;
  event.frame_size =
      static_cast<std::uint8_t>(std::min<std::size_t>(frame.size, event.frame.size()));
  std::memcpy(event.frame.data(), frame.data, event.frame_size);
  tell(event);
}

void Worker::tell_seen(const PortPair& pair) {
  if (seen_.pending().empty()) return;
  for (const std::uint64_t mac_bits : seen_.pending()) {
    fwd::WireEvent event;
    event.port = pair.index;
    event.mac_bits = mac_bits;
    tell(event);
  }
  seen_.clear_pending();
}

void Worker::tell(const fwd::WireEvent& event) {
  if (!setup_.events->push(event)) counters_.events_lost.add(1);
}

void Worker::start_second(std::uint64_t now_ns) {
  if (now_ns < next_second_ns_) return;
  next_second_ns_ = now_ns + Clock::kSecondNs;
  // Never 0, whatever the counter of the CPU says.
  seen_.start_second(static_cast<std::uint32_t>(now_ns / Clock::kSecondNs) | 1u << 31);
}

// Offline meanwhile, so that nobody waits for a sleeper to let go of a snapshot.
void Worker::rest(SnapshotReader& reader) {
  std::uint64_t duration_ns = kSleepNs;
  if (const fwd::HoldQueue::Held* held = held_.oldest()) {
    const std::uint64_t now_ns = clock_.now_ns();
    if (held->due_ns <= now_ns) return;
    duration_ns = std::min(duration_ns, held->due_ns - now_ns);
  }
  reader.offline();
  sleep_for(duration_ns);
  reader.online();
}

}  // namespace sleight::dataplane
