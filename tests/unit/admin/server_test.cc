// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/admin/server.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <fstream>

#include "admin_fixture.h"

namespace sleight::admin::test {
namespace {

class ServerTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Server>> listen(const std::string& path, const std::string& group = "") {
    return Server::listen(io_, path, group, control_);
  }
  static void leave_dead_socket(const std::string& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(fd);
  }

  const TemporaryFolder folder_;
  boost::asio::io_context io_;
  const config::Config config_ = control::test::director_config();
  control::test::FakeNode node_{config_};
  control::Control control_{io_, config_, node_.seams()};
};

TEST_F(ServerTest, TheSocketIsForOwnerAndGroupAndGoesWithTheServer) {
  const std::string path = folder_.file("a.sock");
  {
    const auto server = listen(path);
    ASSERT_TRUE(server.has_value());
    struct stat found {};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777, 0660u);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

// A group that files can be given to and that they do not have anyway, if there is one.
gid_t other_group() {
  if (::geteuid() == 0) return ::getegid() + 1;
  std::array<gid_t, 64> groups{};
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  for (int i = 0; i < count; ++i) {
    if (groups[static_cast<std::size_t>(i)] != ::getegid()) {
      return groups[static_cast<std::size_t>(i)];
    }
  }
  return ::getegid();
}

TEST_F(ServerTest, TheSocketBelongsToTheConfiguredGroup) {
  const gid_t wanted = other_group();
  const group* entry = ::getgrgid(wanted);
  ASSERT_NE(entry, nullptr) << "no group " << wanted;
  const std::string path = folder_.file("a.sock");
  const auto server = listen(path, entry->gr_name);
  ASSERT_TRUE(server.has_value()) << server.error().message;
  struct stat found {};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_gid, wanted);
  EXPECT_EQ(found.st_mode & 07777, 0660u);
}

TEST_F(ServerTest, AMissingFolderIsMade) {
  EXPECT_TRUE(listen(folder_.file("sleight/a.sock")).has_value());
}

TEST_F(ServerTest, TheSocketOfADeadProcessIsReplaced) {
  const std::string path = folder_.file("a.sock");
  leave_dead_socket(path);
  EXPECT_TRUE(listen(path).has_value());
}

TEST_F(ServerTest, TheSocketOfALiveProcessIsRefusedAndStays) {
  const std::string path = folder_.file("a.sock");
  const auto first = listen(path);
  ASSERT_TRUE(first.has_value());
  const auto second = listen(path);
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message.find("another process answers"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(ServerTest, AFileThatIsNoSocketIsNotTouched) {
  const std::string path = folder_.file("precious");
  std::ofstream(path) << "data";
  const auto server = listen(path);
  ASSERT_FALSE(server.has_value());
  EXPECT_NE(server.error().message.find("no socket"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(path), 4u);
}

TEST_F(ServerTest, AnUnknownGroupAndAnEndlessPathAreNamed) {
  const auto no_group = listen(folder_.file("a.sock"), "no-such-group");
  ASSERT_FALSE(no_group.has_value());
  EXPECT_NE(no_group.error().message.find("no-such-group"), std::string::npos);
  EXPECT_FALSE(listen(folder_.file(std::string(200, 'x'))).has_value());
}

TEST_F(ServerTest, AServerRemovesOnlyItsOwnSocket) {
  const std::string path = folder_.file("a.sock");
  auto server = listen(path);
  ASSERT_TRUE(server.has_value());
  std::filesystem::remove(path);
  leave_dead_socket(path);
  server->reset();
  EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace sleight::admin::test
