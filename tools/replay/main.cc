// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/core.h>

#include <cstdio>
#include <utility>

#include "options.h"
#include "run.h"
#include "setup.h"
#include "sleight/config/load.h"

namespace sleight::replay {
namespace {

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kInvalidConfig = 3;

int complain(int code, const std::string& message) {
  fmt::print(stderr, "sleight-replay: {}\n", message);
  return code;
}

int main(int argc, char** argv) {
  const Result<Options> options = parse_options(argc, argv);
  if (!options) return complain(kUsage, options.error().message + "; --help shows the usage");
  if (options->help) {
    fmt::print("{}", usage());
    return kOk;
  }
  config::LoadResult loaded = config::load_file(options->config, config::Purpose::kReplay);
  for (const config::Problem& problem : loaded.problems) {
    complain(kInvalidConfig, config::to_string(options->config, problem));
  }
  if (!loaded.ok()) return kInvalidConfig;
  const std::vector<std::string> missing = missing_for(loaded.config, options->role);
  for (const std::string& message : missing) {
    complain(kInvalidConfig, fmt::format("{}: {}", options->config, message));
  }
  if (!missing.empty()) return kInvalidConfig;
  const Result<void> result = run(*options, std::move(loaded.config));
  return result ? kOk : complain(kFailed, result.error().message);
}

}  // namespace
}  // namespace sleight::replay

int main(int argc, char** argv) { return sleight::replay::main(argc, argv); }
