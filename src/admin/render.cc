// SPDX-License-Identifier: BSD-2-Clause
#include "render.h"

#include <optional>

namespace sleight::admin {
namespace {

using nlohmann::json;

template <typename T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

template <typename T>
void put_if(json& object, const char* key, const std::optional<T>& value) {
  if (value) object[key] = *value;
}

json render_counts(const control::NamedCounts& counts) {
  json object = json::object();
  for (const auto& [name, count] : counts) object[name] = count;
  return object;
}

json render_one(const control::HostReport& host) {
  return {{"pool", host.pool},
          {"name", host.name},
          {"id", host.id},
          {"weight", host.weight},
          {"state", host.state},
          {"slots_target", host.slots_target},
          {"slots_home", host.slots_home},
          {"slots_fallback", host.slots_fallback},
          {"heartbeat_age_ms", or_null(host.heartbeat_age_ms)},
          {"flows", or_null(host.flows)}};
}

json render_one(const control::HostChange& change) {
  return {{"pool", change.pool},
          {"host", change.host},
          {"state", change.state},
          {"slots_moved", change.slots_moved},
          {"slots_waiting", change.slots_waiting},
          {"version", change.version}};
}

json render_one(const control::SlotReport& slot) {
  return {{"slot", slot.slot}, {"chain", slot.chain}, {"hosts", slot.hosts},
          {"home", slot.home}, {"steer", slot.steer}, {"since", slot.since}};
}

json render_one(const control::TableReport& table) {
  json slots = json::array();
  for (const control::SlotReport& slot : table.slots) slots.push_back(render_one(slot));
  return {{"pool", table.pool},
          {"epoch", table.epoch},
          {"version", table.version},
          {"slots", std::move(slots)}};
}

json render_one(const control::WorkerReport& worker) {
  return {{"received", worker.received},
          {"from_kernel", worker.from_kernel},
          {"sent", worker.sent},
          {"unsent", worker.unsent},
          {"second_looks", worker.second_looks},
          {"second_look_hits", worker.second_look_hits},
          {"injected", worker.injected},
          {"events_lost", worker.events_lost},
          {"bursts", worker.bursts},
          {"rules", render_counts(worker.rules)},
          {"drops", render_counts(worker.drops)}};
}

json render_one(const control::PortReport& port) {
  return {{"name", port.name},
          {"rx_packets", port.rx_packets},
          {"rx_missed", port.rx_missed},
          {"rx_errors", port.rx_errors},
          {"tx_packets", port.tx_packets},
          {"tx_errors", port.tx_errors},
          {"link_up", port.link_up},
          {"mac", port.mac},
          {"fabric", port.fabric},
          {"rx_nombuf", port.rx_nombuf},
          {"kernel_rx_packets", port.kernel_rx_packets},
          {"kernel_rx_missed", port.kernel_rx_missed},
          {"kernel_rx_errors", port.kernel_rx_errors},
          {"kernel_rx_nombuf", port.kernel_rx_nombuf},
          {"kernel_tx_packets", port.kernel_tx_packets},
          {"kernel_tx_errors", port.kernel_tx_errors},
          {"kernel_link_up", port.kernel_link_up}};
}

json render_one(const control::SnapshotReport& snapshot) {
  return {{"version", snapshot.version},
          {"settled", snapshot.settled},
          {"publishes", snapshot.publishes},
          {"last_settle_us", or_null(snapshot.last_settle_us)},
          {"p50_settle_us", or_null(snapshot.p50_settle_us)},
          {"p99_settle_us", or_null(snapshot.p99_settle_us)},
          {"max_settle_us", or_null(snapshot.max_settle_us)}};
}

json render_one(const control::HeartbeatReport& heartbeats) {
  return {{"sent", heartbeats.sent},       {"unsent", heartbeats.unsent},
          {"heard", heartbeats.heard},     {"untagged", heartbeats.untagged},
          {"bad_tag", heartbeats.bad_tag}, {"malformed", heartbeats.malformed},
          {"foreign", heartbeats.foreign}, {"own", heartbeats.own}};
}

template <typename T>
json render_all(const std::vector<T>& items) {
  json list = json::array();
  for (const T& item : items) list.push_back(render_one(item));
  return list;
}

}  // namespace

json render(const std::vector<control::HostReport>& hosts) {
  return {{"hosts", render_all(hosts)}};
}

json render(const std::vector<control::HostChange>& changes) {
  if (changes.size() == 1) return render_one(changes.front());
  return {{"changes", render_all(changes)}};
}

json render(const control::Refused& refused) {
  return {{"reason", refused.reason}, {"slots", refused.slots}, {"blocked_by", refused.blocked_by}};
}

json render(const std::vector<control::TableReport>& tables) {
  return {{"pools", render_all(tables)}};
}

json render(const control::FlowReport& flow) {
  json object{{"flow", flow.flow}};
  put_if(object, "vip", flow.vip);
  put_if(object, "service", flow.service);
  put_if(object, "pool", flow.pool);
  put_if(object, "slot", flow.slot);
  if (!flow.chain.empty()) {
    object["chain"] = flow.chain;
    object["hosts"] = flow.hosts;
  }
  put_if(object, "steer", flow.steer);
  put_if(object, "verdict", flow.verdict);
  put_if(object, "reason", flow.reason);
  put_if(object, "socket", flow.socket);
  return object;
}

json render(const control::MacReport& mac) {
  if (!mac.valid) return {{"mac", mac.mac}, {"valid", false}, {"problem", mac.problem}};
  return {{"mac", mac.mac},     {"valid", true},      {"fabric", mac.fabric},
          {"chain", mac.chain}, {"hosts", mac.hosts}, {"canonical", mac.canonical}};
}

json render(const control::StatisticsReport& statistics) {
  return {{"workers", render_all(statistics.workers)},
          {"total", render_one(statistics.total)},
          {"ports", render_all(statistics.ports)},
          {"snapshot", render_one(statistics.snapshot)},
          {"heartbeats", render_one(statistics.heartbeats)},
          {"training",
           {{"known", statistics.training.known},
            {"sent", statistics.training.sent},
            {"overflow", statistics.training.overflow}}}};
}

json render(const control::SocketReport& sockets) {
  return {{"flows", sockets.flows}, {"requests", sockets.requests}};
}

}  // namespace sleight::admin
