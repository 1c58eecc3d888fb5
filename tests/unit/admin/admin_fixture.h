// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstring>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>

#include "fakes.h"
#include "sleight/admin/server.h"
#include "sleight/control/control.h"

namespace sleight::admin::test {

using nlohmann::json;

// A folder of the test's own, removed afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    char name[] = "/tmp/sleight-admin-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  std::string file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// A blocking client, as stubborn or rude as a test wants it.
class Client {
 public:
  explicit Client(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  Client(Client&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        connected_(other.connected_),
        rest_(std::move(other.rest_)) {}
  Client& operator=(Client&&) = delete;
  ~Client() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool connected() const { return connected_; }
  // False when the other end has closed.
  bool send(const std::string& bytes) const {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t count = ::send(fd_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
      if (count <= 0) return false;
      done += static_cast<std::size_t>(count);
    }
    return true;
  }
  // The next line; empty when the connection ends or nothing comes.
  std::string line() {
    std::size_t newline;
    while ((newline = rest_.find('\n')) == std::string::npos) {
      char chunk[4096];
      const ssize_t count = ::recv(fd_, chunk, sizeof chunk, 0);
      if (count <= 0) return {};
      rest_.append(chunk, static_cast<std::size_t>(count));
    }
    std::string line = rest_.substr(0, newline);
    rest_.erase(0, newline + 1);
    return line;
  }
  json reply() { return json::parse(line(), nullptr, false); }
  json ask(const std::string& command, const json& args = json::object()) {
    send(json{{"v", 1}, {"id", 7}, {"command", command}, {"args", args}}.dump() + "\n");
    return reply();
  }

 private:
  int fd_;
  bool connected_ = false;
  std::string rest_;
};

// A Control on fake seams and its admin server; control and io run on a thread of their
// own from start() to the end of the test.
class AdminTest : public testing::Test {
 protected:
  explicit AdminTest(config::Config config = control::test::director_config(), Limits limits = {})
      : limits_(limits),
        config_(std::move(config)),
        node_(config_),
        control_(io_, config_, node_.seams()) {}
  ~AdminTest() override {
    io_.stop();
    if (thread_.joinable()) thread_.join();
    server_.reset();
    control_.stop();
  }

  void SetUp() override {
    ASSERT_TRUE(control_.start().has_value());
    auto server = Server::listen(io_, path_, "", control_, limits_);
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = *std::move(server);
    thread_ = std::thread([this] { io_.run(); });
  }
  Client connect() const { return Client(path_); }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.file("admin.sock");
  const Limits limits_;
  boost::asio::io_context io_;
  config::Config config_;
  control::test::FakeNode node_;
  control::Control control_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

class HostAdminTest : public AdminTest {
 protected:
  HostAdminTest() : AdminTest(control::test::host_config()) {}
};

}  // namespace sleight::admin::test
