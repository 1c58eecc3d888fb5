// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/fwd/seen_steer_macs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace sleight::fwd {
namespace {

std::vector<std::uint64_t> pending_of(const SeenSteerMacs& seen) {
  return {seen.pending().begin(), seen.pending().end()};
}

TEST(SeenSteerMacs, NotesAnAddressOnceASecond) {
  SeenSteerMacs seen;
  seen.start_second(1);
  seen.note(0xabc);
  seen.note(0xabc);
  EXPECT_EQ(pending_of(seen), std::vector<std::uint64_t>{0xabc});
  seen.clear_pending();
  seen.note(0xabc);
  EXPECT_TRUE(seen.pending().empty());
  seen.start_second(2);
  seen.note(0xabc);
  EXPECT_EQ(pending_of(seen), std::vector<std::uint64_t>{0xabc});
}

TEST(SeenSteerMacs, NotesAddressesInTheOrderOfTheirArrival) {
  SeenSteerMacs seen;
  for (const std::uint64_t mac : {3u, 1u, 2u, 1u, 3u}) seen.note(mac);
  EXPECT_EQ(pending_of(seen), (std::vector<std::uint64_t>{3, 1, 2}));
}

TEST(SeenSteerMacs, WhatDoesNotFitIsNotedWhenItComesAgain) {
  SeenSteerMacs seen;
  for (std::uint64_t mac = 1; mac <= 3 * SeenSteerMacs::kMaxPending; ++mac) seen.note(mac);
  ASSERT_EQ(seen.pending().size(), SeenSteerMacs::kMaxPending);
  seen.clear_pending();
  seen.note(3 * SeenSteerMacs::kMaxPending);
  EXPECT_EQ(pending_of(seen), std::vector<std::uint64_t>{3 * SeenSteerMacs::kMaxPending});
}

TEST(SeenSteerMacs, NeverForgetsAnAddressThatSharesACell) {
  SeenSteerMacs seen;
  // More addresses than cells, so many share one.
  for (std::uint64_t mac = 1; mac <= 4 * SeenSteerMacs::kCells; ++mac) {
    seen.clear_pending();
    seen.note(mac << 12);
    ASSERT_EQ(pending_of(seen), std::vector<std::uint64_t>{mac << 12});
  }
}

}  // namespace
}  // namespace sleight::fwd
