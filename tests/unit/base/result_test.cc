// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace sleight {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error{std::to_string(number) + " is odd"};
  return number / 2;
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_TRUE(half(4));
  EXPECT_EQ(*half(4), 2);
  EXPECT_FALSE(half(3));
  EXPECT_EQ(half(3).error().message, "3 is odd");
}

TEST(Result, MovesItsValueOut) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = *std::move(made);
  EXPECT_EQ(*taken, 7);
}

TEST(Result, OfNothingIsSuccessOrError) {
  EXPECT_TRUE(Result<void>());
  EXPECT_EQ(Result<void>(Error{"no"}).error().message, "no");
}

TEST(Error, TakesContextInFront) {
  EXPECT_EQ(Error{"no such file"}.context("hash key").message, "hash key: no such file");
}

TEST(ResultDeathTest, ValueOfAnErrorIsOurBug) {
  EXPECT_DEATH((void)half(3).value(), "CHECK failed: has_value\\(\\)");
}

}  // namespace
}  // namespace sleight
