// SPDX-License-Identifier: BSD-2-Clause
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

#include "node.h"
#include "options.h"
#include "sleight/base/log.h"
#include "sleight/config/load.h"

namespace {

using sleight::main::Options;

enum ExitCode { kDone = 0, kRuntimeFailure = 1, kUsage = 2, kInvalidConfig = 3 };

int refuse(const std::string& file, const sleight::config::LoadResult& loaded) {
  for (const auto& problem : loaded.problems) {
    std::fprintf(stderr, "%s\n", sleight::config::to_string(file, problem).c_str());
  }
  return kInvalidConfig;
}

int run(const Options& options) {
  const auto loaded =
      sleight::config::load_file(options.config_file, sleight::config::Purpose::kService);
  if (!loaded.ok()) return refuse(options.config_file, loaded);
  if (options.check) {
    std::printf("%s: valid\n", options.config_file.c_str());
    return kDone;
  }
  sleight::log::set_level(loaded.config.log_level);
  // A client or log reader that goes away is no reason to go as well.
  std::signal(SIGPIPE, SIG_IGN);
  const auto ended = sleight::main::run_node(loaded.config);
  if (ended) return kDone;
  sleight::log::error("failed", {{"message", ended.error().message}});
  return kRuntimeFailure;
}

int dispatch(int argc, char** argv) {
  const auto options = sleight::main::parse_options(argc, argv);
  if (!options) {
    std::fprintf(stderr, "sleight: %s\n\n%s", options.error().message.c_str(),
                 sleight::main::usage().c_str());
    return kUsage;
  }
  if (options->help) {
    std::printf("%s", sleight::main::usage().c_str());
    return kDone;
  }
  if (options->version) {
    std::printf("sleight %s\n", SLEIGHT_VERSION);
    return kDone;
  }
  return run(*options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const std::exception& unexpected) {
    std::fprintf(stderr, "sleight: %s\n", unexpected.what());
    return kRuntimeFailure;
  }
}
