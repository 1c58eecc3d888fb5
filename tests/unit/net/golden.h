// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sleight/net/packet.h"
#include "sleight/net/siphash.h"

namespace sleight::net {

// A line of tests/golden/packets/packets.jsonl; absent fields are empty or 0.
struct GoldenPacket {
  std::string name;
  std::vector<std::uint8_t> frame;
  std::string kind;
  std::string flow;
  std::uint8_t flags = 0;
  std::uint32_t seq = 0;
  std::uint32_t ack = 0;
};

// A line of tests/golden/slot_hash.jsonl.
struct GoldenHash {
  SipKey key;
  FlowKey flow;
  std::uint64_t hash = 0;
  std::uint32_t slots = 0;
  std::uint32_t slot = 0;
};

std::vector<GoldenPacket> golden_packets();
std::vector<GoldenHash> golden_hashes();

// As the golden files write it.
std::string to_string(PacketKind kind);

std::vector<std::uint8_t> bytes_of_hex(const std::string& hex);

}  // namespace sleight::net
