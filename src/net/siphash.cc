// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/siphash.h"

#include <algorithm>
#include <charconv>

#include "siphash_lanes.h"
#include "siphash_private.h"
#include "sleight/base/check.h"

namespace sleight::net {
namespace {

void hash_each(const SipKey& key, std::span<const FlowKey* const> flows, std::uint64_t* hashes) {
  for (std::size_t i = 0; i < flows.size(); ++i) hashes[i] = hash_flow(key, *flows[i]);
}

using HashGroups = decltype(&hash_groups_avx512);

// Fewer keys than this are faster one at a time (bench/net_bench.cc).
constexpr std::size_t kWorthAGroup = 4;

// Whole groups of `lanes` keys, then the rest, filled up to one more group if that pays.
void hash_in_lanes(const SipKey& key, std::span<const FlowKey* const> flows, std::uint64_t* hashes,
                   std::size_t lanes, HashGroups hash_groups) {
  if (flows.size() < kWorthAGroup) return hash_each(key, flows, hashes);
  const std::size_t groups = flows.size() / lanes;
  hash_groups(key, flows.data(), groups, hashes);
  const auto rest = flows.subspan(groups * lanes);
  hashes += groups * lanes;
  if (rest.size() < kWorthAGroup) return hash_each(key, rest, hashes);
  std::array<const FlowKey*, kAvx512Lanes> filled;
  std::array<std::uint64_t, kAvx512Lanes> results;
  filled.fill(rest.front());
  std::copy(rest.begin(), rest.end(), filled.begin());
  hash_groups(key, filled.data(), 1, results.data());
  std::copy_n(results.begin(), rest.size(), hashes);
}

// Zero, which is kScalar, until this file's start-up code has run.
HashWidth width_in_use = best_hash_width();

}  // namespace

SipKey SipKey::from_bytes(const std::array<std::uint8_t, 16>& bytes) {
  return {load_le64(&bytes[0]), load_le64(&bytes[8])};
}

Result<SipKey> parse_sip_key(std::string_view hex) {
  // The text may be the secret, mistyped: it is not repeated.
  const Error bad{"a hash key is 32 hex digits: make one with `openssl rand -hex 16`"};
  std::array<std::uint8_t, 16> bytes{};
  if (hex.size() != 2 * bytes.size()) return bad;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char* digits = hex.data() + 2 * i;
    const auto [stop, code] = std::from_chars(digits, digits + 2, bytes[i], 16);
    if (code != std::errc() || stop != digits + 2) return bad;
  }
  return SipKey::from_bytes(bytes);
}

std::uint64_t siphash13(const SipKey& key, std::span<const std::uint8_t> message) {
  return siphash<kCompressionRounds, kFinalizationRounds>(key, message);
}

std::uint64_t hash_flow(const SipKey& key, const FlowKey& flow) {
  SipState state(key);
  const std::uint64_t* block = flow.blocks().data();
  state.compress<kCompressionRounds>(block[0]);
  state.compress<kCompressionRounds>(block[1]);
  if (!flow.is_v4()) {
    state.compress<kCompressionRounds>(block[2]);
    state.compress<kCompressionRounds>(block[3]);
    state.compress<kCompressionRounds>(block[4]);
  }
  return state.finish<kFinalizationRounds>();
}

void hash_flows(const SipKey& key, std::span<const FlowKey* const> flows,
                std::span<std::uint64_t> hashes) {
  CHECK(hashes.size() >= flows.size());
  switch (width_in_use) {
    case HashWidth::kAvx512:
      return hash_in_lanes(key, flows, hashes.data(), kAvx512Lanes, hash_groups_avx512);
    case HashWidth::kAvx2:
      return hash_in_lanes(key, flows, hashes.data(), kAvx2Lanes, hash_groups_avx2);
    case HashWidth::kScalar:
      return hash_each(key, flows, hashes.data());
  }
}

HashWidth best_hash_width() {
  // Needed because this also runs before main().
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return HashWidth::kAvx512;
  return __builtin_cpu_supports("avx2") ? HashWidth::kAvx2 : HashWidth::kScalar;
}

HashWidth hash_width() { return width_in_use; }

void set_hash_width(HashWidth width) {
  CHECK(width <= best_hash_width());
  width_in_use = width;
}

std::string_view to_string(HashWidth width) {
  switch (width) {
    case HashWidth::kAvx512:
      return "avx512";
    case HashWidth::kAvx2:
      return "avx2";
    case HashWidth::kScalar:
      break;
  }
  return "scalar";
}

}  // namespace sleight::net
