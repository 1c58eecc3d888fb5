// SPDX-License-Identifier: BSD-2-Clause
#include "help.h"

#include <algorithm>
#include <cctype>

#include "text_table.h"

namespace sleight::ctl {
namespace {

std::string in_capitals(std::string_view name) {
  std::string capitals(name);
  std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return capitals;
}

}  // namespace

std::string synopsis(const admin::Command& command) {
  std::string text = full_name(command);
  for (const admin::Parameter& argument : command.arguments) {
    text += " " + in_capitals(argument.name);
  }
  for (const admin::Parameter& option : command.options) {
    text += " [--" + std::string(option.name);
    if (option.kind != admin::ValueKind::kFlag) text += " " + in_capitals(option.name);
    text += "]";
  }
  return text;
}

std::string help_text() {
  TextTable commands({});
  for (const admin::Command& command : admin::kCommands) {
    commands.add({"  " + synopsis(command), std::string(command.help)});
  }
  return "usage: sleightctl [-s SOCKET] [-j] NOUN VERB [ARGUMENTS] [OPTIONS]\n"
         "\n"
         "  -s, --socket SOCKET  admin socket of the service (" +
         std::string(admin::kDefaultSocket) +
         ")\n"
         "  -j, --json           print the result as one line of JSON\n"
         "  -h, --help           print this\n"
         "\n"
         "commands:\n" +
         commands.text() +
         "\n"
         "exit codes: 0 done, 1 refused or failed, 2 wrong usage\n";
}

}  // namespace sleight::ctl
