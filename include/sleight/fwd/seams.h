// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sleight/fwd/counters.h"
#include "sleight/fwd/snapshot.h"
#include "sleight/fwd/socket_census.h"

namespace sleight::fwd {

// What the control core needs of the packet path and the kernel, as interfaces: the
// dataplane and the oracle implement them, main injects them. All are called by the
// control thread only.

// Gives workers their snapshot. Publishing never waits for a worker.
class Publisher {
 public:
  virtual ~Publisher() = default;

  // Workers see `snapshot` from their next burst on; the one before is freed when the
  // last worker has let go of it.
  virtual void publish(std::unique_ptr<const Snapshot> snapshot) = 0;

  // Frees what can be freed; true when every worker is on the newest snapshot.
  virtual bool settle() = 0;
};

// Sends frames of control's making out of wire ports.
class FrameSender {
 public:
  virtual ~FrameSender() = default;

  // False when the port's ring is full: the caller paces itself. `frame` is copied.
  virtual bool send(PortIndex port, std::span<const std::uint8_t> frame) = 0;
};

// What workers and ports noticed.
struct WireEvent {
  enum class Kind : std::uint8_t {
    kSteerSeen,  // `mac_bits`: a steer MAC with fallbacks reached this host
    kTraining,   // `frame`: a training frame
    kLinkUp,
    kLinkDown,
  };

  Kind kind = Kind::kSteerSeen;
  PortIndex port = 0;
  std::uint64_t mac_bits = 0;
  std::array<std::uint8_t, 64> frame{};
  std::uint8_t frame_size = 0;
  bool kernel = false;  // link events: of the kernel port beside the wire port
};

class WireEvents {
 public:
  virtual ~WireEvents() = default;

  // The next event, if there is one.
  virtual std::optional<WireEvent> poll() = 0;
};

struct PortFact {
  std::string name;
  std::string driver;
  std::uint8_t fabric = 0;
  net::MacAddress mac;
  net::MacAddress kernel_mac;
  std::uint16_t mtu = 0;
  bool link_up = false;
  std::uint16_t kernel_mtu = 0;
  bool kernel_link_up = false;
};

class PortFacts {
 public:
  virtual ~PortFacts() = default;

  virtual std::vector<PortFact> ports() const = 0;  // by PortIndex
};

// What the drivers of a wire port and of the kernel port beside it count. A frame that a
// driver took and then lost is told by nothing but its errors.
struct PortStatistics {
  std::uint64_t rx_packets = 0;
  std::uint64_t rx_missed = 0;
  std::uint64_t rx_errors = 0;
  std::uint64_t tx_packets = 0;
  std::uint64_t tx_errors = 0;
  std::uint64_t rx_nombuf = 0;  // frames for which there was no buffer left
  std::uint64_t kernel_rx_packets = 0;
  std::uint64_t kernel_rx_missed = 0;
  std::uint64_t kernel_rx_errors = 0;
  std::uint64_t kernel_rx_nombuf = 0;
  std::uint64_t kernel_tx_packets = 0;
  std::uint64_t kernel_tx_errors = 0;
};

class Statistics {
 public:
  virtual ~Statistics() = default;

  virtual std::size_t worker_count() const = 0;
  virtual const Counters& worker(std::size_t index) const = 0;
  virtual PortStatistics port(PortIndex port) const = 0;
};

}  // namespace sleight::fwd
