// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sleight/admin/protocol.h"

namespace sleight::admin {

using nlohmann::json;

// Why a request is answered with "ok": false.
struct Problem {
  std::string_view code;
  std::string message;
  json details = nullptr;  // null: none
};

// A request whose command is known and whose arguments are of the right names and kinds.
struct Request {
  const Command* command = nullptr;
  json args;  // an object
  std::chrono::steady_clock::time_point arrived;

  std::string text(std::string_view name) const;  // REQUIRES: a kText argument
  std::optional<std::string> optional_text(std::string_view name) const;
  std::uint16_t port(std::string_view name) const;  // REQUIRES: a kPort argument
  bool flag(std::string_view name) const;
};

struct ParsedLine {
  json id = nullptr;  // what the reply repeats
  std::variant<Request, Problem> request;
};

// Any bytes; never throws.
ParsedLine parse_line(std::string_view line);

// One line each, newline included.
std::string success_line(const json& id, const json& result);
std::string problem_line(const json& id, const Problem& problem);

}  // namespace sleight::admin
