// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sleight/config/load.h"

namespace sleight::config {

// Collects what is wrong with a file. The first kMaxProblems are kept, the rest is
// counted, so that a hostile file cannot make a report without end.
class Report {
 public:
  static constexpr std::size_t kMaxProblems = 1000;

  void add(unsigned line, std::string key, std::string message);

  // Whether `key` or something below it has a problem already.
  bool has_problem_at(std::string_view key) const;

  // In the order of the file.
  std::vector<Problem> take();

 private:
  std::vector<Problem> problems_;
  std::size_t left_out_ = 0;
};

}  // namespace sleight::config
