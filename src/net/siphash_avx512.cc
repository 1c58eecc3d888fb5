// SPDX-License-Identifier: BSD-2-Clause
#include <immintrin.h>

#include "siphash_lanes.h"
#include "siphash_private.h"

#ifndef __clang__
// g++ 12 takes the "undefined" operand inside its own intrinsics for a mistake (PR105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

// The project's base instruction set has none of this: every function names its own.
#define LANE_CODE [[gnu::target("avx512f"), gnu::always_inline]] inline

namespace sleight::net {
namespace {

struct Lanes {
  __m512i v0, v1, v2, v3;
};

LANE_CODE __m512i broadcast(std::uint64_t word) {
  return _mm512_set1_epi64(static_cast<long long>(word));
}

LANE_CODE void sip_round(Lanes& s) {
  s.v0 = _mm512_add_epi64(s.v0, s.v1);
  s.v2 = _mm512_add_epi64(s.v2, s.v3);
  s.v1 = _mm512_xor_si512(_mm512_rol_epi64(s.v1, 13), s.v0);
  s.v3 = _mm512_xor_si512(_mm512_rol_epi64(s.v3, 16), s.v2);
  s.v0 = _mm512_rol_epi64(s.v0, 32);
  s.v2 = _mm512_add_epi64(s.v2, s.v1);
  s.v0 = _mm512_add_epi64(s.v0, s.v3);
  s.v1 = _mm512_xor_si512(_mm512_rol_epi64(s.v1, 17), s.v2);
  s.v3 = _mm512_xor_si512(_mm512_rol_epi64(s.v3, 21), s.v0);
  s.v2 = _mm512_rol_epi64(s.v2, 32);
}

LANE_CODE void compress(Lanes& s, __m512i block) {
  s.v3 = _mm512_xor_si512(s.v3, block);
  sip_round(s);
  s.v0 = _mm512_xor_si512(s.v0, block);
}

LANE_CODE __m512i finish(Lanes& s) {
  s.v2 = _mm512_xor_si512(s.v2, broadcast(0xff));
  for (int i = 0; i < kFinalizationRounds; ++i) sip_round(s);
  return _mm512_xor_si512(_mm512_xor_si512(s.v0, s.v1), _mm512_xor_si512(s.v2, s.v3));
}

LANE_CODE __m128i two_blocks(const FlowKey* flow, std::size_t first) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(&flow->blocks()[first]));
}

LANE_CODE __m512i two_blocks_of_four(const FlowKey* const* every_other, std::size_t first) {
  __m512i four = _mm512_castsi128_si512(two_blocks(every_other[0], first));
  four = _mm512_inserti32x4(four, two_blocks(every_other[2], first), 1);
  four = _mm512_inserti32x4(four, two_blocks(every_other[4], first), 2);
  return _mm512_inserti32x4(four, two_blocks(every_other[6], first), 3);
}

// Blocks `first` and `first + 1` of all lanes go in. Even and odd flows apart, so that
// unpacking leaves the lanes in order.
LANE_CODE void compress_pair(Lanes& s, const FlowKey* const* flows, std::size_t first) {
  const __m512i even = two_blocks_of_four(flows, first);
  const __m512i odd = two_blocks_of_four(flows + 1, first);
  compress(s, _mm512_unpacklo_epi64(even, odd));
  compress(s, _mm512_unpackhi_epi64(even, odd));
}

LANE_CODE __m512i last_blocks(const FlowKey* const* flows) {
  const auto last = [flows](std::size_t i) {
    return static_cast<long long>(flows[i]->blocks()[FlowKey::kBlocks - 1]);
  };
  return _mm512_set_epi64(last(7), last(6), last(5), last(4), last(3), last(2), last(1), last(0));
}

// The three blocks that only IPv6 keys have; lanes of IPv4 keys keep their state.
LANE_CODE void compress_ipv6(Lanes& s, const FlowKey* const* flows) {
  const Lanes before = s;
  const __m512i last = last_blocks(flows);
  const __mmask8 is_v4 = _mm512_testn_epi64_mask(last, last);
  compress_pair(s, flows, 2);
  compress(s, last);
  s.v0 = _mm512_mask_mov_epi64(s.v0, is_v4, before.v0);
  s.v1 = _mm512_mask_mov_epi64(s.v1, is_v4, before.v1);
  s.v2 = _mm512_mask_mov_epi64(s.v2, is_v4, before.v2);
  s.v3 = _mm512_mask_mov_epi64(s.v3, is_v4, before.v3);
}

}  // namespace

[[gnu::target("avx512f")]] void hash_groups_avx512(const SipKey& key, const FlowKey* const* flows,
                                                   std::size_t groups, std::uint64_t* hashes) {
  static_assert(kCompressionRounds == 1);
  const SipState start(key);
  for (std::size_t group = 0; group < groups; ++group) {
    const FlowKey* const* eight = flows + group * kAvx512Lanes;
    Lanes s = {broadcast(start.v0), broadcast(start.v1), broadcast(start.v2), broadcast(start.v3)};
    compress_pair(s, eight, 0);
    if (any_ipv6<kAvx512Lanes>(eight)) compress_ipv6(s, eight);
    _mm512_storeu_si512(hashes + group * kAvx512Lanes, finish(s));
  }
}

}  // namespace sleight::net
