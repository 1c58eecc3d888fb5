// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "sleight/base/check.h"
#include "sleight/base/endian.h"
#include "sleight/net/packet.h"
#include "sleight/net/siphash.h"
#include "sleight/net/training.h"

namespace sleight::net {
namespace {

using Bytes = std::span<const std::uint8_t>;

// The outer destination, read without the parser.
IpAddress outer_destination(Bytes frame) {
  const bool is_v4 = load_be16(&frame[12]) == kEtherTypeIpv4;
  return is_v4 ? IpAddress::v4(&frame[kEthernetHeader + 16])
               : IpAddress::v6(&frame[kEthernetHeader + 24]);
}

bool has_ports(PacketKind kind) {
  return kind == PacketKind::kTcp || kind == PacketKind::kUdp || kind == PacketKind::kTcpError ||
         kind == PacketKind::kUdpError;
}

void check_packet(Bytes frame) {
  const Packet packet = parse(frame);
  const FlowKey& flow = packet.flow;
  CHECK(packet.is_ip() == (flow != FlowKey()));
  if (packet.kind != PacketKind::kTcp) CHECK(packet.tcp_flags == 0 && packet.ack == 0);
  if (!packet.is_ip()) return;
  CHECK(flow.destination() == outer_destination(frame));
  CHECK(flow.reversed().reversed() == flow);
  CHECK(has_ports(packet.kind) || (flow.sport() == 0 && flow.dport() == 0));
  CHECK(FlowKey::make(flow.source(), flow.sport(), flow.destination(), flow.dport(),
                      flow.protocol()) == flow);
}

// Bytes behind the frame never change what it is: its IP length bounds it.
void check_padding(Bytes frame) {
  const Packet bare = parse(frame);
  if (!bare.is_ip()) return;
  const std::size_t padded_size = frame.size() + 64;
  const std::unique_ptr<std::uint8_t[]> padded(new std::uint8_t[padded_size]);
  std::fill_n(padded.get(), padded_size, std::uint8_t{0x5a});
  std::copy(frame.begin(), frame.end(), padded.get());
  const Packet again = parse({padded.get(), padded_size});
  CHECK(again.kind == bare.kind && again.flow == bare.flow && again.seq == bare.seq);
}

void check_heartbeat(Bytes frame) {
  const HeartbeatResult result = read_heartbeat(frame, nullptr);
  if (!result.heartbeat) return;
  const TrainingFrame again = make_heartbeat(*result.heartbeat, nullptr);
  CHECK(read_heartbeat(again, nullptr).heartbeat == result.heartbeat);
}

}  // namespace
}  // namespace sleight::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A copy of exactly this size lets the address sanitizer see every byte read behind it.
  const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[size]);
  std::copy_n(data, size, copy.get());
  const std::span<const std::uint8_t> frame(copy.get(), size);
  sleight::net::check_packet(frame);
  sleight::net::check_padding(frame);
  sleight::net::check_heartbeat(frame);
  return 0;
}
