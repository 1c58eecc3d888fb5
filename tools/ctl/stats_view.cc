// SPDX-License-Identifier: BSD-2-Clause
#include "stats_view.h"

#include <array>

#include "text_table.h"

namespace sleight::ctl {
namespace {

using nlohmann::json;

constexpr std::array kCounters{"received", "from_kernel",  "sent",
                               "unsent",   "second_looks", "second_look_hits",
                               "injected", "events_lost",  "bursts"};

std::string number(const json& value) { return value.is_null() ? "-" : value.dump(); }

// One row: the total, then each worker.
TextTable::Row counter_row(const std::string& label, const json& result,
                           const json::json_pointer& at) {
  TextTable::Row row{label, number(result.at("total").at(at))};
  for (const json& worker : result.at("workers")) row.push_back(number(worker.at(at)));
  return row;
}

void add_outcomes(TextTable& table, const json& result, const std::string& group,
                  const std::string& prefix) {
  const json& total = result.at("total").at(group);
  for (const auto& [name, count] : total.items()) {
    if (count == 0) continue;
    table.add(counter_row(prefix + name, result, json::json_pointer("/" + group + "/" + name)));
  }
}

std::string workers_text(const json& result) {
  TextTable::Row header{"WORKERS", "TOTAL"};
  for (std::size_t i = 0; i < result.at("workers").size(); ++i) header.push_back(std::to_string(i));
  TextTable table(std::move(header));
  for (const char* counter : kCounters) {
    table.add(counter_row(counter, result, json::json_pointer(std::string("/") + counter)));
  }
  // Outcomes that never happened would only hide the others.
  add_outcomes(table, result, "rules", "rule ");
  add_outcomes(table, result, "drops", "drop ");
  return table.text();
}

// `prefix`: of the fields of one of the two devices.
TextTable::Row device_row(const json& port, const char* device, const std::string& prefix) {
  const auto count = [&](const char* name) { return number(port.at(prefix + name)); };
  return {port.at("name").get<std::string>(),
          device,
          port.at(prefix + "link_up").get<bool>() ? "up" : "down",
          count("rx_packets"),
          count("rx_missed"),
          count("rx_errors"),
          count("rx_nombuf"),
          count("tx_packets"),
          count("tx_errors")};
}

std::string ports_text(const json& result) {
  TextTable names({"PORT", "MAC", "FABRIC"});
  TextTable devices(
      {"PORT", "DEVICE", "LINK", "RX", "MISSED", "RX ERRORS", "NO BUFFER", "TX", "TX ERRORS"});
  for (const json& port : result.at("ports")) {
    names.add({port.at("name").get<std::string>(), port.at("mac").get<std::string>(),
               number(port.at("fabric"))});
    devices.add(device_row(port, "wire", ""));
    devices.add(device_row(port, "kernel", "kernel_"));
  }
  return names.text() + "\n" + devices.text();
}

std::string group_text(const char* title, const json& group) {
  TextTable table({title, ""});
  for (const auto& [name, value] : group.items()) table.add({name, number(value)});
  return table.text();
}

}  // namespace

std::string view_statistics(const json& result) {
  return workers_text(result) + "\n" + ports_text(result) + "\n" +
         group_text("SNAPSHOT", result.at("snapshot")) + "\n" +
         group_text("HEARTBEATS", result.at("heartbeats")) + "\n" +
         group_text("TRAINING", result.at("training"));
}

}  // namespace sleight::ctl
