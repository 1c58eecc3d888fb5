// SPDX-License-Identifier: BSD-2-Clause
#include "read.h"

#include <array>

namespace sleight::config {
namespace {

constexpr std::uint64_t kMaxCore = 1023;
// The kernel's limit on the path of a UNIX socket (unix(7)), less the closing zero byte.
constexpr std::size_t kMaxSocketPath = 107;
constexpr std::size_t kMaxPath = 1024;

void read_node(Section& section, Node& node) {
  section.name("name", node.name, Presence::kRequired);
  section.number("id", node.id, {1, net::kMaxHostId});
}

void read_role(const Place& place, Report& report, Roles& roles) {
  const std::string_view expected = "controller, director or host";
  const auto role = read_text(place, report, expected);
  if (!role) return;
  bool* const flag = *role == "controller" ? &roles.controller
                     : *role == "director" ? &roles.director
                     : *role == "host"     ? &roles.host
                                           : nullptr;
  if (flag == nullptr) {
    report_mismatch(place, report, expected);
  } else {
    *flag = true;
  }
}

void read_eal(Section& section, Eal& eal) {
  Report& report = section.report();
  section.list("cores", Presence::kOptional, "a list of CPU core numbers", [&](const Place& item) {
    const auto core = read_number(item, report, {0, kMaxCore});
    eal.cores.push_back(core ? static_cast<unsigned>(*core) : kNoCore);
  });
  section.number("control_core", eal.control_core, {0, kMaxCore});
  section.number("memory_mb", eal.memory_mb, {16, 1'048'576});
  static constexpr std::array<std::string_view, 3> kHugepages = {"auto", "on", "off"};
  section.choice("hugepages", eal.hugepages, kHugepages);
  section.list("args", Presence::kOptional, "a list of EAL arguments", [&](const Place& item) {
    if (auto arg = read_text(item, report, "an EAL argument")) eal.args.push_back(std::move(*arg));
  });
}

void read_port(Section& section, Purpose purpose, Port& port) {
  // Replay needs the fabric alone.
  const Presence presence =
      purpose == Purpose::kService ? Presence::kRequired : Presence::kOptional;
  const std::string_view device = "an EAL device string or a PCI address";
  section.name("name", port.name, presence);
  section.text("device", port.device, presence, device);
  section.number("fabric", port.fabric, {0, net::kMaxFabric});
  section.number("queues", port.queues, {1, kMaxCore + 1});
  section.section("kernel_port", presence, "a mapping with the key device", [&](Section& kernel) {
    kernel.text("device", port.kernel_device, presence, device);
  });
}

void read_workers(Section& section, Workers& workers) {
  static constexpr std::array<std::string_view, 2> kIdle = {"poll", "sleep"};
  section.choice("idle", workers.idle, kIdle);
  section.number("burst", workers.burst, {1, 64});
}

void read_machine(Section& section, Purpose purpose, Config& config) {
  section.sections("ports", Presence::kOptional, "a list of ports", config.ports,
                   [purpose](Section& port, Port& out) { read_port(port, purpose, out); });
  if (purpose == Purpose::kReplay) {
    section.ignore("eal");
    section.ignore("admin");
    return;
  }
  section.section("eal", Presence::kOptional, "a mapping, as {cores: [1]}",
                  [&](Section& eal) { read_eal(eal, config.eal); });
  section.section("admin", Presence::kOptional, "a mapping with the keys socket and group",
                  [&](Section& admin) {
                    admin.absolute_path("socket", config.admin.socket, kMaxSocketPath);
                    admin.text("group", config.admin.group, Presence::kOptional,
                               "the name of a group");
                  });
}

void read_log(Section& section, log::Level& level) {
  static constexpr std::array<std::string_view, 4> kLevels = {"debug", "info", "warn", "error"};
  section.choice("level", level, kLevels);
}

}  // namespace

void read_config(const Value& root, const ReadContext& context, Report& report, Config& config) {
  const bool replay = context.purpose == Purpose::kReplay;
  const Presence presence = replay ? Presence::kOptional : Presence::kRequired;
  Section section(Place{&root}, report, "a mapping with the keys node, roles, ports, vips ...");
  section.section("node", presence, "a mapping, as {name: h1, id: 1}",
                  [&](Section& node) { read_node(node, config.node); });
  section.list("roles", presence, "a list of controller, director or host",
               [&](const Place& item) { read_role(item, report, config.roles); });
  read_machine(section, context.purpose, config);
  section.sections("vips", Presence::kRequired, "a list of VIPs", config.vips, read_vip);
  section.sections("pools", Presence::kOptional, "a list of pools", config.pools,
                   [&](Section& pool, Pool& out) { read_pool(pool, context, out); });
  section.section("workers", Presence::kOptional, "a mapping with the keys idle and burst",
                  [&](Section& workers) { read_workers(workers, config.workers); });
  section.absolute_path("state_dir", config.state_dir, kMaxPath);
  section.section("log", Presence::kOptional, "a mapping with the key level",
                  [&](Section& log) { read_log(log, config.log_level); });
  read_key(section, "steer_key", context, config.steer_key);
  section.done();
}

}  // namespace sleight::config
