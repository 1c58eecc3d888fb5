// SPDX-License-Identifier: BSD-2-Clause
#include "validate.h"

#include <fmt/format.h>

#include "locate.h"
#include "text.h"
#include "validate_pools.h"
#include "validate_vips.h"

namespace sleight::config {
namespace {

void check_cores(const Config& config, Locator& locator) {
  const Eal& eal = config.eal;
  if (eal.cores.empty() && !locator.report().has_problem_at("eal")) {
    locator.problem({"eal", "cores"},
                    "none given, expected a list of CPU cores, one for each worker");
  }
  if (config.workers.idle == Idle::kSleep) return;  // sleepers leave time to others
  Once<unsigned> cores(locator);
  for (std::size_t i = 0; i < eal.cores.size(); ++i) {
    if (eal.cores[i] == kNoCore) continue;
    cores.add(eal.cores[i], {"eal", "cores", i}, fmt::format("core {}", eal.cores[i]));
    if (eal.cores[i] != eal.control_core) continue;
    locator.problem(
        {"eal", "cores", i},
        fmt::format("core {} is the control_core, expected another one, or workers.idle "
                    "sleep: a worker that polls leaves no time to others",
                    eal.cores[i]));
  }
}

// "net_af_packet0" of "net_af_packet0,iface=eth0": what EAL tells virtual devices apart by.
// Several ports may share a PCI address; their arguments tell them apart.
std::string device_name(const std::string& device) {
  return device.starts_with("net_") ? device.substr(0, device.find(',')) : device;
}

void check_ports(const Config& config, Locator& locator) {
  Once<std::string> names(locator);
  Once<std::string> devices(locator);
  Once<unsigned> fabrics(locator);
  const auto add_device = [&devices](const std::string& device, Steps steps) {
    if (device.empty()) return;
    devices.add(device_name(device), steps, "device " + in_quotes(device_name(device)));
  };
  for (std::size_t i = 0; i < config.ports.size(); ++i) {
    const Port& port = config.ports[i];
    if (!port.name.empty()) names.add(port.name, {"ports", i, "name"}, in_quotes(port.name));
    add_device(port.device, {"ports", i, "device"});
    add_device(port.kernel_device, {"ports", i, "kernel_port", "device"});
    fabrics.add(port.fabric, {"ports", i, "fabric"}, fmt::format("fabric {}", port.fabric),
                "one port in each fabric: bond the links into one");
  }
}

void check_queues(const Config& config, Locator& locator) {
  if (config.eal.cores.empty()) return;
  for (std::size_t i = 0; i < config.ports.size(); ++i) {
    const Port& port = config.ports[i];
    if (port.queues <= config.eal.cores.size()) continue;
    locator.problem({"ports", i, "queues"},
                    fmt::format("{} given, expected at most {}: worker n serves queue n, and "
                                "eal.cores names {} workers",
                                port.queues, config.eal.cores.size(), config.eal.cores.size()));
  }
}

void check_node(const Config& config, Locator& locator) {
  const bool has_id = config.node.id != net::kNoHost;
  if (config.roles.host && !has_id && !locator.report().has_problem_at("node")) {
    locator.problem({"node", "id"},
                    fmt::format("missing, expected a number from 1 to {}: a host is known by it",
                                net::kMaxHostId));
  }
  if (!config.roles.host && has_id) {
    locator.problem({"node", "id"},
                    "given without the role host, expected none: only hosts have an id");
  }
}

void check_roles(const Config& config, Locator& locator) {
  if (locator.report().has_problem_at("roles")) return;
  if (config.roles == Roles{}) {
    locator.problem({"roles"}, "none given, expected one or more of controller, director and host");
    return;
  }
  check_node(config, locator);
  check_pools_for_roles(config, locator);
}

void check_machine(const Config& config, Locator& locator) {
  check_cores(config, locator);
  check_queues(config, locator);
  if (config.ports.empty() && !locator.report().has_problem_at("ports")) {
    locator.problem({"ports"}, "none given, expected at least one port");
  }
}

}  // namespace

void validate(const Config& config, const Value& root, Purpose purpose, Report& report) {
  Locator locator(root, report);
  if (purpose == Purpose::kService) {
    check_roles(config, locator);
    check_machine(config, locator);
  }
  check_ports(config, locator);
  check_vips(config, locator);
  check_pools(config, locator);
}

}  // namespace sleight::config
