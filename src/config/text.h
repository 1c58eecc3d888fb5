// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sleight::config {

// A stranger's text as it may be shown on a terminal: printable ASCII, the rest as \xNN,
// cut where it is longer than `limit`.
std::string printable(std::string_view text, std::size_t limit = 40);
std::string in_quotes(std::string_view text, std::size_t limit = 40);

// "tcp", "tcp or udp", "controller, director or host".
std::string one_of(std::span<const std::string_view> names);

// The name that was probably meant, if one is near enough to say so.
std::optional<std::string_view> nearest(std::string_view name,
                                        std::span<const std::string_view> known);

}  // namespace sleight::config
