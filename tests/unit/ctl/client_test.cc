// SPDX-License-Identifier: BSD-2-Clause
#include "client.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

namespace sleight::ctl {
namespace {

using namespace std::chrono_literals;

class ClientTest : public testing::Test {
 protected:
  ClientTest() {
    char name[] = "/tmp/sleight-ctl-XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ + "/admin.sock";
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~ClientTest() override {
    if (server_.joinable()) server_.join();
    ::close(listener_);
    std::filesystem::remove_all(folder_);
  }
  // Takes one connection, reads a little of it, writes `answer` and closes.
  void answer_with(std::string answer) {
    ASSERT_EQ(::listen(listener_, 1), 0);
    server_ = std::thread([this, answer = std::move(answer)] {
      const int peer = ::accept(listener_, nullptr, nullptr);
      char chunk[256];
      EXPECT_GT(::recv(peer, chunk, sizeof chunk, 0), 0);
      EXPECT_EQ(::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL),
                static_cast<ssize_t>(answer.size()));
      ::close(peer);
    });
  }

  std::string folder_;
  std::string path_;
  int listener_ = -1;
  std::thread server_;
};

TEST_F(ClientTest, AReplyLineIsReturned) {
  answer_with("{\"ok\":true}\nmore");
  const auto reply = exchange(path_, "{}\n", 5s);
  ASSERT_TRUE(reply.has_value()) << reply.error().message;
  EXPECT_EQ(*reply, "{\"ok\":true}");
}

TEST_F(ClientTest, AReplyThatBreaksOffIsAnError) {
  answer_with("{\"ok\":tr");
  const auto reply = exchange(path_, "{}\n", 5s);
  ASSERT_FALSE(reply.has_value());
  EXPECT_NE(reply.error().message.find("closed before"), std::string::npos);
}

TEST_F(ClientTest, ASilentServiceIsGivenUp) {
  ASSERT_EQ(::listen(listener_, 1), 0);
  const auto reply = exchange(path_, "{}\n", 50ms);
  ASSERT_FALSE(reply.has_value());
  EXPECT_NE(reply.error().message.find("no reply in time"), std::string::npos);
}

TEST_F(ClientTest, AnUnreachableSocketSaysWhichAndWhyAndWhatToCheck) {
  const auto dead = exchange(path_, "{}\n", 1s);
  ASSERT_FALSE(dead.has_value());
  EXPECT_NE(dead.error().message.find(path_ + ": Connection refused"), std::string::npos);
  const auto missing = exchange(folder_ + "/none", "{}\n", 1s);
  ASSERT_FALSE(missing.has_value());
  EXPECT_NE(missing.error().message.find("is sleight running"), std::string::npos);
  EXPECT_FALSE(exchange(std::string(300, 'x'), "{}\n", 1s).has_value());
}

}  // namespace
}  // namespace sleight::ctl
