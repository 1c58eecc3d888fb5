// SPDX-License-Identifier: BSD-2-Clause
#include "flow_inquiry.h"

#include <array>

#include "sleight/fwd/outcome.h"
#include "sleight/net/flow_key.h"
#include "sleight/net/packet.h"
#include "sleight/net/siphash.h"
#include "sleight/net/steer_mac.h"

namespace sleight::control {
namespace {

Result<std::uint8_t> parse_protocol(const std::string& text) {
  if (text == "tcp") return net::kProtocolTcp;
  if (text == "udp") return net::kProtocolUdp;
  return Error{"protocol '" + text + "': expected tcp or udp"};
}

Result<net::FlowKey> parse_flow(const FlowQuery& query) {
  const auto protocol = parse_protocol(query.protocol);
  if (!protocol) return protocol.error();
  auto source = net::parse_ip(query.source);
  if (!source) return std::move(source).error().context("source");
  auto destination = net::parse_ip(query.destination);
  if (!destination) return std::move(destination).error().context("destination");
  if (source->family != destination->family) {
    return Error{"source " + query.source + " and destination " + query.destination +
                 " are not of one family"};
  }
  return net::FlowKey::make(*source, query.sport, *destination, query.dport, *protocol);
}

void conclude(FlowReport& report, fwd::Outcome outcome) {
  report.verdict = to_string(outcome.verdict());
  report.reason = outcome.reason();
}

// The part of the pipeline that knows only addresses: VIP, service, slot, chain.
class Inquiry {
 public:
  Inquiry(const fwd::Snapshot& snapshot, const config::Config& config, const HostNames& names)
      : snapshot_(snapshot), config_(config), names_(names) {}

  FlowReport report(const net::FlowKey& flow) const {
    FlowReport report;
    report.flow = to_string(flow);
    const std::uint32_t vip = snapshot_.vips.find_vip(flow);
    if (vip == fwd::kNoIndex) {
      conclude(report, fwd::Rule::kNotVip);
      return report;
    }
    report.vip = config_.vips[vip].name;
    report.pool = config_.vips[vip].pool;
    const std::uint32_t service = snapshot_.vips.find_service(vip, flow.protocol(), flow.dport());
    if (service == fwd::kNoIndex) {
      conclude(report, fwd::Drop::NoService);
      return report;
    }
    report.service = snapshot_.service_names[service];
    add_slot(report, flow, vip);
    return report;
  }

 private:
  void add_slot(FlowReport& report, const net::FlowKey& flow, std::uint32_t vip) const {
    const config::Pool* pool = config_.find_pool(*report.pool);
    // A pure host may know neither the pool nor its key; the hash is the directors' then.
    if (pool == nullptr || !pool->hash_key) return;
    report.slot = net::slot_of(net::hash_flow(*pool->hash_key, flow), pool->slots);
    if (!snapshot_.director) return;
    const auto& steer = snapshot_.pools[snapshot_.vips.pool_of(vip)].steer;
    const std::uint64_t bits = steer.empty() ? 0 : steer.front()[*report.slot];
    const auto decoded = net::decode_steer(bits);
    if (!decoded) return conclude(report, fwd::Drop::NoHost);
    report.chain = ids_of(decoded->chain);
    report.hosts = names_.of(report.chain);
    report.steer = to_string(net::MacAddress::from_bits(bits));
    conclude(report, fwd::Rule::kSlot);
  }

  const fwd::Snapshot& snapshot_;
  const config::Config& config_;
  const HostNames& names_;
};

fwd::SocketVerdict ask(fwd::SocketOracle& oracle, const net::FlowKey& flow) {
  const std::array question{fwd::SocketQuestion{.flow = flow, .tcp_flags = net::kTcpAck}};
  std::array verdict{fwd::SocketVerdict::kUnknown};
  oracle.ask(question, verdict);
  return verdict.front();
}

// Why a MAC address is no steer MAC, most basic reason first.
std::string problem_of(std::uint64_t bits) {
  if (!net::is_steer_kind(bits)) {
    return "not of the kind that steer MACs are made of: the second hex digit is not 2";
  }
  if ((bits >> 36 & 0xf) != 0) return "reserved bits are set: the third hex digit is not 0";
  const std::uint64_t target = bits >> 24 & 0xfff;
  const std::uint64_t first = bits >> 12 & 0xfff;
  if (target == 0) return "no target: hex digits 4 to 6 are 000";
  if (first == 0) return "a second fallback without a first: hex digits 7 to 9 are 000";
  return "a host is named twice";
}

}  // namespace

Result<FlowReport> inquire(const FlowQuery& query, const fwd::Snapshot& snapshot,
                           const config::Config& config, const HostNames& names,
                           fwd::SocketOracle* oracle) {
  auto flow = parse_flow(query);
  if (!flow) return std::move(flow).error();
  FlowReport report = Inquiry(snapshot, config, names).report(*flow);
  const bool kernel_decides = report.service.has_value() && flow->protocol() == net::kProtocolTcp;
  if (oracle != nullptr && kernel_decides) report.socket = to_string(ask(*oracle, *flow));
  return report;
}

Result<MacReport> read_mac(const std::string& text, const HostNames& names) {
  auto mac = net::parse_mac(text);
  if (!mac) return std::move(mac).error();
  MacReport report;
  report.mac = to_string(*mac);
  const auto steer = net::decode_steer(*mac);
  if (!steer) {
    report.problem = problem_of(mac->bits());
    return report;
  }
  report.valid = true;
  report.fabric = steer->fabric;
  report.chain = ids_of(steer->chain);
  report.hosts = names.of(report.chain);
  report.canonical = !steer->chain.has_fallback();
  return report;
}

}  // namespace sleight::control
