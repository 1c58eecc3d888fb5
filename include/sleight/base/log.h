// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "sleight/base/result.h"

namespace sleight::log {

enum class Level { kDebug, kInfo, kWarn, kError };

// One `key=value` of a log line; the value is quoted when it holds a blank or a quote.
struct Field {
  std::string_view key;
  std::string value;
};

// One event = one line on stderr: `level=info event=drain_started pool=caches host=h2`.
// Any thread but a worker (workers count, they do not log). Never throws.
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});

inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::kDebug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::kInfo, event, fields);
}
inline void warn(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::kWarn, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::kError, event, fields);
}

void set_level(Level level);
Result<Level> parse_level(std::string_view text);

}  // namespace sleight::log
