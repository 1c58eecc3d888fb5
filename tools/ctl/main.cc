// SPDX-License-Identifier: BSD-2-Clause
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.h"
#include "client.h"
#include "help.h"
#include "sleight/admin/protocol.h"
#include "views.h"

namespace sleight::ctl {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds kLimit{30};
constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;

void print(std::FILE* to, const std::string& text) { std::fwrite(text.data(), 1, text.size(), to); }

int fail(int code, const std::string& message) {
  print(stderr, "sleightctl: " + message + "\n");
  return code;
}

int show_error(const Invocation& invocation, const json& reply) {
  const json error = reply.value("error", json::object());
  if (invocation.as_json) print(stdout, json{{"error", error}}.dump() + "\n");
  return fail(kFailed, view_error(error));
}

int show_result(const Invocation& invocation, const json& result) {
  if (invocation.as_json) {
    print(stdout, result.dump() + "\n");
    return kDone;
  }
  const auto text = view(*invocation.command, result);
  if (!text) return fail(kFailed, text.error().message);
  print(stdout, *text);
  return kDone;
}

int ask(const Invocation& invocation) {
  const json request{{"v", admin::kProtocolVersion},
                     {"id", 1},
                     {"command", full_name(*invocation.command)},
                     {"args", invocation.args}};
  // Words of the command line may be any bytes.
  const std::string line = request.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  const auto reply_line = exchange(invocation.socket, line, kLimit);
  if (!reply_line) return fail(kFailed, reply_line.error().message);
  const json reply = json::parse(*reply_line, nullptr, false);
  if (!reply.is_object() || !reply.contains("ok")) {
    return fail(kFailed, invocation.socket + ": the reply is none of the admin protocol's");
  }
  if (reply.at("ok") != true) return show_error(invocation, reply);
  return show_result(invocation, reply.value("result", json::object()));
}

int run(const std::vector<std::string_view>& words) {
  const auto invocation = parse_arguments(words);
  if (!invocation) {
    return fail(kUsage, invocation.error().message + "\n`sleightctl help` shows the commands");
  }
  if (invocation->help) {
    print(stdout, help_text());
    return kDone;
  }
  return ask(*invocation);
}

}  // namespace
}  // namespace sleight::ctl

int main(int argc, char** argv) {
  return sleight::ctl::run(std::vector<std::string_view>(argv + 1, argv + argc));
}
