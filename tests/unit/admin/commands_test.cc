// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "admin_fixture.h"
#include "sleight/admin/protocol.h"

namespace sleight::admin::test {
namespace {

TEST_F(AdminTest, AHostIsDrainedAndUndrained) {
  auto client = connect();
  const json drained = client.ask("host drain", {{"host", "h2"}, {"pool", "caches"}});
  EXPECT_EQ(drained, (json{{"v", 1},
                           {"id", 7},
                           {"ok", true},
                           {"result",
                            {{"pool", "caches"},
                             {"host", "h2"},
                             {"state", "draining"},
                             {"slots_moved", 4},
                             {"slots_waiting", 0},
                             {"version", 2}}}}));
  EXPECT_EQ(client.ask("host undrain", {{"host", "h2"}})["result"]["state"], "filling");
}

config::Config one_fallback() {
  config::Config config = control::test::director_config();
  config.pools[0].max_fallbacks = 1;
  return config;
}

class OneFallbackAdminTest : public AdminTest {
 protected:
  OneFallbackAdminTest() : AdminTest(one_fallback()) {}
};

TEST_F(OneFallbackAdminTest, ARefusalSaysWhyAndWhoStandsInTheWay) {
  auto client = connect();
  client.ask("host drain", {{"host", "h1"}});
  const json refused = client.ask("host drain", {{"host", "h2"}});
  EXPECT_EQ(refused["ok"], false);
  const json& error = refused["error"];
  EXPECT_EQ(error["code"], "refused");
  EXPECT_EQ(error["details"]["reason"], "chain_full");
  EXPECT_EQ(error["details"]["blocked_by"], json::array({"h1"}));
  EXPECT_FALSE(error["details"]["slots"].empty());
  EXPECT_EQ(client.ask("host drain", {{"host", "h2"}, {"force", true}})["ok"], true);
}

TEST_F(AdminTest, HostsAreListedWithNullForWhatIsUnknown) {
  const json result = connect().ask("host list")["result"];
  ASSERT_EQ(result["hosts"].size(), 4u);
  EXPECT_EQ(result["hosts"][0], (json{{"pool", "caches"},
                                      {"name", "h1"},
                                      {"id", 1},
                                      {"weight", 100},
                                      {"state", "active"},
                                      {"slots_target", 4},
                                      {"slots_home", 4},
                                      {"slots_fallback", 0},
                                      {"heartbeat_age_ms", nullptr},
                                      {"flows", nullptr}}));
}

TEST_F(AdminTest, SlotsAreListedOfOnePoolOrAll) {
  auto client = connect();
  const json result = client.ask("slot list")["result"];
  ASSERT_EQ(result["pools"].size(), 1u);
  const json& pool = result["pools"][0];
  EXPECT_EQ(pool["pool"], "caches");
  EXPECT_EQ(pool["epoch"], 1);
  EXPECT_EQ(pool["version"], 1);
  ASSERT_EQ(pool["slots"].size(), 16u);
  const json& slot = pool["slots"][0];
  EXPECT_EQ(slot["slot"], 0);
  EXPECT_EQ(slot["chain"], json::array({slot["home"]}));
  EXPECT_EQ(slot["since"], json::array());
  EXPECT_EQ(client.ask("slot list", {{"pool", "caches"}})["result"], result);
  EXPECT_EQ(client.ask("slot list", {{"pool", "none"}})["error"]["code"], "failed");
}

TEST_F(AdminTest, AFlowIsShownWithoutWhatDoesNotApply) {
  auto client = connect();
  const json args{{"protocol", "tcp"},
                  {"source", "198.51.100.7"},
                  {"sport", 40000},
                  {"destination", "203.0.113.10"},
                  {"dport", 80}};
  const json flow = client.ask("flow show", args)["result"];
  EXPECT_EQ(flow["vip"], "www");
  EXPECT_EQ(flow["verdict"], "forward");
  EXPECT_FALSE(flow.contains("socket"));
  json elsewhere = args;
  elsewhere["destination"] = "192.0.2.1";
  EXPECT_EQ(client.ask("flow show", elsewhere)["result"],
            (json{{"flow", "tcp 198.51.100.7:40000 > 192.0.2.1:80"},
                  {"verdict", "kernel"},
                  {"reason", "not_vip"}}));
}

TEST_F(AdminTest, AMacIsReadAsItsChain) {
  auto client = connect();
  EXPECT_EQ(client.ask("mac show", {{"mac", "02:00:03:00:20:00"}})["result"],
            (json{{"mac", "02:00:03:00:20:00"},
                  {"valid", true},
                  {"fabric", 0},
                  {"chain", {3, 2}},
                  {"hosts", {"h3", "h2"}},
                  {"canonical", false}}));
  EXPECT_EQ(client.ask("mac show", {{"mac", "00:16:3e:00:00:00"}})["result"]["valid"], false);
  EXPECT_EQ(client.ask("mac show", {{"mac", "nonsense"}})["error"]["code"], "failed");
}

TEST_F(AdminTest, StatisticsHaveTheirKeys) {
  const json result = connect().ask("stats show")["result"];
  EXPECT_EQ(result["workers"].size(), 1u);
  for (const char* key : {"received", "from_kernel", "sent", "unsent", "second_looks",
                          "second_look_hits", "injected", "events_lost", "bursts"}) {
    EXPECT_EQ(result["total"][key], 0) << key;
  }
  EXPECT_EQ(result["total"]["rules"]["slot"], 0);
  EXPECT_EQ(result["total"]["drops"]["BadSteer"], 0);
  EXPECT_EQ(result["ports"][0]["name"], "wire");
  EXPECT_EQ(result["snapshot"]["settled"], true);
  EXPECT_EQ(result["heartbeats"]["heard"], 0);
}

TEST_F(AdminTest, TheVersionsAreTold) {
  const json result = connect().ask("version")["result"];
  EXPECT_EQ(result, (json{{"version", SLEIGHT_VERSION}, {"protocol", 1}}));
}

TEST_F(AdminTest, ADirectorHasNoSockets) {
  EXPECT_EQ(connect().ask("socket count")["error"]["code"], "failed");
}

TEST_F(HostAdminTest, SocketsAreCounted) {
  node_.census.flows = 4;
  node_.census.requests = 1;
  EXPECT_EQ(connect().ask("socket count")["result"], (json{{"flows", 4}, {"requests", 1}}));
}

TEST_F(HostAdminTest, AFlowIsShownWithWhatTheKernelSays) {
  const json flow = connect().ask("flow show", {{"protocol", "tcp"},
                                                {"source", "2001:db8:7::1"},
                                                {"sport", 40000},
                                                {"destination", "2001:db8:10::10"},
                                                {"dport", 80}})["result"];
  EXPECT_EQ(flow["socket"], "no_socket");
  EXPECT_FALSE(flow.contains("verdict"));
}

TEST_F(HostAdminTest, AHostHasNoTableToChange) {
  const json error = connect().ask("host drain", {{"host", "h1"}})["error"];
  EXPECT_EQ(error["code"], "refused");
  EXPECT_EQ(error["details"]["reason"], "no_table");
}

}  // namespace
}  // namespace sleight::admin::test
