// SPDX-License-Identifier: BSD-2-Clause
// TIME_WAIT: this use of the tuple, or an earlier one?
#include <gtest/gtest.h>

#include "oracle_fixture.h"

namespace sleight::oracle {
namespace {

using fwd::SocketVerdict;

constexpr std::uint32_t kMinWindow = 64 * 1024;

class TimeWaitTest : public OracleFixture {
 protected:
  // The server closes first: an orphan in FIN_WAIT2, which waits for the client's FIN.
  void close_by_server(TcpClient& client) {
    const Fd listener = listen_on(Stack::kDual);
    ASSERT_TRUE(client.connect());
    Fd connection = accept_from(listener);
    ASSERT_TRUE(connection.is_open());
    connection.close();
    ASSERT_TRUE(client.take_fin());
  }

  void finish(TcpClient& client) {
    ASSERT_NO_FATAL_FAILURE(close_by_server(client));
    client.send(net::kTcpFin | net::kTcpAck);
    client.seq += 1;
  }

  // `client.seq` is what the kernel expects next.
  void expect_window(TcpClient client, std::uint32_t window) {
    const std::uint32_t next = client.seq;
    for (const std::uint32_t inside : {next, next - 1, next - window, next + window}) {
      client.seq = inside;
      EXPECT_EQ(ask(client.question()), SocketVerdict::kTimeWait) << inside - next;
    }
    const std::uint32_t half = 1U << 31;
    for (const std::uint32_t outside : {next - window - 1, next + window + 1, next + half}) {
      client.seq = outside;
      EXPECT_EQ(ask(client.question()), SocketVerdict::kOtherTimeWait) << outside - next;
    }
  }
};

TEST_F(TimeWaitTest, SegmentsNearItsEndAreOurs) {
  for (TcpClient client : {client_v4(), client_v6()}) {
    ASSERT_NO_FATAL_FAILURE(finish(client));
    expect_window(client, kMinWindow);
  }
}

TEST_F(TimeWaitTest, TheWindowWrapsAroundZero) {
  TcpClient client = client_v4();
  client.seq = 0xffffff00;
  ASSERT_NO_FATAL_FAILURE(finish(client));
  expect_window(client, kMinWindow);
}

TEST_F(TimeWaitTest, ARetransmittedFinIsOurs) {
  TcpClient client = client_v4();
  ASSERT_NO_FATAL_FAILURE(finish(client));
  client.seq -= 1;
  EXPECT_EQ(ask(client.question(net::kTcpFin | net::kTcpAck)), SocketVerdict::kTimeWait);
}

// A live connection of the same tuple may sit on another host and needs the error; the
// kernel ignores errors for TIME_WAIT.
TEST_F(TimeWaitTest, AnErrorIsNotOurs) {
  TcpClient client = client_v4();
  ASSERT_NO_FATAL_FAILURE(finish(client));
  EXPECT_EQ(ask(client.error_quoting(client.ack - 1)), SocketVerdict::kOtherTimeWait);
  EXPECT_EQ(ask(client.error_quoting(client.seq)), SocketVerdict::kOtherTimeWait);
}

TEST_F(TimeWaitTest, AnOrphanInFinWait2IsJudgedByTheSameWindow) {
  for (TcpClient client : {client_v4(), client_v6()}) {
    ASSERT_NO_FATAL_FAILURE(close_by_server(client));
    expect_window(client, kMinWindow);
  }
}

TEST_F(TimeWaitTest, TheFinOfAnOrphansClientIsOurs) {
  TcpClient client = client_v4();
  ASSERT_NO_FATAL_FAILURE(close_by_server(client));
  EXPECT_EQ(ask(client.question(net::kTcpFin | net::kTcpAck)), SocketVerdict::kTimeWait);
}

// The window that the kernel offered counts when it is the larger one.
TEST_F(TimeWaitTest, ALargerReceiveWindowWidensTheMatch) {
  if (!sandbox_->set("ipv4/tcp_rmem", "4096 4194304 8388608")) GTEST_SKIP() << "no /proc/sys";
  TcpClient client = client_v4();
  client.window_scale = 7;
  ASSERT_NO_FATAL_FAILURE(finish(client));
  const std::uint32_t next = client.seq;
  client.seq = next + 2 * kMinWindow;
  EXPECT_EQ(ask(client.question()), SocketVerdict::kTimeWait);
  client.seq = next - 2 * kMinWindow;
  EXPECT_EQ(ask(client.question()), SocketVerdict::kTimeWait);
  client.seq = next + 16'777'216;
  EXPECT_EQ(ask(client.question()), SocketVerdict::kOtherTimeWait);
}

TEST_F(TimeWaitTest, WithoutTheChecksEverySegmentIsOurs) {
  switch_off_checks();
  TcpClient client = client_v4();
  ASSERT_NO_FATAL_FAILURE(finish(client));
  EXPECT_EQ(ask(client.question()), SocketVerdict::kTimeWait);
  EXPECT_EQ(ask(client.error_quoting(client.ack - 1)), SocketVerdict::kOtherTimeWait);
  client.seq += 1U << 30;
  EXPECT_EQ(ask(client.question()), SocketVerdict::kTimeWait);
}

}  // namespace
}  // namespace sleight::oracle
