// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "sleight/base/endian.h"
#include "sleight/net/ip_address.h"

namespace sleight::net {

inline constexpr std::uint8_t kProtocolIcmp = 1;
inline constexpr std::uint8_t kProtocolTcp = 6;
inline constexpr std::uint8_t kProtocolUdp = 17;
inline constexpr std::uint8_t kProtocolIcmpv6 = 58;

// A flow as its packet carries it: source is the client, destination is ours.
//
// The object *is* the message that the slot hash reads, cut into SipHash's blocks,
// padding and length byte included, so hashing needs no copy:
//
//   IPv4, 2 blocks: [src 4 | dst 4] [sport 2 | dport 2 | proto 1 | 0 0 | 13]
//   IPv6, 5 blocks: [src 16] [dst 16] [sport 2 | dport 2 | proto 1 | 0 0 | 37]
//
// Each block is eight message bytes, network order, in memory order. Unused blocks
// are zero, so equality of objects is equality of flows.
class FlowKey {
 public:
  static constexpr std::size_t kBlocks = 5;
  static constexpr std::uint8_t kLengthV4 = 13;
  static constexpr std::uint8_t kLengthV6 = 37;

  FlowKey() = default;

  // `source` and `destination` point at 4 or 16 wire bytes, `ports` at source and
  // destination port as on the wire (pass zero bytes where there are none).
  static FlowKey v4(const void* source, const void* destination, std::uint32_t raw_ports,
                    std::uint8_t protocol) {
    FlowKey key;
    auto* bytes = reinterpret_cast<unsigned char*>(key.blocks_.data());
    std::memcpy(bytes, source, 4);
    std::memcpy(bytes + 4, destination, 4);
    key.blocks_[1] = tail_block(raw_ports, protocol, kLengthV4);
    return key;
  }
  static FlowKey v6(const void* source, const void* destination, std::uint32_t raw_ports,
                    std::uint8_t protocol) {
    FlowKey key;
    auto* bytes = reinterpret_cast<unsigned char*>(key.blocks_.data());
    std::memcpy(bytes, source, 16);
    std::memcpy(bytes + 16, destination, 16);
    key.blocks_[4] = tail_block(raw_ports, protocol, kLengthV6);
    return key;
  }
  // REQUIRES: both addresses of one family. Ports are numbers.
  static FlowKey make(const IpAddress& source, std::uint16_t sport, const IpAddress& destination,
                      std::uint16_t dport, std::uint8_t protocol);

  // The last block of an IPv6 key holds its length byte, so it is never zero.
  bool is_v4() const { return blocks_[4] == 0; }
  Family family() const { return is_v4() ? Family::kIpv4 : Family::kIpv6; }
  std::uint8_t protocol() const { return static_cast<std::uint8_t>(tail() >> 32); }
  std::uint16_t sport() const { return __builtin_bswap16(static_cast<std::uint16_t>(tail())); }
  std::uint16_t dport() const {
    return __builtin_bswap16(static_cast<std::uint16_t>(tail() >> 16));
  }
  IpAddress source() const;
  IpAddress destination() const;

  // The flow of the packets that travel the other way.
  FlowKey reversed() const;

  // SipHash message blocks: 2 (IPv4) or 5 (IPv6) in use.
  const std::array<std::uint64_t, kBlocks>& blocks() const { return blocks_; }
  std::size_t block_count() const { return is_v4() ? 2 : kBlocks; }

  friend bool operator==(const FlowKey&, const FlowKey&) = default;

 private:
  std::uint64_t tail() const { return is_v4() ? blocks_[1] : blocks_[4]; }

  static std::uint64_t tail_block(std::uint32_t raw_ports, std::uint8_t protocol,
                                  std::uint8_t length) {
    return raw_ports | std::uint64_t{protocol} << 32 | std::uint64_t{length} << 56;
  }

  std::array<std::uint64_t, kBlocks> blocks_{};
};

// "tcp 198.51.100.7:40000 > 203.0.113.10:80".
std::string to_string(const FlowKey& key);

}  // namespace sleight::net
