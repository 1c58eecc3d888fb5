// SPDX-License-Identifier: BSD-2-Clause
#include "commands.h"

#include <algorithm>
#include <array>
#include <utility>

#include "render.h"
#include "sleight/base/check.h"

namespace sleight::admin {
namespace {

using control::Control;
using control::HostAction;
using Reply = std::function<void(Answer)>;

Problem failed(const Error& error) { return {error_code::kFailed, error.message}; }

template <typename T>
Answer answer_of(const Result<T>& result) {
  if (!result) return failed(result.error());
  return render(*result);
}

void host_list(const Request&, Control& control, const Reply& reply) {
  reply(render(control.hosts()));
}

template <HostAction action>
void host_change(const Request& request, Control& control, const Reply& reply) {
  const auto result = control.change_host({.action = action,
                                           .host = request.text("host"),
                                           .pool = request.optional_text("pool"),
                                           .force = request.flag("force"),
                                           .arrived = request.arrived});
  if (const auto* refused = std::get_if<control::Refused>(&result)) {
    return reply(Problem{error_code::kRefused, refused->message, render(*refused)});
  }
  reply(render(std::get<std::vector<control::HostChange>>(result)));
}

void slot_list(const Request& request, Control& control, const Reply& reply) {
  reply(answer_of(control.tables(request.optional_text("pool"))));
}

void flow_show(const Request& request, Control& control, const Reply& reply) {
  reply(answer_of(control.flow({.protocol = request.text("protocol"),
                                .source = request.text("source"),
                                .sport = request.port("sport"),
                                .destination = request.text("destination"),
                                .dport = request.port("dport")})));
}

void mac_show(const Request& request, Control& control, const Reply& reply) {
  reply(answer_of(control.mac(request.text("mac"))));
}

void stats_show(const Request&, Control& control, const Reply& reply) {
  reply(render(control.statistics()));
}

void socket_count(const Request&, Control& control, const Reply& reply) {
  control.count_sockets(
      [reply](const Result<control::SocketReport>& result) { reply(answer_of(result)); });
}

void version(const Request&, Control&, const Reply& reply) {
  reply(json{{"version", SLEIGHT_VERSION}, {"protocol", kProtocolVersion}});
}

using Function = void (*)(const Request&, Control&, const Reply&);

struct Row {
  std::string_view name;
  Function function;
};

// One row a command of kCommands.
constexpr std::array kRows{
    Row{"host list", host_list},
    Row{"host drain", host_change<HostAction::kDrain>},
    Row{"host undrain", host_change<HostAction::kUndrain>},
    Row{"host enable", host_change<HostAction::kEnable>},
    Row{"host disable", host_change<HostAction::kDisable>},
    Row{"slot list", slot_list},
    Row{"flow show", flow_show},
    Row{"mac show", mac_show},
    Row{"stats show", stats_show},
    Row{"socket count", socket_count},
    Row{"version", version},
};
static_assert(kRows.size() == kCommands.size(), "every command has a function");

}  // namespace

void carry_out(const Request& request, Control& control, Reply reply) {
  const std::string name = full_name(*request.command);
  const auto row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& each) { return each.name == name; });
  CHECK(row != kRows.end());
  row->function(request, control, reply);
}

}  // namespace sleight::admin
