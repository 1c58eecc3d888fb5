// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/fwd/hold_queue.h"

#include <gtest/gtest.h>

namespace sleight::fwd {
namespace {

HoldQueue::Held due_at(std::uint64_t due_ns) {
  HoldQueue::Held held;
  held.due_ns = due_ns;
  return held;
}

TEST(HoldQueue, NothingIsDueInAnEmptyOne) {
  const HoldQueue queue(4);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.due(1'000'000), nullptr);
  EXPECT_EQ(queue.oldest(), nullptr);
}

TEST(HoldQueue, TheOldestIsDueWhenItsTimeHasCome) {
  HoldQueue queue(4);
  ASSERT_TRUE(queue.push(due_at(100)));
  ASSERT_TRUE(queue.push(due_at(200)));
  EXPECT_EQ(queue.due(99), nullptr);
  ASSERT_NE(queue.due(100), nullptr);
  queue.pop();
  EXPECT_EQ(queue.due(100), nullptr);
  ASSERT_NE(queue.oldest(), nullptr);
  EXPECT_EQ(queue.oldest()->due_ns, 200u);
}

TEST(HoldQueue, RefusesWhatDoesNotFit) {
  HoldQueue queue(2);
  EXPECT_TRUE(queue.push(due_at(1)));
  EXPECT_TRUE(queue.push(due_at(2)));
  EXPECT_FALSE(queue.push(due_at(3)));
  EXPECT_EQ(queue.size(), 2u);
  queue.pop();
  EXPECT_TRUE(queue.push(due_at(3)));
}

TEST(HoldQueue, KeepsTheOrderOfArrivalRoundAndRound) {
  HoldQueue queue(4);
  std::uint64_t expected = 0;
  for (std::uint64_t pushed = 0; pushed < 100; ++pushed) {
    ASSERT_TRUE(queue.push(due_at(pushed)));
    if (queue.size() < 3) continue;
    ASSERT_EQ(queue.oldest()->due_ns, expected++);
    queue.pop();
  }
  EXPECT_EQ(expected, 98u);
}

TEST(HoldQueue, KeepsAllThatTheSecondLookNeeds) {
  HoldQueue queue(1);
  int packet = 0;
  HoldQueue::Held held = due_at(7);
  held.handle = &packet;
  held.port = 3;
  held.question.seq = 42;
  ASSERT_TRUE(queue.push(held));
  EXPECT_EQ(queue.oldest()->handle, &packet);
  EXPECT_EQ(queue.oldest()->port, 3u);
  EXPECT_EQ(queue.oldest()->question.seq, 42u);
}

TEST(HoldQueueDeathTest, WantsAPowerOfTwo) { EXPECT_DEATH(HoldQueue(3), "CHECK failed"); }

}  // namespace
}  // namespace sleight::fwd
