// SPDX-License-Identifier: BSD-2-Clause
#include "src/oracle/libbpf_log.h"

#include <gtest/gtest.h>

namespace sleight::oracle {
namespace {

TEST(LibbpfLogTest, HoldsItsWarningsOnOneLine) {
  const LibbpfLog log;
  EXPECT_EQ(log.summary(), "");
  EXPECT_EQ(bpf_object__open_file("/nonexistent.o", nullptr), nullptr);
  EXPECT_EQ(bpf_object__open_file("/nonexistent.o", nullptr), nullptr);
  const std::string text = log.summary();
  EXPECT_NE(text.find("nonexistent.o"), std::string::npos);
  EXPECT_NE(text.find(" | "), std::string::npos);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_FALSE(text.ends_with(" | "));
}

TEST(LibbpfLogTest, KeepsTheEndOfALongOne) {
  const LibbpfLog log;
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(bpf_object__open_file("/nonexistent.o", nullptr), nullptr);
  }
  EXPECT_LT(log.summary().size(), 500U);
  EXPECT_TRUE(log.summary().starts_with("..."));
}

TEST(LibbpfLogTest, GivesThePrinterBack) {
  const auto silent = [](libbpf_print_level, const char*, va_list) { return 0; };
  const libbpf_print_fn_t before = libbpf_set_print(silent);
  { const LibbpfLog log; }
  EXPECT_EQ(libbpf_set_print(before), static_cast<libbpf_print_fn_t>(silent));
}

}  // namespace
}  // namespace sleight::oracle
