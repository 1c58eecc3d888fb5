// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "packet_rows.h"
#include "world.h"

// docs/packets.md is the table; this sends each row's frame through the code.
namespace sleight::fwd {
namespace {

using support::FakeOracle;
using support::Worker;

constexpr net::Chain kAlone{support::kSelf, {}};
constexpr net::Chain kWithFallback{support::kSelf, {2, 0}};

struct Row {
  std::string name;  // what the first cell has in backticks
  std::vector<std::string> cells;
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Rows of the tables below `heading` whose first cell starts with a name in backticks.
std::vector<Row> rows_below(const std::string& heading) {
  std::ifstream page(SLEIGHT_PACKETS_PAGE);
  std::vector<Row> rows;
  bool is_here = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) is_here = line == "## " + heading;
    if (!is_here || !line.starts_with("| `")) continue;
    Row row{line.substr(3, line.find('`', 3) - 3), {}};
    std::istringstream cells(line.substr(line.find('|', 1) + 1));
    for (std::string cell; std::getline(cells, cell, '|');) row.cells.push_back(trimmed(cell));
    rows.push_back(row);
  }
  return rows;
}

std::string told(Outcome outcome) {
  return std::string(to_string(outcome.verdict())) + " " + std::string(outcome.reason());
}

std::string judged(support::Roles roles, const support::Bytes& frame, FakeOracle& oracle) {
  Worker worker(support::make_snapshot(roles), &oracle);
  const Outcome outcome = worker.process({frame}).outcomes[0];
  return oracle.calls == 0 ? told(outcome) : "ask";
}

class PacketsPage : public testing::TestWithParam<net::Family> {};

TEST_P(PacketsPage, TellsWhatBecomesOfEveryDestination) {
  const auto frames = support::destination_rows(GetParam());
  const auto rows = rows_below("Where it is sent");
  ASSERT_EQ(rows.size(), frames.size());
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    ASSERT_TRUE(frames.contains(row.name));
    ASSERT_EQ(row.cells.size(), 3u);
    const std::vector<support::Roles> roles{support::kDirector, support::kHost, support::kBoth};
    for (std::size_t i = 0; i < roles.size(); ++i) {
      FakeOracle oracle(SocketVerdict::kNoSocket);
      EXPECT_EQ(judged(roles[i], frames.at(row.name), oracle), row.cells[i]) << "column " << i;
    }
  }
}

TEST_P(PacketsPage, TellsWhatBecomesOfEveryPacket) {
  const auto rows = rows_below("What it carries");
  ASSERT_EQ(rows.size(), support::packet_rows(GetParam(), support::kPortMac).size());
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    ASSERT_EQ(row.cells.size(), 3u);
    const auto told_for = [&](support::Roles roles, std::uint64_t mac) {
      FakeOracle oracle(SocketVerdict::kNoSocket);
      return judged(roles, support::packet_rows(GetParam(), mac).at(row.name), oracle);
    };
    EXPECT_EQ(told_for(support::kDirector, support::kPortMac), row.cells[0]);
    EXPECT_EQ(told_for(support::kHost, support::steer(kAlone)), row.cells[1]);
    EXPECT_EQ(told_for(support::kHost, support::steer(kWithFallback)), row.cells[2]);
  }
}

// With both roles the director's column holds for the port's MAC while the slot is
// another host's, and the host's columns hold for slots of this node.
TEST_P(PacketsPage, HoldsWhereOneNodeHasBothRoles) {
  for (const Row& row : rows_below("What it carries")) {
    SCOPED_TRACE(row.name);
    const support::Bytes to_port = support::packet_rows(GetParam(), support::kPortMac).at(row.name);
    const auto told_with = [&](const net::Chain& chain) {
      FakeOracle oracle(SocketVerdict::kNoSocket);
      Worker worker(support::make_snapshot(support::kBoth), &oracle);
      support::point_all_slots(worker.snapshot, chain);
      const Outcome outcome = worker.process({to_port}).outcomes[0];
      return oracle.calls == 0 ? told(outcome) : "ask";
    };
    EXPECT_EQ(told_with({2, {support::kSelf, 0}}), row.cells[0]);
    EXPECT_EQ(told_with(kAlone), row.cells[1]);
    EXPECT_EQ(told_with(kWithFallback), row.cells[2]);
  }
}

TEST_P(PacketsPage, TellsWhatEveryAnswerOfTheSocketTableMeans) {
  const auto rows = rows_below("What the socket table says");
  ASSERT_EQ(rows.size(), 9u);
  const support::Bytes frame =
      support::packet_rows(GetParam(), support::steer(kWithFallback)).at("tcp-ack");
  std::map<std::string, SocketVerdict> verdicts;
  for (std::uint8_t i = 0; i < 9; ++i) {
    const auto verdict = static_cast<SocketVerdict>(i);
    verdicts.emplace(to_string(verdict), verdict);
  }
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const SocketVerdict answer = verdicts.at(row.name);
    FakeOracle first(answer);
    Worker at_first(support::make_snapshot(support::kHost), &first);
    EXPECT_EQ(told(at_first.process({frame}).outcomes[0]), row.cells[0]);

    FakeOracle second([&](auto&) { return second.calls == 1 ? SocketVerdict::kNoSocket : answer; });
    Worker at_second(support::make_snapshot(support::kHost), &second);
    EXPECT_EQ(told(at_second.judge(frame)), row.cells[1]);
  }
}

INSTANTIATE_TEST_SUITE_P(BothFamilies, PacketsPage,
                         testing::Values(net::Family::kIpv4, net::Family::kIpv6),
                         [](const auto& tested) {
                           return tested.param == net::Family::kIpv4 ? "IPv4" : "IPv6";
                         });

}  // namespace
}  // namespace sleight::fwd
