// SPDX-License-Identifier: BSD-2-Clause
#include "help.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace sleight::ctl {
namespace {

TEST(HelpTest, ASynopsisNamesArgumentsAndOptions) {
  EXPECT_EQ(synopsis(admin::kCommands[1]), "host drain HOST [--pool POOL] [--force]");
}

TEST(HelpTest, EveryCommandIsInTheHelp) {
  const std::string text = help_text();
  for (const admin::Command& command : admin::kCommands) {
    EXPECT_NE(text.find("  " + synopsis(command) + " "), std::string::npos) << synopsis(command);
    EXPECT_NE(text.find(command.help), std::string::npos) << command.help;
  }
}

TEST(HelpTest, EveryCommandHasItsHeadingInTheDocumentation) {
  std::ifstream file(SLEIGHT_ADMIN_PAGE);
  std::stringstream page;
  page << file.rdbuf();
  for (const admin::Command& command : admin::kCommands) {
    EXPECT_NE(page.str().find("### `" + synopsis(command) + "`\n"), std::string::npos)
        << synopsis(command);
  }
}

}  // namespace
}  // namespace sleight::ctl
