// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "sleight/dataplane/snapshot_publisher.h"
#include "sleight/fwd/counters.h"

namespace sleight::dataplane {
namespace {

// Everything in it follows from its version, so that a reader sees a torn or freed one.
std::unique_ptr<const fwd::Snapshot> numbered(std::uint64_t version) {
  auto snapshot = std::make_unique<fwd::Snapshot>();
  snapshot->version = version;
  snapshot->self = static_cast<net::HostId>(version % net::kMaxHostId + 1);
  snapshot->pool_names.assign(3, std::to_string(version));
  return snapshot;
}

bool is_consistent(const fwd::Snapshot& snapshot) {
  const std::string name = std::to_string(snapshot.version);
  return snapshot.self == snapshot.version % net::kMaxHostId + 1 &&
         snapshot.pool_names == std::vector<std::string>(3, name);
}

// Readers as the workers are: one snapshot a turn, quiescent between turns, now and then
// asleep.
struct Crowd {
  Crowd(SnapshotPublisher& publisher, unsigned count) : seen(count) {
    for (unsigned id = 0; id < count; ++id) {
      threads.emplace_back([this, &publisher, id] { read(publisher, id); });
    }
  }
  ~Crowd() {
    stop = true;
    for (std::thread& thread : threads) thread.join();
  }

  void read(SnapshotPublisher& publisher, unsigned id) {
    SnapshotReader reader(publisher, id);
    reader.online();
    std::uint64_t newest = 0;
    for (unsigned turn = 0; !stop; ++turn) {
      const fwd::Snapshot* snapshot = reader.current();
      if (!is_consistent(*snapshot) || snapshot->version < newest) ++wrong;
      newest = snapshot->version;
      seen[id] = newest;
      reader.quiescent();
      if (turn % 64 == 63) {
        reader.offline();
        std::this_thread::yield();
        reader.online();
      }
    }
    reader.offline();
  }

  std::atomic<bool> stop{false};
  std::atomic<unsigned> wrong{0};
  std::vector<std::atomic<std::uint64_t>> seen;
  std::vector<std::thread> threads;
};

TEST(SnapshotPublisher, has_nothing_before_the_first_one) {
  SnapshotPublisher publisher(1);
  SnapshotReader reader(publisher, 0);
  reader.online();
  EXPECT_EQ(reader.current(), nullptr);
}

TEST(SnapshotPublisher, gives_the_newest_to_a_reader) {
  SnapshotPublisher publisher(1);
  SnapshotReader reader(publisher, 0);
  publisher.publish(numbered(1));
  publisher.publish(numbered(2));
  reader.online();
  EXPECT_EQ(reader.current()->version, 2u);
}

TEST(SnapshotPublisher, is_settled_when_every_reader_has_let_go) {
  SnapshotPublisher publisher(2);
  SnapshotReader first(publisher, 0);
  SnapshotReader second(publisher, 1);
  publisher.publish(numbered(1));
  first.online();
  second.online();
  publisher.publish(numbered(2));
  EXPECT_FALSE(publisher.settle());
  first.quiescent();
  EXPECT_FALSE(publisher.settle());
  second.quiescent();
  EXPECT_TRUE(publisher.settle());
}

TEST(SnapshotPublisher, keeps_what_a_reader_holds_through_many_newer_ones) {
  SnapshotPublisher publisher(1);
  SnapshotReader reader(publisher, 0);
  publisher.publish(numbered(1));
  reader.online();
  const fwd::Snapshot* held = reader.current();
  for (std::uint64_t version = 2; version < 100; ++version) publisher.publish(numbered(version));
  EXPECT_TRUE(is_consistent(*held));
  EXPECT_EQ(held->version, 1u);
  reader.quiescent();
  EXPECT_TRUE(publisher.settle());
}

TEST(SnapshotPublisher, waits_for_no_reader_that_sleeps) {
  SnapshotPublisher publisher(1);
  SnapshotReader reader(publisher, 0);
  publisher.publish(numbered(1));
  reader.online();
  reader.offline();
  publisher.publish(numbered(2));
  EXPECT_TRUE(publisher.settle());
  reader.online();
  EXPECT_EQ(reader.current()->version, 2u);
}

TEST(SnapshotPublisher, shows_many_readers_only_whole_snapshots_in_order) {
  constexpr std::uint64_t kLast = 3000;
  SnapshotPublisher publisher(4);
  publisher.publish(numbered(1));
  {
    Crowd crowd(publisher, 4);
    for (std::uint64_t version = 2; version <= kLast; ++version) {
      publisher.publish(numbered(version));
      if (version % 16 == 0) std::this_thread::yield();
    }
    // Settled, and every reader has taken a turn since: all of them saw the last one.
    while (!publisher.settle()) std::this_thread::yield();
    for (const auto& seen : crowd.seen) {
      while (seen != kLast) std::this_thread::yield();
    }
    EXPECT_EQ(crowd.wrong, 0u);
  }
  EXPECT_TRUE(publisher.settle());
}

TEST(Counter, is_never_torn_or_behind_for_another_thread) {
  constexpr std::uint64_t kAdds = 200'000;
  constexpr std::uint64_t kStep = 0x1'0000'0001;  // both halves move at once
  fwd::Counter counter;
  std::thread owner([&counter] {
    for (std::uint64_t i = 0; i < kAdds; ++i) counter.add(kStep);
  });
  std::uint64_t before = 0;
  while (before != kAdds * kStep) {
    const std::uint64_t now = counter.read();
    ASSERT_GE(now, before);
    ASSERT_EQ(now % kStep, 0u);
    before = now;
  }
  owner.join();
}

}  // namespace
}  // namespace sleight::dataplane
