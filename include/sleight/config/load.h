// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sleight/base/result.h"
#include "sleight/config/config.h"

namespace sleight::config {

// One thing that is wrong with a file.
struct Problem {
  unsigned line = 0;    // 1-based; 0: the file as a whole
  std::string key;      // "pools[0].hosts[2].weight"; empty: the file as a whole
  std::string message;  // what was found, what was expected

  friend bool operator==(const Problem&, const Problem&) = default;
};

// "sleight.yaml:12: pools[0].slots: 0 given, expected 1 to 65536".
std::string to_string(const std::string& file, const Problem& problem);

// Either a config or all that is wrong, in the order of the file.
struct LoadResult {
  Config config;                  // meaningful only when ok()
  std::vector<Problem> problems;  // empty: ok

  bool ok() const { return problems.empty(); }
};

// What a file may be loaded for. The service needs all of it. Replay takes its role from
// elsewhere and has no machine: node, roles and ports may be left out and the roles ask
// for nothing; of the ports it needs the fabrics; eal and admin are not looked at.
enum class Purpose : std::uint8_t { kService, kReplay };

// Limits on what a stranger's YAML may cost.
inline constexpr std::size_t kMaxFileBytes = 16u << 20;
inline constexpr int kMaxDepth = 16;

// Parses and validates; never throws. `base_dir` is where relative `file:` references
// start. Aliases, anchors, tags, several documents and duplicate keys are refused. Some
// 0.5 s for 10,000 VIPs with a service each.
LoadResult load_text(std::string_view yaml, const std::string& base_dir, Purpose purpose);

LoadResult load_file(const std::string& path, Purpose purpose);

}  // namespace sleight::config
