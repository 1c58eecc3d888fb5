// SPDX-License-Identifier: BSD-2-Clause
#include "packet_rows.h"

#include "world.h"

namespace sleight::support {
namespace {

using net::kProtocolTcp;
using net::kProtocolUdp;

constexpr std::uint8_t kGre = 47;
constexpr std::uint16_t kLldp = 0x88cc;
constexpr std::uint64_t kBroadcast = 0xff'ff'ff'ff'ff'ff;

Bytes segment_to(std::uint64_t mac, net::Family family) {
  return ethernet_ip(mac, client_to(family, kWww), kProtocolTcp, tcp({}, net::kTcpAck));
}

// IP version 4 with a header length of 4 bytes; IPv6 that breaks off in its header.
Bytes malformed_to(std::uint64_t mac, net::Family family) {
  Bytes frame = segment_to(mac, family);
  if (family == net::Family::kIpv4) {
    frame[net::kEthernetHeader] = 0x41;
  } else {
    frame.resize(net::kEthernetHeader + 20);
  }
  return frame;
}

Bytes without_last(Bytes bytes, std::size_t count) {
  bytes.resize(bytes.size() - count);
  return bytes;
}

// An ICMP error to `ends.destination` about a packet that it had sent.
Bytes error(std::uint64_t mac, const Ends& ends, std::uint8_t quoted_protocol,
            const Bytes& quoted_payload) {
  const net::Family family = ends.source.family;
  const Bytes quoted = ip(ends.reversed(), quoted_protocol, quoted_payload);
  return ethernet_ip(mac, ends, icmp_protocol(family), unreachable(family, quoted));
}

Rows rows_to_nobody(net::Family family, std::uint64_t mac) {
  const Ends nobody = client_to_nobody(family);
  const Bytes segment = tcp({}, net::kTcpAck);
  return {
      {"tcp-to-nobody", ethernet_ip(mac, nobody, kProtocolTcp, segment)},
      {"truncated-to-nobody", ethernet_ip(mac, nobody, kProtocolTcp, without_last(segment, 10))},
      {"fragment-to-nobody",
       ethernet(mac, ether_type(family), ip_fragment(nobody, kProtocolTcp, segment))},
      {"other-to-nobody", ethernet_ip(mac, nobody, kGre, segment)},
      {"error-to-nobody", error(mac, nobody, kProtocolTcp, tcp({80, 40000}, net::kTcpAck))},
  };
}

Rows rows_without_service(net::Family family, std::uint64_t mac) {
  const Ends www = client_to(family, kWww);
  const Bytes segment = tcp({}, net::kTcpAck);
  const Bytes foreign = ip(client_to_nobody(family).reversed(), kProtocolTcp, segment);
  return {
      {"truncated", ethernet_ip(mac, www, kProtocolTcp, without_last(segment, 10))},
      {"fragment", ethernet(mac, ether_type(family), ip_fragment(www, kProtocolTcp, segment))},
      {"other", ethernet_ip(mac, www, kGre, segment)},
      {"tcp-no-service", ethernet_ip(mac, www, kProtocolTcp, tcp({40000, 81}, net::kTcpSyn))},
      {"udp-no-service", ethernet_ip(mac, www, kProtocolUdp, udp({40000, 80}))},
      {"error-no-service", error(mac, www, kProtocolTcp, tcp({81, 40000}, net::kTcpAck))},
      {"foreign-error", ethernet_ip(mac, www, icmp_protocol(family), unreachable(family, foreign))},
  };
}

Rows rows_to_service(net::Family family, std::uint64_t mac) {
  const Ends www = client_to(family, kWww);
  const auto segment = [&](int flags) {
    return ethernet_ip(mac, www, kProtocolTcp, tcp({}, static_cast<std::uint8_t>(flags)));
  };
  return {
      {"tcp-syn", segment(net::kTcpSyn)},
      {"tcp-syn-ack", segment(net::kTcpSyn | net::kTcpAck)},
      {"tcp-ack", segment(net::kTcpAck)},
      {"tcp-reset", segment(net::kTcpRst)},
      {"tcp-error", error(mac, www, kProtocolTcp, tcp({80, 40000}, net::kTcpAck))},
      {"udp", ethernet_ip(mac, www, kProtocolUdp, udp({40000, 53}))},
      {"udp-error", error(mac, www, kProtocolUdp, udp({53, 40000}))},
      {"echo", ethernet_ip(mac, www, icmp_protocol(family), echo(family))},
      {"echo-error", error(mac, www, icmp_protocol(family), echo(family))},
  };
}

}  // namespace

Rows destination_rows(net::Family family) {
  const std::uint64_t other_fabric = net::steer_bits(kFabric + 1, {kSelf, {}});
  const std::uint64_t reserved = steer({kSelf, {}}) | std::uint64_t{1} << 37;
  const auto sent_to = [family](std::uint64_t mac) { return segment_to(mac, family); };
  Bytes training = sent_to(kPortMac);
  training[12] = 0x88;
  training[13] = 0xb5;
  Bytes brief = sent_to(kPortMac);
  brief.resize(net::kEthernetHeader - 1);
  return {
      {"short", brief},
      {"training", training},
      {"group", sent_to(kBroadcast)},
      {"group-malformed", malformed_to(kBroadcast, family)},
      {"own", sent_to(kPortMac)},
      {"own-malformed", malformed_to(kPortMac, family)},
      {"steer-mine", sent_to(steer({kSelf, {}}))},
      {"steer-other", sent_to(steer({2, {}}))},
      {"steer-other-malformed", malformed_to(steer({2, {}}), family)},
      {"steer-second-owner", sent_to(steer({2, {kSelf, 0}}))},
      {"steer-reserved", sent_to(reserved)},
      {"steer-foreign", sent_to(other_fabric)},
      {"steer-nobody", sent_to(steer({0, {kSelf, 0}}))},
      {"steer-gap", sent_to(steer({kSelf, {0, 2}}))},
      {"steer-twice", sent_to(steer({kSelf, {2, kSelf}}))},
      {"steer-bad-malformed", malformed_to(reserved, family)},
      {"other", sent_to(0x00'00'5e'00'53'77)},
  };
}

Rows packet_rows(net::Family family, std::uint64_t mac) {
  const Ends to_vip = client_to(net::Family::kIpv6, kWww);
  Rows rows = {
      {"arp", ethernet(mac, net::kEtherTypeArp, Bytes(28))},
      {"neighbor-solicitation",
       ethernet_ip(mac, to_vip, net::kProtocolIcmpv6, neighbor_solicitation(to_vip.destination))},
      {"neighbor-advertisement",
       ethernet_ip(mac, to_vip, net::kProtocolIcmpv6, neighbor_advertisement(to_vip.source))},
      {"not-ip", ethernet(mac, kLldp, Bytes(46))},
      {"malformed", malformed_to(mac, family)},
  };
  rows.merge(rows_to_nobody(family, mac));
  rows.merge(rows_without_service(family, mac));
  rows.merge(rows_to_service(family, mac));
  return rows;
}

}  // namespace sleight::support
