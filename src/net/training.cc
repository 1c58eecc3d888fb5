// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/training.h"

#include <algorithm>
#include <cstring>

#include "sleight/base/check.h"
#include "sleight/base/endian.h"
#include "sleight/net/packet.h"

namespace sleight::net {
namespace {

constexpr std::uint8_t kFormatTeachOnly = 0;
constexpr std::uint8_t kFormatHeartbeat = 1;
constexpr std::uint8_t kFlagTagged = 0x01;

// Offsets in the payload; the page is in the header.
constexpr std::size_t kFormat = 0;
constexpr std::size_t kFabric = 1;
constexpr std::size_t kId = 2;
constexpr std::size_t kWish = 4;
constexpr std::size_t kHealth = 5;
constexpr std::size_t kFlags = 6;
constexpr std::size_t kReserved = 7;
constexpr std::size_t kFlowsOwned = 8;
constexpr std::size_t kTableEpoch = 12;
constexpr std::size_t kTableVersion = 16;
constexpr std::size_t kTime = 24;
constexpr std::size_t kTag = 32;
constexpr std::size_t kPayloadSize = 40;

constexpr std::size_t kMacSize = 6;
constexpr std::size_t kEtherType = 2 * kMacSize;
static_assert(kEthernetHeader + kPayloadSize <= kTrainingFrameSize);

// REQUIRES: `frame` holds an Ethernet header and a whole payload.
std::uint64_t tag_of(const SipKey& key, const std::uint8_t* frame) {
  std::array<std::uint8_t, kMacSize + kTag> message;
  std::memcpy(message.data(), frame + kMacSize, kMacSize);
  std::memcpy(message.data() + kMacSize, frame + kEthernetHeader, kTag);
  return siphash13(key, message);
}

bool is_training(std::span<const std::uint8_t> frame) {
  return frame.size() >= kEthernetHeader && load_be16(&frame[kEtherType]) == kEtherTypeTraining &&
         std::equal(kTrainingGroup.bytes.begin(), kTrainingGroup.bytes.end(), frame.begin());
}

bool is_canonical_source(const std::uint8_t* frame, std::uint8_t fabric, HostId id) {
  if (fabric > kMaxFabric || id == kNoHost || id > kMaxHostId) return false;
  const MacAddress expected = canonical_mac(fabric, id);
  return std::memcmp(frame + kMacSize, expected.bytes.data(), kMacSize) == 0;
}

// Whether fields that have few allowed values hold one of them.
bool fields_hold(const std::uint8_t* payload) {
  return payload[kWish] <= static_cast<std::uint8_t>(StateWish::kDrain) &&
         payload[kHealth] <= static_cast<std::uint8_t>(Health::kDown) &&
         (payload[kFlags] & ~kFlagTagged) == 0 && payload[kReserved] == 0;
}

Heartbeat decoded(const std::uint8_t* payload) {
  return {.fabric = payload[kFabric],
          .id = load_be16(payload + kId),
          .wish = static_cast<StateWish>(payload[kWish]),
          .health = static_cast<Health>(payload[kHealth]),
          .flows_owned = load_be32(payload + kFlowsOwned),
          .table_epoch = load_be32(payload + kTableEpoch),
          .table_version = load_be64(payload + kTableVersion),
          .time_us = load_be64(payload + kTime)};
}

}  // namespace

TrainingFrame make_training(const MacAddress& steer) {
  TrainingFrame frame{};
  std::copy(kTrainingGroup.bytes.begin(), kTrainingGroup.bytes.end(), frame.begin());
  std::copy(steer.bytes.begin(), steer.bytes.end(), frame.begin() + kMacSize);
  store_be16(&frame[kEtherType], kEtherTypeTraining);
  frame[kEthernetHeader + kFormat] = kFormatTeachOnly;
  return frame;
}

TrainingFrame make_heartbeat(const Heartbeat& heartbeat, const SipKey* steer_key) {
  CHECK(heartbeat.fabric <= kMaxFabric);
  CHECK(heartbeat.id != kNoHost && heartbeat.id <= kMaxHostId);
  TrainingFrame frame = make_training(canonical_mac(heartbeat.fabric, heartbeat.id));
  std::uint8_t* payload = &frame[kEthernetHeader];
  payload[kFormat] = kFormatHeartbeat;
  payload[kFabric] = heartbeat.fabric;
  store_be16(payload + kId, heartbeat.id);
  payload[kWish] = static_cast<std::uint8_t>(heartbeat.wish);
  payload[kHealth] = static_cast<std::uint8_t>(heartbeat.health);
  store_be32(payload + kFlowsOwned, heartbeat.flows_owned);
  store_be32(payload + kTableEpoch, heartbeat.table_epoch);
  store_be64(payload + kTableVersion, heartbeat.table_version);
  store_be64(payload + kTime, heartbeat.time_us);
  if (steer_key != nullptr) {
    payload[kFlags] = kFlagTagged;
    store_be64(payload + kTag, tag_of(*steer_key, frame.data()));
  }
  return frame;
}

HeartbeatResult read_heartbeat(std::span<const std::uint8_t> frame, const SipKey* steer_key) {
  const auto refused = [](HeartbeatError error) { return HeartbeatResult{std::nullopt, error}; };
  if (!is_training(frame)) return refused(HeartbeatError::kNotHeartbeat);
  if (frame.size() < kEthernetHeader + kPayloadSize) return refused(HeartbeatError::kMalformed);
  const std::uint8_t* payload = &frame[kEthernetHeader];
  if (payload[kFormat] == kFormatTeachOnly) return refused(HeartbeatError::kNotHeartbeat);
  if (payload[kFormat] != kFormatHeartbeat || !fields_hold(payload) ||
      !is_canonical_source(frame.data(), payload[kFabric], load_be16(payload + kId))) {
    return refused(HeartbeatError::kMalformed);
  }
  if (steer_key != nullptr) {
    if ((payload[kFlags] & kFlagTagged) == 0) return refused(HeartbeatError::kUntagged);
    if (load_be64(payload + kTag) != tag_of(*steer_key, frame.data())) {
      return refused(HeartbeatError::kBadTag);
    }
  }
  return {decoded(payload)};
}

}  // namespace sleight::net
