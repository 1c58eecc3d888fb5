// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "clock.h"
#include "event_collector.h"
#include "sleight/dataplane/snapshot_publisher.h"
#include "sleight/fwd/hold_queue.h"
#include "sleight/fwd/pipeline.h"
#include "spsc_ring.h"

struct rte_mbuf;

namespace sleight::dataplane {

using FrameRing = SpscRing<rte_mbuf*>;

// A wire port and the kernel port beside it, by their DPDK ids.
struct PortPair {
  fwd::PortIndex index = 0;
  std::uint16_t wire = 0;
  std::uint16_t kernel = 0;
};

struct WorkerSetup {
  std::uint16_t queue = 0;              // of every port: the worker's number
  std::vector<PortPair> ports;          // those that have such a queue
  fwd::SocketOracle* oracle = nullptr;  // the worker's own; null without role host
  EventRing* events = nullptr;          // to control
  std::vector<FrameRing*> injected;     // of control, by position in `ports`; may be empty
  std::uint16_t burst = 32;
  bool idle_sleep = false;
  std::size_t hold_capacity = 1024;
};

// One thread of the packet path: receives, judges, sends, for its queue of every port.
class Worker {
 public:
  Worker(WorkerSetup setup, SnapshotPublisher& publisher);
  ~Worker();

  // Until `stop`; held frames are judged before it returns. REQUIRES: a snapshot is
  // published.
  void run(const std::atomic<bool>& stop);

  const fwd::Counters& counters() const { return counters_; }  // any thread

 private:
  struct Outbox;

  bool turn(const fwd::Snapshot& snapshot, std::uint64_t now_ns);
  bool receive(const fwd::Snapshot& snapshot, const PortPair& pair);
  bool pass_from_kernel(const PortPair& pair);
  bool send_injected(const PortPair& pair, FrameRing& ring);
  bool judge_held(const fwd::Snapshot& snapshot, std::uint64_t now_ns);
  void take_frames(std::span<rte_mbuf* const> received);
  void dispatch(const PortPair& pair);
  void hold(const PortPair& pair, std::uint64_t to_hold);
  void send(std::uint16_t port, Outbox& box);
  void tell_training(const PortPair& pair, const fwd::Frame& frame);
  void tell_seen(const PortPair& pair);
  void tell(const fwd::WireEvent& event);
  void start_second(std::uint64_t now_ns);
  void rest(SnapshotReader& reader);

  struct Outbox {
    std::array<rte_mbuf*, fwd::kMaxBurst> frames;
    std::uint16_t count = 0;
    void add(rte_mbuf* frame) { frames[count++] = frame; }
  };

  WorkerSetup setup_;
  SnapshotPublisher& publisher_;
  Clock clock_;
  fwd::HoldQueue held_;
  fwd::SeenSteerMacs seen_;
  fwd::Burst burst_;
  std::array<rte_mbuf*, fwd::kMaxBurst> packets_;  // of burst_
  Outbox to_wire_;
  Outbox to_kernel_;
  std::uint64_t next_second_ns_ = 0;
  unsigned empty_turns_ = 0;
  fwd::Counters counters_;  // worker: rw, control: ro
};

}  // namespace sleight::dataplane
