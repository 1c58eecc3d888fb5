// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>

#include "pcap_file.h"
#include "sleight/dataplane/dataplane.h"
#include "small_eal.h"
#include "world.h"

// One worker on two ports, which bring misses in turn.
namespace sleight::dataplane {
namespace {

using fwd::Drop;
using fwd::Outcome;
using fwd::Rule;

constexpr std::size_t kPairs = 20'000;  // a port: a miss, and a frame that is none
constexpr std::size_t kPorts = 2;

void write_trace(const std::string& path) {
  const auto ends = support::client_to(net::Family::kIpv4, support::kWww);
  const support::Bytes segment = support::tcp({}, net::kTcpAck);
  PcapFile file(path);
  for (std::size_t i = 0; i < kPairs; ++i) {
    file.add(support::ethernet_ip(support::steer({1, {2, 3}}), ends, net::kProtocolTcp, segment));
    file.add(support::ethernet_ip(support::steer({1, {}}), ends, net::kProtocolTcp, segment));
  }
}

Settings settings_with(const std::string& trace) {
  Settings settings;
  settings.eal = small_eal("two-ports", 1);
  for (std::size_t i = 0; i < kPorts; ++i) {
    const std::string number = std::to_string(i);
    PortSettings port;
    port.name = "wire" + number;
    port.device = "net_pcap" + number + ",rx_pcap=" + trace;
    port.kernel_device = "net_null" + number + ",no-rx=1";
    port.fabric = support::kFabric;
    settings.ports.push_back(port);
  }
  return settings;
}

std::unique_ptr<const fwd::Snapshot> two_port_host() {
  auto snapshot = std::make_unique<fwd::Snapshot>(support::make_snapshot(support::kHost));
  snapshot->ports.push_back(snapshot->ports.front());
  return snapshot;
}

TEST(Dataplane, holds_the_misses_of_two_ports_without_running_out_of_room) {
  std::string folder = (std::filesystem::temp_directory_path() / "two-ports-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  write_trace(folder + "/trace.pcap");
  support::FakeOracle nobody(fwd::SocketVerdict::kNoSocket);
  auto opened = Dataplane::open(settings_with(folder + "/trace.pcap"), {&nobody});
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(opened) << opened.error().message;
  Dataplane& dataplane = **opened;
  dataplane.publisher().publish(two_port_host());
  const auto started = dataplane.start();
  ASSERT_TRUE(started) << started.error().message;
  const fwd::Counters& counters = dataplane.statistics().worker(0);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (counters.received.read() < kPorts * 2 * kPairs && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  dataplane.stop();
  const auto count = [&counters](Outcome outcome) {
    return counters.outcomes[outcome.index()].read();
  };
  EXPECT_EQ(count(Rule::kNoFallback), kPorts * kPairs);
  EXPECT_EQ(count(Drop::HoldFull), 0u);
  EXPECT_EQ(count(Rule::kNoSocket), kPorts * kPairs);
}

}  // namespace
}  // namespace sleight::dataplane
