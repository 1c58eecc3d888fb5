// SPDX-License-Identifier: BSD-2-Clause
#include "options.h"

#include <gtest/gtest.h>

#include <vector>

namespace sleight::main {
namespace {

Result<Options> parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "sleight");
  return parse_options(static_cast<int>(words.size()), words.data());
}

TEST(Options, name_the_configuration_in_either_form) {
  for (const auto& words : std::vector<std::vector<const char*>>{
           {"-c", "a.yaml"}, {"--config", "a.yaml"}, {"--config=a.yaml"}, {"-ca.yaml"}}) {
    const auto options = parsed(words);
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->config_file, "a.yaml");
    EXPECT_FALSE(options->check);
  }
}

TEST(Options, may_ask_for_a_check_only) {
  const auto options = parsed({"-c", "a.yaml", "--check"});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->check);
}

TEST(Options, need_no_configuration_for_help_and_version) {
  EXPECT_TRUE(parsed({"--help"})->help);
  EXPECT_TRUE(parsed({"-h"})->help);
  EXPECT_TRUE(parsed({"--version"})->version);
}

TEST(Options, are_refused_without_a_configuration) {
  const auto options = parsed({"--check"});
  ASSERT_FALSE(options);
  EXPECT_NE(options.error().message.find("-c FILE"), std::string::npos);
}

TEST(Options, are_refused_when_unknown_abbreviated_repeated_or_incomplete) {
  for (const auto& words : std::vector<std::vector<const char*>>{{"--nonsense"},
                                                                 {"--conf", "a.yaml"},
                                                                 {"-c", "a.yaml", "-c", "b.yaml"},
                                                                 {"-c"},
                                                                 {"a.yaml"},
                                                                 {"-c", "a.yaml", "more"}}) {
    EXPECT_FALSE(parsed(words)) << words.back();
  }
}

TEST(Usage, names_every_option) {
  for (const char* option : {"-c", "--config", "--check", "--version", "--help"}) {
    EXPECT_NE(usage().find(option), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace sleight::main
