// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/slots/table_json.h"

#include <gtest/gtest.h>

#include <string>

#include "random_pool.h"

namespace sleight::slots {
namespace {

constexpr const char* kTable =
    R"({"format":1,"pool":"caches","epoch":2,"version":7,"slots":2,"max_fallbacks":2,)"
    R"("hosts":[{"id":1,"weight":100,"state":"draining"},{"id":2,"weight":50,"state":"active"}],)"
    R"("chains":[{"chain":[2,1],"since":[1700000000000,0]},{"chain":[2]}]})";

StoredTable table() {
  StoredTable table{"caches", 2, 7, {}};
  table.state.members = {{1, 100, HostState::kDraining}, {2, 50, HostState::kActive}};
  table.state.table = {{{2, {1, kNoHost}}, {1700000000000, 0}}, {{2, {}}, {}}};
  return table;
}

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = kTable;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(TableJson, IsWrittenAsDocumented) { EXPECT_EQ(to_json(table()), kTable); }

TEST(TableJson, ReadsWhatItWrites) {
  const auto parsed = parse_table(kTable);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(*parsed, table());
}

TEST(TableJson, ReadsBackTheTablesOfRandomStories) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Chance chance(seed);
    StoredTable before{"p", 1, seed + 1, chance.pool(64, 8)};
    for (TimeMs now = 1; now < 30; ++now) {
      const auto result = plan(before.state, chance.event(before.state, now));
      if (refused(result) == nullptr) before.state = planned(result).after;
    }
    const auto parsed = parse_table(to_json(before));
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
    ASSERT_EQ(*parsed, before);
  }
}

TEST(TableJson, ReadsTheLargestTable) {
  StoredTable large{"large", 1, 1, {}};
  for (HostId id = 1; id <= net::kMaxHostId; ++id) large.state.members.push_back({id});
  large.state.table.assign(65536, {{4095, {4094, 4093}}, {1700000000000, 1700000000000}});
  const auto parsed = parse_table(to_json(large));
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(*parsed, large);
}

TEST(TableJson, NamesTheFirstFieldThatIsWrong) {
  struct Row {
    const char* from;
    const char* to;
    const char* complaint;
  };
  const Row rows[] = {
      {R"("format":1)", R"("format":2)", "table: format must be a whole number 1..1"},
      {R"("format":1,)", "", "table: format must be a whole number 1..1"},
      {R"("caches")", R"("")", "table: pool must be a string of 1..255 bytes"},
      {R"("caches")", "7", "table: pool must be a string"},
      {R"("epoch":2)", R"("epoch":0)", "table: epoch must be a whole number 1..4294967295"},
      {R"("epoch":2)", R"("epoch":4294967296)", "table: epoch must be a whole number"},
      {R"("version":7)", R"("version":-7)", "table: version must be a whole number"},
      {R"("version":7)", R"("version":7.5)", "table: version must be a whole number"},
      {R"("slots":2)", R"("slots":65537)", "table: slots must be a whole number 1..65536"},
      {R"("slots":2)", R"("slots":3)", "table: chains must be a list of 3..3 entries"},
      {R"("max_fallbacks":2)", R"("max_fallbacks":3)", "table: max_fallbacks must be"},
      {R"("max_fallbacks":2)", R"("max_fallbacks":0)", "chains[0]: chain must be a list of 0..1"},
      {R"("epoch":2)", R"("epoch":2,"color":"red")", "\"color\" is no key of format 1"},
      {R"("epoch":2)", R"("epoch":2,"epoch":3)", "key \"epoch\" is given twice"},
      {R"("id":1,)", R"("id":0,)", "hosts[0]: id must be a whole number 1..4095"},
      {R"("id":2)", R"("id":1)", "hosts[1]: ids must ascend, each once"},
      {R"("weight":50)", R"("weight":65536)", "hosts[1]: weight must be a whole number 1..65535"},
      {R"("active")", R"("happy")", "hosts[1]: state must be active, filling, draining"},
      {R"({"chain":[2]})", R"([2])", "chains[1]: must be an object"},
      {R"({"chain":[2]})", R"({"chain":[]})", "chains[1]: chain is empty though a host serves"},
      {R"([2,1])", R"([2,2])", "chains[0]: chain 2>2 names a host twice"},
      {R"([2,1])", R"([2,3])", "chains[0]: chain 2>3 names host 3, which does not serve"},
      {R"([2,1])", R"([2,"1"])", "chains[0]: chain must be a whole number 1..4095"},
      {R"("draining")", R"("dead")", "chains[0]: chain 2>1 names host 1, which does not serve"},
      {R"(,"since":[1700000000000,0])", "", "chains[0]: since must be a list of 2..2 entries"},
      {R"(1700000000000,0])", R"(1700000000000,1])", "since must be a whole number 0..0"},
      {R"(1700000000000,0])", R"(1700000000000])", "since must be a list of 2..2 entries"},
  };
  for (const Row& row : rows) {
    const auto parsed = parse_table(replaced(row.from, row.to));
    ASSERT_FALSE(parsed.has_value()) << row.to;
    EXPECT_NE(parsed.error().message.find(row.complaint), std::string::npos)
        << parsed.error().message;
  }
}

TEST(TableJson, EveryTruncationIsRefused) {
  const std::string text = kTable;
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(parse_table(std::string_view(text).substr(0, size)).has_value()) << size;
  }
}

TEST(TableJson, RefusesDepthAndSizeBeforeTheyCost) {
  EXPECT_NE(parse_table(std::string(1 << 20, '[')).error().message.find("nested too deep"),
            std::string::npos);
  EXPECT_NE(parse_table(std::string((16u << 20) + 1, ' ')).error().message.find("longer than"),
            std::string::npos);
}

TEST(TableJson, ReadsAPoolThatPointsNowhere) {
  StoredTable empty{"empty", 1, 1, fresh_pool(4, 2, {{1, 100, HostState::kDead}})};
  const auto parsed = parse_table(to_json(empty));
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(*parsed, empty);
}

}  // namespace
}  // namespace sleight::slots
