// SPDX-License-Identifier: BSD-2-Clause
#include "device.h"

#include <fmt/format.h>
#include <rte_bus.h>
#include <rte_dev.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "eal_log.h"
#include "interface.h"
#include "sleight/base/log.h"

namespace sleight::dataplane {
namespace {

// Marks the ports of ours, so that a device named twice is found.
constexpr const char* kOwner = "sleight";

constexpr const char* kNoPort =
    "its driver made no port of it (to mend it: check the arguments behind its name; one that was "
    "closed comes back with a restart only)";

struct Speed {
  std::uint32_t flag;
  std::uint32_t mbps;
};

// Fastest first; nothing slower than the usual speed matters here.
constexpr std::array kSpeeds = {
    Speed{RTE_ETH_LINK_SPEED_200G, RTE_ETH_SPEED_NUM_200G},
    Speed{RTE_ETH_LINK_SPEED_100G, RTE_ETH_SPEED_NUM_100G},
    Speed{RTE_ETH_LINK_SPEED_56G, RTE_ETH_SPEED_NUM_56G},
    Speed{RTE_ETH_LINK_SPEED_50G, RTE_ETH_SPEED_NUM_50G},
    Speed{RTE_ETH_LINK_SPEED_40G, RTE_ETH_SPEED_NUM_40G},
    Speed{RTE_ETH_LINK_SPEED_25G, RTE_ETH_SPEED_NUM_25G},
    Speed{RTE_ETH_LINK_SPEED_20G, RTE_ETH_SPEED_NUM_20G},
};
constexpr std::uint32_t kUsualMbps = RTE_ETH_SPEED_NUM_10G;

std::optional<std::uint16_t> find_port(const std::string& device) {
  const std::string name = device.substr(0, device.find(','));
  std::uint16_t id = 0;
  if (rte_eth_dev_get_port_by_name(name.c_str(), &id) == 0) return id;
  // A PCI device may have ports under other names than its address.
  rte_dev_iterator iterator;
  RTE_ETH_FOREACH_MATCHING_DEV(id, device.c_str(), &iterator) {
    rte_eth_iterator_cleanup(&iterator);
    return id;
  }
  return std::nullopt;
}

Error failed(const std::string& what, int code) {
  return {what + ": " + rte_strerror(code < 0 ? -code : code)};
}

rte_eth_conf settings_for(const rte_eth_dev_info& info, std::uint16_t queues, std::uint16_t mtu) {
  rte_eth_conf conf{};
  conf.rxmode.mtu = mtu;
  if (queues == 1) return conf;
  const std::uint64_t wanted = RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP;
  conf.rx_adv_conf.rss_conf.rss_hf = wanted & info.flow_type_rss_offloads;
  // Virtual devices spread frames by themselves and offer no RSS.
  if (conf.rx_adv_conf.rss_conf.rss_hf != 0) conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
  return conf;
}

Error queue_failed(const char* way, std::uint16_t queue, std::uint16_t descriptors, int code) {
  return failed(fmt::format("{} queue {} of {} descriptors and buffers of {} bytes (to mend it: "
                            "raise eal.memory_mb, lower queues, or lower the frame size in the "
                            "device's arguments)",
                            way, queue, descriptors, RTE_MBUF_DEFAULT_DATAROOM),
                code);
}

Result<void> set_up_queues(std::uint16_t id, const DeviceShape& shape, rte_mempool* pool) {
  const int socket = rte_eth_dev_socket_id(id);
  const unsigned node = socket < 0 ? 0 : static_cast<unsigned>(socket);
  for (std::uint16_t queue = 0; queue < shape.queues; ++queue) {
    int code = rte_eth_rx_queue_setup(id, queue, shape.rx_descriptors, node, nullptr, pool);
    if (code != 0) return queue_failed("receive", queue, shape.rx_descriptors, code);
    code = rte_eth_tx_queue_setup(id, queue, shape.tx_descriptors, node, nullptr);
    if (code != 0) return queue_failed("transmit", queue, shape.tx_descriptors, code);
  }
  return {};
}

Result<void> set_up(std::uint16_t id, DeviceShape shape, rte_mempool* pool) {
  rte_eth_dev_info info;
  if (const int code = rte_eth_dev_info_get(id, &info); code != 0)
    return failed("tells nothing of itself", code);
  const std::uint16_t offered = std::min(info.max_rx_queues, info.max_tx_queues);
  if (offered < shape.queues) {
    return Error{fmt::format(
        "the device offers {} queue(s), the port is configured with {} (to mend it: lower "
        "queues, or give the device more, such as qpairs= of net_af_packet)",
        offered, shape.queues)};
  }
  std::uint16_t mtu = 0;
  rte_eth_dev_get_mtu(id, &mtu);
  const rte_eth_conf conf = settings_for(info, shape.queues, mtu);
  if (int code = rte_eth_dev_configure(id, shape.queues, shape.queues, &conf); code != 0) {
    return failed(fmt::format("{} queue(s), MTU {} (the device offers {} queue(s), frames of up to "
                              "{} bytes; to mend it: lower queues or the MTU of the interface)",
                              shape.queues, mtu, offered, info.max_rx_pktlen),
                  code);
  }
  if (int code = rte_eth_dev_adjust_nb_rx_tx_desc(id, &shape.rx_descriptors, &shape.tx_descriptors);
      code != 0) {
    return failed(
        fmt::format("{} receive and {} transmit descriptors (the device offers {} to {} "
                    "and {} to {}; to mend it: take another driver or device)",
                    shape.rx_descriptors, shape.tx_descriptors, info.rx_desc_lim.nb_min,
                    info.rx_desc_lim.nb_max, info.tx_desc_lim.nb_min, info.tx_desc_lim.nb_max),
        code);
  }
  return set_up_queues(id, shape, pool);
}

rte_eth_link link_of(std::uint16_t id) {
  rte_eth_link link{};
  if (rte_eth_link_get_nowait(id, &link) != 0) link = {};
  return link;
}

}  // namespace

// A kernel port is given what its peer sends; files and rings know no addresses.
bool may_filter(Side side, bool is_virtual, unsigned interface) {
  return side == Side::kWire && (!is_virtual || interface != 0);
}

Result<Device> Device::attach(const std::string& device) {
  DpdkErrors errors;
  const std::string what = "device '" + device + "'";
  std::optional<std::uint16_t> id = find_port(device);
  if (!id) {
    const int code = rte_dev_probe(device.c_str());
    id = find_port(device);
    if (!id) return explain(what, errors.take(), code < 0 ? rte_strerror(-code) : kNoPort);
  }
  rte_eth_dev_owner owner{};
  rte_eth_dev_owner_get(*id, &owner);
  if (owner.id != RTE_ETH_DEV_NO_OWNER) {
    return Error{what + ": used twice; number devices of one driver differently"};
  }
  rte_eth_dev_owner_new(&owner.id);
  std::strncpy(owner.name, kOwner, sizeof owner.name - 1);
  rte_eth_dev_owner_set(*id, &owner);
  Device attached(*id, device);
  rte_eth_dev_info info;
  if (rte_eth_dev_info_get(*id, &info) == 0) {
    attached.driver_ = info.driver_name;
    attached.interface_ = info.if_index;
    attached.is_virtual_ = std::strcmp(rte_bus_name(rte_dev_bus(info.device)), "vdev") == 0;
  }
  return attached;
}

Device::Device(Device&& other) noexcept
    : id_(other.id_),
      owned_(std::exchange(other.owned_, false)),
      started_(other.started_),
      name_(std::move(other.name_)),
      driver_(std::move(other.driver_)),
      interface_(other.interface_),
      is_virtual_(other.is_virtual_) {}

Device::~Device() {
  if (!owned_) return;
  stop();
  rte_eth_dev_close(id_);
}

Result<void> Device::configure(DeviceShape shape, rte_mempool* pool) {
  DpdkErrors errors;
  const Result<void> done = set_up(id_, shape, pool);
  if (done) return {};
  const std::string what = "device '" + name_ + "': " + done.error().message;
  const std::string said = errors.take();
  return said.empty() ? Error{what} : explain(what, said, {});
}

Result<void> Device::start(Side side) {
  DpdkErrors errors;
  if (const int code = rte_eth_dev_start(id_); code != 0) {
    return explain("device '" + name_ + "' does not start", errors.take(), rte_strerror(-code));
  }
  started_ = true;
  return become_promiscuous(side, errors);
}

Result<void> Device::become_promiscuous(Side side, DpdkErrors& errors) const {
  const int code = rte_eth_promiscuous_enable(id_);
  if (code == 0) return {};
  if (code != -ENOTSUP) {
    return explain("device '" + name_ + "' refuses promiscuous mode", errors.take(),
                   rte_strerror(-code));
  }
  if (!may_filter(side, is_virtual_, interface_)) return {};
  log::warn(
      "no_promiscuous_mode",
      {{"device", name_},
       {"driver", driver_},
       {"effect", "frames to steer MACs may never arrive"},
       {"mend", "a virtual function: `ip link set PF vf N trust on`; else another driver or NIC"}});
  return {};
}

void Device::stop() {
  if (!std::exchange(started_, false)) return;
  rte_eth_dev_stop(id_);
}

net::MacAddress Device::mac() const {
  rte_ether_addr address{};
  net::MacAddress mac;
  if (rte_eth_macaddr_get(id_, &address) != 0) return mac;
  std::memcpy(mac.bytes.data(), address.addr_bytes, mac.bytes.size());
  return mac;
}

std::uint16_t Device::mtu() const {
  if (interface_ != 0) {
    if (const auto interface = read_interface(interface_)) return interface->mtu;
  }
  std::uint16_t mtu = 0;
  rte_eth_dev_get_mtu(id_, &mtu);
  return mtu;
}

std::uint16_t Device::largest_mtu() const {
  rte_eth_dev_info info;
  std::uint32_t frame = RTE_MBUF_DEFAULT_DATAROOM;
  if (rte_eth_dev_info_get(id_, &info) == 0) frame = std::min(frame, info.max_rx_pktlen);
  return static_cast<std::uint16_t>(
      frame - std::min<std::uint32_t>(frame, RTE_ETHER_HDR_LEN + RTE_ETHER_CRC_LEN));
}

bool Device::link_up() const {
  if (link_of(id_).link_status != RTE_ETH_LINK_UP) return false;
  if (interface_ == 0) return true;
  const auto interface = read_interface(interface_);
  return interface && interface->is_running;
}

std::uint32_t Device::fastest_mbps() const {
  rte_eth_dev_info info;
  if (rte_eth_dev_info_get(id_, &info) != 0) return kUsualMbps;
  for (const Speed& speed : kSpeeds) {
    if ((info.speed_capa & speed.flag) != 0) return speed.mbps;
  }
  return kUsualMbps;
}

}  // namespace sleight::dataplane
