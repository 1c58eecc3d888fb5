// SPDX-License-Identifier: BSD-2-Clause
#include "node.h"

#include <utility>
// Before Asio, which forgets it.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "dataplane_settings.h"
#include "sleight/admin/server.h"
#include "sleight/base/log.h"
#include "sleight/control/control.h"
#include "sleight/dataplane/dataplane.h"
#include "sleight/net/siphash.h"
#include "sleight/oracle/census.h"
#include "sleight/oracle/oracle.h"

namespace sleight::main {
namespace {

using config::Config;

template <typename Items, typename Name>
std::string joined(const Items& items, Name name) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += ',';
    text += name(item);
  }
  return text;
}

std::string names_of(const config::Roles& roles) {
  std::vector<std::string> names;
  if (roles.controller) names.push_back("controller");
  if (roles.director) names.push_back("director");
  if (roles.host) names.push_back("host");
  return joined(names, [](const std::string& name) { return name; });
}

void log_start(const Config& config) {
  log::info("start", {{"version", SLEIGHT_VERSION},
                      {"node", config.node.name},
                      {"roles", names_of(config.roles)},
                      {"ports", joined(config.ports, [](const auto& port) { return port.name; })},
                      {"workers", std::to_string(config.eal.cores.size())},
                      {"hash_width", std::string(net::to_string(net::hash_width()))}});
}

// The parts of a running node, in the order in which one needs the other.
class Node {
 public:
  explicit Node(const Config& config) : config_(config) {}

  Result<void> start() {
    if (auto done = load_oracle(); !done) return done;
    if (auto done = open_dataplane(); !done) return done;
    if (auto done = start_control(); !done) return done;
    // Last: a node that cannot be asked, or runs already, takes no frame.
    return dataplane_->start();
  }

  void run() {
    signals_.async_wait([this](const boost::system::error_code& failed, int signal) {
      if (failed) return;
      log::info("stop", {{"signal", std::to_string(signal)}});
      // A second signal finds its default action: the end.
      signals_.clear();
      server_.reset();
      control_->stop();
    });
    log::info("ready", {{"node", config_.node.name}});
    io_.run();
    dataplane_->stop();
  }

 private:
  Result<void> load_oracle() {
    if (!config_.roles.host) return {};
    // One asker a worker, and one for control.
    auto loaded = oracle::Oracle::load(config_.eal.cores.size() + 1);
    if (!loaded) return std::move(loaded).error().context("role host");
    oracle_ = *std::move(loaded);
    if (!oracle_->degraded().empty()) {
      log::warn("second_chance_degraded", {{"reason", oracle_->degraded()}});
    }
    return {};
  }

  Result<void> open_dataplane() {
    std::vector<fwd::SocketOracle*> askers;
    for (std::size_t i = 0; oracle_ && i < config_.eal.cores.size(); ++i) {
      askers.push_back(&oracle_->asker(i));
    }
    auto opened = dataplane::Dataplane::open(dataplane_settings(config_), std::move(askers));
    if (!opened) return std::move(opened).error();
    dataplane_ = *std::move(opened);
    return {};
  }

  Result<void> start_control() {
    control::Seams seams{dataplane_->publisher(), dataplane_->frames(), dataplane_->events(),
                         dataplane_->ports(), dataplane_->statistics()};
    if (oracle_) {
      seams.census = &census_;
      seams.oracle = &oracle_->asker(config_.eal.cores.size());
    }
    control_ = std::make_unique<control::Control>(io_, config_, seams);
    if (auto done = control_->start(); !done) return done;
    auto server = admin::Server::listen(io_, config_.admin.socket, config_.admin.group, *control_);
    if (!server) return std::move(server).error();
    server_ = *std::move(server);
    return {};
  }

  const Config& config_;
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_, SIGTERM, SIGINT};
  oracle::Census census_;
  std::unique_ptr<oracle::Oracle> oracle_;
  std::unique_ptr<dataplane::Dataplane> dataplane_;
  std::unique_ptr<control::Control> control_;
  std::unique_ptr<admin::Server> server_;
};

}  // namespace

Result<void> run_node(const Config& config) {
  log_start(config);
  Node node(config);
  if (auto started = node.start(); !started) return started;
  node.run();
  log::info("stopped", {{"node", config.node.name}});
  return {};
}

}  // namespace sleight::main
