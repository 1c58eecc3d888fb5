// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sleight/base/endian.h"
#include "sleight/net/flow_key.h"
#include "sleight/net/siphash.h"

namespace sleight::net {

inline constexpr int kCompressionRounds = 1;
inline constexpr int kFinalizationRounds = 3;

// The paper's initial state, before the key goes in.
inline constexpr std::uint64_t kSipInit0 = 0x736f6d6570736575;
inline constexpr std::uint64_t kSipInit1 = 0x646f72616e646f6d;
inline constexpr std::uint64_t kSipInit2 = 0x6c7967656e657261;
inline constexpr std::uint64_t kSipInit3 = 0x7465646279746573;

// SipHash's four words. Round counts are parameters because the vectors of the paper
// are SipHash-2-4's and test the same rounds as ours.
struct SipState {
  std::uint64_t v0, v1, v2, v3;

  explicit SipState(const SipKey& key)
      : v0(key.k0 ^ kSipInit0),
        v1(key.k1 ^ kSipInit1),
        v2(key.k0 ^ kSipInit2),
        v3(key.k1 ^ kSipInit3) {}

  template <int kRounds>
  void rounds() {
    for (int i = 0; i < kRounds; ++i) {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = std::rotl(v1, 17) ^ v2;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 = std::rotl(v2, 32);
    }
  }

  template <int kRounds>
  void compress(std::uint64_t block) {
    v3 ^= block;
    rounds<kRounds>();
    v0 ^= block;
  }

  template <int kRounds>
  std::uint64_t finish() {
    v2 ^= 0xff;
    rounds<kRounds>();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

template <int kCompression, int kFinalization>
std::uint64_t siphash(const SipKey& key, std::span<const std::uint8_t> message) {
  SipState state(key);
  const std::size_t whole = message.size() / 8 * 8;
  for (std::size_t at = 0; at < whole; at += 8) {
    state.compress<kCompression>(load_le64(&message[at]));
  }
  std::uint64_t last = std::uint64_t{message.size()} << 56;
  for (std::size_t at = whole; at < message.size(); ++at) {
    last |= std::uint64_t{message[at]} << 8 * (at - whole);
  }
  state.compress<kCompression>(last);
  return state.finish<kFinalization>();
}

}  // namespace sleight::net
