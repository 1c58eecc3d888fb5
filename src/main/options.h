// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "sleight/base/result.h"

namespace sleight::main {

struct Options {
  std::string config_file;
  bool check = false;
  bool version = false;
  bool help = false;
};

// An error where the command line is not one of usage().
Result<Options> parse_options(int argc, const char* const* argv);

std::string usage();

}  // namespace sleight::main
