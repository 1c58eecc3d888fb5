// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/base/log.h"

#include <gtest/gtest.h>

namespace sleight::log {
namespace {

std::string logged(Level level, std::string_view event, const std::string& value) {
  testing::internal::CaptureStderr();
  write(level, event, {{"value", value}});
  return testing::internal::GetCapturedStderr();
}

TEST(Log, WritesOneLineOfKeyValuePairs) {
  const std::string line = logged(Level::kInfo, "drain_started", "h2");
  EXPECT_NE(line.find("level=info event=drain_started value=h2\n"), std::string::npos) << line;
  EXPECT_EQ(line.substr(0, 5), "time=");
}

TEST(Log, QuotesWhatWouldBreakTheLine) {
  EXPECT_NE(logged(Level::kWarn, "x", "a b").find("value=\"a b\""), std::string::npos);
  EXPECT_NE(logged(Level::kWarn, "x", "say \"hi\"").find(R"(value="say \"hi\"")"),
            std::string::npos);
  EXPECT_NE(logged(Level::kWarn, "x", "a\nb").find("value=\"a\\nb\""), std::string::npos);
  EXPECT_NE(logged(Level::kWarn, "x", "").find("value=\"\""), std::string::npos);
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  set_level(Level::kWarn);
  EXPECT_EQ(logged(Level::kInfo, "x", "y"), "");
  set_level(Level::kInfo);
  EXPECT_NE(logged(Level::kInfo, "x", "y"), "");
}

TEST(Log, ReadsItsLevelNames) {
  EXPECT_EQ(*parse_level("debug"), Level::kDebug);
  EXPECT_EQ(*parse_level("error"), Level::kError);
  EXPECT_FALSE(parse_level("loud"));
}

}  // namespace
}  // namespace sleight::log
