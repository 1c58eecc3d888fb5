// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>

#include "sleight/base/result.h"

namespace sleight::admin {

// A listening UNIX stream socket and its file, which goes when the object does (unless
// somebody else has put another in its place).
class SocketFile {
 public:
  // Mode 0660; `group` owns the file unless it is empty. Makes the folder when only the
  // last part of its path is missing. The file of a dead process is replaced; refused
  // are one that somebody answers at, and anything that is no socket.
  static Result<SocketFile> listen(const std::string& path, const std::string& group);

  SocketFile(SocketFile&& other) noexcept
      : path_(std::exchange(other.path_, {})),
        fd_(std::exchange(other.fd_, -1)),
        device_(other.device_),
        inode_(other.inode_) {}
  SocketFile& operator=(SocketFile&&) = delete;
  ~SocketFile();

  // The listening descriptor, the caller's from now on. Once.
  int release_fd() { return std::exchange(fd_, -1); }

 private:
  SocketFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

  Result<void> open(const std::string& group);

  std::string path_;  // empty: moved from, or no file of ours yet
  int fd_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace sleight::admin
