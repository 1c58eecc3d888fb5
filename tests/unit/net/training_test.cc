// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/training.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "golden.h"

namespace sleight::net {
namespace {

constexpr SipKey kKey{0x0123456789abcdef, 0xfedcba9876543210};
constexpr std::size_t kPayload = kEthernetHeader;
constexpr std::size_t kUsed = kEthernetHeader + 40;

Heartbeat example() {
  return {.fabric = 3,
          .id = 0x123,
          .wish = StateWish::kDrain,
          .health = Health::kUp,
          .flows_owned = 0x01020304,
          .table_epoch = 0x05060708,
          .table_version = 0x090a0b0c0d0e0f10,
          .time_us = 0x1112131415161718};
}

HeartbeatError refusal(std::span<const std::uint8_t> frame, const SipKey* key) {
  const HeartbeatResult result = read_heartbeat(frame, key);
  EXPECT_FALSE(result.heartbeat.has_value());
  return result.error;
}

TEST(Training, TeachesItsSourceAndNothingElse) {
  const MacAddress steer = encode({3, {2, {1, 0}}});
  const TrainingFrame frame = make_training(steer);
  const std::vector<std::uint8_t> start(frame.begin(), frame.begin() + 15);
  EXPECT_EQ(start, bytes_of_hex("03736c656967"
                                "320002001000"
                                "88b5"
                                "00"));
  EXPECT_EQ(parse(frame).kind, PacketKind::kTraining);
  EXPECT_TRUE(kTrainingGroup.is_group());
  EXPECT_EQ(refusal(frame, nullptr), HeartbeatError::kNotHeartbeat);
  EXPECT_EQ(refusal(frame, &kKey), HeartbeatError::kNotHeartbeat);
}

TEST(Heartbeat, LiesOnTheWireAsTheHeaderSays) {
  const TrainingFrame frame = make_heartbeat(example(), nullptr);
  EXPECT_EQ(std::vector<std::uint8_t>(frame.begin(), frame.end()), bytes_of_hex("03736c656967"
                                                                                "320123000000"
                                                                                "88b5"
                                                                                "01030123"
                                                                                "01010000"
                                                                                "01020304"
                                                                                "05060708"
                                                                                "090a0b0c0d0e0f10"
                                                                                "1112131415161718"
                                                                                "0000000000000000"
                                                                                "000000000000"));
}

TEST(Heartbeat, ItsTagCoversSourceAndFields) {
  const TrainingFrame frame = make_heartbeat(example(), &kKey);
  std::vector<std::uint8_t> message(frame.begin() + 6, frame.begin() + 12);
  message.insert(message.end(), frame.begin() + kPayload, frame.begin() + kPayload + 32);
  EXPECT_EQ(load_be64(&frame[kPayload + 32]), siphash13(kKey, message));
  EXPECT_EQ(frame[kPayload + 6], 1);
}

TEST(Heartbeat, RoundTripsWithAndWithoutKey) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const Heartbeat sent{.fabric = static_cast<std::uint8_t>(random() % 16),
                         .id = static_cast<HostId>(1 + random() % kMaxHostId),
                         .wish = static_cast<StateWish>(random() % 2),
                         .health = static_cast<Health>(random() % 3),
                         .flows_owned = static_cast<std::uint32_t>(random()),
                         .table_epoch = static_cast<std::uint32_t>(random()),
                         .table_version = random(),
                         .time_us = random()};
    EXPECT_EQ(read_heartbeat(make_heartbeat(sent, nullptr), nullptr).heartbeat, sent);
    EXPECT_EQ(read_heartbeat(make_heartbeat(sent, &kKey), &kKey).heartbeat, sent);
    // While a key is being rolled out, those without it still understand.
    EXPECT_EQ(read_heartbeat(make_heartbeat(sent, &kKey), nullptr).heartbeat, sent);
  }
}

TEST(Heartbeat, WithoutATagOrWithAnotherKeysTagIsRefused) {
  const SipKey other{1, 2};
  EXPECT_EQ(refusal(make_heartbeat(example(), nullptr), &kKey), HeartbeatError::kUntagged);
  EXPECT_EQ(refusal(make_heartbeat(example(), &other), &kKey), HeartbeatError::kBadTag);
}

TEST(Heartbeat, NoBitOfATaggedOneCanBeFlipped) {
  const TrainingFrame good = make_heartbeat(example(), &kKey);
  for (std::size_t bit = 0; bit < kUsed * 8; ++bit) {
    TrainingFrame bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(read_heartbeat(bad, &kKey).heartbeat.has_value()) << bit;
  }
  TrainingFrame padded = good;
  padded.back() ^= 1;
  EXPECT_TRUE(read_heartbeat(padded, &kKey).heartbeat.has_value());
}

TEST(Heartbeat, WithAFieldThatCannotBeIsMalformed) {
  struct Change {
    std::size_t at;
    std::uint8_t value;
  };
  for (const Change change :
       {Change{0, 2}, Change{1, 4}, Change{1, 19}, Change{2, 0x11}, Change{3, 0x24}, Change{4, 2},
        Change{5, 3}, Change{6, 2}, Change{6, 0x80}, Change{7, 1}}) {
    TrainingFrame frame = make_heartbeat(example(), nullptr);
    frame[kPayload + change.at] = change.value;
    EXPECT_EQ(refusal(frame, nullptr), HeartbeatError::kMalformed)
        << change.at << " = " << int{change.value};
  }
}

TEST(Heartbeat, FromAnotherSourceThanItsCanonicalMacIsMalformed) {
  TrainingFrame frame = make_heartbeat(example(), nullptr);
  frame[11] = 1;
  EXPECT_EQ(refusal(frame, nullptr), HeartbeatError::kMalformed);
  TrainingFrame nobody = make_training(canonical_mac(3, 0));
  nobody[kPayload] = 1;
  nobody[kPayload + 1] = 3;
  EXPECT_EQ(refusal(nobody, nullptr), HeartbeatError::kMalformed);
}

TEST(Heartbeat, OfAnotherEthertypeOrDestinationIsNone) {
  TrainingFrame frame = make_heartbeat(example(), nullptr);
  frame[13] ^= 1;
  EXPECT_EQ(refusal(frame, nullptr), HeartbeatError::kNotHeartbeat);
  frame = make_heartbeat(example(), nullptr);
  frame[5] ^= 1;
  EXPECT_EQ(refusal(frame, nullptr), HeartbeatError::kNotHeartbeat);
}

TEST(Heartbeat, IsNeverReadBehindAnyTruncation) {
  const TrainingFrame whole = make_heartbeat(example(), &kKey);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[size]);
    std::copy_n(whole.begin(), size, copy.get());
    const HeartbeatResult result = read_heartbeat({copy.get(), size}, &kKey);
    EXPECT_EQ(result.heartbeat.has_value(), size >= kUsed) << size;
    if (size >= kUsed) continue;
    EXPECT_EQ(result.error,
              size < kEthernetHeader ? HeartbeatError::kNotHeartbeat : HeartbeatError::kMalformed);
  }
}

TEST(HeartbeatDeathTest, NeedsAHost) {
  EXPECT_DEATH(make_heartbeat({.id = kNoHost}, nullptr), "CHECK failed");
  EXPECT_DEATH(make_heartbeat({.fabric = 16, .id = 1}, nullptr), "CHECK failed");
}

}  // namespace
}  // namespace sleight::net
