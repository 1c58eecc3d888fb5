// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "read.h"
#include "text.h"

namespace sleight::config {
namespace {

constexpr std::string_view kExpected = "32 hex digits, or file:PATH of a file that holds them";
constexpr std::string_view kFilePrefix = "file:";

// Of a file with a key; one more tells that it is none.
constexpr std::size_t kMaxKeyBytes = 128;

constexpr std::size_t kMaxShownPath = 400;

Result<std::string> read_key_file(const std::filesystem::path& path) {
  std::error_code error;
  // A pipe or a device would never end.
  if (!std::filesystem::is_regular_file(path, error)) {
    return Error{error ? error.message() : std::string("this is no regular file")};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{"cannot be opened for reading"};
  std::string text(kMaxKeyBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxKeyBytes) return Error{"holds more than a key"};
  text.resize(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

// The digits themselves never go into a message.
Result<net::SipKey> key_of(std::string_view text, const std::string& base_dir) {
  if (!text.starts_with(kFilePrefix)) {
    const auto key = net::parse_sip_key(text);
    if (!key) return Error{fmt::format("the text given is no key, expected {}", kExpected)};
    return *key;
  }
  const std::filesystem::path path =
      std::filesystem::path(base_dir) / text.substr(kFilePrefix.size());
  const auto digits = read_key_file(path);
  if (!digits) {
    return Error{fmt::format("{}: {}, expected a readable file with 32 hex digits",
                             in_quotes(path.string(), kMaxShownPath), digits.error().message)};
  }
  const auto key = net::parse_sip_key(*digits);
  if (!key) {
    return Error{fmt::format("{} holds no key, expected 32 hex digits",
                             in_quotes(path.string(), kMaxShownPath))};
  }
  return *key;
}

}  // namespace

void read_key(Section& section, std::string_view key, const ReadContext& context,
              std::optional<net::SipKey>& out) {
  const auto place = section.find(key, Presence::kOptional, kExpected);
  if (!place) return;
  const auto text = read_text(*place, section.report(), kExpected);
  if (!text) return;
  const auto sip_key = key_of(*text, context.base_dir);
  if (sip_key) {
    out = *sip_key;
  } else {
    section.report().add(place->value->line, path_of(*place), sip_key.error().message);
  }
}

}  // namespace sleight::config
