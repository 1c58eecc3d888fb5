// SPDX-License-Identifier: BSD-2-Clause
#include "statistics.h"

#include <string>

#include "sleight/fwd/counters.h"
#include "sleight/fwd/outcome.h"

namespace sleight::control {
namespace {

WorkerReport report_of(const fwd::Counters& counters) {
  WorkerReport report{.received = counters.received.read(),
                      .from_kernel = counters.from_kernel.read(),
                      .sent = counters.sent.read(),
                      .unsent = counters.unsent.read(),
                      .second_looks = counters.second_looks.read(),
                      .second_look_hits = counters.second_look_hits.read(),
                      .injected = counters.injected.read(),
                      .events_lost = counters.events_lost.read(),
                      .bursts = counters.bursts.read(),
                      .rules = {},
                      .drops = {}};
  for (std::size_t i = 0; i < fwd::Outcome::kCount; ++i) {
    NamedCounts& list = i < fwd::kRuleCount ? report.rules : report.drops;
    list.emplace_back(fwd::Outcome::at(i).reason(), counters.outcomes[i].read());
  }
  return report;
}

void add(const NamedCounts& counts, NamedCounts& into) {
  if (into.empty()) {
    into = counts;
    return;
  }
  for (std::size_t i = 0; i < counts.size(); ++i) into[i].second += counts[i].second;
}

void add(const WorkerReport& worker, WorkerReport& into) {
  into.received += worker.received;
  into.from_kernel += worker.from_kernel;
  into.sent += worker.sent;
  into.unsent += worker.unsent;
  into.second_looks += worker.second_looks;
  into.second_look_hits += worker.second_look_hits;
  into.injected += worker.injected;
  into.events_lost += worker.events_lost;
  into.bursts += worker.bursts;
  add(worker.rules, into.rules);
  add(worker.drops, into.drops);
}

}  // namespace

void gather(const fwd::Statistics& statistics, const fwd::PortFacts& ports,
            StatisticsReport& into) {
  for (std::size_t i = 0; i < statistics.worker_count(); ++i) {
    into.workers.push_back(report_of(statistics.worker(i)));
    add(into.workers.back(), into.total);
  }
  const auto facts = ports.ports();
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const auto counts = statistics.port(static_cast<fwd::PortIndex>(i));
    into.ports.push_back({.name = facts[i].name,
                          .rx_packets = counts.rx_packets,
                          .rx_missed = counts.rx_missed,
                          .rx_errors = counts.rx_errors,
                          .tx_packets = counts.tx_packets,
                          .tx_errors = counts.tx_errors,
                          .link_up = facts[i].link_up,
                          .mac = to_string(facts[i].mac),
                          .fabric = facts[i].fabric,
                          .rx_nombuf = counts.rx_nombuf,
                          .kernel_rx_packets = counts.kernel_rx_packets,
                          .kernel_rx_missed = counts.kernel_rx_missed,
                          .kernel_rx_errors = counts.kernel_rx_errors,
                          .kernel_rx_nombuf = counts.kernel_rx_nombuf,
                          .kernel_tx_packets = counts.kernel_tx_packets,
                          .kernel_tx_errors = counts.kernel_tx_errors,
                          .kernel_link_up = facts[i].kernel_link_up});
  }
}

}  // namespace sleight::control
