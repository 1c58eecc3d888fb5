// SPDX-License-Identifier: BSD-2-Clause
#include "event_collector.h"

#include <gtest/gtest.h>

#include <array>

namespace sleight::dataplane {
namespace {

using Kind = fwd::WireEvent::Kind;

fwd::WireEvent seen(std::uint64_t mac_bits) {
  fwd::WireEvent event;
  event.mac_bits = mac_bits;
  return event;
}

struct World {
  std::array<bool, 2> link_up{};
  EventCollector::Time now{std::chrono::hours(1)};
  unsigned looks = 0;

  EventCollector::Probes probes() {
    return {[this](fwd::PortIndex port) {
              ++looks;
              return link_up[port];
            },
            [this] { return now; }};
  }
};

TEST(EventCollector, has_nothing_when_nothing_happened) {
  World world;
  EventCollector collector(2, 2, world.probes());
  EXPECT_FALSE(collector.poll());
}

TEST(EventCollector, takes_from_every_worker_in_turn) {
  World world;
  EventCollector collector(2, 0, world.probes());
  for (std::uint64_t i = 0; i < 3; ++i) collector.ring(0).push(seen(i));
  collector.ring(1).push(seen(100));
  EXPECT_EQ(collector.poll()->mac_bits, 0u);
  EXPECT_EQ(collector.poll()->mac_bits, 100u);
  EXPECT_EQ(collector.poll()->mac_bits, 1u);
  EXPECT_EQ(collector.poll()->mac_bits, 2u);
  EXPECT_FALSE(collector.poll());
}

TEST(EventCollector, tells_each_change_of_a_link_once) {
  World world;
  EventCollector collector(1, 2, world.probes());
  EXPECT_FALSE(collector.poll());
  world.link_up[1] = true;
  world.now += EventCollector::kLinkPeriod;
  const auto up = collector.poll();
  ASSERT_TRUE(up);
  EXPECT_EQ(up->kind, Kind::kLinkUp);
  EXPECT_EQ(up->port, 1);
  EXPECT_FALSE(collector.poll());
  world.link_up[1] = false;
  world.now += EventCollector::kLinkPeriod;
  const auto down = collector.poll();
  ASSERT_TRUE(down);
  EXPECT_EQ(down->kind, Kind::kLinkDown);
}

TEST(EventCollector, tells_of_links_that_change_together) {
  World world;
  EventCollector collector(1, 2, world.probes());
  world.link_up = {true, true};
  EXPECT_EQ(collector.poll()->port, 0);
  EXPECT_EQ(collector.poll()->port, 1);
  EXPECT_FALSE(collector.poll());
}

TEST(EventCollector, looks_at_links_only_once_a_period) {
  World world;
  EventCollector collector(1, 2, world.probes());
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(collector.poll());
  EXPECT_EQ(world.looks, 2u);
}

TEST(EventCollector, holds_a_ring_of_events_for_a_slow_control_and_no_more) {
  World world;
  EventCollector collector(1, 0, world.probes());
  unsigned taken = 0;
  while (collector.ring(0).push(seen(taken))) ++taken;
  EXPECT_EQ(taken, EventCollector::kRing - 1);
  for (unsigned i = 0; i < taken; ++i) EXPECT_EQ(collector.poll()->mac_bits, i);
  EXPECT_FALSE(collector.poll());
}

}  // namespace
}  // namespace sleight::dataplane
