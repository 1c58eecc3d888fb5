// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sleight/base/result.h"
#include "sleight/fwd/seams.h"
#include "sleight/fwd/socket_oracle.h"
#include "sleight/net/mac_address.h"

namespace sleight::dataplane {

enum class Hugepages : std::uint8_t { kAuto, kOn, kOff };

struct EalSettings {
  std::string name;             // of the node: tells the processes of a machine apart
  std::vector<unsigned> cores;  // one worker each; a core may be named more than once
  unsigned control_core = 0;
  std::uint32_t memory_mb = 256;
  Hugepages hugepages = Hugepages::kAuto;
  std::vector<std::string> args;  // appended as they are
};

struct PortSettings {
  std::string name;
  std::string device;         // EAL device string or PCI address
  std::string kernel_device;  // of the kernel port beside it
  std::uint8_t fabric = 0;
  std::uint16_t queues = 1;
  // What the kernel's end of the kernel port must have as its address on a host; zero
  // without role host, where the kernel shares the address of the wire port.
  net::MacAddress canonical;
};

struct Settings {
  EalSettings eal;
  std::vector<PortSettings> ports;  // by PortIndex
  std::uint16_t burst = 32;         // 1..fwd::kMaxBurst
  bool idle_sleep = false;          // idle workers sleep instead of polling
};

// The packet path: EAL, ports, workers, and what they give to control. At most one in
// the life of a process, since an EAL can be started once. Control thread only.
class Dataplane {
 public:
  // Starts the EAL, attaches and configures the ports; no frame is received yet.
  // `oracles` has one for each of `settings.eal.cores` with role host, else none; they
  // outlive the dataplane.
  static Result<std::unique_ptr<Dataplane>> open(const Settings& settings,
                                                 std::vector<fwd::SocketOracle*> oracles);

  // Stops what still runs, closes the ports and ends the EAL.
  ~Dataplane();
  Dataplane(const Dataplane&) = delete;
  Dataplane& operator=(const Dataplane&) = delete;

  // Starts ports and workers. REQUIRES: a snapshot is published.
  Result<void> start();

  // Joins the workers, held frames judged first, and stops the ports. The interfaces
  // behind them stay as they are: up, with their addresses and routes.
  void stop();

  fwd::Publisher& publisher();
  fwd::FrameSender& frames();
  fwd::WireEvents& events();
  const fwd::PortFacts& ports() const;
  const fwd::Statistics& statistics() const;

 private:
  class Impl;
  explicit Dataplane(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sleight::dataplane
