// SPDX-License-Identifier: BSD-2-Clause
#include "report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sleight::config {

void Report::add(unsigned line, std::string key, std::string message) {
  if (problems_.size() == kMaxProblems) {
    ++left_out_;
    return;
  }
  problems_.push_back({line, std::move(key), std::move(message)});
}

bool Report::has_problem_at(std::string_view key) const {
  return std::any_of(problems_.begin(), problems_.end(), [key](const Problem& problem) {
    const std::string_view at = problem.key;
    if (!at.starts_with(key)) return false;
    return at.size() == key.size() || at[key.size()] == '.' || at[key.size()] == '[';
  });
}

std::vector<Problem> Report::take() {
  std::stable_sort(
      problems_.begin(), problems_.end(),
      [](const Problem& left, const Problem& right) { return left.line < right.line; });
  if (left_out_ > 0) {
    problems_.push_back({0, "", fmt::format("{} more problems are not shown", left_out_)});
  }
  return std::move(problems_);
}

}  // namespace sleight::config
