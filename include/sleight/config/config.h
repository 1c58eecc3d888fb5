// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sleight/base/log.h"
#include "sleight/net/ip_address.h"
#include "sleight/net/siphash.h"
#include "sleight/net/steer_mac.h"

namespace sleight::config {

// A validated configuration: the YAML file as plain values (docs/configuration.md has
// the keys). Immutable once loaded.

struct Roles {
  bool controller = false;
  bool director = false;
  bool host = false;

  friend bool operator==(const Roles&, const Roles&) = default;
};

struct Node {
  std::string name;
  net::HostId id = net::kNoHost;  // with role host

  friend bool operator==(const Node&, const Node&) = default;
};

enum class Hugepages : std::uint8_t { kAuto, kOn, kOff };

struct Eal {
  std::vector<unsigned> cores;  // one worker each
  unsigned control_core = 0;
  std::uint32_t memory_mb = 256;
  Hugepages hugepages = Hugepages::kAuto;
  std::vector<std::string> args;  // appended as they are

  friend bool operator==(const Eal&, const Eal&) = default;
};

struct Port {
  std::string name;
  std::string device;  // EAL device string or PCI address
  std::uint8_t fabric = 0;
  std::uint16_t queues = 1;
  std::string kernel_device;  // kernel_port.device

  friend bool operator==(const Port&, const Port&) = default;
};

struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;

  friend bool operator==(const PortRange&, const PortRange&) = default;
};

struct Service {
  std::string name;
  std::uint8_t protocol = 0;     // net::kProtocolTcp or kProtocolUdp
  std::vector<PortRange> ports;  // ascending, disjoint

  friend bool operator==(const Service&, const Service&) = default;
};

struct Vip {
  std::string name;
  std::vector<net::IpPrefix> addresses;
  std::string pool;
  std::vector<Service> services;

  friend bool operator==(const Vip&, const Vip&) = default;
};

struct Host {
  std::string name;
  net::HostId id = net::kNoHost;
  std::uint32_t weight = 100;

  friend bool operator==(const Host&, const Host&) = default;
};

struct Pool {
  std::string name;
  std::uint32_t slots = 256;
  std::optional<net::SipKey> hash_key;  // required with role director
  std::chrono::milliseconds fallback_ttl = std::chrono::hours(1);
  std::uint8_t max_fallbacks = 2;
  std::chrono::milliseconds drain_timeout = std::chrono::minutes(10);
  std::chrono::milliseconds fill = std::chrono::seconds(30);
  std::vector<Host> hosts;  // ascending id

  friend bool operator==(const Pool&, const Pool&) = default;
};

enum class Idle : std::uint8_t { kPoll, kSleep };

struct Workers {
  Idle idle = Idle::kPoll;
  std::uint16_t burst = 32;  // 1..64

  friend bool operator==(const Workers&, const Workers&) = default;
};

struct Admin {
  std::string socket = "/run/sleight/admin.sock";
  std::string group;  // empty: the group of the process

  friend bool operator==(const Admin&, const Admin&) = default;
};

struct Config {
  Node node;
  Roles roles;
  Eal eal;
  std::vector<Port> ports;
  std::vector<Vip> vips;
  std::vector<Pool> pools;
  Workers workers;
  std::string state_dir = "/var/lib/sleight";
  Admin admin;
  log::Level log_level = log::Level::kInfo;
  std::optional<net::SipKey> steer_key;

  const Pool* find_pool(std::string_view name) const;

  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace sleight::config
