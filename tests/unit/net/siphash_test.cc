// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/siphash.h"

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <random>

#include "golden.h"
#include "siphash_private.h"

namespace sleight::net {
namespace {

// Of messages 00, 00 01, 00 01 02, ... under key 00 01 .. 0f, from the empty one on:
// the vectors that the test suites of Rust's and Swift's standard libraries share.
constexpr std::array<std::uint64_t, 64> kSip13Vectors = {
    0xabac0158050fc4dc, 0xc9f49bf37d57ca93, 0x82cb9b024dc7d44d, 0x8bf80ab8e7ddf7fb,
    0xcf75576088d38328, 0xdef9d52f49533b67, 0xc50d2b50c59f22a7, 0xd3927d989bb11140,
    0x369095118d299a8e, 0x25a48eb36c063de4, 0x79de85ee92ff097f, 0x70c118c1f94dc352,
    0x78a384b157b4d9a2, 0x306f760c1229ffa7, 0x605aa111c0f95d34, 0xd320d86d2a519956,
    0xcc4fdd1a7d908b66, 0x9cf2689063dbd80c, 0x8ffc389cb473e63e, 0xf21f9de58d297d1c,
    0xc0dc2f46a6cce040, 0xb992abfe2b45f844, 0x7ffe7b9ba320872e, 0x525a0e7fdae6c123,
    0xf464aeb267349c8c, 0x45cd5928705b0979, 0x3a3e35e3ca9913a5, 0xa91dc74e4ade3b35,
    0xfb0bed02ef6cd00d, 0x88d93cb44ab1e1f4, 0x540f11d643c5e663, 0x2370dd1f8c21d1bc,
    0x81157b6c16a7b60d, 0x4d54b9e57a8ff9bf, 0x759f12781f2a753e, 0xcea1a3bebf186b91,
    0x2cf508d3ada26206, 0xb6101c2da3c33057, 0xb3f47496ae3a36a1, 0x626b57547b108392,
    0xc1d2363299e41531, 0x667cc1923f1ad944, 0x65704ffec8138825, 0x24f280d1c28949a6,
    0xc2ca1cedfaf8876b, 0xc2164bfc9f042196, 0xa16e9c9368b1d623, 0x49fb169c8b5114fd,
    0x9f3143f8df074c46, 0xc6fdaf2412cc86b3, 0x7eaf49d10a52098f, 0x1cf313559d292f9a,
    0xc44a30dda2f41f12, 0x36fae98943a71ed0, 0x318fb34c73f0bce6, 0xa27abf3670a7e980,
    0xb4bcc0db243c6d75, 0x23f8d852fdb71513, 0x8f035f4da67d8a08, 0xd89cd0e5b7e8f148,
    0xf6f4e6bcf7a644ee, 0xaec59ad80f1837f2, 0xc3b2f6154b6694e0, 0x9d199062b7bbb3a8,
};

// Under the same key, messages of 0 to 15 bytes; the last is the one that the paper
// works through in its appendix A.
constexpr std::array<std::uint64_t, 16> kSip24Vectors = {
    0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a, 0x85676696d7fb7e2d,
    0xcf2794e0277187b7, 0x18765564cd99a68d, 0xcbc9466e58fee3ce, 0xab0200f58b01d137,
    0x93f5f5799a932462, 0x9e0082df0ba9e4b0, 0x7a5dbbc594ddb9f3, 0xf4b32f46226bada7,
    0x751e8fbc860ee5fb, 0x14ea5627c0843d90, 0xf723ca908e7af2ee, 0xa129ca6149be45e5,
};

SipKey counting_key() {
  std::array<std::uint8_t, 16> bytes;
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return SipKey::from_bytes(bytes);
}

// Calls `body` once with every width that this CPU has, then restores the best.
template <typename Body>
void for_each_width(const Body& body) {
  for (const HashWidth width : {HashWidth::kScalar, HashWidth::kAvx2, HashWidth::kAvx512}) {
    if (width > best_hash_width()) break;
    SCOPED_TRACE(to_string(width));
    set_hash_width(width);
    body();
  }
  set_hash_width(best_hash_width());
}

FlowKey random_flow(std::mt19937_64& random, bool is_v4) {
  std::array<std::uint64_t, 4> bytes = {random(), random(), random(), random()};
  const auto build = is_v4 ? &FlowKey::v4 : &FlowKey::v6;
  return build(&bytes[0], &bytes[2], static_cast<std::uint32_t>(random()),
               static_cast<std::uint8_t>(random()));
}

// The message of the contract, put together byte by byte.
std::vector<std::uint8_t> message_of(const FlowKey& flow) {
  const std::size_t size = flow.is_v4() ? 4 : 16;
  std::vector<std::uint8_t> message;
  for (const IpAddress& address : {flow.source(), flow.destination()}) {
    message.insert(message.end(), address.bytes.begin(),
                   address.bytes.begin() + static_cast<std::ptrdiff_t>(size));
  }
  for (const std::uint16_t port : {flow.sport(), flow.dport()}) {
    message.push_back(static_cast<std::uint8_t>(port >> 8));
    message.push_back(static_cast<std::uint8_t>(port & 0xff));
  }
  message.push_back(flow.protocol());
  return message;
}

TEST(SipHash, GivesThePublishedVectors) {
  std::vector<std::uint8_t> message;
  for (const std::uint64_t expected : kSip13Vectors) {
    EXPECT_EQ(siphash13(counting_key(), message), expected) << message.size();
    message.push_back(static_cast<std::uint8_t>(message.size()));
  }
}

TEST(SipHash, WithTwoAndFourRoundsGivesThePapersVectors) {
  std::vector<std::uint8_t> message;
  for (const std::uint64_t expected : kSip24Vectors) {
    EXPECT_EQ((siphash<2, 4>(counting_key(), message)), expected) << message.size();
    message.push_back(static_cast<std::uint8_t>(message.size()));
  }
}

// CPython 3.11 hashes bytes with SipHash-1-3; PYTHONHASHSEED=0 makes its key zero.
TEST(SipHash, GivesWhatCPythonGives) {
  const auto hash_of = [](const std::string& text) {
    return siphash13(SipKey(), {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  };
  EXPECT_EQ(hash_of("a"), 0x407448d2b89b1813u);
  EXPECT_EQ(hash_of("sleight"), 0xd08b70066c5d656cu);
  EXPECT_EQ(hash_of("abcdefgh"), 0x3f7b849c0b8e35eau);
  EXPECT_EQ(hash_of(std::string(100, 'x')), 0x12de6d6e12e5750cu);
}

TEST(SipHash, DoesNotReadBehindItsMessage) {
  for (std::size_t size = 1; size < 40; ++size) {
    const std::unique_ptr<std::uint8_t[]> exact(new std::uint8_t[size]());
    const std::vector<std::uint8_t> roomy(size + 16, 0);
    EXPECT_EQ(siphash13(counting_key(), {exact.get(), size}),
              siphash13(counting_key(), {roomy.data(), size}));
  }
}

TEST(FlowHash, GivesThePublishedVectors) {
  const auto vectors = golden_hashes();
  EXPECT_GE(vectors.size(), 60u);
  for (const GoldenHash& vector : vectors) {
    const std::uint64_t hash = hash_flow(vector.key, vector.flow);
    EXPECT_EQ(hash, vector.hash) << to_string(vector.flow);
    EXPECT_EQ(slot_of(hash, vector.slots), vector.slot) << to_string(vector.flow);
  }
}

TEST(FlowHash, IsTheHashOfTheMessage) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const FlowKey flow = random_flow(random, i % 2 == 0);
    const SipKey key{random(), random()};
    EXPECT_EQ(hash_flow(key, flow), siphash13(key, message_of(flow)));
  }
}

TEST(FlowHash, OfManyEqualsThatOfOneWithEveryWidth) {
  for_each_width([] {
    std::mt19937_64 random(2);
    for (std::size_t size = 0; size <= 70; ++size) {
      for (const unsigned percent_v4 : {0u, 10u, 50u, 90u, 100u}) {
        std::vector<FlowKey> flows;
        for (std::size_t i = 0; i < size; ++i) {
          flows.push_back(random_flow(random, random() % 100 < percent_v4));
        }
        std::vector<const FlowKey*> pointers;
        for (const FlowKey& flow : flows) pointers.push_back(&flow);
        std::vector<std::uint64_t> hashes(size);
        const SipKey key{random(), random()};
        hash_flows(key, pointers, hashes);
        for (std::size_t i = 0; i < size; ++i) {
          EXPECT_EQ(hashes[i], hash_flow(key, flows[i])) << i << " of " << size;
        }
      }
    }
  });
}

TEST(FlowHash, OfManyWritesNoMoreHashesThanFlows) {
  for_each_width([] {
    std::mt19937_64 random(3);
    const FlowKey flow = random_flow(random, true);
    for (std::size_t size = 0; size <= 20; ++size) {
      const std::vector<const FlowKey*> pointers(size, &flow);
      std::vector<std::uint64_t> hashes(32, 7);
      hash_flows(SipKey{1, 2}, pointers, hashes);
      for (std::size_t i = size; i < hashes.size(); ++i) EXPECT_EQ(hashes[i], 7u);
    }
  });
}

TEST(FlowHash, StartsWithTheWidestCodeThatTheCpuHas) { EXPECT_EQ(hash_width(), best_hash_width()); }

TEST(FlowHashDeathTest, RefusesTooFewPlacesForHashes) {
  const FlowKey flow;
  const std::array<const FlowKey*, 2> flows = {&flow, &flow};
  std::array<std::uint64_t, 1> hashes;
  EXPECT_DEATH(hash_flows(SipKey(), flows, hashes), "CHECK failed");
}

TEST(SlotOf, SpreadsHashesEvenlyAndStaysInTheTable) {
  EXPECT_EQ(slot_of(0, 256), 0u);
  EXPECT_EQ(slot_of(~std::uint64_t{0}, 256), 255u);
  EXPECT_EQ(slot_of(~std::uint64_t{0}, 1), 0u);
  constexpr std::uint32_t kSlots = 100;
  constexpr int kFlows = 100'000;
  std::array<int, kSlots> counts{};
  std::mt19937_64 random(4);
  for (int i = 0; i < kFlows; ++i) {
    ++counts.at(slot_of(hash_flow(SipKey{1, 2}, random_flow(random, true)), kSlots));
  }
  for (const int count : counts) EXPECT_NEAR(count, kFlows / kSlots, 200);
}

TEST(SipKey, ReadsThirtyTwoHexDigits) {
  EXPECT_EQ(*parse_sip_key("000102030405060708090a0b0c0d0e0f"), counting_key());
  EXPECT_EQ(*parse_sip_key("FFffFFffFFffFFffFFffFFffFFffFFff"), (SipKey{~0ull, ~0ull}));
}

TEST(SipKey, RefusesAnythingElseWithoutRepeatingIt) {
  const std::string good = "000102030405060708090a0b0c0d0e0f";
  std::vector<std::string> bad = {"", good.substr(1), good + "0", good + "\n"};
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char wrong : {'g', ' ', '-', '+', 'x'}) {
      bad.push_back(good);
      bad.back()[at] = wrong;
    }
  }
  for (const std::string& text : bad) {
    const auto key = parse_sip_key(text);
    ASSERT_FALSE(key) << text;
    if (text.empty()) continue;
    EXPECT_EQ(key.error().message.find(text), std::string::npos);
  }
}

}  // namespace
}  // namespace sleight::net
