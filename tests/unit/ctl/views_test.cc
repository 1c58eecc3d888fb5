// SPDX-License-Identifier: BSD-2-Clause
#include "views.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sleight::ctl {
namespace {

using nlohmann::json;

std::string shown(const std::string& name, const json& result) {
  const auto command =
      std::find_if(admin::kCommands.begin(), admin::kCommands.end(),
                   [&](const admin::Command& each) { return full_name(each) == name; });
  const auto text = view(*command, result);
  return text ? *text : "error: " + text.error().message;
}

TEST(ViewsTest, HostsStandInATable) {
  const json host{{"pool", "caches"}, {"name", "h1"},        {"id", 1},
                  {"weight", 100},    {"state", "active"},   {"slots_target", 64},
                  {"slots_home", 64}, {"slots_fallback", 0}, {"heartbeat_age_ms", 42},
                  {"flows", nullptr}};
  EXPECT_EQ(shown("host list", {{"hosts", {host}}}),
            "POOL    HOST  ID  WEIGHT  STATE   TARGET  HOME  FALLBACK  HEARTBEAT MS  FLOWS\n"
            "caches  h1     1     100  active      64    64         0            42      -\n");
}

TEST(ViewsTest, OneChangeAndSeveralLookAlike) {
  const json change{{"pool", "caches"},  {"host", "h2"},       {"state", "draining"},
                    {"slots_moved", 64}, {"slots_waiting", 0}, {"version", 2}};
  const std::string expected =
      "POOL    HOST  STATE     MOVED  WAITING  VERSION\n"
      "caches  h2    draining     64        0        2\n";
  EXPECT_EQ(shown("host drain", change), expected);
  EXPECT_EQ(shown("host drain", {{"changes", {change}}}), expected);
}

TEST(ViewsTest, AFlowShowsOnlyWhatItHas) {
  EXPECT_EQ(shown("flow show",
                  {{"flow", "tcp a > b"}, {"slot", 17}, {"chain", {3, 2}}, {"verdict", "forward"}}),
            "flow     tcp a > b\nslot     17\nchain    3 > 2\nverdict  forward\n");
}

TEST(ViewsTest, TheVersionIsTheLastWord) {
  EXPECT_EQ(shown("version", {{"version", "0.1.0"}, {"protocol", 1}}), "sleight 0.1.0\n");
}

TEST(ViewsTest, SlotsShowTheirChainsAndTheOneThatPointsNowhere) {
  const json moved{{"slot", 0},
                   {"chain", {3, 2}},
                   {"hosts", {"h3", "h2"}},
                   {"home", 2},
                   {"steer", "02:00:03:00:20:00"},
                   {"since", {1}}};
  const json nowhere{{"slot", 1},   {"chain", json::array()}, {"hosts", json::array()}, {"home", 2},
                     {"steer", ""}, {"since", json::array()}};
  const json pool{{"pool", "caches"}, {"epoch", 1}, {"version", 2}, {"slots", {moved, nowhere}}};
  EXPECT_EQ(shown("slot list", {{"pools", {pool}}}),
            "pool caches, epoch 1, version 2\n"
            "SLOT  CHAIN  HOSTS    HOME  STEER MAC\n"
            "   0  3>2    h3 > h2     2  02:00:03:00:20:00\n"
            "   1  -      -           2  -\n");
}

TEST(ViewsTest, StatisticsLeaveOutWhatNeverHappened) {
  json worker{{"rules", {{"slot", 5}, {"group", 0}}}, {"drops", {{"NotMine", 2}}}};
  for (const char* key : {"received", "from_kernel", "sent", "unsent", "second_looks",
                          "second_look_hits", "injected", "events_lost", "bursts"}) {
    worker[key] = 1;
  }
  json port{{"name", "w0"}, {"mac", "0a:00:00:00:00:0a"}, {"fabric", 3}};
  for (const std::string prefix : {"", "kernel_"}) {
    port[prefix + "link_up"] = prefix.empty();
    for (const char* key : {"rx_packets", "rx_missed", "rx_errors", "rx_nombuf", "tx_packets"}) {
      port[prefix + key] = 0;
    }
    port[prefix + "tx_errors"] = prefix.empty() ? 0 : 8;
  }
  const std::string text =
      shown("stats show", {{"workers", {worker}},
                           {"total", worker},
                           {"ports", {port}},
                           {"snapshot", {{"version", 3}, {"last_settle_us", nullptr}}},
                           {"heartbeats", {{"heard", 9}}},
                           {"training", {{"sent", 0}}}});
  EXPECT_NE(text.find("rule slot             5  5\n"), std::string::npos) << text;
  EXPECT_NE(text.find("drop NotMine          2  2\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("rule group"), std::string::npos) << text;
  EXPECT_NE(text.find("w0    kernel  down   0       0          0          0   0          8\n"),
            std::string::npos)
      << text;
}

TEST(ViewsTest, AReplyOfAnotherVersionIsAnErrorAndNoCrash) {
  for (const admin::Command& command : admin::kCommands) {
    for (const json& strange : {json(nullptr), json::array({1}), json(7)}) {
      (void)view(command, strange);
    }
  }
  EXPECT_NE(shown("host list", {{"hosts", {{{"name", 1}}}}}).find("error: "), std::string::npos);
  EXPECT_NE(view_error(json("what")).find("what"), std::string::npos);
}

TEST(ViewsTest, ARefusalNamesSlotsAndHosts) {
  json slots = json::array();
  for (int i = 0; i < 15; ++i) slots.push_back(i);
  EXPECT_EQ(view_error({{"code", "refused"},
                        {"message", "no room"},
                        {"details", {{"slots", slots}, {"blocked_by", {"h1", "h2"}}}}}),
            "no room\n  slots: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more\n"
            "  blocked by: h1, h2");
}

}  // namespace
}  // namespace sleight::ctl
