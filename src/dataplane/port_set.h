// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "device.h"
#include "sleight/dataplane/dataplane.h"
#include "worker.h"

namespace sleight::dataplane {

// The wire ports with their kernel ports, and the memory of the frames that they carry.
class PortSet final : public fwd::PortFacts {
 public:
  // Attaches and configures; `workers` and `burst` decide how much memory there must be.
  static Result<std::unique_ptr<PortSet>> open(const Settings& settings);

  Result<void> start();
  void stop();

  std::vector<fwd::PortFact> ports() const override;

  std::size_t size() const { return ports_.size(); }
  fwd::PortStatistics statistics(fwd::PortIndex port) const;
  bool link_up(fwd::PortIndex port, bool kernel) const {
    return (kernel ? ports_[port].kernel : ports_[port].wire).link_up();
  }

  // The ports that have a queue of this number.
  std::vector<PortPair> with_queue(std::uint16_t queue) const;

  // The misses that one worker holds at line rate, as a power of two.
  std::size_t hold_capacity() const;

  rte_mempool* injection_pool() { return injection_pool_.get(); }

 private:
  struct Port {
    PortSettings settings;
    Device wire;
    Device kernel;
  };
  struct FreePool {
    void operator()(rte_mempool* pool) const;
  };
  using Pool = std::unique_ptr<rte_mempool, FreePool>;

  PortSet() = default;
  static Result<Pool> make_pool(const char* name, std::size_t frames, unsigned cache);
  Result<void> attach(const PortSettings& settings);
  Result<void> make_pools(const Settings& settings);
  Result<void> configure(Port& port);

  Pool packet_pool_;     // of receive queues
  Pool injection_pool_;  // of control's frames
  std::vector<Port> ports_;
};

}  // namespace sleight::dataplane
