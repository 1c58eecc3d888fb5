// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "sleight/base/result.h"
#include "sleight/net/mac_address.h"

struct rte_mempool;

namespace sleight::dataplane {

// How a device is set up: `queues` receive and as many transmit queues.
struct DeviceShape {
  std::uint16_t queues = 1;
  std::uint16_t rx_descriptors = 512;
  std::uint16_t tx_descriptors = 512;
};

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

  Result<void> start();
  void stop();

  std::uint16_t id() const { return id_; }
  const std::string& driver() const { return driver_; }
  net::MacAddress mac() const;
  std::uint16_t mtu() const;
  bool link_up() const;
  std::uint32_t fastest_mbps() const;  // that the device can do; 10 Gbit/s where it does not tell

 private:
  Device(std::uint16_t id, std::string name) : id_(id), name_(std::move(name)) {}

  std::uint16_t id_;
  bool owned_ = true;
  bool started_ = false;
  std::string name_;  // the device string: for messages
  std::string driver_;
};

}  // namespace sleight::dataplane
