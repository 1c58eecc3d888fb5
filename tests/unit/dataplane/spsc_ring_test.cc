// SPDX-License-Identifier: BSD-2-Clause
#include "spsc_ring.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <thread>

namespace sleight::dataplane {
namespace {

TEST(SpscRing, gives_values_back_in_order) {
  SpscRing<std::uint64_t> ring(8);
  for (std::uint64_t i = 0; i < 5; ++i) EXPECT_TRUE(ring.push(i));
  std::array<std::uint64_t, 8> values{};
  ASSERT_EQ(ring.pop(values), 5u);
  for (std::uint64_t i = 0; i < 5; ++i) EXPECT_EQ(values[i], i);
  EXPECT_TRUE(ring.empty());
}

TEST(SpscRing, refuses_what_does_not_fit) {
  SpscRing<std::uint64_t> ring(8);
  for (std::uint64_t i = 0; i < 7; ++i) EXPECT_TRUE(ring.push(i));
  EXPECT_FALSE(ring.push(7));
  std::uint64_t value = 0;
  EXPECT_EQ(ring.pop({&value, 1}), 1u);
  EXPECT_TRUE(ring.push(7));
}

TEST(SpscRing, loses_nothing_between_two_threads) {
  constexpr std::uint64_t kCount = 200'000;
  SpscRing<std::uint64_t> ring(64);
  std::thread producer([&ring] {
    for (std::uint64_t i = 0; i < kCount; ++i) {
      while (!ring.push(i)) std::this_thread::yield();
    }
  });
  std::array<std::uint64_t, 32> values{};
  std::uint64_t next = 0;
  while (next < kCount) {
    const unsigned count = ring.pop(values);
    if (count == 0) std::this_thread::yield();
    for (unsigned i = 0; i < count; ++i) ASSERT_EQ(values[i], next++);
  }
  producer.join();
}

}  // namespace
}  // namespace sleight::dataplane
