// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "admin_fixture.h"
#include "sleight/admin/protocol.h"

namespace sleight::admin::test {
namespace {

using namespace std::chrono_literals;

TEST_F(AdminTest, GarbageIsAnsweredAndTheConnectionGoesOn) {
  auto client = connect();
  for (const std::string line : {"", "hello", "[1,2]", "{", "\x80\xff\x01", "null", "{}"}) {
    client.send(line + "\n");
    EXPECT_EQ(client.reply()["error"]["code"], "bad_request") << line;
  }
  EXPECT_EQ(client.ask("version")["ok"], true);
}

TEST_F(AdminTest, WhatIsWrongWithARequestIsNamed) {
  auto client = connect();
  EXPECT_EQ(client.ask("host explode")["error"]["code"], "unknown_command");
  for (const json& args :
       {json{{"pool", "caches"}}, json{{"host", 3}}, json{{"host", "h1"}, {"force", "yes"}},
        json{{"host", "h1"}, {"x", 1}}}) {
    EXPECT_EQ(client.ask("host drain", args)["error"]["code"], "bad_request") << args;
  }
  client.send(R"({"v":2,"id":1,"command":"version"})"
              "\n");
  EXPECT_NE(client.reply()["error"]["message"].get<std::string>().find("'v' must be 1"),
            std::string::npos);
  EXPECT_EQ(node_.publisher.published.size(), 1u);
}

TEST_F(AdminTest, TheIdIsRepeatedWhenItIsSmall) {
  auto client = connect();
  const auto id_for = [&](const json& id) {
    client.send(json{{"v", 1}, {"id", id}, {"command", "version"}}.dump() + "\n");
    return client.reply()["id"];
  };
  EXPECT_EQ(id_for(42), 42);
  EXPECT_EQ(id_for("drain-1"), "drain-1");
  EXPECT_EQ(id_for(std::string(1000, 'x')), nullptr);
  EXPECT_EQ(id_for({{"deep", {1}}}), nullptr);
}

TEST_F(AdminTest, ALineThatIsTooLongEndsTheConnectionWithAReason) {
  auto client = connect();
  client.send(std::string(kMaxLineBytes + 1, 'a'));
  EXPECT_EQ(client.reply()["error"]["code"], "too_long");
  EXPECT_EQ(client.line(), "");
  EXPECT_EQ(connect().ask("version")["ok"], true);
}

TEST_F(AdminTest, ALineOfTheGreatestLengthIsRead) {
  auto client = connect();
  client.send(std::string(kMaxLineBytes - 1, ' ') + "\n");
  EXPECT_EQ(client.reply()["error"]["code"], "bad_request");
  EXPECT_EQ(client.ask("version")["ok"], true);
}

TEST_F(AdminTest, RequestsMayComeInPiecesAndManyAtOnce) {
  auto client = connect();
  const std::string request = R"({"v":1,"id":1,"command":"version"})"
                              "\n";
  for (const char byte : request) client.send(std::string(1, byte));
  EXPECT_EQ(client.reply()["ok"], true);
  std::string many;
  for (int i = 0; i < 500; ++i) many += request;
  client.send(many);
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.reply()["ok"], true) << i;
}

TEST_F(AdminTest, AHalfLineAndAGoneClientHurtNobody) {
  for (int i = 0; i < 50; ++i) connect().send(R"({"v":1,"comm)");
  for (int i = 0; i < 50; ++i)
    connect().send(R"({"v":1,"id":1,"command":"slot list"})"
                   "\n");
  EXPECT_EQ(connect().ask("version")["ok"], true);
}

TEST_F(AdminTest, AClientThatTakesNoRepliesStallsNobody) {
  auto glutton = connect();
  const std::string request = R"({"v":1,"id":1,"command":"slot list"})"
                              "\n";
  // Far more replies than its socket holds, and it takes none.
  std::string many;
  for (int i = 0; i < 1000; ++i) many += request;
  ASSERT_TRUE(glutton.send(many));
  auto other = connect();
  for (int i = 0; i < 20; ++i) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(other.ask("host list")["ok"], true);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
  }
}

std::string slot_lists(int count) {
  std::string many;
  for (int i = 0; i < count; ++i) {
    many += R"({"v":1,"id":1,"command":"slot list"})"
            "\n";
  }
  return many;
}

TEST_F(AdminTest, WhoTakesNoReplyKeepsNoOperatorOut) {
  std::vector<Client> gluttons;
  for (std::size_t i = 0; i < kMaxConnections; ++i) {
    gluttons.push_back(connect());
    ASSERT_TRUE(gluttons.back().send(slot_lists(1000)));
  }
  for (Client& each : gluttons) ASSERT_NE(each.line(), "");
  std::this_thread::sleep_for(300ms);  // until no socket takes any more
  EXPECT_EQ(connect().ask("version")["ok"], true);
}

TEST_F(AdminTest, ARequestThatNestsTooDeepIsRefused) {
  auto client = connect();
  const auto is_too_deep = [&](const std::string& line) {
    client.send(line + "\n");
    const json reply = client.reply();
    EXPECT_EQ(reply["error"]["code"], "bad_request");
    return reply["error"]["message"].get<std::string>().find("deeper than 4") != std::string::npos;
  };
  EXPECT_FALSE(is_too_deep(R"({"v":1,"command":"host drain","args":{"host":[[1]]}})"));
  EXPECT_TRUE(is_too_deep(R"({"v":1,"command":"host drain","args":{"host":[[[1]]]}})"));
  EXPECT_TRUE(is_too_deep(std::string(60'000, '[')));
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += R"({"a":)";
  EXPECT_TRUE(is_too_deep(objects));
  EXPECT_EQ(client.ask("version")["ok"], true);
}

class HurriedTest : public AdminTest {
 protected:
  HurriedTest() : AdminTest(control::test::director_config(), {.idle = 200ms, .write = 200ms}) {}

  // How long it took until the service had ended the connection.
  static std::chrono::milliseconds read_to_end(Client& client, int& lines) {
    const auto start = std::chrono::steady_clock::now();
    while (client.line() != "") ++lines;
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start);
  }
};

TEST_F(HurriedTest, AClientThatAsksForNothingIsDropped) {
  auto client = connect();
  int lines = 0;
  const auto silent_for = read_to_end(client, lines);
  EXPECT_EQ(lines, 0);
  EXPECT_GE(silent_for, 100ms);
  EXPECT_LT(silent_for, 3s);
}

TEST_F(HurriedTest, AByteNowAndThenIsNoRequest) {
  auto client = connect();
  bool taken = true;
  for (int i = 0; i < 50 && taken; ++i) {
    taken = client.send("x");
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_FALSE(taken);
}

TEST_F(HurriedTest, AClientThatTakesNoReplyIsDropped) {
  auto client = connect();
  ASSERT_TRUE(client.send(slot_lists(1000)));
  std::this_thread::sleep_for(1s);
  int lines = 0;
  EXPECT_LT(read_to_end(client, lines), 3s);
  EXPECT_GT(lines, 0);
  EXPECT_LT(lines, 1000);
}

config::Config many_slots() {
  config::Config config = control::test::director_config();
  config.pools[0].slots = 1024;
  return config;
}

// Room for two replies to `slot list`, of about 80 kB each.
class TightTest : public AdminTest {
 protected:
  TightTest() : AdminTest(many_slots(), {.unsent_bytes = 200'000}) {}
};

TEST_F(TightTest, RepliesThatNobodyTakesFillNoMemoryWithoutEnd) {
  auto other = connect();
  {
    std::vector<Client> gluttons;
    for (int i = 0; i < 2; ++i) {
      gluttons.push_back(connect());
      ASSERT_TRUE(gluttons.back().send(slot_lists(20)));
      ASSERT_NE(gluttons.back().line(), "");
    }
    std::this_thread::sleep_for(300ms);
    EXPECT_EQ(other.ask("slot list")["error"]["code"], "busy");
    EXPECT_EQ(other.ask("host list")["ok"], true);
  }
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(other.ask("slot list")["ok"], true);
}

class FullTest : public AdminTest {
 protected:
  FullTest() : AdminTest(many_slots(), {.unsent_bytes = 1}) {}
};

TEST_F(FullTest, CommandsAreAnsweredEvenThen) {
  auto client = connect();
  EXPECT_EQ(client.ask("slot list")["error"]["code"], "busy");
  EXPECT_EQ(client.ask("host drain", {{"host", "h2"}})["result"]["state"], "draining");
}

TEST_F(AdminTest, AThousandSilentClientsKeepNoOperatorOut) {
  std::vector<Client> silent;
  for (int i = 0; i < 1000; ++i) silent.push_back(connect());
  auto operators = connect();
  EXPECT_EQ(operators.ask("version")["ok"], true);
  // The ones that were silent longest had to go; the latest still have their place.
  EXPECT_EQ(silent.front().line(), "");
  EXPECT_EQ(silent.back().ask("version")["ok"], true);
}

}  // namespace
}  // namespace sleight::admin::test
