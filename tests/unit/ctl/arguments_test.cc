// SPDX-License-Identifier: BSD-2-Clause
#include "arguments.h"

#include <gtest/gtest.h>

#include <vector>

namespace sleight::ctl {
namespace {

using nlohmann::json;

Result<Invocation> parse(std::vector<std::string_view> words) { return parse_arguments(words); }

std::string problem(std::vector<std::string_view> words) {
  const auto result = parse(std::move(words));
  return result ? "" : result.error().message;
}

TEST(ArgumentsTest, ACommandBecomesARequest) {
  const auto made = parse({"host", "drain", "h2", "--pool", "caches", "--force"});
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(full_name(*made->command), "host drain");
  EXPECT_EQ(made->args, (json{{"host", "h2"}, {"pool", "caches"}, {"force", true}}));
  EXPECT_EQ(made->socket, "/run/sleight/admin.sock");
  EXPECT_FALSE(made->as_json);
}

TEST(ArgumentsTest, OptionsMayStandAnywhere) {
  const auto made = parse({"-s", "/tmp/a", "host", "--pool=caches", "drain", "-j", "h2"});
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->args, (json{{"host", "h2"}, {"pool", "caches"}}));
  EXPECT_EQ(made->socket, "/tmp/a");
  EXPECT_TRUE(made->as_json);
}

TEST(ArgumentsTest, PortsBecomeNumbers) {
  const auto made = parse({"flow", "show", "tcp", "198.51.100.7", "40000", "203.0.113.10", "80"});
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->args["sport"], 40000);
  EXPECT_EQ(made->args["dport"], 80);
}

TEST(ArgumentsTest, ANounMayStandAlone) {
  EXPECT_EQ(full_name(*parse({"version"}).value().command), "version");
}

TEST(ArgumentsTest, HelpNeedsNoCommand) {
  EXPECT_TRUE(parse({"help"}).value().help);
  EXPECT_TRUE(parse({"host", "drain", "--help"}).value().help);
  EXPECT_TRUE(parse({"-h"}).value().help);
}

TEST(ArgumentsTest, EachMistakeIsNamed) {
  const std::vector<std::pair<std::vector<std::string_view>, std::string>> cases{
      {{}, "no command"},
      {{"hots", "list"}, "no command 'hots'"},
      {{"host"}, "needs one of: list, drain"},
      {{"host", "explode"}, "has no 'explode', only: list, drain"},
      {{"host", "drain"}, "'host' is missing"},
      {{"host", "drain", "h1", "h2"}, "'h2' is one argument too many"},
      {{"host", "drain", "h1", "--pool"}, "needs a value"},
      {{"host", "drain", "h1", "--force=yes"}, "takes no value"},
      {{"host", "drain", "h1", "--bogus"}, "no option '--bogus'"},
      {{"host", "list", "--force"}, "`host list` has no option '--force'"},
      {{"version", "-x"}, "no option '-x'"},
      {{"version", "-s"}, "needs the path"},
      {{"flow", "show", "tcp", "a", "65536", "b", "80"}, "'65536' is no port"},
      {{"flow", "show", "tcp", "a", "8o", "b", "80"}, "'8o' is no port"},
  };
  for (const auto& [words, expected] : cases) {
    EXPECT_NE(problem(words).find(expected), std::string::npos)
        << "expected: " << expected << "\n   found: " << problem(words);
  }
}

}  // namespace
}  // namespace sleight::ctl
