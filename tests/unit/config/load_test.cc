// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/config/load.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sleight::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* kHost = R"(
node: {name: h1, id: 7}
roles: [host]
eal: {cores: [1]}
ports:
  - {name: wire, device: net_tap0, kernel_port: {device: net_tap1}}
vips:
  - name: www
    addresses: [203.0.113.10]
    pool: caches
    services: [{name: web, protocol: tcp, ports: [80]}]
)";

std::string told(const LoadResult& result) {
  std::string text;
  for (const Problem& problem : result.problems) text += to_string("f", problem) + "\n";
  return text;
}

LoadResult load(const std::string& yaml) { return load_text(yaml, "", Purpose::kService); }

TEST(LoadText, WorkersThatSleepMayShareTheirCore) {
  std::string yaml = kHost;
  yaml.replace(yaml.find("cores: [1]"), 10, "cores: [0, 1, 1], control_core: 0");
  EXPECT_EQ(load(yaml).problems.size(), 2u) << told(load(yaml));
  yaml += "workers: {idle: sleep}\n";
  EXPECT_TRUE(load(yaml).ok()) << told(load(yaml));
}

TEST(LoadFile, ReadsTheExample) {
  const LoadResult result = load_file(CONFIG_DIR "/example.yaml", Purpose::kService);
  ASSERT_TRUE(result.ok()) << told(result);
  const Config& config = result.config;
  EXPECT_EQ(config.node, (Node{"h1", 1}));
  EXPECT_EQ(config.roles, (Roles{false, false, true}));
  EXPECT_EQ(config.eal, (Eal{{1}, 0, 256, Hugepages::kAuto, {}}));
  ASSERT_EQ(config.ports.size(), 1u);
  EXPECT_EQ(config.ports[0],
            (Port{"wire", "net_af_packet0,iface=eth0", 0, 1, "net_af_packet1,iface=k0-wire"}));
  ASSERT_EQ(config.vips.size(), 1u);
  EXPECT_EQ(config.vips[0].name, "www");
  EXPECT_EQ(config.vips[0].pool, "caches");
  ASSERT_EQ(config.vips[0].addresses.size(), 3u);
  EXPECT_EQ(net::to_string(config.vips[0].addresses[0]), "203.0.113.10");
  EXPECT_EQ(net::to_string(config.vips[0].addresses[1]), "2001:db8:10::10");
  EXPECT_EQ(net::to_string(config.vips[0].addresses[2]), "203.0.113.64/26");
  ASSERT_EQ(config.vips[0].services.size(), 2u);
  EXPECT_EQ(config.vips[0].services[0],
            (Service{"web", net::kProtocolTcp, {{80, 80}, {443, 443}, {8000, 8099}}}));
  EXPECT_EQ(config.vips[0].services[1], (Service{"dns", net::kProtocolUdp, {{53, 53}}}));
  const Pool expected = {"caches",
                         256,
                         net::SipKey{0x0706050403020100, 0x0f0e0d0c0b0a0908},
                         hours(1),
                         2,
                         minutes(10),
                         seconds(30),
                         {{"h1", 1, 100}, {"h2", 2, 100}}};
  ASSERT_EQ(config.pools.size(), 1u);
  EXPECT_EQ(config.pools[0], expected);
  EXPECT_EQ(config.workers, (Workers{Idle::kPoll, 32}));
  EXPECT_EQ(config.state_dir, "/var/lib/sleight");
  EXPECT_EQ(config.admin, (Admin{"/run/sleight/admin.sock", "sleight"}));
  EXPECT_EQ(config.log_level, log::Level::kInfo);
  EXPECT_EQ(config.steer_key, std::nullopt);
}

TEST(LoadText, FillsInTheDefaults) {
  const LoadResult result = load(kHost);
  ASSERT_TRUE(result.ok()) << told(result);
  Config expected;
  expected.node = {"h1", 7};
  expected.roles.host = true;
  expected.eal.cores = {1};
  expected.ports = {{"wire", "net_tap0", 0, 1, "net_tap1"}};
  expected.vips = {{"www",
                    {net::parse_prefix("203.0.113.10").value()},
                    "caches",
                    {{"web", net::kProtocolTcp, {{80, 80}}}}}};
  EXPECT_EQ(result.config, expected);
}

TEST(LoadText, ReadsWhatIsNotTheDefault) {
  const LoadResult result = load(std::string(kHost) + R"(
pools:
  - {name: caches, slots: 65536, fallback_ttl: 2d, max_fallbacks: 0, drain_timeout: 100ms, fill: 0s}
workers: {idle: sleep, burst: 64}
state_dir: /tmp/s
admin: {socket: /tmp/a.sock}
log: {level: debug}
steer_key: "0f0e0d0c0b0a09080706050403020100"
)");
  ASSERT_TRUE(result.ok()) << told(result);
  const Config& config = result.config;
  EXPECT_EQ(
      config.pools[0],
      (Pool{"caches", 65536, std::nullopt, hours(48), 0, milliseconds(100), milliseconds(0), {}}));
  EXPECT_EQ(config.workers, (Workers{Idle::kSleep, 64}));
  EXPECT_EQ(config.state_dir, "/tmp/s");
  EXPECT_EQ(config.admin, (Admin{"/tmp/a.sock", ""}));
  EXPECT_EQ(config.log_level, log::Level::kDebug);
  EXPECT_EQ(config.steer_key, (net::SipKey{0x08090a0b0c0d0e0f, 0x0001020304050607}));
}

TEST(LoadText, MergesAndSortsPorts) {
  std::string yaml = kHost;
  const std::string ports = "ports: [80]}";
  yaml.replace(yaml.find(ports), ports.size(),
               "ports: [443, 100-200, 80, 81, 150-160, 201, 65535]}");
  const LoadResult result = load(yaml);
  ASSERT_TRUE(result.ok()) << told(result);
  EXPECT_EQ(result.config.vips[0].services[0].ports,
            (std::vector<PortRange>{{80, 81}, {100, 201}, {443, 443}, {65535, 65535}}));
}

TEST(LoadText, SortsHostsById) {
  const LoadResult result = load(std::string(kHost) + R"(
pools: [{name: caches, hosts: [{name: c, id: 9}, {name: h1, id: 7}, {name: b, id: 8, weight: 1}]}]
)");
  ASSERT_TRUE(result.ok()) << told(result);
  EXPECT_EQ(result.config.pools[0].hosts,
            (std::vector<Host>{{"h1", 7, 100}, {"b", 8, 1}, {"c", 9, 100}}));
}

TEST(LoadText, LetsAVipCoverAnAddressOfAnother) {
  const LoadResult result = load(std::string(kHost) + R"(
  - name: net
    addresses: [203.0.113.0/24]
    pool: caches
    services: [{name: web, protocol: tcp, ports: [80]}]
)");
  EXPECT_TRUE(result.ok()) << told(result);
}

TEST(LoadText, AsksForNothingOfTheMachineForReplay) {
  const std::string yaml = R"(
eal: anything
admin: [at, all]
vips:
  - {name: www, addresses: [203.0.113.10], pool: p, services: [{name: w, protocol: tcp, ports: [80]}]}
pools: [{name: p, hosts: [{name: h1, id: 1}]}]
)";
  EXPECT_TRUE(load_text(yaml, "", Purpose::kReplay).ok());
  EXPECT_FALSE(load_text(yaml, "", Purpose::kService).ok());
}

TEST(LoadText, KeepsFabricsAndTheIdOfAnyRoleForReplay) {
  const LoadResult result =
      load_text("node: {name: d1, id: 3}\nroles: [director]\nports: [{fabric: 5}]\nvips: []\n", "",
                Purpose::kReplay);
  ASSERT_TRUE(result.ok()) << told(result);
  EXPECT_EQ(result.config.node.id, 3);
  ASSERT_EQ(result.config.ports.size(), 1u);
  EXPECT_EQ(result.config.ports[0].fabric, 5);
}

TEST(LoadText, ReadsKeyFilesRelativeToItsFolder) {
  const auto folder = std::filesystem::temp_directory_path() / "sleight-load-test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "good.key") << "000102030405060708090a0b0c0d0e0f\n";
  std::ofstream(folder / "short.key") << "0001\n";
  const auto with_key = [&](const std::string& key) {
    return load_text(kHost + ("steer_key: " + key), folder.string(), Purpose::kService);
  };
  EXPECT_EQ(with_key("file:good.key").config.steer_key,
            (net::SipKey{0x0706050403020100, 0x0f0e0d0c0b0a0908}));
  EXPECT_TRUE(with_key("file:" + (folder / "good.key").string()).ok());
  EXPECT_NE(told(with_key("file:short.key")).find("holds no key"), std::string::npos);
  EXPECT_NE(told(with_key("file:none.key")).find("No such file"), std::string::npos);
  EXPECT_NE(told(with_key("file:/dev/zero")).find("no regular file"), std::string::npos);
  EXPECT_NE(told(with_key("'file:.'")).find("no regular file"), std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST(LoadText, NeverShowsTheDigitsOfAKey) {
  const LoadResult result = load(std::string(kHost) + "steer_key: 5ec2e75ec2e75ec2e7\n");
  ASSERT_EQ(result.problems.size(), 1u);
  EXPECT_EQ(told(result).find("5ec2e7"), std::string::npos);
}

TEST(LoadFile, TellsThatAFileCannotBeRead) {
  EXPECT_EQ(told(load_file("/nonexistent/sleight.yaml", Purpose::kService)),
            "f: cannot be opened: No such file or directory\n");
  EXPECT_EQ(told(load_file("/", Purpose::kService)), "f: this is a directory\n");
}

TEST(LoadFile, StopsReadingAtTheSizeLimit) {
  EXPECT_NE(told(load_file("/dev/zero", Purpose::kService)).find("more than 16777216 bytes"),
            std::string::npos);
}

TEST(LoadText, ReadsTenThousandServices) {
  std::string yaml =
      "node: {name: h1, id: 1}\nroles: [host]\neal: {cores: [1]}\n"
      "ports: [{name: w, device: net_a, kernel_port: {device: net_b}}]\nvips:\n";
  for (int i = 0; i < 10'000; ++i) {
    yaml += "  - name: v" + std::to_string(i) + "\n    addresses: [10.0." +
            std::to_string(i / 256) + "." + std::to_string(i % 256) + "]\n    pool: p\n" +
            "    services:\n      - {name: web, protocol: tcp, ports: [80, 443, 8000-8099]}\n";
  }
  const LoadResult result = load(yaml);
  ASSERT_TRUE(result.ok()) << told(result);
  EXPECT_EQ(result.config.vips.size(), 10'000u);
}

TEST(Config, FindsPoolsByName) {
  Config config;
  config.pools.resize(2);
  config.pools[1].name = "caches";
  EXPECT_EQ(config.find_pool("caches"), &config.pools[1]);
  EXPECT_EQ(config.find_pool("cashes"), nullptr);
}

}  // namespace
}  // namespace sleight::config
