// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/oracle/census.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include "sandbox.h"
#include "tcp_client.h"

namespace sleight::oracle {
namespace {

class CensusTest : public testing::Test {
 protected:
  void SetUp() override {
    auto sandbox = Sandbox::make();
    if (!sandbox) GTEST_SKIP() << sandbox.error().message;
    sandbox_ = *std::move(sandbox);
  }

  fwd::SocketCount count(const std::vector<std::string>& texts) {
    std::vector<net::IpPrefix> prefixes;
    for (const std::string& text : texts) {
      const auto prefix = net::parse_prefix(text);
      EXPECT_TRUE(prefix) << text;
      prefixes.push_back(prefix.value());
    }
    Census census;
    const auto result = census.count(prefixes);
    EXPECT_TRUE(result) << result.error().message;
    return result.value();
  }
  std::uint64_t flows() { return count({"203.0.113.10", "2001:db8:10::10"}).flows; }
  std::uint64_t requests() { return count({"203.0.113.10", "2001:db8:10::10"}).requests; }

  TcpClient client_v4(std::uint16_t port = 40000) { return {*sandbox_, "203.0.113.20", port}; }
  TcpClient client_v6(std::uint16_t port = 40000) { return {*sandbox_, "2001:db8:10::20", port}; }

  std::unique_ptr<Sandbox> sandbox_;
};

TEST_F(CensusTest, AListenerAloneIsNoFlow) {
  const Fd listener = listen_on(Stack::kDual);
  EXPECT_EQ(flows(), 0U);
  EXPECT_EQ(requests(), 0U);
}

TEST_F(CensusTest, ConnectionsOfBothFamiliesAreCounted) {
  const Fd listener = listen_on(Stack::kDual);
  TcpClient four = client_v4();
  TcpClient six = client_v6();
  ASSERT_TRUE(four.connect());
  ASSERT_TRUE(six.connect());
  EXPECT_EQ(flows(), 2U);
  EXPECT_EQ(requests(), 0U);
}

TEST_F(CensusTest, OnlySocketsOfTheAskedAddressesAreCounted) {
  const Fd listener = listen_on(Stack::kDual);
  TcpClient four = client_v4();
  TcpClient six = client_v6();
  ASSERT_TRUE(four.connect());
  ASSERT_TRUE(six.connect());
  EXPECT_EQ(count({"203.0.113.10"}).flows, 1U);
  EXPECT_EQ(count({"203.0.113.0/28"}).flows, 1U);
  EXPECT_EQ(count({"203.0.113.11", "198.51.100.0/24"}).flows, 0U);
  EXPECT_EQ(count({"2001:db8:10::/64"}).flows, 1U);
  EXPECT_EQ(count({"2001:db8:11::/64"}).flows, 0U);
  EXPECT_EQ(count({"::/0"}).flows, 1U) << "an IPv4-mapped address is IPv4";
  EXPECT_EQ(count({}).flows, 0U);
}

TEST_F(CensusTest, ASocketInTwoPrefixesIsCountedOnce) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  EXPECT_EQ(count({"203.0.113.10", "203.0.113.0/24", "0.0.0.0/0"}).flows, 1U);
}

TEST_F(CensusTest, RequestSocketsAreCountedApart) {
  const Fd listener = listen_on(Stack::kDual);
  TcpClient four = client_v4();
  TcpClient six = client_v6();
  ASSERT_TRUE(four.open());
  ASSERT_TRUE(six.open());
  EXPECT_EQ(flows(), 0U);
  EXPECT_EQ(requests(), 2U);
  six.send(net::kTcpAck);
  EXPECT_EQ(flows(), 1U);
  EXPECT_EQ(requests(), 1U);
}

TEST_F(CensusTest, AConnectionCountsUntilBothSidesHaveClosed) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  Fd connection = accept_from(listener);
  client.send(net::kTcpFin | net::kTcpAck);
  client.seq += 1;
  EXPECT_EQ(flows(), 1U) << "CLOSE_WAIT";
  connection.close();
  EXPECT_EQ(flows(), 1U) << "LAST_ACK, an orphan";
  ASSERT_TRUE(client.receive()) << "the ACK of the FIN";
  ASSERT_TRUE(client.take_fin());
  EXPECT_EQ(flows(), 0U) << "closed";
}

TEST_F(CensusTest, AnOrphanCountsUntilItIsInTimeWait) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  Fd connection = accept_from(listener);
  connection.close();
  EXPECT_EQ(flows(), 1U) << "FIN_WAIT1";
  ASSERT_TRUE(client.take_fin());
  EXPECT_EQ(flows(), 1U) << "FIN_WAIT2, kept as a TIME_WAIT socket";
  client.send(net::kTcpFin | net::kTcpAck);
  EXPECT_EQ(flows(), 0U) << "TIME_WAIT";
}

TEST_F(CensusTest, ManySocketsNeedMoreThanOneAnswerOfTheKernel) {
  const Fd listener = listen_on(Stack::kDual, 2000);
  std::vector<Fd> connections;
  for (std::uint16_t i = 0; i < 700; ++i) {
    TcpClient client = i % 2 == 0 ? client_v4(static_cast<std::uint16_t>(40000 + i))
                                  : client_v6(static_cast<std::uint16_t>(40000 + i));
    ASSERT_TRUE(client.connect());
    connections.push_back(accept_from(listener));
  }
  EXPECT_EQ(flows(), 700U);
}

TEST_F(CensusTest, SocketsOfAnotherNamespaceAreNotCounted) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  const auto elsewhere = Sandbox::make();
  ASSERT_TRUE(elsewhere) << elsewhere.error().message;
  EXPECT_EQ(flows(), 0U);
}

}  // namespace
}  // namespace sleight::oracle
