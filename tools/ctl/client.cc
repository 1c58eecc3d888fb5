// SPDX-License-Identifier: BSD-2-Clause
#include "client.h"

#include <grp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

namespace sleight::ctl {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A table of 65,536 slots has about 10 MB.
constexpr std::size_t kMaxReplyBytes = 256u << 20;

std::string reason_of(int error) { return std::generic_category().message(error); }

std::string owner_group(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return "that owns it";
  const group* entry = ::getgrgid(found.st_gid);
  return entry == nullptr ? std::to_string(found.st_gid) : "'" + std::string(entry->gr_name) + "'";
}

std::string advice_for(int error, const std::string& path) {
  switch (error) {
    case ENOENT:
      return "is sleight running (`pgrep -a sleight`), and is this the `admin.socket` "
             "of its configuration (-s names another)?";
    case ECONNREFUSED:
      return "nobody listens there: sleight has ended without removing it "
             "(`pgrep -a sleight`)";
    case EACCES:
    case EPERM:
      return "only root and members of group " + owner_group(path) + " may use it";
    default:
      return "is it the admin socket of sleight?";
  }
}

Error unreachable(const std::string& path, int error) {
  return {"cannot reach " + path + ": " + reason_of(error) + "; " + advice_for(error, path)};
}

class Connection {
 public:
  Connection(std::string path, milliseconds limit)
      : path_(std::move(path)), deadline_(steady_clock::now() + limit) {}
  ~Connection() {
    if (fd_ >= 0) ::close(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result<void> open() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path_.empty() || path_.size() >= sizeof address.sun_path) {
      return unreachable(path_, ENAMETOOLONG);
    }
    std::memcpy(address.sun_path, path_.data(), path_.size());
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) return unreachable(path_, errno);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(fd_, generic, sizeof address) != 0) return unreachable(path_, errno);
    return {};
  }

  Result<void> send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (auto waited = wait_after(errno, POLLOUT); !waited) {
        return waited;
      }
    }
    return {};
  }

  Result<std::string> receive_line() {
    std::string line;
    std::array<char, 65536> chunk;
    while (line.size() < kMaxReplyBytes) {
      const ssize_t count = ::recv(fd_, chunk.data(), chunk.size(), 0);
      if (count == 0) return failed("the connection was closed before the reply was whole");
      if (count < 0) {
        if (auto waited = wait_after(errno, POLLIN); !waited) return std::move(waited).error();
        continue;
      }
      const std::string_view got(chunk.data(), static_cast<std::size_t>(count));
      const std::size_t newline = got.find('\n');
      line += got.substr(0, newline);
      if (newline != std::string_view::npos) return line;
    }
    return failed("the reply does not end");
  }

 private:
  Error failed(const std::string& what) const { return {path_ + ": " + what}; }

  // After a call that would have blocked; any other error is final.
  Result<void> wait_after(int error, short events) {
    if (error == EINTR) return {};
    if (error != EAGAIN) return failed(reason_of(error));
    const auto left =
        std::chrono::duration_cast<milliseconds>(deadline_ - steady_clock::now()).count();
    pollfd entry{.fd = fd_, .events = events, .revents = 0};
    if (left <= 0 || ::poll(&entry, 1, static_cast<int>(left)) == 0) {
      return failed(
          "no reply in time: the control thread of sleight is busy or stuck "
          "(its log may say why)");
    }
    return {};
  }

  std::string path_;
  steady_clock::time_point deadline_;
  int fd_ = -1;
};

}  // namespace

Result<std::string> exchange(const std::string& socket_path, const std::string& line,
                             milliseconds limit) {
  Connection connection(socket_path, limit);
  if (auto opened = connection.open(); !opened) return std::move(opened).error();
  if (auto sent = connection.send(line); !sent) return std::move(sent).error();
  return connection.receive_line();
}

}  // namespace sleight::ctl
