// SPDX-License-Identifier: BSD-2-Clause
#include "statistics.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fakes.h"

namespace sleight::control {
namespace {

std::uint64_t count_of(const NamedCounts& counts, const std::string& name) {
  const auto found = std::find_if(counts.begin(), counts.end(),
                                  [&](const auto& each) { return each.first == name; });
  EXPECT_NE(found, counts.end()) << name;
  return found == counts.end() ? 0 : found->second;
}

TEST(StatisticsTest, TheTotalIsTheSumOfTheWorkers) {
  test::FakeNode node(test::director_config());
  node.statistics.workers.resize(2);
  for (auto& worker : node.statistics.workers) {
    worker.received.add(10);
    worker.outcomes[fwd::Outcome(fwd::Rule::kSlot).index()].add(7);
    worker.outcomes[fwd::Outcome(fwd::Drop::NotMine).index()].add(3);
  }
  node.statistics.workers[1].unsent.add(1);
  node.statistics.port_counts.rx_missed = 5;
  node.statistics.port_counts.kernel_tx_errors = 6;
  StatisticsReport report;
  gather(node.statistics, node.ports, report);
  ASSERT_EQ(report.workers.size(), 2u);
  EXPECT_EQ(report.workers[0].received, 10u);
  EXPECT_EQ(report.total.received, 20u);
  EXPECT_EQ(report.total.unsent, 1u);
  EXPECT_EQ(count_of(report.total.rules, "slot"), 14u);
  EXPECT_EQ(count_of(report.total.drops, "NotMine"), 6u);
  EXPECT_EQ(report.total.rules.size(), fwd::kRuleCount);
  EXPECT_EQ(report.total.drops.size(), fwd::kDropCount);
  ASSERT_EQ(report.ports.size(), 1u);
  EXPECT_EQ(report.ports[0].name, "wire");
  EXPECT_EQ(report.ports[0].rx_missed, 5u);
  EXPECT_EQ(report.ports[0].kernel_tx_errors, 6u);
}

}  // namespace
}  // namespace sleight::control
