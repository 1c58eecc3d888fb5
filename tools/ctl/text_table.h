// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

namespace sleight::ctl {

// Columns as wide as their content, two blanks apart; a column of numbers ("-" for none)
// is aligned to the right. Widths count UTF-8 characters.
class TextTable {
 public:
  using Row = std::vector<std::string>;

  // `header` may be empty: no heading line.
  explicit TextTable(Row header) : header_(std::move(header)) {}

  void add(Row row) { rows_.push_back(std::move(row)); }
  std::string text() const;

 private:
  Row header_;
  std::vector<Row> rows_;
};

}  // namespace sleight::ctl
