// SPDX-License-Identifier: BSD-2-Clause
#include "flow_inquiry.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "fakes.h"
#include "sleight/net/packet.h"
#include "sleight/snapshot/build.h"

namespace sleight::control {
namespace {

class FlowInquiryTest : public testing::Test {
 protected:
  explicit FlowInquiryTest(config::Config config = test::director_config())
      : config_(std::move(config)), names_(config_) {
    const std::vector<snapshot::PortIdentity> ports{{.fabric = 0, .mac = {}, .kernel_mac = {}}};
    std::map<std::string, slots::Pool> tables{{"caches", snapshot::fresh_table(config_.pools[0])}};
    snapshot_ = snapshot::build(config_, ports, tables, 1);
  }

  Result<FlowReport> ask(const FlowQuery& query, fwd::SocketOracle* oracle = nullptr) {
    return inquire(query, *snapshot_, config_, names_, oracle);
  }

  config::Config config_;
  HostNames names_;
  std::unique_ptr<const fwd::Snapshot> snapshot_;
};

const FlowQuery kWebV4{"tcp", "198.51.100.7", 40000, "203.0.113.10", 80};
const FlowQuery kWebV6{"tcp", "2001:db8:7::1", 40000, "2001:db8:10::10", 80};

TEST_F(FlowInquiryTest, ADirectorSaysWhereAFlowOfEitherFamilyGoes) {
  for (const FlowQuery& query : {kWebV4, kWebV6}) {
    const auto report = ask(query);
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->vip, "www");
    EXPECT_EQ(report->pool, "caches");
    EXPECT_EQ(report->verdict, "forward");
    EXPECT_EQ(report->reason, "slot");
    ASSERT_TRUE(report->slot.has_value());
    const auto key = net::FlowKey::make(*net::parse_ip(query.source), 40000,
                                        *net::parse_ip(query.destination), 80, 6);
    EXPECT_EQ(*report->slot, net::slot_of(net::hash_flow({1, 2}, key), 16));
    ASSERT_EQ(report->chain.size(), 1u);
    EXPECT_EQ(report->steer, to_string(net::canonical_mac(0, report->chain[0])));
    EXPECT_EQ(report->hosts[0], "h" + std::to_string(report->chain[0]));
    EXPECT_FALSE(report->socket.has_value());
  }
}

TEST_F(FlowInquiryTest, AFlowToNoVipGoesToTheKernel) {
  const auto report = ask({"tcp", "198.51.100.7", 1, "203.0.113.99", 80});
  ASSERT_TRUE(report.has_value());
  EXPECT_FALSE(report->vip.has_value());
  EXPECT_EQ(report->verdict, "kernel");
  EXPECT_EQ(report->reason, "not_vip");
}

TEST_F(FlowInquiryTest, AFlowToNoServiceIsDropped) {
  for (const FlowQuery& query : {FlowQuery{"tcp", "198.51.100.7", 1, "203.0.113.10", 81},
                                 FlowQuery{"udp", "198.51.100.7", 1, "203.0.113.10", 80}}) {
    const auto report = ask(query);
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->verdict, "drop");
    EXPECT_EQ(report->reason, "NoService");
    EXPECT_FALSE(report->slot.has_value());
  }
}

TEST_F(FlowInquiryTest, WhatIsNoFlowIsAnError) {
  EXPECT_FALSE(ask({"sctp", "198.51.100.7", 1, "203.0.113.10", 80}).has_value());
  EXPECT_FALSE(ask({"tcp", "198.51.100", 1, "203.0.113.10", 80}).has_value());
  EXPECT_FALSE(ask({"tcp", "198.51.100.7", 1, "www", 80}).has_value());
  EXPECT_FALSE(ask({"tcp", "2001:db8::1", 1, "203.0.113.10", 80}).has_value());
}

class HostFlowInquiryTest : public FlowInquiryTest {
 protected:
  HostFlowInquiryTest() : FlowInquiryTest(test::host_config()) {}
};

TEST_F(HostFlowInquiryTest, AHostSaysWhatItsKernelKnows) {
  test::FakeOracle oracle;
  oracle.verdict = fwd::SocketVerdict::kEstablished;
  const auto report = ask(kWebV4, &oracle);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->socket, "established");
  EXPECT_FALSE(report->verdict.has_value());
  ASSERT_EQ(oracle.asked.size(), 1u);
  EXPECT_EQ(oracle.asked[0].tcp_flags, net::kTcpAck);
  EXPECT_EQ(to_string(oracle.asked[0].flow), "tcp 198.51.100.7:40000 > 203.0.113.10:80");
}

TEST_F(HostFlowInquiryTest, TheKernelIsNotAskedAboutWhatNoServiceTakes) {
  test::FakeOracle oracle;
  ASSERT_TRUE(ask({"tcp", "198.51.100.7", 1, "203.0.113.10", 81}, &oracle).has_value());
  EXPECT_TRUE(oracle.asked.empty());
}

TEST_F(FlowInquiryTest, ASteerMacIsReadAsItsChain) {
  const auto report = read_mac("52:00:03:00:20:09", names_);
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->valid);
  EXPECT_EQ(report->fabric, 5);
  EXPECT_EQ(report->chain, (std::vector<std::uint16_t>{3, 2, 9}));
  EXPECT_EQ(report->hosts, (std::vector<std::string>{"h3", "h2", "#9"}));
  EXPECT_FALSE(report->canonical);
  EXPECT_TRUE(read_mac("02:00:01:00:00:00", names_)->canonical);
}

TEST_F(FlowInquiryTest, AnInvalidSteerMacNamesItsProblem) {
  const std::map<std::string, std::string> cases{
      {"00:16:3e:00:00:01", "second hex digit"}, {"02:10:01:00:00:00", "reserved"},
      {"02:00:00:00:10:00", "no target"},        {"02:00:01:00:00:02", "without a first"},
      {"02:00:01:00:20:02", "named twice"},      {"02:00:01:00:10:00", "named twice"}};
  for (const auto& [mac, problem] : cases) {
    const auto report = read_mac(mac, names_);
    ASSERT_TRUE(report.has_value());
    EXPECT_FALSE(report->valid) << mac;
    EXPECT_NE(report->problem.find(problem), std::string::npos) << mac << ": " << report->problem;
  }
  EXPECT_FALSE(read_mac("02:00:01", names_).has_value());
}

}  // namespace
}  // namespace sleight::control
