// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>

namespace sleight::log {
namespace {

struct LevelName {
  Level level;
  std::string_view name;
  spdlog::level::level_enum spdlog_level;
};

constexpr std::array kLevels = {
    LevelName{Level::kDebug, "debug", spdlog::level::debug},
    LevelName{Level::kInfo, "info", spdlog::level::info},
    LevelName{Level::kWarn, "warn", spdlog::level::warn},
    LevelName{Level::kError, "error", spdlog::level::err},
};

const LevelName& row_of(Level level) { return kLevels[static_cast<std::size_t>(level)]; }

spdlog::logger& sink() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = spdlog::stderr_logger_mt("sleight");
    made->set_pattern("time=%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *logger;
}

void append_value(std::string& line, std::string_view value) {
  if (!value.empty() && value.find_first_of(" \t\r\n\"=\\") == std::string_view::npos) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : value) {
    if (c == '\n') {
      line += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') line += '\\';
    line += c;
  }
  line += '"';
}

}  // namespace

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  const LevelName& row = row_of(level);
  if (!sink().should_log(row.spdlog_level)) return;
  std::string line = "level=";
  line += row.name;
  line += " event=";
  append_value(line, event);
  for (const Field& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    append_value(line, field.value);
  }
  sink().log(row.spdlog_level, spdlog::string_view_t(line.data(), line.size()));
}

void set_level(Level level) { sink().set_level(row_of(level).spdlog_level); }

Result<Level> parse_level(std::string_view text) {
  for (const LevelName& row : kLevels) {
    if (row.name == text) return row.level;
  }
  return Error{"log level '" + std::string(text) + "': expected debug, info, warn or error"};
}

}  // namespace sleight::log
