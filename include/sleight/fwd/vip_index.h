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

// Destination address -> VIP, then protocol and port -> service. Immutable: one
// open-addressing table of prefixes, an address alone being the longest, and the shorter
// lengths in use. A lookup costs one probe for an address and one more for each length
// in use, however many VIPs there are. Any number of readers.
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
  // Sixteen address bytes as they lie in memory, masked to a prefix length.
  // Plain members, so that they stay in registers; as an array they go through memory:
  // 10 ns a lookup instead of 2.5.
  struct Words {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
  };
  // Family and prefix length in one number: 0..32 for IPv4, 33..161 for IPv6.
  using Kind = std::uint32_t;
  struct Cell {
    Words address;
    Kind kind = 0;
    std::uint32_t vip = kNoIndex;  // kNoIndex: a free cell
  };
  struct Length {
    Words mask;
    Kind kind = 0;
  };
  struct VipRow {
    std::uint32_t pool = 0;
    std::uint32_t first_range = 0;
    std::uint32_t range_count = 0;
  };

  static Words words_of(const std::array<std::uint8_t, 16>& bytes);
  static Words mask_of(unsigned length);
  static Kind kind_of(const net::IpPrefix& prefix);

  void insert(const net::IpPrefix& prefix, std::uint32_t vip);
  void add_length(const net::IpPrefix& prefix);
  void add_services(const VipEntry& vip);
  std::size_t start_cell(Words address) const;
  std::uint32_t find(Words address, Kind kind) const;
  std::uint32_t find_prefix(Words address, const std::vector<Length>& lengths) const;

  // Power of two, at most half full; never empty, so that a lookup need not ask.
  std::vector<Cell> cells_ = std::vector<Cell>(2);
  std::size_t cell_mask_ = 1;       // number of cells - 1
  unsigned shift_ = 63;             // 64 - log2 of the number of cells
  std::vector<Length> lengths_v4_;  // shorter than an address, in use, longest first
  std::vector<Length> lengths_v6_;
  std::vector<VipRow> vips_;
  std::vector<ServiceRange> ranges_;  // by VIP, then protocol, then first port
};

}  // namespace sleight::fwd
