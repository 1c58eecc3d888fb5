// SPDX-License-Identifier: BSD-2-Clause
#include "golden.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

namespace sleight::net {
namespace {

std::vector<nlohmann::json> lines_of(const std::string& file) {
  std::ifstream in(std::string(GOLDEN_DIR) + "/" + file);
  CHECK(in.good());
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

std::uint8_t protocol_of(const std::string& name) {
  static const std::map<std::string, std::uint8_t> kProtocols = {{"tcp", kProtocolTcp},
                                                                 {"udp", kProtocolUdp},
                                                                 {"icmp", kProtocolIcmp},
                                                                 {"icmpv6", kProtocolIcmpv6}};
  return kProtocols.at(name);
}

}  // namespace

std::vector<std::uint8_t> bytes_of_hex(const std::string& hex) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(at, 2), nullptr, 16)));
  }
  return bytes;
}

std::vector<GoldenPacket> golden_packets() {
  std::vector<GoldenPacket> packets;
  for (const auto& line : lines_of("packets/packets.jsonl")) {
    packets.push_back({.name = line.at("name"),
                       .frame = bytes_of_hex(line.at("hex")),
                       .kind = line.at("kind"),
                       .flow = line.value("flow", ""),
                       .flags = line.value("flags", std::uint8_t{0}),
                       .seq = line.value("seq", 0u),
                       .ack = line.value("ack", 0u)});
  }
  return packets;
}

std::vector<GoldenHash> golden_hashes() {
  std::vector<GoldenHash> hashes;
  for (const auto& line : lines_of("slot_hash.jsonl")) {
    const auto text = [&line](const char* key) { return line.at(key).get<std::string>(); };
    hashes.push_back(
        {.key = *parse_sip_key(text("key")),
         .flow = FlowKey::make(*parse_ip(text("src")), line.at("sport"), *parse_ip(text("dst")),
                               line.at("dport"), protocol_of(text("proto"))),
         .hash = std::stoull(text("hash"), nullptr, 16),
         .slots = line.at("slots"),
         .slot = line.at("slot")});
  }
  return hashes;
}

std::string to_string(PacketKind kind) {
  static const std::map<PacketKind, std::string> kNames = {
      {PacketKind::kMalformed, "malformed"},
      {PacketKind::kNotIp, "not_ip"},
      {PacketKind::kArp, "arp"},
      {PacketKind::kTraining, "training"},
      {PacketKind::kNeighborDiscovery, "neighbor_discovery"},
      {PacketKind::kTruncated, "truncated"},
      {PacketKind::kFragment, "fragment"},
      {PacketKind::kOther, "other"},
      {PacketKind::kTcp, "tcp"},
      {PacketKind::kUdp, "udp"},
      {PacketKind::kEcho, "echo"},
      {PacketKind::kTcpError, "tcp_error"},
      {PacketKind::kUdpError, "udp_error"},
      {PacketKind::kEchoError, "echo_error"}};
  return kNames.at(kind);
}

}  // namespace sleight::net
