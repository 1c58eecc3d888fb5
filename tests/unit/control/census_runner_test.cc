// SPDX-License-Identifier: BSD-2-Clause
#include "census_runner.h"

#include <gtest/gtest.h>

#include "fakes.h"

namespace sleight::control {
namespace {

using namespace std::chrono_literals;

class CensusRunnerTest : public testing::Test {
 protected:
  // Until `done` holds, for two seconds at most.
  template <typename Condition>
  void run_until(Condition done) {
    const auto guard = boost::asio::make_work_guard(io_);
    const auto limit = std::chrono::steady_clock::now() + 2s;
    while (!done() && std::chrono::steady_clock::now() < limit) io_.run_one_for(10ms);
    EXPECT_TRUE(done());
  }

  boost::asio::io_context io_;
  test::FakeCensus census_;
  CensusRunner runner_{io_, census_, {*net::parse_prefix("203.0.113.10")}};
};

TEST_F(CensusRunnerTest, ACountIsAnsweredLaterByTheControlThread) {
  census_.flows = 3;
  census_.requests = 2;
  std::optional<Result<fwd::SocketCount>> answer;
  runner_.count([&](const Result<fwd::SocketCount>& count) { answer = count; });
  EXPECT_FALSE(answer.has_value());
  run_until([&] { return answer.has_value(); });
  EXPECT_EQ((*answer)->flows, 3u);
  EXPECT_EQ((*answer)->requests, 2u);
  EXPECT_EQ(census_.asked_about, 1u);
  EXPECT_EQ(runner_.flows(std::chrono::steady_clock::now()), 5u);
}

TEST_F(CensusRunnerTest, AQuestionDuringAWalkIsAnsweredByTheNextOne) {
  runner_.refresh();
  bool answered = false;
  runner_.count([&](const Result<fwd::SocketCount>&) { answered = true; });
  run_until([&] { return answered; });
  EXPECT_EQ(census_.walks, 2);
}

TEST_F(CensusRunnerTest, AFailureIsAnsweredAndMakesTheFlowsUnknown) {
  census_.fails = true;
  std::optional<Result<fwd::SocketCount>> answer;
  runner_.count([&](const Result<fwd::SocketCount>& count) { answer = count; });
  run_until([&] { return answer.has_value(); });
  EXPECT_FALSE(answer->has_value());
  EXPECT_EQ(runner_.flows(std::chrono::steady_clock::now()), std::nullopt);
}

TEST_F(CensusRunnerTest, AnOldCountIsNoCount) {
  bool answered = false;
  runner_.count([&](const Result<fwd::SocketCount>&) { answered = true; });
  run_until([&] { return answered; });
  const auto now = std::chrono::steady_clock::now();
  EXPECT_EQ(runner_.flows(now), 0u);
  EXPECT_EQ(runner_.flows(now + 6s), std::nullopt);
}

TEST_F(CensusRunnerTest, NobodyIsAnsweredAfterStop) {
  bool answered = false;
  runner_.count([&](const Result<fwd::SocketCount>&) { answered = true; });
  runner_.stop();
  io_.run();
  EXPECT_FALSE(answered);
}

}  // namespace
}  // namespace sleight::control
