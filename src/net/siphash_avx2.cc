// SPDX-License-Identifier: BSD-2-Clause
#include <immintrin.h>

#include "siphash_lanes.h"
#include "siphash_private.h"

// The project's base instruction set has none of this: every function names its own.
#define LANE_CODE [[gnu::target("avx2"), gnu::always_inline]] inline

namespace sleight::net {
namespace {

struct Lanes {
  __m256i v0, v1, v2, v3;
};

LANE_CODE __m256i broadcast(std::uint64_t word) {
  return _mm256_set1_epi64x(static_cast<long long>(word));
}

template <int kBits>
LANE_CODE __m256i rotated(__m256i v) {
  return _mm256_or_si256(_mm256_slli_epi64(v, kBits), _mm256_srli_epi64(v, 64 - kBits));
}

// Whole bytes: one shuffle instead of two shifts and an or.
LANE_CODE __m256i rotated_by_16(__m256i v) {
  const __m256i order = _mm256_set_epi8(13, 12, 11, 10, 9, 8, 15, 14, 5, 4, 3, 2, 1, 0, 7, 6, 13,
                                        12, 11, 10, 9, 8, 15, 14, 5, 4, 3, 2, 1, 0, 7, 6);
  return _mm256_shuffle_epi8(v, order);
}

LANE_CODE __m256i rotated_by_32(__m256i v) {
  return _mm256_shuffle_epi32(v, _MM_SHUFFLE(2, 3, 0, 1));
}

LANE_CODE void sip_round(Lanes& s) {
  s.v0 = _mm256_add_epi64(s.v0, s.v1);
  s.v2 = _mm256_add_epi64(s.v2, s.v3);
  s.v1 = _mm256_xor_si256(rotated<13>(s.v1), s.v0);
  s.v3 = _mm256_xor_si256(rotated_by_16(s.v3), s.v2);
  s.v0 = rotated_by_32(s.v0);
  s.v2 = _mm256_add_epi64(s.v2, s.v1);
  s.v0 = _mm256_add_epi64(s.v0, s.v3);
  s.v1 = _mm256_xor_si256(rotated<17>(s.v1), s.v2);
  s.v3 = _mm256_xor_si256(rotated<21>(s.v3), s.v0);
  s.v2 = rotated_by_32(s.v2);
}

LANE_CODE void compress(Lanes& s, __m256i block) {
  s.v3 = _mm256_xor_si256(s.v3, block);
  sip_round(s);
  s.v0 = _mm256_xor_si256(s.v0, block);
}

LANE_CODE __m256i finish(Lanes& s) {
  s.v2 = _mm256_xor_si256(s.v2, broadcast(0xff));
  for (int i = 0; i < kFinalizationRounds; ++i) sip_round(s);
  return _mm256_xor_si256(_mm256_xor_si256(s.v0, s.v1), _mm256_xor_si256(s.v2, s.v3));
}

LANE_CODE __m128i two_blocks(const FlowKey* flow, std::size_t first) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(&flow->blocks()[first]));
}

LANE_CODE __m256i two_blocks_of_two(const FlowKey* const* every_other, std::size_t first) {
  return _mm256_set_m128i(two_blocks(every_other[2], first), two_blocks(every_other[0], first));
}

// Blocks `first` and `first + 1` of all lanes go in. Even and odd flows apart, so that
// unpacking leaves the lanes in order.
LANE_CODE void compress_pair(Lanes& s, const FlowKey* const* flows, std::size_t first) {
  const __m256i even = two_blocks_of_two(flows, first);
  const __m256i odd = two_blocks_of_two(flows + 1, first);
  compress(s, _mm256_unpacklo_epi64(even, odd));
  compress(s, _mm256_unpackhi_epi64(even, odd));
}

LANE_CODE __m256i last_blocks(const FlowKey* const* flows) {
  const auto last = [flows](std::size_t i) {
    return static_cast<long long>(flows[i]->blocks()[FlowKey::kBlocks - 1]);
  };
  return _mm256_set_epi64x(last(3), last(2), last(1), last(0));
}

// The three blocks that only IPv6 keys have; lanes of IPv4 keys keep their state.
LANE_CODE void compress_ipv6(Lanes& s, const FlowKey* const* flows) {
  const Lanes before = s;
  const __m256i last = last_blocks(flows);
  const __m256i is_v4 = _mm256_cmpeq_epi64(last, _mm256_setzero_si256());
  compress_pair(s, flows, 2);
  compress(s, last);
  s.v0 = _mm256_blendv_epi8(s.v0, before.v0, is_v4);
  s.v1 = _mm256_blendv_epi8(s.v1, before.v1, is_v4);
  s.v2 = _mm256_blendv_epi8(s.v2, before.v2, is_v4);
  s.v3 = _mm256_blendv_epi8(s.v3, before.v3, is_v4);
}

}  // namespace

[[gnu::target("avx2")]] void hash_groups_avx2(const SipKey& key, const FlowKey* const* flows,
                                              std::size_t groups, std::uint64_t* hashes) {
  static_assert(kCompressionRounds == 1);
  const SipState start(key);
  for (std::size_t group = 0; group < groups; ++group) {
    const FlowKey* const* four = flows + group * kAvx2Lanes;
    Lanes s = {broadcast(start.v0), broadcast(start.v1), broadcast(start.v2), broadcast(start.v3)};
    compress_pair(s, four, 0);
    if (any_ipv6<kAvx2Lanes>(four)) compress_ipv6(s, four);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(hashes + group * kAvx2Lanes), finish(s));
  }
}

}  // namespace sleight::net
