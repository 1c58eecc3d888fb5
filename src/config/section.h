// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report.h"
#include "yaml_tree.h"

namespace sleight::config {

// A value of the tree and the way to it. Places live on the stack, as their parents do.
struct Place {
  const Value* value = nullptr;
  const Place* parent = nullptr;  // null: the file
  std::string_view key = {};      // in a mapping
  std::size_t index = 0;          // in a list
};

std::string path_of(const Place& place);  // "pools[0].hosts[2].weight"

// "0 given, expected 1 to 65536", at the place.
void report_mismatch(const Place& place, Report& report, std::string_view expected);

enum class Presence : std::uint8_t { kOptional, kRequired };

struct Limits {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
};

// Nothing, and a problem in the report, where the place holds something else.
std::optional<std::string> read_text(const Place& place, Report& report, std::string_view expected);
std::optional<std::uint64_t> read_number(const Place& place, Report& report, Limits limits);
// 1 to 63 letters, digits, '-', '_' and '.': what metrics, logs and commands can carry.
std::optional<std::string> read_name(const Place& place, Report& report);

// Digits only, nothing else: "80", no "+80", "0x50" or "080".
std::optional<std::uint64_t> parse_number(std::string_view digits);

// Reads one mapping, key by key, into variables that hold the defaults. What is asked for
// is known; done() reports the rest. A place that holds no mapping is reported once and
// then reads as if every key were absent.
class Section {
 public:
  Section(const Place& place, Report& report, std::string_view expected = "a mapping");

  Report& report() { return report_; }
  const Place& place() const { return place_; }

  void name(std::string_view key, std::string& out, Presence presence);
  // Where a text is required, an empty one is none.
  void text(std::string_view key, std::string& out, Presence presence, std::string_view expected);
  // A path from the root of the file system.
  void absolute_path(std::string_view key, std::string& out, std::size_t max_length);
  void duration(std::string_view key, std::chrono::milliseconds& out, std::chrono::milliseconds min,
                std::chrono::milliseconds max);

  template <typename T>
  void number(std::string_view key, T& out, Limits limits,
              Presence presence = Presence::kOptional) {
    const auto place = find(key, presence, expected_number(limits));
    if (!place) return;
    if (const auto value = read_number(*place, report_, limits)) out = static_cast<T>(*value);
  }

  // One of `names`; their order is that of the enumerators.
  template <typename Enum>
  void choice(std::string_view key, Enum& out, std::span<const std::string_view> names) {
    if (const auto index = choice_index(key, names)) out = static_cast<Enum>(*index);
  }

  // read(Section&) of the mapping under `key`, if there is one.
  template <typename Read>
  void section(std::string_view key, Presence presence, std::string_view expected, Read read) {
    const auto place = find(key, presence, expected);
    if (!place) return;
    Section inner(*place, report_, expected);
    read(inner);
    inner.done();
  }

  // read(const Place&) of each item of the list under `key`.
  template <typename Read>
  void list(std::string_view key, Presence presence, std::string_view expected, Read read) {
    const auto place = find_list(key, presence, expected);
    if (!place) return;
    for (std::size_t i = 0; i < place->value->items.size(); ++i) {
      read(Place{&place->value->items[i], &*place, {}, i});
    }
  }

  // A list of mappings: out[i] is item i, whatever is wrong with it.
  template <typename T, typename Read>
  void sections(std::string_view key, Presence presence, std::string_view expected,
                std::vector<T>& out, Read read) {
    list(key, presence, expected, [&](const Place& item) {
      Section inner(item, report_);
      read(inner, out.emplace_back());
      inner.done();
    });
  }

  // Known, and none of our business.
  void ignore(std::string_view key) { known_.push_back(key); }

  std::optional<Place> find(std::string_view key, Presence presence, std::string_view expected);
  void done();

 private:
  static std::string expected_number(Limits limits);
  std::optional<Place> find_list(std::string_view key, Presence presence,
                                 std::string_view expected);
  std::optional<std::size_t> choice_index(std::string_view key,
                                          std::span<const std::string_view> names);
  std::string unknown_key(std::string_view key) const;

  Place place_;
  Report& report_;
  bool is_mapping_;
  std::vector<std::string_view> known_;
};

}  // namespace sleight::config
