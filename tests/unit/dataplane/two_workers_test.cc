// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>

#include "pcap_file.h"
#include "sleight/dataplane/dataplane.h"
#include "sleight/net/training.h"
#include "small_eal.h"
#include "world.h"

// Two workers on two queues of a real DPDK port: a million frames come from two capture
// files, the kernel port is a ring that gives everything back. No NIC, no hugepages.
namespace sleight::dataplane {
namespace {

using fwd::Drop;
using fwd::Outcome;
using fwd::Rule;
using support::Bytes;
using support::steer;

constexpr std::size_t kWorkers = 2;
constexpr std::size_t kRounds = 38'500;  // of all samples, a queue
constexpr std::size_t kInjected = 1000;
constexpr std::chrono::seconds kPatience{60};

constexpr std::uint16_t kOwned = 40001;
constexpr std::uint16_t kForeign = 40002;
constexpr std::uint16_t kUnanswered = 40003;

fwd::SocketVerdict answer(const fwd::SocketQuestion& question) {
  switch (question.flow.sport()) {
    case kOwned:
      return fwd::SocketVerdict::kEstablished;
    case kForeign:
      return fwd::SocketVerdict::kNoSocket;
    default:
      return fwd::SocketVerdict::kUnknown;
  }
}

struct Sample {
  Bytes frame;
  Outcome outcome;  // final
};

Bytes tcp_frame(std::uint64_t mac, std::uint16_t sport, std::uint8_t flags) {
  return support::ethernet_ip(mac, support::client_to(net::Family::kIpv4, support::kWww),
                              net::kProtocolTcp, support::tcp({sport, 80}, flags));
}

Bytes training_frame() {
  const net::TrainingFrame frame = net::make_training(net::canonical_mac(support::kFabric, 9));
  return {frame.begin(), frame.end()};
}

// Longer than one buffer, so that it comes in pieces that cannot be brought into one.
Bytes long_frame() {
  Bytes frame = tcp_frame(steer({1, {}}), 40000, net::kTcpAck);
  frame.resize(3000);
  return frame;
}

std::vector<Sample> samples() {
  const std::uint64_t alone = steer({1, {}});
  const std::uint64_t chained = steer({1, {2, 3}});
  const support::Ends nobody = support::client_to_nobody(net::Family::kIpv4);
  return {
      {tcp_frame(alone, 40000, net::kTcpAck), Rule::kNoFallback},
      {tcp_frame(chained, 40000, net::kTcpSyn), Rule::kSyn},
      {tcp_frame(chained, kOwned, net::kTcpAck), Rule::kEstablished},
      {tcp_frame(chained, kForeign, net::kTcpAck), Rule::kNoSocket},
      {tcp_frame(chained, kUnanswered, net::kTcpAck), Drop::SocketUnknown},
      {tcp_frame(steer({2, {1, 0}}), 40000, net::kTcpAck), Drop::NotMine},
      {tcp_frame(alone | std::uint64_t{1} << 36, 40000, net::kTcpAck), Drop::BadSteer},
      {tcp_frame(support::kPortMac, 40000, net::kTcpAck), Rule::kOwnMac},
      {tcp_frame(0xffffffffffff, 40000, net::kTcpAck), Rule::kGroup},
      {support::ethernet_ip(alone, nobody, net::kProtocolUdp, support::udp({1, 2})), Rule::kNotVip},
      {training_frame(), Rule::kTraining},
      {Bytes(10, 0), Drop::Malformed},
      {long_frame(), Drop::Malformed},
  };
}

constexpr std::size_t kSamples = 13;
constexpr std::uint64_t kFrames = kWorkers * kRounds * kSamples;

void write_trace(const std::string& path) {
  PcapFile file(path);
  const std::vector<Sample> all = samples();
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (const Sample& sample : all) file.add(sample.frame);
  }
}

Settings settings_with(const std::filesystem::path& folder) {
  Settings settings;
  settings.eal = small_eal("two-workers", kWorkers);
  PortSettings port;
  port.name = "wire";
  port.device = "net_pcap0,rx_pcap=" + (folder / "0.pcap").string() +
                ",rx_pcap=" + (folder / "1.pcap").string();
  port.kernel_device = "net_ring0";
  port.fabric = support::kFabric;
  port.queues = kWorkers;
  port.canonical = net::canonical_mac(support::kFabric, support::kSelf);
  settings.ports = {port};
  settings.idle_sleep = true;
  return settings;
}

std::unique_ptr<const fwd::Snapshot> version(std::uint64_t number) {
  auto snapshot = std::make_unique<fwd::Snapshot>(support::make_snapshot(support::kHost));
  snapshot->version = number;
  return snapshot;
}

// One EAL a process, so one run of it for all tests of this file; each looks at another
// side of what it left.
class TwoWorkers : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string folder = (std::filesystem::temp_directory_path() / "two-workers-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    write_trace(folder + "/0.pcap");
    std::filesystem::create_hard_link(folder + "/0.pcap", folder + "/1.pcap");
    for (auto& oracle : oracles_) oracle = std::make_unique<support::FakeOracle>(answer);
    auto opened = Dataplane::open(settings_with(folder), {oracles_[0].get(), oracles_[1].get()});
    ASSERT_TRUE(opened) << opened.error().message;
    dataplane_ = *std::move(opened);
    std::filesystem::remove_all(folder);
    dataplane_->publisher().publish(version(1));
    const auto started = dataplane_->start();
    ASSERT_TRUE(started) << started.error().message;
    run_through();
    dataplane_->stop();
    while (take_event()) {
    }
  }
  static void TearDownTestSuite() { dataplane_.reset(); }

  // Plays control until all frames are in: publishes, injects, takes events.
  static void run_through() {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    std::uint64_t published = 1;
    while (std::chrono::steady_clock::now() < end && !all_in()) {
      dataplane_->publisher().publish(version(++published));
      if (injected_ < kInjected) injected_ += dataplane_->frames().send(0, training_frame());
      while (take_event()) {
      }
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    while (std::chrono::steady_clock::now() < end && !dataplane_->publisher().settle()) {
      std::this_thread::yield();
    }
    settled_ = dataplane_->publisher().settle();
  }

  static bool all_in() {
    return injected_ == kInjected && sum(&fwd::Counters::received) == kFrames &&
           sum(&fwd::Counters::injected) == kInjected;
  }

  static bool take_event() {
    const auto event = dataplane_->events().poll();
    if (!event) return false;
    const auto kind = static_cast<std::size_t>(event->kind);
    ++events_[kind];
    last_[kind] = *event;
    return true;
  }

  static std::uint64_t sum(fwd::Counter fwd::Counters::*counter) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < kWorkers; ++i) {
      total += (dataplane_->statistics().worker(i).*counter).read();
    }
    return total;
  }

  static std::uint64_t outcomes(Outcome outcome) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < kWorkers; ++i) {
      total += dataplane_->statistics().worker(i).outcomes[outcome.index()].read();
    }
    return total;
  }

  static std::uint64_t events(fwd::WireEvent::Kind kind) {
    return events_[static_cast<std::size_t>(kind)];
  }

  static inline std::array<std::unique_ptr<support::FakeOracle>, kWorkers> oracles_;
  static inline std::unique_ptr<Dataplane> dataplane_;
  static inline std::size_t injected_ = 0;
  static inline bool settled_ = false;
  static inline std::array<std::uint64_t, 4> events_{};
  static inline std::array<fwd::WireEvent, 4> last_{};
};

TEST_F(TwoWorkers, have_a_queue_each_and_receive_all_of_it) {
  ASSERT_EQ(dataplane_->statistics().worker_count(), kWorkers);
  for (std::size_t i = 0; i < kWorkers; ++i) {
    EXPECT_EQ(dataplane_->statistics().worker(i).received.read(), kFrames / kWorkers);
  }
  EXPECT_EQ(dataplane_->statistics().port(0).rx_packets, kFrames);
}

TEST_F(TwoWorkers, judge_each_kind_of_frame_the_same_way_every_time) {
  std::array<std::uint64_t, Outcome::kCount> expected{};
  for (const Sample& sample : samples()) expected[sample.outcome.index()] += kWorkers * kRounds;
  for (std::size_t i = 0; i < Outcome::kCount; ++i) {
    const Outcome outcome = Outcome::at(i);
    if (outcome == Rule::kSecondLook || outcome == Drop::HoldFull || outcome == Rule::kNoSocket) {
      continue;
    }
    EXPECT_EQ(outcomes(outcome), expected[i]) << outcome.reason();
  }
  EXPECT_EQ(outcomes(Rule::kNoSocket) + outcomes(Drop::HoldFull), kWorkers * kRounds);
  EXPECT_GT(outcomes(Rule::kNoSocket), 0u);
}

TEST_F(TwoWorkers, count_every_received_frame_once) {
  std::uint64_t judged = 0;
  for (std::size_t i = 0; i < Outcome::kCount; ++i) judged += outcomes(Outcome::at(i));
  judged -= outcomes(Rule::kSecondLook);
  EXPECT_EQ(judged, sum(&fwd::Counters::received));
  EXPECT_EQ(sum(&fwd::Counters::second_looks), outcomes(Rule::kNoSocket));
}

TEST_F(TwoWorkers, count_every_frame_towards_a_port_as_sent_or_unsent) {
  std::uint64_t to_port = sum(&fwd::Counters::from_kernel) + sum(&fwd::Counters::injected);
  for (std::size_t i = 0; i < Outcome::kCount; ++i) {
    const fwd::Verdict verdict = Outcome::at(i).verdict();
    if (verdict == fwd::Verdict::kDrop || verdict == fwd::Verdict::kHold) continue;
    to_port += outcomes(Outcome::at(i));
  }
  EXPECT_EQ(to_port, sum(&fwd::Counters::sent) + sum(&fwd::Counters::unsent));
}

TEST_F(TwoWorkers, send_what_control_injects) {
  EXPECT_EQ(injected_, kInjected);
  EXPECT_EQ(sum(&fwd::Counters::injected), kInjected);
}

TEST_F(TwoWorkers, let_go_of_every_old_snapshot_under_load) { EXPECT_TRUE(settled_); }

TEST_F(TwoWorkers, tell_control_of_training_frames_and_count_those_it_was_too_slow_for) {
  using Kind = fwd::WireEvent::Kind;
  EXPECT_GT(events(Kind::kTraining), 0u);
  EXPECT_GE(events(Kind::kTraining) + sum(&fwd::Counters::events_lost), kWorkers * kRounds);
  const fwd::WireEvent& last = last_[static_cast<std::size_t>(Kind::kTraining)];
  const Bytes frame = training_frame();
  EXPECT_EQ(Bytes(last.frame.begin(), last.frame.begin() + last.frame_size), frame);
}

TEST_F(TwoWorkers, tell_control_of_a_steer_mac_with_fallbacks_at_most_once_a_second_each) {
  using Kind = fwd::WireEvent::Kind;
  EXPECT_GT(events(Kind::kSteerSeen), 0u);
  EXPECT_LE(events(Kind::kSteerSeen), kWorkers * 2u * static_cast<unsigned>(kPatience.count()));
  EXPECT_EQ(last_[static_cast<std::size_t>(Kind::kSteerSeen)].mac_bits, steer({1, {2, 3}}));
}

TEST_F(TwoWorkers, tell_control_that_the_links_of_both_ports_came_up) {
  EXPECT_EQ(events(fwd::WireEvent::Kind::kLinkUp), 2u);
}

TEST_F(TwoWorkers, are_told_where_the_kernel_of_a_host_takes_unicast) {
  const auto facts = dataplane_->ports().ports();
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].name, "wire");
  EXPECT_EQ(facts[0].driver, "net_pcap");
  EXPECT_EQ(facts[0].kernel_mac, net::canonical_mac(support::kFabric, support::kSelf));
}

}  // namespace
}  // namespace sleight::dataplane
