// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/fwd/vip_index.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "sleight/base/check.h"
#include "sleight/base/endian.h"

namespace sleight::fwd {
namespace {

// Services sort and are found by protocol, then first port.
std::uint32_t service_key(std::uint8_t protocol, std::uint16_t port) {
  return std::uint32_t{protocol} << 16 | port;
}
std::uint32_t service_key(const ServiceRange& range) {
  return service_key(range.protocol, range.first_port);
}

}  // namespace

VipIndex::Words VipIndex::words_of(const std::array<std::uint8_t, 16>& bytes) {
  return {load_le64(bytes.data()), load_le64(bytes.data() + 8)};
}

// The first `length` bits set, as they lie in memory.
VipIndex::Words VipIndex::mask_of(unsigned length) {
  std::array<std::uint8_t, 16> bytes{};
  for (unsigned bit = 0; bit < length; ++bit) {
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | 0x80u >> bit % 8);
  }
  return words_of(bytes);
}

constexpr std::uint32_t kAddressV4 = 32;
constexpr std::uint32_t kAddressV6 = kAddressV4 + 1 + 128;

VipIndex::Kind VipIndex::kind_of(const net::IpPrefix& prefix) {
  return prefix.address.family == net::Family::kIpv4 ? prefix.length
                                                     : kAddressV4 + 1 + prefix.length;
}

VipIndex::VipIndex(std::span<const VipEntry> vips) {
  std::size_t prefixes = 1;
  for (const VipEntry& vip : vips) prefixes += vip.addresses.size();
  cells_.resize(std::bit_ceil(prefixes * 2));
  cell_mask_ = cells_.size() - 1;
  shift_ = 64u - static_cast<unsigned>(std::countr_zero(cells_.size()));
  for (const VipEntry& vip : vips) {
    for (const net::IpPrefix& prefix : vip.addresses) {
      insert(prefix, static_cast<std::uint32_t>(vips_.size()));
      if (!prefix.is_host()) add_length(prefix);
    }
    add_services(vip);
  }
}

void VipIndex::insert(const net::IpPrefix& prefix, std::uint32_t vip) {
  const Words address = words_of(prefix.address.bytes);
  const Kind kind = kind_of(prefix);
  CHECK(find(address, kind) == kNoIndex);
  std::size_t cell = start_cell(address);
  while (cells_[cell].vip != kNoIndex) cell = (cell + 1) & cell_mask_;
  cells_[cell] = {address, kind, vip};
}

void VipIndex::add_length(const net::IpPrefix& prefix) {
  auto& lengths = prefix.address.family == net::Family::kIpv4 ? lengths_v4_ : lengths_v6_;
  const Kind kind = kind_of(prefix);
  const auto at = std::find_if(lengths.begin(), lengths.end(),
                               [kind](const Length& length) { return length.kind <= kind; });
  if (at != lengths.end() && at->kind == kind) return;
  lengths.insert(at, {mask_of(prefix.length), kind});
}

void VipIndex::add_services(const VipEntry& vip) {
  const auto first = static_cast<std::uint32_t>(ranges_.size());
  ranges_.insert(ranges_.end(), vip.ranges.begin(), vip.ranges.end());
  std::sort(ranges_.begin() + first, ranges_.end(),
            [](const ServiceRange& left, const ServiceRange& right) {
              return service_key(left) < service_key(right);
            });
  vips_.push_back({vip.pool, first, static_cast<std::uint32_t>(vip.ranges.size())});
}

// Addresses come from the configuration, so a seed would protect nothing: nobody who
// sends packets can choose what lies in the table.
inline std::size_t VipIndex::start_cell(Words address) const {
  std::uint64_t hash = address.high * 0x9e3779b97f4a7c15ull;
  hash = (hash ^ hash >> 32 ^ address.low) * 0xd6e8feb86659fd93ull;
  return hash >> shift_;
}

inline std::uint32_t VipIndex::find(Words address, Kind kind) const {
  std::size_t index = start_cell(address);
  while (true) {
    const Cell& cell = cells_[index];
    if (cell.vip == kNoIndex) return kNoIndex;
    if (cell.address.high == address.high && cell.address.low == address.low && cell.kind == kind) {
      return cell.vip;
    }
    index = (index + 1) & cell_mask_;
  }
}

// The destination lies in the flow key's blocks, its bytes in memory order.
std::uint32_t VipIndex::find_vip(const net::FlowKey& flow) const {
  const auto& blocks = flow.blocks();
  if (flow.is_v4()) {
    const Words address = {blocks[0] >> 32, 0};
    const std::uint32_t vip = find(address, kAddressV4);
    return vip != kNoIndex ? vip : find_prefix(address, lengths_v4_);
  }
  const Words address = {blocks[2], blocks[3]};
  const std::uint32_t vip = find(address, kAddressV6);
  return vip != kNoIndex ? vip : find_prefix(address, lengths_v6_);
}

std::uint32_t VipIndex::find_prefix(Words address, const std::vector<Length>& lengths) const {
  for (const Length& length : lengths) {
    const Words masked = {address.high & length.mask.high, address.low & length.mask.low};
    const std::uint32_t vip = find(masked, length.kind);
    if (vip != kNoIndex) return vip;
  }
  return kNoIndex;
}

std::uint32_t VipIndex::find_service(std::uint32_t vip, std::uint8_t protocol,
                                     std::uint16_t port) const {
  const VipRow& row = vips_[vip];
  const std::uint32_t key = service_key(protocol, port);
  const ServiceRange* first = ranges_.data() + row.first_range;
  std::size_t count = row.range_count;
  // A handful is looked through faster than it is cut in halves.
  while (count > 8) {
    const std::size_t half = count / 2;
    if (service_key(first[half]) <= key) first += half;
    count -= half;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t range_key = service_key(first[i]);
    if (key - range_key <= static_cast<std::uint32_t>(first[i].last_port - first[i].first_port)) {
      return first[i].service;
    }
  }
  return kNoIndex;
}

}  // namespace sleight::fwd
