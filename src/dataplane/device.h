// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "sleight/base/result.h"
#include "sleight/net/mac_address.h"

struct rte_mempool;

namespace sleight::dataplane {

class DpdkErrors;

// How a device is set up: `queues` receive and as many transmit queues.
struct DeviceShape {
  std::uint16_t queues = 1;
  std::uint16_t rx_descriptors = 512;
  std::uint16_t tx_descriptors = 512;
};

// Which side of a port a device is.
enum class Side : std::uint8_t { kWire, kKernel };

// Whether a device may keep frames from us that are not for its own address, so that it
// needs promiscuous mode. `is_virtual`: its driver makes it; `interface`: index of the
// interface behind it, 0 where there is none.
bool may_filter(Side side, bool is_virtual, unsigned interface);

// One DPDK port. Control thread only; workers use its id. Closed at the end.
class Device {
 public:
  // Attaches a device string or PCI address; a device is taken once.
  static Result<Device> attach(const std::string& device);
  ~Device();
  Device(Device&& other) noexcept;
  Device& operator=(Device&&) = delete;

  // Fits `shape` to the device's limits and sets its queues up; a device with too few
  // queues is an error. Several queues share the load by the hash of the NIC.
  Result<void> configure(DeviceShape shape, rte_mempool* pool);

  // A wire device whose driver cannot make it promiscuous starts with a warning: whether
  // it is given frames to steer MACs is then out of our hands.
  Result<void> start(Side side);
  void stop();

  std::uint16_t id() const { return id_; }
  const std::string& driver() const { return driver_; }
  net::MacAddress mac() const;
  // Of the interface behind the device where there is one: drivers on top of an interface
  // tell neither its MTU nor its link.
  std::uint16_t mtu() const;
  bool link_up() const;
  std::uint16_t largest_mtu() const;   // that fits the device and one buffer of ours
  std::uint32_t fastest_mbps() const;  // that the device can do; 10 Gbit/s where it does not tell

 private:
  Device(std::uint16_t id, std::string name) : id_(id), name_(std::move(name)) {}
  Result<void> become_promiscuous(Side side, DpdkErrors& errors) const;

  std::uint16_t id_;
  bool owned_ = true;
  bool started_ = false;
  std::string name_;  // the device string: for messages
  std::string driver_;
  unsigned interface_ = 0;   // index of the interface behind it; 0: none
  bool is_virtual_ = false;  // made by its driver alone
};

}  // namespace sleight::dataplane
