// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/control/control.h"

#include <utility>

#include "census_runner.h"
#include "clock.h"
#include "flow_inquiry.h"
#include "heartbeat_book.h"
#include "heartbeat_sender.h"
#include "host_names.h"
#include "pool_manager.h"
#include "sleight/base/log.h"
#include "snapshot_keeper.h"
#include "statistics.h"
#include "ticker.h"
#include "trainer.h"

namespace sleight::control {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kEventPeriod{20};
constexpr milliseconds kDeadlinePeriod{100};
constexpr milliseconds kHeartbeatPeriod{100};
constexpr milliseconds kCensusPeriod{1000};
constexpr int kMaxEventsAtOnce = 4096;

std::vector<std::uint8_t> fabrics_of(const config::Config& config) {
  std::vector<std::uint8_t> fabrics;
  for (const config::Port& port : config.ports) fabrics.push_back(port.fabric);
  return fabrics;
}

std::vector<net::IpPrefix> addresses_of(const config::Config& config) {
  std::vector<net::IpPrefix> addresses;
  for (const config::Vip& vip : config.vips) {
    addresses.insert(addresses.end(), vip.addresses.begin(), vip.addresses.end());
  }
  return addresses;
}

// What only a host does: it counts its sockets, says that it lives, and trains.
struct HostDuties {
  HostDuties(boost::asio::io_context& io, const config::Config& config, const Seams& seams)
      : census(io, *seams.census, addresses_of(config)),
        heartbeats(seams.frames, config.node.id, fabrics_of(config), config.steer_key),
        trainer(seams.frames, config.node.id, fabrics_of(config)) {}

  CensusRunner census;
  HeartbeatSender heartbeats;
  Trainer trainer;
};

}  // namespace

struct Control::Parts {
  Parts(boost::asio::io_context& io, config::Config made_of, Seams lent);

  void on_events();
  void on_event(const fwd::WireEvent& event, SteadyTime now);
  void on_deadlines();
  void on_heartbeat();
  void log_link(const fwd::WireEvent& event) const;

  const config::Config config;
  const Seams seams;
  const HostNames names;
  const Clock clock;
  PoolManager pools;
  SnapshotKeeper snapshots;
  HeartbeatBook book;
  std::unique_ptr<HostDuties> host;  // null without role host
  std::vector<std::unique_ptr<Ticker>> tickers;
};

Control::Parts::Parts(boost::asio::io_context& io, config::Config made_of, Seams lent)
    : config(std::move(made_of)),
      seams(lent),
      names(config),
      pools(config, names, clock.read()),
      snapshots(io, config, seams.publisher),
      book(names, config.node.id, fabrics_of(config), config.steer_key) {
  const auto tick = [&](milliseconds period, auto call) {
    tickers.push_back(std::make_unique<Ticker>(io, period, std::move(call)));
  };
  tick(kEventPeriod, [this] { on_events(); });
  tick(kDeadlinePeriod, [this] { on_deadlines(); });
  if (!config.roles.host) return;
  CHECK(seams.census != nullptr && seams.oracle != nullptr);
  host = std::make_unique<HostDuties>(io, config, seams);
  tick(kHeartbeatPeriod, [this] { on_heartbeat(); });
  tick(kCensusPeriod, [this] { host->census.refresh(); });
}

void Control::Parts::on_events() {
  const SteadyTime now = std::chrono::steady_clock::now();
  for (int i = 0; i < kMaxEventsAtOnce; ++i) {
    const auto event = seams.events.poll();
    if (!event) break;
    on_event(*event, now);
  }
  if (host) host->trainer.run(now);
}

void Control::Parts::on_event(const fwd::WireEvent& event, SteadyTime now) {
  switch (event.kind) {
    case fwd::WireEvent::Kind::kSteerSeen:
      if (host) host->trainer.note(event.port, event.mac_bits, now);
      return;
    case fwd::WireEvent::Kind::kTraining:
      if (!config.roles.director && !config.roles.controller) return;
      CHECK(event.frame_size <= event.frame.size());
      return book.hear(event.port, {event.frame.data(), event.frame_size}, now);
    case fwd::WireEvent::Kind::kLinkUp:
    case fwd::WireEvent::Kind::kLinkDown:
      return log_link(event);
  }
}

void Control::Parts::log_link(const fwd::WireEvent& event) const {
  const bool up = event.kind == fwd::WireEvent::Kind::kLinkUp;
  const std::string port =
      event.port < config.ports.size() ? config.ports[event.port].name : std::to_string(event.port);
  log::write(up ? log::Level::kInfo : log::Level::kWarn, up ? "link_up" : "link_down",
             {{"port", port}, {"device", event.kernel ? "kernel" : "wire"}});
}

void Control::Parts::on_deadlines() {
  const Now now = clock.read();
  if (pools.tick(now)) snapshots.publish(pools.tables(), now.steady);
}

void Control::Parts::on_heartbeat() {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  const auto time_us = std::chrono::duration_cast<std::chrono::microseconds>(wall).count();
  host->heartbeats.send(host->census.flows(std::chrono::steady_clock::now()),
                        static_cast<std::uint64_t>(time_us));
}

Control::Control(boost::asio::io_context& io, config::Config config, Seams seams)
    : parts_(std::make_unique<Parts>(io, std::move(config), seams)) {}

Control::~Control() = default;

Result<void> Control::start() {
  const auto ports = parts_->seams.ports.ports();
  if (ports.size() != parts_->config.ports.size()) {
    return Error{"the configuration names " + std::to_string(parts_->config.ports.size()) +
                 " ports and the packet path started " + std::to_string(ports.size())};
  }
  parts_->snapshots.set_ports(ports);
  parts_->snapshots.publish(parts_->pools.tables(), std::nullopt);
  if (parts_->host) parts_->host->census.refresh();
  for (const auto& ticker : parts_->tickers) ticker->start();
  return {};
}

void Control::stop() {
  for (const auto& ticker : parts_->tickers) ticker->stop();
  parts_->snapshots.stop();
  if (parts_->host) parts_->host->census.stop();
}

ChangeResult Control::change_host(const HostCommand& command) {
  auto result = parts_->pools.change(command, parts_->clock.read());
  if (std::holds_alternative<std::vector<HostChange>>(result)) {
    parts_->snapshots.publish(parts_->pools.tables(), command.arrived);
  }
  return result;
}

std::vector<HostReport> Control::hosts() const {
  auto reports = parts_->pools.hosts();
  const SteadyTime now = std::chrono::steady_clock::now();
  for (HostReport& report : reports) {
    if (parts_->host && report.id == parts_->config.node.id) {
      report.flows = parts_->host->census.flows(now);
      continue;
    }
    const auto contact = parts_->book.latest(report.id);
    if (!contact) continue;
    const auto age = std::chrono::duration_cast<milliseconds>(now - contact->heard_at);
    report.heartbeat_age_ms = static_cast<std::uint64_t>(age.count());
    report.flows = flows_of(contact->heartbeat);
  }
  return reports;
}

Result<std::vector<TableReport>> Control::tables(const std::optional<std::string>& pool) const {
  const auto& ports = parts_->config.ports;
  return parts_->pools.table_reports(pool, ports.empty() ? std::uint8_t{0} : ports[0].fabric);
}

Result<FlowReport> Control::flow(const FlowQuery& query) const {
  return inquire(query, parts_->snapshots.current(), parts_->config, parts_->names,
                 parts_->config.roles.host ? parts_->seams.oracle : nullptr);
}

Result<MacReport> Control::mac(const std::string& text) const {
  return read_mac(text, parts_->names);
}

StatisticsReport Control::statistics() const {
  StatisticsReport report;
  gather(parts_->seams.statistics, parts_->seams.ports, report);
  report.snapshot = parts_->snapshots.report();
  parts_->book.report(report.heartbeats);
  if (!parts_->host) return report;
  report.heartbeats.sent = parts_->host->heartbeats.sent();
  report.heartbeats.unsent = parts_->host->heartbeats.unsent();
  report.training = parts_->host->trainer.report();
  return report;
}

void Control::count_sockets(SocketReply reply) {
  if (!parts_->host) {
    reply(Error{"this node has no role host: ask a host for its sockets"});
    return;
  }
  parts_->host->census.count([reply = std::move(reply)](const Result<fwd::SocketCount>& count) {
    if (!count) return reply(count.error());
    reply(SocketReport{.flows = count->flows, .requests = count->requests});
  });
}

}  // namespace sleight::control
