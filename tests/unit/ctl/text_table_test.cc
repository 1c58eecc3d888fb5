// SPDX-License-Identifier: BSD-2-Clause
#include "text_table.h"

#include <gtest/gtest.h>

namespace sleight::ctl {
namespace {

TEST(TextTableTest, ColumnsFitTheirContentAndNumbersStandRight) {
  TextTable table({"HOST", "FLOWS", "STATE"});
  table.add({"h1", "7", "active"});
  table.add({"cache-12", "1234567", "draining"});
  table.add({"h3", "-", "dead"});
  EXPECT_EQ(table.text(),
            "HOST        FLOWS  STATE\n"
            "h1              7  active\n"
            "cache-12  1234567  draining\n"
            "h3              -  dead\n");
}

TEST(TextTableTest, WithoutHeaderThereIsNoHeadingLine) {
  TextTable table({});
  table.add({"flow", "tcp"});
  table.add({"verdict", "drop"});
  EXPECT_EQ(table.text(), "flow     tcp\nverdict  drop\n");
}

TEST(TextTableTest, WidthsCountCharactersAndNotBytes) {
  TextTable table({});
  table.add({"é", "a"});
  table.add({"ee", "b"});
  EXPECT_EQ(table.text(), "é   a\nee  b\n");
}

TEST(TextTableTest, NoLineEndsInBlanks) {
  TextTable table({"A", "B"});
  table.add({"x", ""});
  EXPECT_EQ(table.text(), "A  B\nx\n");
}

}  // namespace
}  // namespace sleight::ctl
