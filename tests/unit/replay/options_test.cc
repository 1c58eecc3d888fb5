// SPDX-License-Identifier: BSD-2-Clause
#include "options.h"

#include <gtest/gtest.h>

namespace sleight::replay {
namespace {

Result<Options> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "sleight-replay");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

std::vector<const char*> least(std::vector<const char*> more = {}) {
  std::vector<const char*> arguments{"-c", "n.yaml", "--role", "host",       "--in",
                                     "a",  "--out",  "b",      "--verdicts", "v.jsonl"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(ReplayOptions, FiveAreEnough) {
  const auto options = parse(least());
  ASSERT_TRUE(options);
  EXPECT_EQ(options->config, "n.yaml");
  EXPECT_EQ(options->role, Role::kHost);
  EXPECT_EQ(options->verdicts, "v.jsonl");
  EXPECT_FALSE(options->sockets);
  EXPECT_TRUE(options->tables.empty());
  EXPECT_FALSE(options->port_mac);
}

TEST(ReplayOptions, TheRestIsTakenAsGiven) {
  const auto options =
      parse(least({"--sockets", "s", "--table", "t1", "--table", "t2", "--port-mac",
                   "00:00:5e:00:53:aa", "--kernel-mac", "00:00:5e:00:53:bb", "--fabric", "15"}));
  ASSERT_TRUE(options);
  EXPECT_EQ(options->sockets, "s");
  EXPECT_EQ(options->tables, (std::vector<std::string>{"t1", "t2"}));
  EXPECT_EQ(net::to_string(options->port_mac.value()), "00:00:5e:00:53:aa");
  EXPECT_EQ(net::to_string(options->kernel_mac.value()), "00:00:5e:00:53:bb");
  EXPECT_EQ(options->fabric, 15);
}

TEST(ReplayOptions, HelpNeedsNothingElse) {
  const auto options = parse({"--help"});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->help);
  EXPECT_NE(usage().find("--verdicts"), std::string::npos);
}

TEST(ReplayOptions, RefusesWhatItDoesNotUnderstand) {
  EXPECT_FALSE(parse({"-c", "n.yaml"}));
  EXPECT_FALSE(parse(least({"--colour"})));
  EXPECT_FALSE(parse(least({"stray"})));
  EXPECT_FALSE(parse(least({"--fabric", "16"})));
  EXPECT_FALSE(parse(least({"--fabric", "many"})));
  EXPECT_FALSE(parse(least({"--port-mac", "here"})));
  EXPECT_FALSE(parse(least({"--port-mac", "ff:ff:ff:ff:ff:ff"})));
  auto controller = least();
  controller[3] = "controller";
  EXPECT_FALSE(parse(controller));
}

}  // namespace
}  // namespace sleight::replay
