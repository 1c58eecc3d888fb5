// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "sleight/base/result.h"

namespace sleight::oracle {

// Closes what it holds.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd();

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void close() { *this = Fd(); }

 private:
  int release();

  int fd_;
};

// A network namespace for the calling thread, until destroyed. Its only wire is a tun
// device whose other end is the caller: the kernel is the server, 203.0.113.10/24 and
// 2001:db8:10::10/64, and the caller plays every client of those networks, packet by
// packet. What is sent has passed the TCP stack when send() returns.
class Sandbox {
 public:
  // An error where this process may not: no root, no /dev/net/tun.
  static Result<std::unique_ptr<Sandbox>> make();

  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  ~Sandbox();

  void send(std::span<const std::uint8_t> packet);

  // The next packet that the kernel sends within a second; its size, 0 when none comes.
  std::size_t receive(std::span<std::uint8_t> buffer);

  // "ipv4/tcp_syncookies", "2". False where /proc/sys may not be written.
  bool set(const std::string& name, const std::string& value);

 private:
  Sandbox() = default;

  Fd outside_;
  Fd wire_;
};

}  // namespace sleight::oracle
