// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "report.h"
#include "yaml_tree.h"

namespace sleight::config {

// One step from a value to a value inside it.
struct Step {
  Step(const char* mapping_key) : key(mapping_key) {}
  Step(std::size_t list_index) : index(list_index) {}

  std::string_view key;  // empty: `index`
  std::size_t index = 0;
};

using Steps = std::initializer_list<Step>;

// Finds the way back from a Config to its file.
class Locator {
 public:
  Locator(const Value& root, Report& report) : root_(root), report_(report) {}

  Report& report() { return report_; }
  const Value* find(Steps steps) const;  // null when the file does not have it
  // Of the value, or of the innermost one around it that the file has.
  unsigned line_of(Steps steps) const;
  void problem(Steps steps, std::string message);

 private:
  const Value& root_;
  Report& report_;
};

// Reports each value that comes a second time.
template <typename T>
class Once {
 public:
  explicit Once(Locator& locator) : locator_(locator) {}

  void add(const T& value, Steps steps, const std::string& shown,
           const std::string& expected = "one that is unique") {
    const auto [first, is_new] = lines_.try_emplace(value, locator_.line_of(steps));
    if (is_new) return;
    locator_.problem(steps, shown + " is given twice, first on line " +
                                std::to_string(first->second) + ", expected " + expected);
  }

 private:
  Locator& locator_;
  std::map<T, unsigned> lines_;
};

}  // namespace sleight::config
