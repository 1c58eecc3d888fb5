// SPDX-License-Identifier: BSD-2-Clause
// SYN cookies: between SYN-ACK and ACK the kernel keeps nothing.
#include <gtest/gtest.h>

#include "oracle_fixture.h"

namespace sleight::oracle {
namespace {

using fwd::SocketVerdict;

class SynCookieTest : public OracleFixture {
 protected:
  void SetUp() override {
    OracleFixture::SetUp();
    if (IsSkipped()) return;
    if (!sandbox_->set("ipv4/tcp_syncookies", "2")) GTEST_SKIP() << "/proc/sys is read-only";
  }
};

TEST_F(SynCookieTest, AValidCookieIsOursInBothFamilies) {
  for (const Stack stack : {Stack::kIpv4, Stack::kIpv6Only, Stack::kDual}) {
    const Fd listener = listen_on(stack);
    std::vector<TcpClient> clients;
    if (stack != Stack::kIpv6Only) clients.push_back(client_v4());
    if (stack != Stack::kIpv4) clients.push_back(client_v6());
    for (TcpClient& client : clients) {
      ASSERT_TRUE(client.open());
      EXPECT_EQ(ask(client.question()), SocketVerdict::kSynCookie);
      EXPECT_EQ(ask(client.question(net::kTcpAck | kTcpPsh)), SocketVerdict::kSynCookie);
      client.send(net::kTcpAck);
      EXPECT_EQ(ask(client.question()), SocketVerdict::kEstablished);
      client.send(net::kTcpRst);
    }
  }
}

TEST_F(SynCookieTest, AWrongNumberIsAMiss) {
  const Fd listener = listen_on(Stack::kDual);
  for (TcpClient client : {client_v4(), client_v6()}) {
    ASSERT_TRUE(client.open());
    // Both numbers go into the cookie, whose two lowest bits are the segment size: a few
    // beside the right one are valid too.
    client.ack += 500;
    EXPECT_EQ(ask(client.question()), SocketVerdict::kListener);
    client.ack -= 500;
    client.seq += 500;
    EXPECT_EQ(ask(client.question()), SocketVerdict::kListener);
  }
}

// Its number is not the cookie's any more: it is held until the first was delivered.
TEST_F(SynCookieTest, TheSecondDataSegmentIsAMissUntilTheAckWasDelivered) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.open());
  TcpClient ahead = client;
  ahead.seq += 500;
  EXPECT_EQ(ask(ahead.question()), SocketVerdict::kListener);
  client.send(net::kTcpAck);
  EXPECT_EQ(ask(ahead.question()), SocketVerdict::kEstablished);
}

TEST_F(SynCookieTest, OnlyAPlainAckMayCarryACookie) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.open());
  const auto with_flags = [&](std::uint8_t flags) {
    fwd::SocketQuestion question = client.question();
    question.tcp_flags = flags;
    return ask(question);
  };
  EXPECT_EQ(with_flags(net::kTcpAck), SocketVerdict::kSynCookie);
  EXPECT_EQ(with_flags(net::kTcpAck | net::kTcpRst), SocketVerdict::kListener);
  EXPECT_EQ(with_flags(net::kTcpAck | net::kTcpSyn), SocketVerdict::kListener);
  EXPECT_EQ(with_flags(net::kTcpRst), SocketVerdict::kListener);
  EXPECT_EQ(with_flags(0), SocketVerdict::kListener);
}

TEST_F(SynCookieTest, WithCookiesSwitchedOffThereAreNone) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.open());
  ASSERT_TRUE(sandbox_->set("ipv4/tcp_syncookies", "0"));
  EXPECT_EQ(ask(client.question()), SocketVerdict::kListener);
}

TEST_F(SynCookieTest, TheyNeedNoChecks) {
  switch_off_checks();
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.open());
  EXPECT_EQ(ask(client.question()), SocketVerdict::kSynCookie);
}

}  // namespace
}  // namespace sleight::oracle
