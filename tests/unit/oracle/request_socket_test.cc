// SPDX-License-Identifier: BSD-2-Clause
// Request sockets: is it our SYN-ACK that the client has?
#include <gtest/gtest.h>
#include <netinet/in.h>

#include "oracle_fixture.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

namespace sleight::oracle {
namespace {

using fwd::SocketVerdict;
using RequestSocketTest = OracleFixture;

TEST_F(RequestSocketTest, TheAckOfOurSynAckIsOurs) {
  const Fd listener = listen_on(Stack::kDual);
  TcpClient four = client_v4();
  TcpClient six = client_v6();
  ASSERT_TRUE(four.open());
  ASSERT_TRUE(six.open());
  EXPECT_EQ(ask(four.question()), SocketVerdict::kRequest);
  EXPECT_EQ(ask(six.question()), SocketVerdict::kRequest);
}

TEST_F(RequestSocketTest, TheFirstDataOfTheClientIsOurs) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.open());
  EXPECT_EQ(ask(client.question(net::kTcpAck | kTcpPsh)), SocketVerdict::kRequest);
}

TEST_F(RequestSocketTest, TheAckOfAnotherHostsSynAckIsNotOurs) {
  const Fd listener = listen_on(Stack::kDual);
  for (TcpClient client : {client_v4(), client_v6()}) {
    ASSERT_TRUE(client.open());
    client.ack += 1;
    EXPECT_EQ(ask(client.question()), SocketVerdict::kOtherRequest);
    client.ack -= 2;
    EXPECT_EQ(ask(client.question()), SocketVerdict::kOtherRequest);
    client.ack = 0x7e57;
    EXPECT_EQ(ask(client.question(net::kTcpAck | kTcpPsh)), SocketVerdict::kOtherRequest);
    EXPECT_EQ(ask(client.question(net::kTcpAck | net::kTcpFin)), SocketVerdict::kOtherRequest);
  }
}

TEST_F(RequestSocketTest, AnErrorIsOursWhenItQuotesOurSynAck) {
  const Fd listener = listen_on(Stack::kDual);
  for (TcpClient client : {client_v4(), client_v6()}) {
    ASSERT_TRUE(client.open());
    const std::uint32_t sent_isn = client.ack - 1;
    EXPECT_EQ(ask(client.error_quoting(sent_isn)), SocketVerdict::kRequest);
    EXPECT_EQ(ask(client.error_quoting(sent_isn + 1)), SocketVerdict::kOtherRequest);
  }
}

TEST_F(RequestSocketTest, AResetWithoutAnAckIsJudgedByItsSequenceNumber) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.open());
  EXPECT_EQ(ask(client.question(net::kTcpRst)), SocketVerdict::kRequest);
  client.seq += 1;
  EXPECT_EQ(ask(client.question(net::kTcpRst)), SocketVerdict::kOtherRequest);
  client.seq -= 1;
  client.send(net::kTcpRst);
  EXPECT_EQ(ask(client.question()), SocketVerdict::kListener);
}

TEST_F(RequestSocketTest, WithAFullAcceptQueueTheConnectionIsStillOurs) {
  const Fd listener = listen_on(Stack::kIpv4, 2);
  TcpClient first = client_v4(40000);
  TcpClient second = client_v4(40001);
  ASSERT_TRUE(first.connect());
  ASSERT_TRUE(second.connect());
  TcpClient third = client_v4(40002);
  TcpClient fourth = client_v4(40003);
  ASSERT_TRUE(third.open());
  ASSERT_TRUE(fourth.open());
  third.send(net::kTcpAck);
  fourth.send(net::kTcpAck);
  ASSERT_EQ(ask(third.question()), SocketVerdict::kEstablished);
  EXPECT_EQ(ask(fourth.question()), SocketVerdict::kRequest);
  EXPECT_EQ(ask(fourth.question(net::kTcpAck | kTcpPsh)), SocketVerdict::kRequest);
}

// Their request sockets cannot be looked into: every one is ours.
TEST_F(RequestSocketTest, AnMptcpListenersHandshakesAreAllOurs) {
  const Fd listener = listen_on(Stack::kDual, 16, IPPROTO_MPTCP);
  if (!listener.is_open()) GTEST_SKIP() << "this kernel has no MPTCP";
  for (TcpClient client : {client_v4(), client_v6()}) {
    ASSERT_TRUE(client.open());
    EXPECT_EQ(ask(client.question()), SocketVerdict::kRequest);
    client.ack += 1;
    EXPECT_EQ(ask(client.question()), SocketVerdict::kRequest);
    client.ack -= 1;
    client.send(net::kTcpAck);
    EXPECT_EQ(ask(client.question()), SocketVerdict::kEstablished);
  }
}

TEST_F(RequestSocketTest, WithoutTheChecksEveryAckIsOurs) {
  switch_off_checks();
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.open());
  EXPECT_EQ(ask(client.question()), SocketVerdict::kRequest);
  client.ack += 1;
  EXPECT_EQ(ask(client.question()), SocketVerdict::kRequest);
}

}  // namespace
}  // namespace sleight::oracle
