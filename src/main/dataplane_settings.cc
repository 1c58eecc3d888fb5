// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane_settings.h"

#include "sleight/net/steer_mac.h"

namespace sleight::main {
namespace {

dataplane::Hugepages hugepages_of(config::Hugepages hugepages) {
  switch (hugepages) {
    case config::Hugepages::kOn:
      return dataplane::Hugepages::kOn;
    case config::Hugepages::kOff:
      return dataplane::Hugepages::kOff;
    case config::Hugepages::kAuto:
      break;
  }
  return dataplane::Hugepages::kAuto;
}

dataplane::PortSettings port_settings(const config::Config& config, const config::Port& port) {
  dataplane::PortSettings settings;
  settings.name = port.name;
  settings.device = port.device;
  settings.kernel_device = port.kernel_device;
  settings.fabric = port.fabric;
  settings.queues = port.queues;
  if (config.roles.host) settings.canonical = net::canonical_mac(port.fabric, config.node.id);
  return settings;
}

}  // namespace

dataplane::Settings dataplane_settings(const config::Config& config) {
  dataplane::Settings settings;
  settings.eal = {config.node.name,
                  config.eal.cores,
                  config.eal.control_core,
                  config.eal.memory_mb,
                  hugepages_of(config.eal.hugepages),
                  config.eal.args};
  for (const config::Port& port : config.ports) {
    settings.ports.push_back(port_settings(config, port));
  }
  settings.burst = config.workers.burst;
  settings.idle_sleep = config.workers.idle == config::Idle::kSleep;
  return settings;
}

}  // namespace sleight::main
