// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sleight/fwd/vip_index.h"
#include "sleight/net/siphash.h"
#include "sleight/net/steer_mac.h"

namespace sleight::fwd {

using PortIndex = std::uint16_t;

// What the packet path knows of a wire port and the kernel port beside it.
struct SnapshotPort {
  std::uint8_t fabric = 0;
  net::MacAddress mac;         // the wire port's own hardware address
  net::MacAddress kernel_mac;  // where the kernel takes unicast
  net::MacAddress canonical;   // of this host on this port; zero without role host
};

struct SnapshotPool {
  net::SipKey hash_key;
  std::uint32_t slots = 0;
  // steer[port][slot]: the chain as the port's steer MAC, net::steer_bits; 0 where the
  // slot points nowhere. Filled with role director only.
  std::vector<std::vector<std::uint64_t>> steer;
};

// Everything a worker may read: immutable once published, versioned, freed by its owner
// when no worker can hold it any more. control: builds; worker: ro.
struct Snapshot {
  std::uint64_t version = 0;
  bool director = false;
  bool host = false;
  net::HostId self = net::kNoHost;  // with role host
  std::vector<SnapshotPort> ports;  // by PortIndex
  VipIndex vips;
  std::vector<SnapshotPool> pools;
  // Names, for people; the packet path does not read them.
  std::vector<std::string> vip_names;
  std::vector<std::string> service_names;
  std::vector<std::string> pool_names;
};

}  // namespace sleight::fwd
