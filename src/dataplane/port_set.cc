// SPDX-License-Identifier: BSD-2-Clause
#include "port_set.h"

#include <fmt/format.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "frame_injector.h"
#include "sleight/base/log.h"
#include "sleight/fwd/hold_queue.h"

namespace sleight::dataplane {
namespace {

constexpr unsigned kPacketCache = 256;    // frames that a worker keeps at hand
constexpr std::size_t kLeastPool = 8191;  // small set-ups: room for what a driver hoards

// A frame of 60 bytes with checksum, preamble and gap: 84 bytes of line.
constexpr std::uint64_t kLineBitsPerFrame = 84 * 8;

std::uint16_t queues_of(const Settings& settings, const PortSettings& port) {
  return static_cast<std::uint16_t>(std::min<std::size_t>(port.queues, settings.eal.cores.size()));
}

Result<void> check_queues(const Settings& settings) {
  for (const PortSettings& port : settings.ports) {
    if (port.queues == queues_of(settings, port)) continue;
    return Error{fmt::format(
        "port {}: {} queues and {} worker(s); each queue needs a worker (to mend it: lower "
        "queues, or name more cores in eal.cores)",
        port.name, port.queues, settings.eal.cores.size())};
  }
  return {};
}

rte_eth_stats stats_of(const Device& device) {
  rte_eth_stats stats{};
  if (rte_eth_stats_get(device.id(), &stats) != 0) stats = {};
  return stats;
}

void warn_of_mtu(const PortSettings& port, const std::string& device, const Device& opened) {
  if (opened.mtu() <= opened.largest_mtu()) return;
  log::warn("mtu_too_large", {{"port", port.name},
                              {"device", device},
                              {"mtu", std::to_string(opened.mtu())},
                              {"largest", std::to_string(opened.largest_mtu())},
                              {"mend", "lower the MTU of the interface, and of its peers"}});
}

// Nobody fragments here, and nobody is told of a frame that is too long.
void warn_of_mtus(const PortSettings& port, const Device& wire, const Device& kernel) {
  warn_of_mtu(port, port.device, wire);
  warn_of_mtu(port, port.kernel_device, kernel);
  if (wire.mtu() == kernel.mtu()) return;
  log::warn("mtus_differ", {{"port", port.name},
                            {"wire", std::to_string(wire.mtu())},
                            {"kernel", std::to_string(kernel.mtu())},
                            {"mend", "give both the same: `ip link set DEV mtu N`"}});
}

}  // namespace

void PortSet::FreePool::operator()(rte_mempool* pool) const { rte_mempool_free(pool); }

Result<std::unique_ptr<PortSet>> PortSet::open(const Settings& settings) {
  if (auto fit = check_queues(settings); !fit) return std::move(fit).error();
  std::unique_ptr<PortSet> set(new PortSet);
  for (const PortSettings& port : settings.ports) {
    if (auto done = set->attach(port); !done) {
      return std::move(done).error().context("port " + port.name);
    }
  }
  if (auto done = set->make_pools(settings); !done) return std::move(done).error();
  for (Port& port : set->ports_) {
    if (auto done = set->configure(port); !done) {
      return std::move(done).error().context("port " + port.settings.name);
    }
  }
  return set;
}

Result<void> PortSet::attach(const PortSettings& settings) {
  auto wire = Device::attach(settings.device);
  if (!wire) return std::move(wire).error();
  auto kernel = Device::attach(settings.kernel_device);
  if (!kernel) return std::move(kernel).error().context("kernel_port");
  ports_.push_back({settings, *std::move(wire), *std::move(kernel)});
  return {};
}

Result<PortSet::Pool> PortSet::make_pool(const char* name, std::size_t frames, unsigned cache) {
  Pool pool(rte_pktmbuf_pool_create(name, static_cast<unsigned>(frames), cache, 0,
                                    RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY));
  if (pool) return pool;
  return Error{fmt::format("no memory for {} frames ({} MB): {} (to mend it: raise eal.memory_mb)",
                           frames, frames * (RTE_MBUF_DEFAULT_BUF_SIZE + sizeof(rte_mbuf)) >> 20,
                           rte_strerror(rte_errno))};
}

Result<void> PortSet::make_pools(const Settings& settings) {
  const DeviceShape shape;
  std::size_t frames = 0;
  for (const Port& port : ports_) {
    frames += 2u * port.settings.queues * (shape.rx_descriptors + shape.tx_descriptors);
  }
  frames += settings.eal.cores.size() * (hold_capacity() + 2u * settings.burst + kPacketCache);
  auto packets = make_pool("sleight_packets", std::max(frames, kLeastPool), kPacketCache);
  if (!packets) return std::move(packets).error();
  packet_pool_ = *std::move(packets);
  // Twice the rings: what the ports have taken and not sent yet counts as well.
  auto injected = make_pool("sleight_injected", 2 * FrameInjector::kRing * ports_.size() - 1, 0);
  if (!injected) return std::move(injected).error();
  injection_pool_ = *std::move(injected);
  return {};
}

Result<void> PortSet::configure(Port& port) {
  DeviceShape shape;
  shape.queues = port.settings.queues;
  if (auto done = port.wire.configure(shape, packet_pool_.get()); !done) return done;
  if (auto done = port.kernel.configure(shape, packet_pool_.get()); !done) {
    return std::move(done).error().context("kernel_port");
  }
  return {};
}

Result<void> PortSet::start() {
  for (Port& port : ports_) {
    auto done = port.wire.start(Side::kWire);
    if (done) done = port.kernel.start(Side::kKernel);
    if (!done) return std::move(done).error().context("port " + port.settings.name);
    warn_of_mtus(port.settings, port.wire, port.kernel);
  }
  return {};
}

void PortSet::stop() {
  for (Port& port : ports_) {
    port.wire.stop();
    port.kernel.stop();
  }
}

std::vector<fwd::PortFact> PortSet::ports() const {
  std::vector<fwd::PortFact> facts;
  for (const Port& port : ports_) {
    const net::MacAddress mac = port.wire.mac();
    const net::MacAddress& canonical = port.settings.canonical;
    facts.push_back({.name = port.settings.name,
                     .driver = port.wire.driver(),
                     .fabric = port.settings.fabric,
                     .mac = mac,
                     .kernel_mac = canonical.is_zero() ? mac : canonical,
                     .mtu = port.wire.mtu(),
                     .link_up = port.wire.link_up(),
                     .kernel_mtu = port.kernel.mtu(),
                     .kernel_link_up = port.kernel.link_up()});
  }
  return facts;
}

fwd::PortStatistics PortSet::statistics(fwd::PortIndex port) const {
  const rte_eth_stats wire = stats_of(ports_[port].wire);
  const rte_eth_stats kernel = stats_of(ports_[port].kernel);
  return {.rx_packets = wire.ipackets,
          .rx_missed = wire.imissed,
          .rx_errors = wire.ierrors,
          .tx_packets = wire.opackets,
          .tx_errors = wire.oerrors,
          .rx_nombuf = wire.rx_nombuf,
          .kernel_rx_packets = kernel.ipackets,
          .kernel_rx_missed = kernel.imissed,
          .kernel_rx_errors = kernel.ierrors,
          .kernel_rx_nombuf = kernel.rx_nombuf,
          .kernel_tx_packets = kernel.opackets,
          .kernel_tx_errors = kernel.oerrors};
}

std::vector<PortPair> PortSet::with_queue(std::uint16_t queue) const {
  std::vector<PortPair> pairs;
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    if (ports_[i].settings.queues <= queue) continue;
    pairs.push_back({static_cast<fwd::PortIndex>(i), ports_[i].wire.id(), ports_[i].kernel.id()});
  }
  return pairs;
}

std::size_t PortSet::hold_capacity() const {
  std::uint64_t mbps = 0;
  for (const Port& port : ports_) mbps += port.wire.fastest_mbps();
  return std::bit_ceil(mbps * fwd::kHoldNs / (1000 * kLineBitsPerFrame));
}

}  // namespace sleight::dataplane
