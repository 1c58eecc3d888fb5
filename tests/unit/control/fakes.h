// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sleight/config/config.h"
#include "sleight/control/control.h"
#include "sleight/fwd/seams.h"
#include "sleight/fwd/socket_oracle.h"

namespace sleight::control::test {

struct FakePublisher : fwd::Publisher {
  void publish(std::unique_ptr<const fwd::Snapshot> snapshot) override {
    published.push_back(std::move(snapshot));
    polls = 0;
  }
  bool settle() override { return ++polls > polls_to_settle; }

  const fwd::Snapshot& newest() const { return *published.back(); }

  std::vector<std::unique_ptr<const fwd::Snapshot>> published;
  int polls = 0;
  int polls_to_settle = 0;
};

struct FakeFrames : fwd::FrameSender {
  bool send(fwd::PortIndex port, std::span<const std::uint8_t> frame) override {
    if (is_full) return false;
    sent.emplace_back(port, std::vector<std::uint8_t>(frame.begin(), frame.end()));
    return true;
  }

  bool is_full = false;
  std::vector<std::pair<fwd::PortIndex, std::vector<std::uint8_t>>> sent;
};

struct FakeEvents : fwd::WireEvents {
  std::optional<fwd::WireEvent> poll() override {
    if (waiting.empty()) return std::nullopt;
    const fwd::WireEvent event = waiting.front();
    waiting.pop_front();
    return event;
  }

  std::deque<fwd::WireEvent> waiting;
};

struct FakePorts : fwd::PortFacts {
  std::vector<fwd::PortFact> ports() const override { return facts; }

  std::vector<fwd::PortFact> facts;
};

struct FakeStatistics : fwd::Statistics {
  std::size_t worker_count() const override { return workers.size(); }
  const fwd::Counters& worker(std::size_t index) const override { return workers[index]; }
  fwd::PortStatistics port(fwd::PortIndex) const override { return port_counts; }

  std::deque<fwd::Counters> workers;
  fwd::PortStatistics port_counts;
};

// Called by control's helper thread.
struct FakeCensus : fwd::SocketCensus {
  Result<fwd::SocketCount> count(std::span<const net::IpPrefix> vips) override {
    asked_about = vips.size();
    ++walks;
    if (fails) return Error{"no permission"};
    return fwd::SocketCount{.flows = flows, .requests = requests};
  }

  std::atomic<bool> fails{false};
  std::atomic<std::uint64_t> flows{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::size_t> asked_about{0};
  std::atomic<int> walks{0};
};

struct FakeOracle : fwd::SocketOracle {
  void ask(std::span<const fwd::SocketQuestion> questions,
           std::span<fwd::SocketVerdict> verdicts) override {
    asked.insert(asked.end(), questions.begin(), questions.end());
    for (auto& each : verdicts) each = verdict;
  }

  fwd::SocketVerdict verdict = fwd::SocketVerdict::kNoSocket;
  std::vector<fwd::SocketQuestion> asked;
};

// Everything that a Control needs.
struct FakeNode {
  explicit FakeNode(const config::Config& config) {
    for (const config::Port& port : config.ports) {
      fwd::PortFact fact;
      fact.name = port.name;
      fact.fabric = port.fabric;
      fact.mac = net::MacAddress::from_bits(0x0200'00aa'0000 + ports.facts.size());
      fact.kernel_mac = fact.mac;
      fact.link_up = true;
      ports.facts.push_back(fact);
    }
    statistics.workers.resize(1);
  }

  Seams seams() { return {publisher, frames, events, ports, statistics, &census, &oracle}; }

  FakePublisher publisher;
  FakeFrames frames;
  FakeEvents events;
  FakePorts ports;
  FakeStatistics statistics;
  FakeCensus census;
  FakeOracle oracle;
};

// Pool "caches": 16 slots, hosts h1 to h4 with ids 1 to 4. VIP "www": 203.0.113.10 and
// 2001:db8:10::10, service "web", TCP port 80. One port in fabric 0.
config::Config director_config();

// The same VIP and pool, seen by host h2 alone.
config::Config host_config();

}  // namespace sleight::control::test
