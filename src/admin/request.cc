// SPDX-License-Identifier: BSD-2-Clause
#include "request.h"

#include <algorithm>
#include <utility>

#include "sleight/base/check.h"

namespace sleight::admin {
namespace {

constexpr std::size_t kMaxIdBytes = 128;

Problem bad_request(std::string message) { return {error_code::kBadRequest, std::move(message)}; }

const Command* find_command(std::string_view name) {
  const auto found = std::find_if(kCommands.begin(), kCommands.end(), [&](const Command& command) {
    return full_name(command) == name;
  });
  return found == kCommands.end() ? nullptr : &*found;
}

const Parameter* find_parameter(const Command& command, std::string_view name) {
  for (const auto list : {command.arguments, command.options}) {
    for (const Parameter& parameter : list) {
      if (parameter.name == name) return &parameter;
    }
  }
  return nullptr;
}

bool is_of_kind(const json& value, ValueKind kind) {
  switch (kind) {
    case ValueKind::kText:
      return value.is_string();
    case ValueKind::kPort:
      return value.is_number_unsigned() && value.get<std::uint64_t>() <= 65535;
    case ValueKind::kFlag:
      return value.is_boolean();
  }
  CHECK(false);
}

std::string_view expectation(ValueKind kind) {
  switch (kind) {
    case ValueKind::kText:
      return "a string";
    case ValueKind::kPort:
      return "a number from 0 to 65535";
    case ValueKind::kFlag:
      return "true or false";
  }
  CHECK(false);
}

// Names and kinds of `args` against the command's row; nothing when they hold.
std::optional<Problem> check_args(const Command& command, const json& args) {
  for (const auto& [name, value] : args.items()) {
    const Parameter* parameter = find_parameter(command, name);
    if (parameter == nullptr) {
      return bad_request("`" + full_name(command) + "` has no argument '" + name + "'");
    }
    if (!is_of_kind(value, parameter->kind)) {
      return bad_request("argument '" + name + "' of `" + full_name(command) + "`: expected " +
                         std::string(expectation(parameter->kind)));
    }
  }
  for (const Parameter& argument : command.arguments) {
    if (args.contains(argument.name)) continue;
    return bad_request("`" + full_name(command) + "` needs the argument '" +
                       std::string(argument.name) + "'");
  }
  return std::nullopt;
}

// The id is repeated in the reply, so it is small and flat or not there.
json id_of(const json& object) {
  const auto id = object.find("id");
  if (id == object.end()) return nullptr;
  if (id->is_number_integer()) return *id;
  if (id->is_string() && id->get_ref<const std::string&>().size() <= kMaxIdBytes) return *id;
  return nullptr;
}

// Takes the arguments out of `object`.
std::variant<Request, Problem> read_request(json& object) {
  const auto version = object.find("v");
  if (version == object.end() || !version->is_number_integer() || *version != kProtocolVersion) {
    return bad_request("'v' must be " + std::to_string(kProtocolVersion) +
                       ", the version of the protocol that this service speaks");
  }
  const auto name = object.find("command");
  if (name == object.end() || !name->is_string()) {
    return bad_request("'command' must be a string, as \"host list\"");
  }
  const Command* command = find_command(name->get_ref<const std::string&>());
  if (command == nullptr) {
    return Problem{error_code::kUnknownCommand,
                   "there is no command '" + name->get<std::string>() + "'"};
  }
  const auto args = object.find("args");
  if (args != object.end() && !args->is_object()) return bad_request("'args' must be an object");
  Request request{.command = command,
                  .args = args == object.end() ? json::object() : std::move(*args),
                  .arrived = std::chrono::steady_clock::now()};
  if (auto problem = check_args(*command, request.args)) return *std::move(problem);
  return request;
}

// Names come from configuration files: whatever bytes they are, the reply is UTF-8.
std::string line_of(const json& reply) {
  return reply.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string Request::text(std::string_view name) const {
  return args.at(std::string(name)).get<std::string>();
}

std::optional<std::string> Request::optional_text(std::string_view name) const {
  const auto found = args.find(name);
  if (found == args.end()) return std::nullopt;
  return found->get<std::string>();
}

std::uint16_t Request::port(std::string_view name) const {
  return args.at(std::string(name)).get<std::uint16_t>();
}

bool Request::flag(std::string_view name) const {
  const auto found = args.find(name);
  return found != args.end() && found->get<bool>();
}

ParsedLine parse_line(std::string_view line) {
  bool too_deep = false;
  // What is too deep is left out of the tree: trees are walked by recursion.
  const auto keep = [&too_deep](int depth, json::parse_event_t event, const json&) {
    using Event = json::parse_event_t;
    const bool opens = event == Event::object_start || event == Event::array_start;
    too_deep |= opens && depth >= kMaxDepth;
    return !too_deep;
  };
  json object = json::parse(line, keep, false);
  if (too_deep) {
    return {nullptr, bad_request("the line nests objects and lists deeper than " +
                                 std::to_string(kMaxDepth))};
  }
  if (!object.is_object()) {
    return {nullptr, bad_request("the line is not a JSON object")};
  }
  json id = id_of(object);
  return {std::move(id), read_request(object)};
}

std::string success_line(const json& id, const json& result) {
  return line_of({{"v", kProtocolVersion}, {"id", id}, {"ok", true}, {"result", result}});
}

std::string problem_line(const json& id, const Problem& problem) {
  json error{{"code", problem.code}, {"message", problem.message}};
  if (!problem.details.is_null()) error["details"] = problem.details;
  return line_of({{"v", kProtocolVersion}, {"id", id}, {"ok", false}, {"error", error}});
}

}  // namespace sleight::admin
