// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sleight/base/result.h"
#include "sleight/net/flow_key.h"

namespace sleight::net {

// SipHash-1-3: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), with
// one compression and three finalization rounds, as Rust and CPython use it against
// hash flooding.
struct SipKey {
  std::uint64_t k0 = 0;  // key bytes 0..7, little-endian as in the paper
  std::uint64_t k1 = 0;

  static SipKey from_bytes(const std::array<std::uint8_t, 16>& bytes);
  friend bool operator==(const SipKey&, const SipKey&) = default;
};

// 32 hex digits, first key byte first.
Result<SipKey> parse_sip_key(std::string_view hex);

// The reference: any message, one byte string at a time.
std::uint64_t siphash13(const SipKey& key, std::span<const std::uint8_t> message);

// The same function of a flow key's message.
std::uint64_t hash_flow(const SipKey& key, const FlowKey& flow);

// hash_flow of many keys, equal bit by bit: several lanes at once, the widest code
// that this CPU has. IPv4 and IPv6 keys may be mixed.
// REQUIRES: hashes.size() >= flows.size().
void hash_flows(const SipKey& key, std::span<const FlowKey* const> flows,
                std::span<std::uint64_t> hashes);

enum class HashWidth : std::uint8_t { kScalar, kAvx2, kAvx512 };

HashWidth best_hash_width();  // of this CPU
HashWidth hash_width();       // in use; best_hash_width() at start
// For tests, benches and the instruction gate. REQUIRES: width <= best_hash_width().
// Not while another thread hashes.
void set_hash_width(HashWidth width);
std::string_view to_string(HashWidth width);

// Where a hash falls in a table of `slots` slots.
constexpr std::uint32_t slot_of(std::uint64_t hash, std::uint32_t slots) {
  return static_cast<std::uint32_t>((hash >> 32) * slots >> 32);
}

}  // namespace sleight::net
