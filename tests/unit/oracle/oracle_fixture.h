// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <span>
#include <vector>

#include "sandbox.h"
#include "sleight/oracle/oracle.h"
#include "tcp_client.h"

namespace sleight::fwd {

inline void PrintTo(SocketVerdict verdict, std::ostream* out) { *out << to_string(verdict); }

}  // namespace sleight::fwd

namespace sleight::oracle {

// A sandbox and an oracle with two workers; skips where this process may not.
class OracleFixture : public testing::Test {
 protected:
  void SetUp() override {
    auto sandbox = Sandbox::make();
    if (!sandbox) GTEST_SKIP() << sandbox.error().message;
    sandbox_ = *std::move(sandbox);
    auto oracle = Oracle::load(2);
    if (!oracle) GTEST_SKIP() << oracle.error().message;
    oracle_ = *std::move(oracle);
    if (!oracle_->checks_sequences()) GTEST_SKIP() << oracle_->degraded();
  }

  void TearDown() override {
    oracle_.reset();
    sandbox_.reset();
  }

  // From here on without the checks that need CAP_PERFMON.
  void switch_off_checks() {
    auto oracle = Oracle::load(1, {.check_sequences = false});
    ASSERT_TRUE(oracle) << oracle.error().message;
    oracle_ = *std::move(oracle);
    ASSERT_FALSE(oracle_->checks_sequences());
  }

  std::vector<fwd::SocketVerdict> ask(std::span<const fwd::SocketQuestion> questions,
                                      std::size_t worker = 0) {
    std::vector<fwd::SocketVerdict> verdicts(questions.size(), fwd::SocketVerdict::kUnknown);
    oracle_->asker(worker).ask(questions, verdicts);
    return verdicts;
  }

  fwd::SocketVerdict ask(const fwd::SocketQuestion& question, std::size_t worker = 0) {
    return ask(std::span(&question, 1), worker).front();
  }

  TcpClient client_v4(std::uint16_t port = 40000) { return {*sandbox_, "203.0.113.20", port}; }
  TcpClient client_v6(std::uint16_t port = 40000) { return {*sandbox_, "2001:db8:10::20", port}; }

  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<Oracle> oracle_;
};

}  // namespace sleight::oracle
