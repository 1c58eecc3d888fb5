// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sleight/base/result.h"

namespace sleight::control {

// What control is asked and what it answers, as plain values: whoever shows them needs
// nothing below control.

enum class HostAction : std::uint8_t { kDrain, kUndrain, kEnable, kDisable };

struct HostCommand {
  HostAction action = HostAction::kDrain;
  std::string host;                 // by name
  std::optional<std::string> pool;  // none: every pool that has the host
  // Even where a live owner is pushed out of a chain (drain) or nobody is left (disable).
  bool force = false;
  // When the command arrived: what the settle time is measured from.
  std::chrono::steady_clock::time_point arrived = std::chrono::steady_clock::now();
};

struct HostChange {
  std::string pool;
  std::string host;
  std::string state;  // the new one
  std::uint64_t slots_moved = 0;
  std::uint64_t slots_waiting = 0;  // should move and have no room yet
  std::uint64_t version = 0;        // of the pool's table
};

// A command that was understood and not carried out; nothing has changed.
struct Refused {
  std::string reason;  // "chain_full"
  std::string message;
  std::vector<std::uint32_t> slots;
  std::vector<std::string> blocked_by;  // host names
};

// All pools of a command change together or none does.
using ChangeResult = std::variant<std::vector<HostChange>, Refused>;

struct HostReport {
  std::string pool;
  std::string name;
  std::uint16_t id = 0;
  std::uint32_t weight = 0;
  std::string state;
  std::uint32_t slots_target = 0;    // slots that it is the target of
  std::uint32_t slots_home = 0;      // slots that are its own when all hosts are active
  std::uint32_t slots_fallback = 0;  // slots that it may still own flows of
  std::optional<std::uint64_t> heartbeat_age_ms;  // none: never heard
  std::optional<std::uint64_t> flows;             // none: not told
};

struct SlotReport {
  std::uint32_t slot = 0;
  std::vector<std::uint16_t> chain;  // target first; empty: points nowhere
  std::vector<std::string> hosts;    // the same by name
  std::uint16_t home = 0;
  std::string steer;                // as the first port's steer MAC; empty: points nowhere
  std::vector<std::int64_t> since;  // one a fallback, milliseconds since 1970
};

struct TableReport {
  std::string pool;
  std::uint32_t epoch = 0;
  std::uint64_t version = 0;
  std::vector<SlotReport> slots;
};

// A flow as its packets carry it: the source is the client.
struct FlowQuery {
  std::string protocol;  // "tcp" or "udp"
  std::string source;
  std::uint16_t sport = 0;
  std::string destination;
  std::uint16_t dport = 0;
};

// What a packet of the flow would meet; what does not apply is left out.
struct FlowReport {
  std::string flow;
  std::optional<std::string> vip;
  std::optional<std::string> service;
  std::optional<std::string> pool;
  std::optional<std::uint32_t> slot;
  std::vector<std::uint16_t> chain;
  std::vector<std::string> hosts;
  std::optional<std::string> steer;    // of the first port
  std::optional<std::string> verdict;  // none: a host's, and it depends on the steer MAC
  std::optional<std::string> reason;   // the rule or the drop
  std::optional<std::string> socket;   // what this host's kernel says of the flow
};

struct MacReport {
  std::string mac;
  bool valid = false;
  std::uint8_t fabric = 0;
  std::vector<std::uint16_t> chain;
  std::vector<std::string> hosts;
  bool canonical = false;  // of a host alone
  std::string problem;     // when not valid
};

using NamedCounts = std::vector<std::pair<std::string, std::uint64_t>>;

struct WorkerReport {
  std::uint64_t received = 0;
  std::uint64_t from_kernel = 0;
  std::uint64_t sent = 0;
  std::uint64_t unsent = 0;
  std::uint64_t second_looks = 0;
  std::uint64_t second_look_hits = 0;
  std::uint64_t injected = 0;
  std::uint64_t events_lost = 0;
  std::uint64_t bursts = 0;
  NamedCounts rules;  // every rule and every drop, zeros too
  NamedCounts drops;
};

struct PortReport {
  std::string name;
  std::uint64_t rx_packets = 0;
  std::uint64_t rx_missed = 0;
  std::uint64_t rx_errors = 0;
  std::uint64_t tx_packets = 0;
  std::uint64_t tx_errors = 0;
  bool link_up = false;
  std::string mac;
  std::uint8_t fabric = 0;
  std::uint64_t rx_nombuf = 0;
  // Of the kernel port beside it.
  std::uint64_t kernel_rx_packets = 0;
  std::uint64_t kernel_rx_missed = 0;
  std::uint64_t kernel_rx_errors = 0;
  std::uint64_t kernel_rx_nombuf = 0;
  std::uint64_t kernel_tx_packets = 0;
  std::uint64_t kernel_tx_errors = 0;
  bool kernel_link_up = false;
};

// From a command's arrival to the last worker on its snapshot.
struct SnapshotReport {
  std::uint64_t version = 0;
  bool settled = false;
  std::uint64_t publishes = 0;
  // Of the last 1,000 changes; none before the first.
  std::optional<std::uint64_t> last_settle_us;
  std::optional<std::uint64_t> p50_settle_us;
  std::optional<std::uint64_t> p99_settle_us;
  std::optional<std::uint64_t> max_settle_us;  // since the start
};

struct HeartbeatReport {
  std::uint64_t sent = 0;
  std::uint64_t unsent = 0;  // the port's ring was full
  std::uint64_t heard = 0;
  std::uint64_t untagged = 0;
  std::uint64_t bad_tag = 0;
  std::uint64_t malformed = 0;
  std::uint64_t foreign = 0;  // another fabric's, or of no host of ours
  std::uint64_t own = 0;      // our own id, from the wire
};

struct TrainingReport {
  std::uint64_t known = 0;     // steer MACs being trained
  std::uint64_t sent = 0;      // frames
  std::uint64_t overflow = 0;  // steer MACs that found no room
};

struct StatisticsReport {
  std::vector<WorkerReport> workers;
  WorkerReport total;
  std::vector<PortReport> ports;
  SnapshotReport snapshot;
  HeartbeatReport heartbeats;
  TrainingReport training;
};

struct SocketReport {
  std::uint64_t flows = 0;     // can still carry data
  std::uint64_t requests = 0;  // request sockets
};

}  // namespace sleight::control
