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
  std::array<bool, 2> kernel_link_up{};
  EventCollector::Time now{std::chrono::hours(1)};
  unsigned looks = 0;

  EventCollector::Probes probes() {
    return {[this](fwd::PortIndex port, bool kernel) {
              ++looks;
              return (kernel ? kernel_link_up : link_up)[port];
            },
            [this] { return now; }};
  }
};

// What the first look tells: each link.
void take_first_look(EventCollector& collector, std::size_t ports) {
  for (std::size_t i = 0; i < 2 * ports; ++i) EXPECT_TRUE(collector.poll());
}

TEST(EventCollector, has_nothing_when_nothing_happened) {
  World world;
  EventCollector collector(2, 2, world.probes());
  take_first_look(collector, 2);
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

TEST(EventCollector, tells_at_first_how_each_link_is_up_or_down) {
  World world;
  world.link_up = {true, false};
  world.kernel_link_up = {false, true};
  EventCollector collector(1, 2, world.probes());
  struct Expected {
    Kind kind;
    fwd::PortIndex port;
    bool kernel;
  };
  for (const Expected& expected :
       {Expected{Kind::kLinkUp, 0, false}, Expected{Kind::kLinkDown, 0, true},
        Expected{Kind::kLinkDown, 1, false}, Expected{Kind::kLinkUp, 1, true}}) {
    const auto event = collector.poll();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, expected.kind);
    EXPECT_EQ(event->port, expected.port);
    EXPECT_EQ(event->kernel, expected.kernel);
  }
  EXPECT_FALSE(collector.poll());
}

TEST(EventCollector, tells_each_change_of_a_link_once) {
  World world;
  EventCollector collector(1, 2, world.probes());
  take_first_look(collector, 2);
  EXPECT_FALSE(collector.poll());
  world.link_up[1] = true;
  world.now += EventCollector::kLinkPeriod;
  const auto up = collector.poll();
  ASSERT_TRUE(up);
  EXPECT_EQ(up->kind, Kind::kLinkUp);
  EXPECT_EQ(up->port, 1);
  EXPECT_FALSE(up->kernel);
  EXPECT_FALSE(collector.poll());
  world.link_up[1] = false;
  world.now += EventCollector::kLinkPeriod;
  const auto down = collector.poll();
  ASSERT_TRUE(down);
  EXPECT_EQ(down->kind, Kind::kLinkDown);
}

TEST(EventCollector, tells_of_the_kernel_port_as_well) {
  World world;
  world.kernel_link_up = {true, true};
  EventCollector collector(1, 2, world.probes());
  take_first_look(collector, 2);
  EXPECT_FALSE(collector.poll());
  world.kernel_link_up[1] = false;
  world.now += EventCollector::kLinkPeriod;
  const auto down = collector.poll();
  ASSERT_TRUE(down);
  EXPECT_EQ(down->kind, Kind::kLinkDown);
  EXPECT_EQ(down->port, 1);
  EXPECT_TRUE(down->kernel);
}

TEST(EventCollector, tells_of_links_that_change_together) {
  World world;
  EventCollector collector(1, 2, world.probes());
  take_first_look(collector, 2);
  EXPECT_FALSE(collector.poll());
  world.link_up = {true, true};
  world.now += EventCollector::kLinkPeriod;
  EXPECT_EQ(collector.poll()->port, 0);
  EXPECT_EQ(collector.poll()->port, 1);
  EXPECT_FALSE(collector.poll());
}

TEST(EventCollector, tells_of_a_link_while_workers_have_more_than_control_can_take) {
  World world;
  EventCollector collector(1, 1, world.probes());
  take_first_look(collector, 1);
  collector.ring(0).push(seen(1));
  collector.ring(0).push(seen(2));
  EXPECT_EQ(collector.poll()->mac_bits, 1u);
  world.link_up[0] = true;
  world.now += EventCollector::kLinkPeriod;
  EXPECT_EQ(collector.poll()->kind, Kind::kLinkUp);
  EXPECT_EQ(collector.poll()->mac_bits, 2u);
}

TEST(EventCollector, looks_at_links_only_once_a_period) {
  World world;
  EventCollector collector(1, 2, world.probes());
  take_first_look(collector, 2);
  EXPECT_FALSE(collector.poll());
  world.looks = 0;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(collector.poll());
  EXPECT_EQ(world.looks, 0u);
  world.now += EventCollector::kLinkPeriod;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(collector.poll());
  EXPECT_EQ(world.looks, 4u);
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
