// SPDX-License-Identifier: BSD-2-Clause
#include <optional>

#include "frame_macs.h"
#include "ruling.h"
#include "sleight/net/steer_mac.h"
#include "stages.h"

namespace sleight::fwd {
namespace {

using net::PacketKind;

// What every frame of a burst is judged by, read from the snapshot once.
struct Station {
  explicit Station(const Context& context)
      : snapshot(context.snapshot),
        mac_bits(port(context).mac.bits()),
        fabric(port(context).fabric) {}

  static const SnapshotPort& port(const Context& context) {
    return context.snapshot.ports[context.port];
  }

  const Snapshot& snapshot;
  std::uint64_t mac_bits;
  std::uint8_t fabric;
};

// Open: a steer MAC that targets this host.
Ruling judge_steer(const Station& station, std::uint64_t mac_bits) {
  if (!station.snapshot.host || !net::is_steer_kind(mac_bits)) return Drop::NotMine;
  const std::optional<net::SteerMac> steer = net::decode_steer(mac_bits);
  if (!steer || steer->fabric != station.fabric) return Drop::BadSteer;
  if (steer->chain.target != station.snapshot.self) return Drop::NotMine;
  return kOpen;
}

// Open: to a VIP, and a service takes it (or it is echo, which needs none).
Ruling judge_packet(const VipIndex& vips, Burst& burst, std::size_t i) {
  const net::Packet& packet = burst.packets[i];
  switch (packet.kind) {
    case PacketKind::kMalformed:
      return Drop::Malformed;
    case PacketKind::kArp:
    case PacketKind::kNeighborDiscovery:
      return Rule::kNeighbor;
    case PacketKind::kNotIp:
      return Rule::kNotVip;
    default:
      break;
  }
  burst.vips[i] = vips.find_vip(packet.flow);
  if (burst.vips[i] == kNoIndex) return Rule::kNotVip;
  switch (packet.kind) {
    case PacketKind::kTruncated:
      return Drop::Malformed;
    case PacketKind::kFragment:
      return Drop::Fragment;
    case PacketKind::kOther:
      return Drop::NoService;
    case PacketKind::kEcho:
    case PacketKind::kEchoError:
      return kOpen;
    default:
      break;
  }
  burst.services[i] = vips.find_service(burst.vips[i], packet.flow.protocol(), packet.flow.dport());
  if (burst.services[i] == kNoIndex) return Drop::NoService;
  return kOpen;
}

// The rules in the order of design sections 4 and 5, up to the role's own. Open: the
// frame goes on in the lane that it was put in.
Ruling judge(const Context& context, const Station& station, Burst& burst, std::size_t i,
             Lanes& lanes) {
  if (burst.packets[i].kind == PacketKind::kTraining) return Rule::kTraining;
  const Frame& frame = burst.frames[i];
  // Without a whole header there are no addresses to judge by.
  if (frame.size < net::kEthernetHeader) return Drop::Malformed;
  const std::uint64_t mac_bits = destination_bits(frame);
  if ((frame.data[0] & 0x01) != 0) return Rule::kGroup;
  const bool is_own = mac_bits == station.mac_bits;
  if (is_own && !station.snapshot.director) return Rule::kOwnMac;
  if (!is_own) {
    if (const Ruling ruling = judge_steer(station, mac_bits); !ruling.is_open()) return ruling;
    if (has_fallback(mac_bits)) context.seen.note(mac_bits);
  }
  if (const Ruling ruling = judge_packet(station.snapshot.vips, burst, i); !ruling.is_open())
    return ruling;
  (is_own ? lanes.director : lanes.host).add(i);
  return kOpen;
}

// In a loop of its own: what one packet's parsing stores, its judging reads, and the
// processor has it ready only some packets later.
void parse(Burst& burst) {
  for (std::size_t i = 0; i < burst.count; ++i) {
    net::parse_into({burst.frames[i].data, burst.frames[i].size}, burst.packets[i]);
  }
}

}  // namespace

Lanes admit(const Context& context, Burst& burst) {
  parse(burst);
  const Station station(context);
  Lanes lanes;
  for (std::size_t i = 0; i < burst.count; ++i) {
    burst.vips[i] = burst.services[i] = burst.slots[i] = kNoIndex;
    const Ruling ruling = judge(context, station, burst, i, lanes);
    if (!ruling.is_open()) burst.outcomes[i] = ruling.outcome();
  }
  return lanes;
}

}  // namespace sleight::fwd
