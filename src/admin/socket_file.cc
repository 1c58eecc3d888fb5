// SPDX-License-Identifier: BSD-2-Clause
#include "socket_file.h"

#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

namespace sleight::admin {
namespace {

constexpr mode_t kMode = 0660;
constexpr int kBacklog = 128;

std::string reason_of(int error) { return std::generic_category().message(error); }

Error problem(const std::string& path, const std::string& what) {
  return {"admin socket " + path + ": " + what};
}

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return problem(
        path, "the path must have 1 to " + std::to_string(sizeof address.sun_path - 1) + " bytes");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// Whether somebody listens there. A full backlog (EAGAIN) is somebody too.
bool is_answered(const sockaddr_un& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (probe < 0) return true;
  const bool refused =
      ::connect(probe, generic(address), sizeof address) != 0 && errno == ECONNREFUSED;
  ::close(probe);
  return !refused;
}

Result<void> make_room(const std::string& path, const sockaddr_un& address) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) return {};
    return problem(path, reason_of(errno));
  }
  if (!S_ISSOCK(found.st_mode)) {
    return problem(path, "something that is no socket is in its place: move it away");
  }
  if (is_answered(address)) {
    return problem(path,
                   "another process answers there: end it, or give this node another "
                   "`admin.socket`");
  }
  if (::unlink(path.c_str()) != 0) {
    return problem(path, "a dead process left it and it cannot be removed: " + reason_of(errno));
  }
  return {};
}

Result<void> make_folder(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (folder.empty() || std::filesystem::exists(folder, error)) return {};
  std::filesystem::create_directory(folder, error);
  if (error) return problem(path, "its folder cannot be made: " + error.message());
  return {};
}

Result<gid_t> group_id(const std::string& path, const std::string& name) {
  group entry{};
  group* found = nullptr;
  std::vector<char> buffer(16 * 1024);
  ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) {
    return problem(path, "there is no group '" + name + "': `groupadd --system " + name +
                             "` makes it, or change `admin.group`");
  }
  return found->gr_gid;
}

}  // namespace

SocketFile::~SocketFile() {
  if (fd_ >= 0) ::close(fd_);
  struct stat found {};
  if (path_.empty() || ::lstat(path_.c_str(), &found) != 0) return;
  if (found.st_dev == device_ && found.st_ino == inode_) ::unlink(path_.c_str());
}

Result<SocketFile> SocketFile::listen(const std::string& path, const std::string& group) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return problem(path, reason_of(errno));
  SocketFile file(path, fd);
  if (auto opened = file.open(group); !opened) return std::move(opened).error();
  return file;
}

Result<void> SocketFile::open(const std::string& group) {
  const auto address = address_of(path_);
  if (!address) return address.error();
  std::optional<gid_t> owner;
  if (!group.empty()) {
    const auto id = group_id(path_, group);
    if (!id) return id.error();
    owner = *id;
  }
  if (auto folder = make_folder(path_); !folder) return folder;
  if (auto room = make_room(path_, *address); !room) return room;
  // The mode of the descriptor bounds that of the file from its first moment on.
  ::fchmod(fd_, kMode);
  if (::bind(fd_, generic(*address), sizeof *address) != 0) {
    return problem(path_, reason_of(errno));
  }
  struct stat made {};
  if (::lstat(path_.c_str(), &made) != 0) return problem(path_, reason_of(errno));
  device_ = made.st_dev;
  inode_ = made.st_ino;
  if (owner && ::chown(path_.c_str(), static_cast<uid_t>(-1), *owner) != 0) {
    return problem(path_, "cannot be given to group '" + group + "': " + reason_of(errno));
  }
  if (::chmod(path_.c_str(), kMode) != 0 || ::listen(fd_, kBacklog) != 0) {
    return problem(path_, reason_of(errno));
  }
  return {};
}

}  // namespace sleight::admin
