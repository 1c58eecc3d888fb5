// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane_settings.h"

#include <gtest/gtest.h>

namespace sleight::main {
namespace {

config::Config two_ports() {
  config::Config config;
  config.node = {"h7", 7};
  config.eal.cores = {1, 2};
  config.eal.control_core = 3;
  config.eal.memory_mb = 512;
  config.eal.args = {"--no-telemetry"};
  config.ports = {{"a", "net_null0", 0, 2, "net_null1"}, {"b", "net_null2", 5, 1, "net_null3"}};
  config.workers = {config::Idle::kSleep, 48};
  return config;
}

TEST(DataplaneSettings, take_over_eal_ports_and_workers) {
  const dataplane::Settings settings = dataplane_settings(two_ports());
  EXPECT_EQ(settings.eal.name, "h7");
  EXPECT_EQ(settings.eal.cores, (std::vector<unsigned>{1, 2}));
  EXPECT_EQ(settings.eal.control_core, 3u);
  EXPECT_EQ(settings.eal.memory_mb, 512u);
  EXPECT_EQ(settings.eal.args, std::vector<std::string>{"--no-telemetry"});
  EXPECT_EQ(settings.burst, 48);
  EXPECT_TRUE(settings.idle_sleep);
  ASSERT_EQ(settings.ports.size(), 2u);
  EXPECT_EQ(settings.ports[0].name, "a");
  EXPECT_EQ(settings.ports[0].queues, 2);
  EXPECT_EQ(settings.ports[1].device, "net_null2");
  EXPECT_EQ(settings.ports[1].kernel_device, "net_null3");
  EXPECT_EQ(settings.ports[1].fabric, 5);
}

TEST(DataplaneSettings, give_a_host_its_canonical_mac_on_every_port) {
  config::Config config = two_ports();
  config.roles.host = true;
  const dataplane::Settings settings = dataplane_settings(config);
  EXPECT_EQ(net::to_string(settings.ports[0].canonical), "02:00:07:00:00:00");
  EXPECT_EQ(net::to_string(settings.ports[1].canonical), "52:00:07:00:00:00");
}

TEST(DataplaneSettings, leave_the_canonical_mac_out_without_role_host) {
  config::Config config = two_ports();
  config.roles.director = true;
  EXPECT_TRUE(dataplane_settings(config).ports[0].canonical.is_zero());
}

TEST(DataplaneSettings, translate_each_way_to_use_hugepages) {
  config::Config config = two_ports();
  config.eal.hugepages = config::Hugepages::kOn;
  EXPECT_EQ(dataplane_settings(config).eal.hugepages, dataplane::Hugepages::kOn);
  config.eal.hugepages = config::Hugepages::kOff;
  EXPECT_EQ(dataplane_settings(config).eal.hugepages, dataplane::Hugepages::kOff);
  config.eal.hugepages = config::Hugepages::kAuto;
  EXPECT_EQ(dataplane_settings(config).eal.hugepages, dataplane::Hugepages::kAuto);
}

}  // namespace
}  // namespace sleight::main
