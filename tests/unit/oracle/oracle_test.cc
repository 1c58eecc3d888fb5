// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/oracle/oracle.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>

#include "oracle_fixture.h"

namespace sleight::oracle {
namespace {

using fwd::SocketVerdict;
using OracleTest = OracleFixture;

TEST_F(OracleTest, AnEstablishedIpv4ConnectionIsOurs) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  EXPECT_EQ(ask(client.question()), SocketVerdict::kEstablished);
  const Fd connection = accept_from(listener);
  EXPECT_EQ(ask(client.question()), SocketVerdict::kEstablished);
}

TEST_F(OracleTest, AnEstablishedIpv6ConnectionIsOurs) {
  const Fd listener = listen_on(Stack::kIpv6Only);
  TcpClient client = client_v6();
  ASSERT_TRUE(client.connect());
  EXPECT_EQ(ask(client.question()), SocketVerdict::kEstablished);
}

TEST_F(OracleTest, BothFamiliesOfADualStackListenerAreOurs) {
  const Fd listener = listen_on(Stack::kDual);
  TcpClient four = client_v4();
  TcpClient six = client_v6();
  ASSERT_TRUE(four.connect());
  ASSERT_TRUE(six.connect());
  EXPECT_EQ(ask(four.question()), SocketVerdict::kEstablished);
  EXPECT_EQ(ask(six.question()), SocketVerdict::kEstablished);
}

TEST_F(OracleTest, AnErrorAboutAnEstablishedConnectionIsOurs) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  EXPECT_EQ(ask(client.error_quoting(client.ack)), SocketVerdict::kEstablished);
}

TEST_F(OracleTest, AListenerAloneIsAMiss) {
  for (const Stack stack : {Stack::kIpv4, Stack::kIpv6Only, Stack::kDual}) {
    const Fd listener = listen_on(stack);
    if (stack != Stack::kIpv6Only) {
      EXPECT_EQ(ask(client_v4().question()), SocketVerdict::kListener);
    }
    if (stack != Stack::kIpv4) {
      EXPECT_EQ(ask(client_v6().question()), SocketVerdict::kListener);
    }
  }
}

TEST_F(OracleTest, WithoutAnySocketItIsAMiss) {
  EXPECT_EQ(ask(client_v4().question()), SocketVerdict::kNoSocket);
  EXPECT_EQ(ask(client_v6().question()), SocketVerdict::kNoSocket);
}

TEST_F(OracleTest, AnErrorThatFindsOnlyAListenerIsAMiss) {
  const Fd listener = listen_on(Stack::kIpv4);
  EXPECT_EQ(ask(client_v4().error_quoting(1)), SocketVerdict::kListener);
}

TEST_F(OracleTest, TheReversedTupleIsNotOurs) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  fwd::SocketQuestion question = client.question();
  question.flow =
      net::FlowKey::v4("\xcb\x00\x71\x0a", "\xcb\x00\x71\x14",
                       htons(kServerPort) | std::uint32_t{htons(40000)} << 16, net::kProtocolTcp);
  EXPECT_EQ(ask(question), SocketVerdict::kNoSocket);
}

TEST_F(OracleTest, AnotherClientIsNotOurs) {
  const Fd listener = listen_on(Stack::kDual);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  EXPECT_EQ(ask(client_v4(40001).question()), SocketVerdict::kListener);
  EXPECT_EQ(ask(TcpClient(*sandbox_, "203.0.113.21", 40000).question()), SocketVerdict::kListener);
}

TEST_F(OracleTest, ClosingConnectionsWithAnOwnerAreOurs) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  Fd close_wait = accept_from(listener);
  client.send(net::kTcpFin | net::kTcpAck);
  client.seq += 1;
  EXPECT_EQ(ask(client.question()), SocketVerdict::kEstablished) << "CLOSE_WAIT";
  close_wait.close();
  EXPECT_EQ(ask(client.question()), SocketVerdict::kEstablished) << "LAST_ACK";

  TcpClient other = client_v4(40001);
  ASSERT_TRUE(other.connect());
  const Fd fin_wait = accept_from(listener);
  ASSERT_EQ(shutdown(fin_wait.get(), SHUT_WR), 0);
  EXPECT_EQ(ask(other.question()), SocketVerdict::kEstablished) << "FIN_WAIT1";
  ASSERT_TRUE(other.take_fin());
  EXPECT_EQ(ask(other.question()), SocketVerdict::kEstablished) << "FIN_WAIT2";
}

TEST_F(OracleTest, AResetConnectionIsNoLongerOurs) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  client.send(net::kTcpRst);
  EXPECT_EQ(ask(client.question()), SocketVerdict::kListener);
}

TEST_F(OracleTest, AFullBatchIsAnsweredEachInItsPlace) {
  const Fd listener = listen_on(Stack::kDual, 64);
  std::vector<fwd::SocketQuestion> questions;
  std::vector<SocketVerdict> expected;
  for (std::uint16_t i = 0; i < fwd::SocketOracle::kMaxQuestions; ++i) {
    const auto port = static_cast<std::uint16_t>(40000 + i);
    TcpClient client = i % 2 == 0 ? client_v4(port) : client_v6(port);
    const bool is_ours = i % 3 == 0 || i == fwd::SocketOracle::kMaxQuestions - 1;
    ASSERT_TRUE(!is_ours || client.connect());
    questions.push_back(client.question());
    expected.push_back(is_ours ? SocketVerdict::kEstablished : SocketVerdict::kListener);
  }
  EXPECT_EQ(ask(questions), expected);
  EXPECT_EQ(ask(std::span(questions).subspan(0, 5)),
            std::vector(expected.begin(), expected.begin() + 5));
}

TEST_F(OracleTest, NoQuestionsAreNoAnswers) {
  EXPECT_TRUE(ask(std::span<const fwd::SocketQuestion>()).empty());
}

TEST_F(OracleTest, WorkersThatAskAtOnceGetTheirOwnAnswers) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  const std::vector hits(8, client.question());
  const std::vector misses(8, client_v4(40001).question());
  const auto wrong_answers = [this](const std::vector<fwd::SocketQuestion>& questions,
                                    std::size_t worker, SocketVerdict expected) {
    std::ptrdiff_t wrong = 0;
    for (int i = 0; i < 2000; ++i) {
      const auto verdicts = ask(questions, worker);
      wrong += std::count_if(verdicts.begin(), verdicts.end(),
                             [expected](SocketVerdict verdict) { return verdict != expected; });
    }
    return wrong;
  };
  std::ptrdiff_t wrong_misses = -1;
  std::thread other([&] { wrong_misses = wrong_answers(misses, 1, SocketVerdict::kListener); });
  EXPECT_EQ(wrong_answers(hits, 0, SocketVerdict::kEstablished), 0);
  other.join();
  EXPECT_EQ(wrong_misses, 0);
}

TEST_F(OracleTest, WhatIsNoTcpFlowIsUnknown) {
  const Fd listener = listen_on(Stack::kIpv4);
  fwd::SocketQuestion udp;
  udp.flow =
      net::FlowKey::v4("\xcb\x00\x71\x14", "\xcb\x00\x71\x0a",
                       htons(40000) | std::uint32_t{htons(kServerPort)} << 16, net::kProtocolUdp);
  const std::vector questions = {client_v4().question(), udp, client_v4().question()};
  EXPECT_EQ(ask(questions), (std::vector{SocketVerdict::kListener, SocketVerdict::kUnknown,
                                         SocketVerdict::kListener}));
}

// Puts something else where the kernel's program was, so that running it fails.
bool replace_program() {
  bool replaced = false;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;  // the iterator's own descriptor is among them
    if (std::filesystem::read_symlink(entry, gone).string() != "anon_inode:bpf-prog") continue;
    const Fd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
    replaced |= dup2(nothing.get(), std::stoi(entry.path().filename())) >= 0;
  }
  return replaced;
}

TEST_F(OracleTest, AFailedRunLeavesEveryVerdictUnknown) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  const std::vector questions = {client.question(), client_v4(40001).question()};
  ASSERT_EQ(ask(questions), (std::vector{SocketVerdict::kEstablished, SocketVerdict::kListener}));
  ASSERT_TRUE(replace_program());
  std::vector verdicts(2, SocketVerdict::kEstablished);
  oracle_->asker(0).ask(questions, verdicts);
  EXPECT_EQ(verdicts, (std::vector{SocketVerdict::kUnknown, SocketVerdict::kUnknown}));
}

TEST_F(OracleTest, ASocketOfAnotherNamespaceIsNotOurs) {
  const Fd listener = listen_on(Stack::kIpv4);
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  {
    const auto elsewhere = Sandbox::make();
    ASSERT_TRUE(elsewhere) << elsewhere.error().message;
    EXPECT_EQ(ask(client.question()), SocketVerdict::kNoSocket);
  }
  EXPECT_EQ(ask(client.question()), SocketVerdict::kEstablished);
}

// A limit, stated in docs/second-chance.md: a question names no device.
TEST_F(OracleTest, ASocketBoundToADeviceIsNotFound) {
  const Fd listener = listen_on(Stack::kIpv4, 16, 0, "wire");
  TcpClient client = client_v4();
  ASSERT_TRUE(client.connect());
  EXPECT_EQ(ask(client.question()), SocketVerdict::kNoSocket);
}

TEST_F(OracleTest, WithoutTheChecksEstablishedConnectionsAreStillOurs) {
  switch_off_checks();
  const Fd listener = listen_on(Stack::kDual);
  TcpClient client = client_v6();
  ASSERT_TRUE(client.connect());
  EXPECT_EQ(ask(client.question()), SocketVerdict::kEstablished);
  EXPECT_EQ(ask(client_v4().question()), SocketVerdict::kListener);
}

}  // namespace
}  // namespace sleight::oracle
