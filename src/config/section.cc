// SPDX-License-Identifier: BSD-2-Clause
#include "section.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "sleight/base/duration.h"
#include "text.h"

namespace sleight::config {
namespace {

constexpr std::size_t kLongestName = 63;
constexpr std::string_view kExpectedName = "a name of 1 to 63 letters, digits, '-', '_' and '.'";

std::string given(const Value& value) {
  switch (value.kind) {
    case ValueKind::kNothing:
    case ValueKind::kRefused:
      return "nothing";
    case ValueKind::kText:
      return in_quotes(value.text);
    case ValueKind::kList:
      return "a list";
    case ValueKind::kMapping:
      return "a mapping";
  }
  return "nothing";
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

bool is_control_character(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }

}  // namespace

std::string path_of(const Place& place) {
  if (place.parent == nullptr) return "";
  const std::string parent = path_of(*place.parent);
  if (place.parent->value->kind == ValueKind::kList) {
    return fmt::format("{}[{}]", parent, place.index);
  }
  return (parent.empty() ? "" : parent + ".") + printable(place.key);
}

void report_mismatch(const Place& place, Report& report, std::string_view expected) {
  if (place.value->kind == ValueKind::kRefused) return;
  report.add(place.value->line, path_of(place),
             fmt::format("{} given, expected {}", given(*place.value), expected));
}

std::optional<std::string> read_text(const Place& place, Report& report,
                                     std::string_view expected) {
  const Value& value = *place.value;
  const bool fits = value.kind == ValueKind::kText &&
                    std::none_of(value.text.begin(), value.text.end(), is_control_character);
  if (fits) return value.text;
  report_mismatch(place, report, expected);
  return std::nullopt;
}

std::optional<std::uint64_t> parse_number(std::string_view digits) {
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, code] = std::from_chars(digits.data(), end, number);
  if (code != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> read_number(const Place& place, Report& report, Limits limits) {
  if (place.value->kind == ValueKind::kText) {
    const auto number = parse_number(place.value->text);
    if (number && *number >= limits.min && *number <= limits.max) return number;
  }
  report_mismatch(place, report, fmt::format("a number from {} to {}", limits.min, limits.max));
  return std::nullopt;
}

std::optional<std::string> read_name(const Place& place, Report& report) {
  const std::string& text = place.value->text;
  const bool fits = place.value->kind == ValueKind::kText && !text.empty() &&
                    text.size() <= kLongestName &&
                    std::all_of(text.begin(), text.end(), is_name_character);
  if (fits) return text;
  report_mismatch(place, report, kExpectedName);
  return std::nullopt;
}

Section::Section(const Place& place, Report& report, std::string_view expected)
    : place_(place), report_(report), is_mapping_(place.value->kind == ValueKind::kMapping) {
  if (!is_mapping_) report_mismatch(place, report, expected);
}

void Section::name(std::string_view key, std::string& out, Presence presence) {
  const auto place = find(key, presence, kExpectedName);
  if (!place) return;
  if (auto name = read_name(*place, report_)) out = std::move(*name);
}

void Section::text(std::string_view key, std::string& out, Presence presence,
                   std::string_view expected) {
  const auto place = find(key, presence, expected);
  if (!place) return;
  auto text = read_text(*place, report_, expected);
  if (!text) return;
  if (text->empty() && presence == Presence::kRequired) {
    report_mismatch(*place, report_, expected);
    return;
  }
  out = std::move(*text);
}

void Section::absolute_path(std::string_view key, std::string& out, std::size_t max_length) {
  const std::string expected =
      fmt::format("a path that starts with / and has at most {} bytes", max_length);
  const auto place = find(key, Presence::kOptional, expected);
  if (!place) return;
  auto text = read_text(*place, report_, expected);
  if (!text) return;
  if (!text->starts_with('/') || text->size() > max_length) {
    report_mismatch(*place, report_, expected);
    return;
  }
  out = std::move(*text);
}

void Section::duration(std::string_view key, std::chrono::milliseconds& out,
                       std::chrono::milliseconds min, std::chrono::milliseconds max) {
  const std::string expected = fmt::format("a duration from {} to {}, as 250ms, 30s, 10m, 1h or 2d",
                                           sleight::to_string(min), sleight::to_string(max));
  const auto place = find(key, Presence::kOptional, expected);
  if (!place) return;
  const auto duration = place->value->kind == ValueKind::kText
                            ? parse_duration(place->value->text)
                            : Result<std::chrono::milliseconds>(Error{});
  if (!duration || *duration < min || *duration > max) {
    report_mismatch(*place, report_, expected);
    return;
  }
  out = *duration;
}

std::optional<Place> Section::find(std::string_view key, Presence presence,
                                   std::string_view expected) {
  known_.push_back(key);
  if (!is_mapping_) return std::nullopt;
  const Value* value = place_.value->find(key);
  if (value != nullptr) return Place{value, &place_, key, 0};
  if (presence == Presence::kRequired) {
    report_.add(place_.value->line, path_of({place_.value, &place_, key, 0}),
                fmt::format("missing, expected {}", expected));
  }
  return std::nullopt;
}

std::optional<Place> Section::find_list(std::string_view key, Presence presence,
                                        std::string_view expected) {
  const auto place = find(key, presence, expected);
  if (!place || place->value->kind == ValueKind::kList) return place;
  report_mismatch(*place, report_, expected);
  return std::nullopt;
}

std::optional<std::size_t> Section::choice_index(std::string_view key,
                                                 std::span<const std::string_view> names) {
  const std::string expected = one_of(names);
  const auto place = find(key, Presence::kOptional, expected);
  if (!place) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), place->value->text);
  if (place->value->kind == ValueKind::kText && found != names.end()) {
    return static_cast<std::size_t>(found - names.begin());
  }
  report_mismatch(*place, report_, expected);
  return std::nullopt;
}

std::string Section::expected_number(Limits limits) {
  return fmt::format("a number from {} to {}", limits.min, limits.max);
}

std::string Section::unknown_key(std::string_view key) const {
  if (const auto meant = nearest(key, known_)) {
    return fmt::format("unknown key, did you mean {}?", *meant);
  }
  return fmt::format("unknown key, expected {}", one_of(known_));
}

void Section::done() {
  if (!is_mapping_) return;
  for (std::size_t i = 0; i < place_.value->keys.size(); ++i) {
    const Value::Key& key = place_.value->keys[i];
    if (std::find(known_.begin(), known_.end(), key.text) != known_.end()) continue;
    report_.add(key.line, path_of({&place_.value->items[i], &place_, key.text, 0}),
                unknown_key(key.text));
  }
}

}  // namespace sleight::config
