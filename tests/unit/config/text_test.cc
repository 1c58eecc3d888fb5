// SPDX-License-Identifier: BSD-2-Clause
#include "text.h"

#include <gtest/gtest.h>

#include <array>

namespace sleight::config {
namespace {

constexpr std::array<std::string_view, 4> kKeys = {"hosts", "hash_key", "slots", "id"};

TEST(Nearest, FindsTheSlipOfAFinger) {
  EXPECT_EQ(nearest("host", kKeys), "hosts");
  EXPECT_EQ(nearest("haskey", kKeys), "hash_key");
  EXPECT_EQ(nearest("solts", kKeys), std::nullopt);
  EXPECT_EQ(nearest("slot", kKeys), "slots");
  EXPECT_EQ(nearest("ids", kKeys), "id");
}

TEST(Nearest, DoesNotGuess) {
  EXPECT_EQ(nearest("weight", kKeys), std::nullopt);
  EXPECT_EQ(nearest("", kKeys), std::nullopt);
  EXPECT_EQ(nearest("slots", {}), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 's'), kKeys), std::nullopt);
}

TEST(OneOf, ReadsAsASentence) {
  EXPECT_EQ(one_of({}), "");
  EXPECT_EQ(one_of(std::span(kKeys).first(1)), "hosts");
  EXPECT_EQ(one_of(std::span(kKeys).first(2)), "hosts or hash_key");
  EXPECT_EQ(one_of(kKeys), "hosts, hash_key, slots or id");
}

TEST(Printable, ShowsNothingThatATerminalActsUpon) {
  EXPECT_EQ(printable("a b~"), "a b~");
  EXPECT_EQ(printable("\x1b[2J\n\x7f"), "\\x1b[2J\\x0a\\x7f");
  EXPECT_EQ(printable("\xc3\xa4"), "\\xc3\\xa4");
}

TEST(Printable, CutsWhatIsTooLong) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdefg", 6), "abcdef...");
  EXPECT_EQ(in_quotes("abcdefg", 6), "'abcdef...'");
}

}  // namespace
}  // namespace sleight::config
