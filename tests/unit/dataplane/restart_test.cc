// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "sleight/dataplane/dataplane.h"
#include "small_eal.h"
#include "world.h"

namespace sleight::dataplane {
namespace {

// Rings that loop: what a port sends it receives.
Settings settings() {
  Settings settings;
  settings.eal = small_eal("restart", 2);
  PortSettings port;
  port.name = "wire";
  port.device = "net_ring0";
  port.kernel_device = "net_ring1";
  port.fabric = support::kFabric;
  settings.ports = {port};
  settings.idle_sleep = true;
  return settings;
}

bool wait_until(const fwd::Counter& counter, std::uint64_t value) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (counter.read() < value && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return counter.read() == value;
}

TEST(Dataplane, starts_and_stops_many_times_and_loses_nothing_of_control) {
  auto opened = Dataplane::open(settings(), {});
  ASSERT_TRUE(opened) << opened.error().message;
  Dataplane& dataplane = **opened;
  dataplane.publisher().publish(
      std::make_unique<fwd::Snapshot>(support::make_snapshot(support::kDirector)));
  // The second core has no queue of the only port.
  ASSERT_EQ(dataplane.statistics().worker_count(), 1u);
  const fwd::Counters& counters = dataplane.statistics().worker(0);
  const support::Bytes frame = support::ethernet_ip(
      0x02'00'00'00'00'99, support::client_to(net::Family::kIpv4, support::kWww), net::kProtocolTcp,
      support::tcp({}, net::kTcpSyn));
  for (std::uint64_t round = 1; round <= 5; ++round) {
    // Sent while nobody runs, so that it must wait for the start.
    ASSERT_TRUE(dataplane.frames().send(0, frame));
    const auto started = dataplane.start();
    ASSERT_TRUE(started) << started.error().message;
    EXPECT_TRUE(wait_until(counters.received, round));
    dataplane.stop();
    EXPECT_EQ(counters.injected.read(), round);
    EXPECT_EQ(counters.outcomes[fwd::Outcome(fwd::Drop::NotMine).index()].read(), round);
  }
  // Nobody takes them now: the ring fills, and what it holds is freed at the end.
  unsigned taken = 0;
  while (dataplane.frames().send(0, frame)) ++taken;
  EXPECT_GT(taken, 100u);
  dataplane.stop();
}

}  // namespace
}  // namespace sleight::dataplane
