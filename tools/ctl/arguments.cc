// SPDX-License-Identifier: BSD-2-Clause
#include "arguments.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace sleight::ctl {
namespace {

using admin::Command;
using admin::Parameter;
using admin::ValueKind;

std::string quoted(std::string_view word) { return "'" + std::string(word) + "'"; }

const Command* find_command(std::string_view noun, std::string_view verb) {
  const auto found = std::find_if(
      admin::kCommands.begin(), admin::kCommands.end(),
      [&](const Command& command) { return command.noun == noun && command.verb == verb; });
  return found == admin::kCommands.end() ? nullptr : &*found;
}

// "list, drain, undrain"; empty when there is no such noun.
std::string verbs_of(std::string_view noun) {
  std::string verbs;
  for (const Command& command : admin::kCommands) {
    if (command.noun != noun) continue;
    if (!verbs.empty()) verbs += ", ";
    verbs += command.verb;
  }
  return verbs;
}

Error no_command(std::string_view noun, std::optional<std::string_view> verb) {
  const std::string verbs = verbs_of(noun);
  if (verbs.empty()) return {"there is no command " + quoted(noun)};
  if (!verb) return {quoted(noun) + " needs one of: " + verbs};
  return {quoted(noun) + " has no " + quoted(*verb) + ", only: " + verbs};
}

Result<nlohmann::json> value_of(const Parameter& parameter, std::string_view word) {
  if (parameter.kind == ValueKind::kText) return nlohmann::json(word);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), port);
  if (error != std::errc() || end != word.data() + word.size() || port > 65535) {
    return Error{std::string(parameter.name) + ": " + quoted(word) +
                 " is no port: expected 0 to 65535"};
  }
  return nlohmann::json(port);
}

class Parser {
 public:
  explicit Parser(std::span<const std::string_view> words) : words_(words) {}

  Result<Invocation> parse() {
    while (!words_.empty()) {
      const std::string_view word = take();
      if (word.size() < 2 || word.front() != '-') {
        plain_.push_back(word);
      } else if (auto read = read_option(word); !read) {
        return std::move(read).error();
      }
    }
    if (!plain_.empty() && plain_.front() == "help") made_.help = true;
    if (made_.help) return made_;
    if (auto chosen = choose_command(); !chosen) return std::move(chosen).error();
    if (auto filled = fill_arguments(); !filled) return std::move(filled).error();
    if (auto filled = fill_options(); !filled) return std::move(filled).error();
    return made_;
  }

 private:
  struct Option {
    std::string_view name;
    std::optional<std::string_view> value;
  };

  std::string_view take() {
    const std::string_view word = words_.front();
    words_ = words_.subspan(1);
    return word;
  }

  Result<void> read_option(std::string_view word) {
    if (word == "-j" || word == "--json") {
      made_.as_json = true;
    } else if (word == "-h" || word == "--help") {
      made_.help = true;
    } else if (word == "-s" || word == "--socket") {
      if (words_.empty()) return Error{std::string(word) + " needs the path of a socket"};
      made_.socket = take();
    } else if (word.starts_with("--")) {
      return read_command_option(word.substr(2));
    } else {
      return Error{"there is no option " + quoted(word)};
    }
    return {};
  }

  // "pool=caches", or "pool" and the next word; which option takes a value is the same
  // in every command that has it.
  Result<void> read_command_option(std::string_view text) {
    const std::size_t equals = text.find('=');
    Option option{text.substr(0, equals), std::nullopt};
    const Parameter* known = find_anywhere(option.name);
    if (known == nullptr) return Error{"there is no option '--" + std::string(option.name) + "'"};
    const bool is_flag = known->kind == ValueKind::kFlag;
    if (equals != std::string_view::npos) {
      if (is_flag) return Error{"'--" + std::string(option.name) + "' takes no value"};
      option.value = text.substr(equals + 1);
    } else if (!is_flag) {
      if (words_.empty()) return Error{"'--" + std::string(option.name) + "' needs a value"};
      option.value = take();
    }
    options_.push_back(option);
    return {};
  }

  static const Parameter* find_anywhere(std::string_view name) {
    for (const Command& command : admin::kCommands) {
      if (const Parameter* found = find_option(command, name)) return found;
    }
    return nullptr;
  }

  static const Parameter* find_option(const Command& command, std::string_view name) {
    const auto found = std::find_if(command.options.begin(), command.options.end(),
                                    [&](const Parameter& option) { return option.name == name; });
    return found == command.options.end() ? nullptr : &*found;
  }

  Result<void> choose_command() {
    if (plain_.empty()) return Error{"no command is given"};
    made_.command = find_command(plain_[0], "");
    consumed_ = 1;
    if (made_.command != nullptr) return {};
    if (plain_.size() < 2) return no_command(plain_[0], std::nullopt);
    made_.command = find_command(plain_[0], plain_[1]);
    consumed_ = 2;
    if (made_.command == nullptr) return no_command(plain_[0], plain_[1]);
    return {};
  }

  Result<void> fill_arguments() {
    const auto given = std::span(plain_).subspan(consumed_);
    const auto expected = made_.command->arguments;
    if (given.size() > expected.size()) {
      return Error{quoted(given[expected.size()]) + " is one argument too many"};
    }
    if (given.size() < expected.size()) {
      const Parameter& missing = expected[given.size()];
      return Error{"the argument " + quoted(missing.name) +
                   " is missing: " + std::string(missing.help)};
    }
    for (std::size_t i = 0; i < given.size(); ++i) {
      auto value = value_of(expected[i], given[i]);
      if (!value) return std::move(value).error();
      made_.args[std::string(expected[i].name)] = *std::move(value);
    }
    return {};
  }

  Result<void> fill_options() {
    for (const Option& option : options_) {
      const std::string name(option.name);
      const Parameter* known = find_option(*made_.command, option.name);
      if (known == nullptr) {
        return Error{"`" + full_name(*made_.command) + "` has no option '--" + name + "'"};
      }
      if (!option.value) {
        made_.args[name] = true;
        continue;
      }
      auto value = value_of(*known, *option.value);
      if (!value) return std::move(value).error();
      made_.args[name] = *std::move(value);
    }
    return {};
  }

  std::span<const std::string_view> words_;
  std::vector<std::string_view> plain_;
  std::vector<Option> options_;
  std::size_t consumed_ = 0;  // of plain_, by noun and verb
  Invocation made_;
};

}  // namespace

Result<Invocation> parse_arguments(std::span<const std::string_view> words) {
  return Parser(words).parse();
}

}  // namespace sleight::ctl
