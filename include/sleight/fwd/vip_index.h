// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sleight/net/ip_address.h"
#include "sleight/net/packet.h"

namespace sleight::fwd {

inline constexpr std::uint32_t kNoIndex = 0xffffffff;

// A service of a VIP: one port range. `service` numbers the services of the whole
// configuration, several ranges may share one.
struct ServiceRange {
  std::uint8_t protocol = 0;
  std::uint16_t first_port = 0;
  std::uint16_t last_port = 0;
  std::uint32_t service = 0;
};

// A VIP as the index is built from it.
struct VipEntry {
  std::vector<net::IpPrefix> addresses;
  std::uint32_t pool = 0;
  std::vector<ServiceRange> ranges;  // of one protocol: disjoint
};

// Destination address -> VIP, then protocol and port -> service. Immutable: an
// open-addressing table of addresses beside a small table of prefixes, longest first
// (design: 0.8 to 1.3 ns a key where rte_hash took 8). Any number of readers.
class VipIndex {
 public:
  VipIndex() = default;
  // REQUIRES: no address or prefix twice. Where a VIP's prefix covers another VIP's
  // address, the longer one wins.
  explicit VipIndex(std::span<const VipEntry> vips);

  // Index of the VIP in the span that the index was built from, or kNoIndex.
  std::uint32_t find_vip(const net::FlowKey& flow) const;

  // The service that takes `port` (the VIP's) of `protocol`, or kNoIndex.
  // REQUIRES: vip < number of VIPs.
  std::uint32_t find_service(std::uint32_t vip, std::uint8_t protocol, std::uint16_t port) const;

  std::uint32_t pool_of(std::uint32_t vip) const { return vips_[vip].pool; }
  std::size_t size() const { return vips_.size(); }

 private:
  struct Cell {
    std::array<std::uint64_t, 2> address{};  // memory order of the wire
    std::uint32_t vip = kNoIndex;
    net::Family family = net::Family::kIpv4;
  };
  struct Prefix {
    net::IpPrefix prefix;
    std::uint32_t vip = kNoIndex;
  };
  struct VipRow {
    std::uint32_t pool = 0;
    std::uint32_t first_range = 0;
    std::uint32_t range_count = 0;
  };

  void insert(const net::IpAddress& address, std::uint32_t vip);

  std::vector<Cell> cells_;  // power of two, at most half full; empty without addresses
  std::vector<Prefix> prefixes_;
  std::vector<VipRow> vips_;
  std::vector<ServiceRange> ranges_;  // by VIP, then protocol, then first port
};

}  // namespace sleight::fwd
