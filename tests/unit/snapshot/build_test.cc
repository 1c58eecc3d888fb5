// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/snapshot/build.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sleight::snapshot {
namespace {

using Names = std::vector<std::string>;

constexpr net::SipKey kKey = {1, 2};
constexpr net::MacAddress kMac0 = net::MacAddress::from_bits(0x525400000001);
constexpr net::MacAddress kMac1 = net::MacAddress::from_bits(0x525400000002);
constexpr net::MacAddress kKernel0 = net::MacAddress::from_bits(0x525400000011);
constexpr net::MacAddress kKernel1 = net::MacAddress::from_bits(0x525400000012);

const std::vector<PortIdentity> kTwoPorts = {{0, kMac0, kKernel0}, {3, kMac1, kKernel1}};

net::IpPrefix prefix(std::string_view text) { return net::parse_prefix(text).value(); }

// Two VIPs in two pools of four slots, hosts 1 and 2.
config::Config make_config(bool director, bool host) {
  config::Config config;
  config.node = {"h2", static_cast<net::HostId>(host ? 2 : net::kNoHost)};
  config.roles = {false, director, host};
  config.vips = {{"www",
                  {prefix("203.0.113.10"), prefix("2001:db8::/64")},
                  "caches",
                  {{"web", net::kProtocolTcp, {{80, 80}, {8000, 8099}}},
                   {"dns", net::kProtocolUdp, {{53, 53}}}}},
                 {"api", {prefix("203.0.113.11")}, "apis", {{"web", net::kProtocolTcp, {{1, 9}}}}}};
  for (const char* name : {"apis", "caches"}) {
    config::Pool& pool = config.pools.emplace_back();
    pool.name = name;
    pool.slots = 4;
    pool.hash_key = kKey;
    pool.hosts = {{"h1", 1, 100}, {"h2", 2, 100}};
  }
  return config;
}

// One chain a slot.
slots::Pool table_of(const std::vector<slots::Chain>& chains) {
  slots::Pool pool;
  for (const slots::Chain& chain : chains) pool.table.push_back({chain, {}});
  return pool;
}

net::FlowKey flow_to(std::string_view address) {
  const net::IpAddress destination = net::parse_ip(address).value();
  const net::IpAddress source =
      net::parse_ip(destination.family == net::Family::kIpv4 ? "198.51.100.1" : "2001:db8:f::1")
          .value();
  return net::FlowKey::make(source, 40000, destination, 80, net::kProtocolTcp);
}

TEST(Build, GivesADirectorItsSteerMacsOnEachPort) {
  const std::map<std::string, slots::Pool> tables = {
      {"caches", table_of({{1, {}}, {2, {1, 0}}, {3, {2, 1}}, {}})}};
  const auto snapshot = build(make_config(true, false), kTwoPorts, tables, 7);
  EXPECT_EQ(snapshot->version, 7u);
  EXPECT_TRUE(snapshot->director);
  EXPECT_FALSE(snapshot->host);
  EXPECT_EQ(snapshot->self, net::kNoHost);
  ASSERT_EQ(snapshot->pools.size(), 2u);
  const fwd::SnapshotPool& caches = snapshot->pools[1];
  EXPECT_EQ(caches.hash_key, kKey);
  EXPECT_EQ(caches.slots, 4u);
  EXPECT_EQ(caches.steer, (std::vector<std::vector<std::uint64_t>>{
                              {0x020001000000, 0x020002001000, 0x020003002001, 0},
                              {0x320001000000, 0x320002001000, 0x320003002001, 0}}));
}

TEST(Build, PointsNowhereWithoutATable) {
  const auto snapshot = build(make_config(true, false), kTwoPorts, {}, 1);
  for (const fwd::SnapshotPool& pool : snapshot->pools) {
    EXPECT_EQ(pool.slots, 4u);
    EXPECT_EQ(pool.steer, (std::vector<std::vector<std::uint64_t>>(2, {0, 0, 0, 0})));
  }
}

TEST(Build, GivesAHostItsCanonicalMacOnEachPort) {
  const auto snapshot = build(make_config(false, true), kTwoPorts, {}, 1);
  EXPECT_FALSE(snapshot->director);
  EXPECT_TRUE(snapshot->host);
  EXPECT_EQ(snapshot->self, 2);
  ASSERT_EQ(snapshot->ports.size(), 2u);
  EXPECT_EQ(snapshot->ports[0].fabric, 0);
  EXPECT_EQ(snapshot->ports[0].mac, kMac0);
  EXPECT_EQ(snapshot->ports[0].kernel_mac, kKernel0);
  EXPECT_EQ(snapshot->ports[0].canonical.bits(), 0x020002000000u);
  EXPECT_EQ(snapshot->ports[1].fabric, 3);
  EXPECT_EQ(snapshot->ports[1].mac, kMac1);
  EXPECT_EQ(snapshot->ports[1].kernel_mac, kKernel1);
  EXPECT_EQ(snapshot->ports[1].canonical.bits(), 0x320002000000u);
}

TEST(Build, GivesAPureHostNoSteerMacs) {
  const auto snapshot =
      build(make_config(false, true), kTwoPorts, {{"caches", table_of({{1, {}}})}}, 1);
  for (const fwd::SnapshotPool& pool : snapshot->pools) EXPECT_TRUE(pool.steer.empty());
}

TEST(Build, GivesAPureDirectorNoCanonicalMac) {
  const auto snapshot = build(make_config(true, false), kTwoPorts, {}, 1);
  for (const fwd::SnapshotPort& port : snapshot->ports) EXPECT_TRUE(port.canonical.is_zero());
}

TEST(Build, GivesANodeOfBothRolesAllOfIt) {
  const auto snapshot = build(make_config(true, true), std::span(kTwoPorts).first(1),
                              {{"apis", table_of({{2, {}}, {1, {2, 0}}})}}, 1);
  EXPECT_TRUE(snapshot->director);
  EXPECT_TRUE(snapshot->host);
  EXPECT_EQ(snapshot->self, 2);
  EXPECT_EQ(snapshot->ports[0].canonical.bits(), 0x020002000000u);
  EXPECT_EQ(snapshot->pools[0].slots, 2u);
  EXPECT_EQ(snapshot->pools[0].steer,
            (std::vector<std::vector<std::uint64_t>>{{0x020002000000, 0x020001002000}}));
}

TEST(Build, IndexesVipsPoolsAndServicesByTheirNames) {
  const auto snapshot = build(make_config(true, false), kTwoPorts, {}, 1);
  EXPECT_EQ(snapshot->vip_names, (Names{"www", "api"}));
  EXPECT_EQ(snapshot->pool_names, (Names{"apis", "caches"}));
  EXPECT_EQ(snapshot->service_names, (Names{"web", "dns", "web"}));
  const fwd::VipIndex& vips = snapshot->vips;
  EXPECT_EQ(vips.find_vip(flow_to("203.0.113.10")), 0u);
  EXPECT_EQ(vips.find_vip(flow_to("2001:db8::53")), 0u);
  EXPECT_EQ(vips.find_vip(flow_to("203.0.113.11")), 1u);
  EXPECT_EQ(vips.find_vip(flow_to("203.0.113.12")), fwd::kNoIndex);
  EXPECT_EQ(vips.pool_of(0), 1u);
  EXPECT_EQ(vips.pool_of(1), 0u);
  EXPECT_EQ(vips.find_service(0, net::kProtocolTcp, 8050), 0u);
  EXPECT_EQ(vips.find_service(0, net::kProtocolUdp, 53), 1u);
  EXPECT_EQ(vips.find_service(1, net::kProtocolTcp, 9), 2u);
  EXPECT_EQ(vips.find_service(1, net::kProtocolTcp, 80), fwd::kNoIndex);
}

TEST(Build, NamesPoolsThatAHostDoesNotDescribe) {
  config::Config config = make_config(false, true);
  config.pools.clear();
  const auto snapshot = build(config, kTwoPorts, {}, 1);
  EXPECT_EQ(snapshot->pool_names, (Names{"caches", "apis"}));
  EXPECT_EQ(snapshot->pools.size(), 2u);
  EXPECT_EQ(snapshot->vips.pool_of(0), 0u);
  EXPECT_EQ(snapshot->vips.pool_of(1), 1u);
}

TEST(FreshTable, SharesTheSlotsAmongTheHosts) {
  config::Pool pool;
  pool.slots = 9;
  pool.max_fallbacks = 1;
  pool.hosts = {{"h1", 1, 100}, {"h5", 5, 200}};
  const slots::Pool table = fresh_table(pool);
  EXPECT_EQ(table.max_fallbacks, 1);
  ASSERT_EQ(table.members.size(), 2u);
  EXPECT_EQ(table.members[1], (slots::Member{5, 200, slots::HostState::kActive}));
  ASSERT_EQ(table.table.size(), 9u);
  unsigned of_h5 = 0;
  for (const slots::Slot& slot : table.table) {
    EXPECT_FALSE(slot.chain.has_fallback());
    of_h5 += slot.chain.target == 5 ? 1 : 0;
  }
  EXPECT_EQ(of_h5, 6u);
}

TEST(FreshTable, PointsNowhereWithoutHosts) {
  const slots::Pool table = fresh_table(config::Pool{});
  ASSERT_EQ(table.table.size(), 256u);
  for (const slots::Slot& slot : table.table) EXPECT_EQ(slot.chain, slots::Chain{});
}

}  // namespace
}  // namespace sleight::snapshot
