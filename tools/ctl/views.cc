// SPDX-License-Identifier: BSD-2-Clause
#include "views.h"

#include <algorithm>
#include <array>

#include "sleight/base/check.h"
#include "stats_view.h"
#include "text_table.h"

namespace sleight::ctl {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxSlotsNamed = 12;

std::string cell(const json& value) {
  if (value.is_null()) return "-";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string joined(const json& list, const char* separator) {
  std::string text;
  for (const json& item : list) {
    if (!text.empty()) text += separator;
    text += cell(item);
  }
  return text.empty() ? "-" : text;
}

std::string host_list(const json& result) {
  TextTable table({"POOL", "HOST", "ID", "WEIGHT", "STATE", "TARGET", "HOME", "FALLBACK",
                   "HEARTBEAT MS", "FLOWS"});
  for (const json& host : result.at("hosts")) {
    table.add({cell(host.at("pool")), cell(host.at("name")), cell(host.at("id")),
               cell(host.at("weight")), cell(host.at("state")), cell(host.at("slots_target")),
               cell(host.at("slots_home")), cell(host.at("slots_fallback")),
               cell(host.at("heartbeat_age_ms")), cell(host.at("flows"))});
  }
  return table.text();
}

std::string host_change(const json& result) {
  TextTable table({"POOL", "HOST", "STATE", "MOVED", "WAITING", "VERSION"});
  const json changes = result.contains("changes") ? result.at("changes") : json::array({result});
  for (const json& change : changes) {
    table.add({cell(change.at("pool")), cell(change.at("host")), cell(change.at("state")),
               cell(change.at("slots_moved")), cell(change.at("slots_waiting")),
               cell(change.at("version"))});
  }
  return table.text();
}

std::string slot_list(const json& result) {
  std::string text;
  for (const json& pool : result.at("pools")) {
    if (!text.empty()) text += "\n";
    text += "pool " + cell(pool.at("pool")) + ", epoch " + cell(pool.at("epoch")) + ", version " +
            cell(pool.at("version")) + "\n";
    TextTable table({"SLOT", "CHAIN", "HOSTS", "HOME", "STEER MAC"});
    for (const json& slot : pool.at("slots")) {
      table.add({cell(slot.at("slot")), joined(slot.at("chain"), ">"),
                 joined(slot.at("hosts"), " > "), cell(slot.at("home")),
                 slot.at("chain").empty() ? "-" : cell(slot.at("steer"))});
    }
    text += table.text();
  }
  return text;
}

// Keys that are there, in this order.
std::string key_values(const json& result, std::initializer_list<const char*> keys) {
  TextTable table({});
  for (const char* key : keys) {
    const auto found = result.find(key);
    if (found == result.end()) continue;
    table.add({key, found->is_array() ? joined(*found, " > ") : cell(*found)});
  }
  return table.text();
}

std::string flow_show(const json& result) {
  return key_values(result, {"flow", "vip", "service", "pool", "slot", "chain", "hosts", "steer",
                             "verdict", "reason", "socket"});
}

std::string mac_show(const json& result) {
  return key_values(result, {"mac", "valid", "problem", "fabric", "chain", "hosts", "canonical"});
}

std::string socket_count(const json& result) { return key_values(result, {"flows", "requests"}); }

std::string version(const json& result) { return "sleight " + cell(result.at("version")) + "\n"; }

using Function = std::string (*)(const json&);

struct Row {
  std::string_view name;
  Function function;
};

// One row a command of admin::kCommands.
constexpr std::array kRows{
    Row{"host list", host_list},
    Row{"host drain", host_change},
    Row{"host undrain", host_change},
    Row{"host enable", host_change},
    Row{"host disable", host_change},
    Row{"slot list", slot_list},
    Row{"flow show", flow_show},
    Row{"mac show", mac_show},
    Row{"stats show", view_statistics},
    Row{"socket count", socket_count},
    Row{"version", version},
};
static_assert(kRows.size() == admin::kCommands.size(), "every command has a view");

std::string named_slots(const json& slots) {
  json named = json::array();
  for (std::size_t i = 0; i < std::min(slots.size(), kMaxSlotsNamed); ++i)
    named.push_back(slots[i]);
  std::string text = joined(named, ", ");
  if (slots.size() > kMaxSlotsNamed) {
    text += " and " + std::to_string(slots.size() - kMaxSlotsNamed) + " more";
  }
  return text;
}

}  // namespace

Result<std::string> view(const admin::Command& command, const json& result) {
  const std::string name = full_name(command);
  const auto row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& each) { return each.name == name; });
  CHECK(row != kRows.end());
  try {
    return row->function(result);
  } catch (const json::exception& unexpected) {
    return Error{std::string("the service's reply has a form that this sleightctl does not know "
                             "(-j prints it as it is): ") +
                 unexpected.what()};
  }
}

std::string view_error(const json& error) {
  try {
    std::string text = error.at("message").get<std::string>();
    const json details = error.value("details", json::object());
    if (const json slots = details.value("slots", json::array()); !slots.empty()) {
      text += "\n  slots: " + named_slots(slots);
    }
    if (const json hosts = details.value("blocked_by", json::array()); !hosts.empty()) {
      text += "\n  blocked by: " + joined(hosts, ", ");
    }
    return text;
  } catch (const json::exception&) {
    return "the service failed without a reason that can be read: " + error.dump();
  }
}

}  // namespace sleight::ctl
