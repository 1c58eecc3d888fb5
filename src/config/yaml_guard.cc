// SPDX-License-Identifier: BSD-2-Clause
#include "yaml_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "yaml_tree.h"

namespace sleight::config {
namespace {

unsigned line_at(std::string_view text, std::size_t offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(offset);
  return static_cast<unsigned>(std::count(text.begin(), end, '\n')) + 1;
}

// Length of the UTF-8 character at the start (RFC 3629), 0 where there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return lead >= ' ' || lead == '\t' || lead == '\n' || lead == '\r' ? 1 : 0;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xed && byte(1) > 0x9f;
  const bool too_large = lead == 0xf4 && byte(1) > 0x8f;
  return overlong || surrogate || too_large ? 0 : length;
}

}  // namespace

bool is_affordable(std::string_view text, Report& report) {
  if (text.size() > kMaxFileBytes) {
    report.add(0, "", fmt::format("the file has more than {} bytes", kMaxFileBytes));
    return false;
  }
  std::size_t indicators = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) {
      report.add(line_at(text, at), "",
                 fmt::format("the byte 0x{:02x} is neither UTF-8 nor printable: expected text",
                             static_cast<unsigned char>(text[at])));
      return false;
    }
    indicators += text[at] == '[' || text[at] == '{' || text[at] == ',' ? 1 : 0;
    at += length;
  }
  if (indicators <= kMaxValues) return true;
  report.add(0, "", fmt::format("more than {} brackets and commas in the file", kMaxValues));
  return false;
}

}  // namespace sleight::config
