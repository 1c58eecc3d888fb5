// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report.h"

namespace sleight::config {

// kRefused: an alias, which is in the report already.
enum class ValueKind : std::uint8_t { kNothing, kText, kList, kMapping, kRefused };

// A YAML value that remembers its line: what this program needs of YAML and no more.
struct Value {
  struct Key {
    std::string text;
    unsigned line = 0;
  };

  ValueKind kind = ValueKind::kNothing;
  unsigned line = 0;         // 1-based
  std::string text;          // kText
  std::vector<Value> items;  // kList; kMapping: the values
  std::vector<Key> keys;     // kMapping: as many as items, no two equal

  const Value* find(std::string_view key) const;
};

inline constexpr std::size_t kMaxValues = 1'000'000;
inline constexpr std::size_t kMaxKeys = 64;  // of one mapping

// Nothing when the text cannot be read as YAML at all, or asks for more than it may
// cost: then the reason is in the report. Aliases, anchors, tags and duplicate keys are
// reported and left out. Never throws.
std::optional<Value> parse_yaml(std::string_view text, Report& report);

}  // namespace sleight::config
