// SPDX-License-Identifier: BSD-2-Clause
#include "text_table.h"

#include <algorithm>

namespace sleight::ctl {
namespace {

constexpr std::size_t kGap = 2;

std::size_t width_of(const std::string& cell) {
  return static_cast<std::size_t>(std::count_if(cell.begin(), cell.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

bool is_number(const std::string& cell) {
  return cell == "-" || (!cell.empty() && std::all_of(cell.begin(), cell.end(), [](char c) {
           return (c >= '0' && c <= '9') || c == '.';
         }));
}

struct Column {
  std::size_t width = 0;
  bool right = true;
};

void append(std::string& line, const std::string& cell, const Column& column, bool last) {
  const std::string padding(column.width - width_of(cell), ' ');
  if (column.right) line += padding;
  line += cell;
  if (!column.right && !last) line += padding;
  if (!last) line.append(kGap, ' ');
}

std::string line_of(const TextTable::Row& row, const std::vector<Column>& columns) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    append(line, row[i], columns[i], i + 1 == row.size());
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string TextTable::text() const {
  std::vector<Column> columns(header_.size());
  for (std::size_t i = 0; i < header_.size(); ++i) columns[i].width = width_of(header_[i]);
  for (const Row& row : rows_) {
    columns.resize(std::max(columns.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      columns[i].width = std::max(columns[i].width, width_of(row[i]));
      columns[i].right = columns[i].right && is_number(row[i]);
    }
  }
  std::string text;
  if (!header_.empty()) text += line_of(header_, columns);
  for (const Row& row : rows_) text += line_of(row, columns);
  return text;
}

}  // namespace sleight::ctl
