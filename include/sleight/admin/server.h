// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "sleight/admin/protocol.h"
#include "sleight/base/result.h"

namespace boost::asio {
class io_context;
}

namespace sleight::control {
class Control;
}

namespace sleight::admin {

struct Limits {
  std::chrono::milliseconds idle = std::chrono::seconds(kIdleLimitSeconds);
  std::chrono::milliseconds write = std::chrono::seconds(kWriteLimitSeconds);
  std::size_t unsent_bytes = kMaxUnsentBytes;
};

// The admin socket: JSON lines over a UNIX stream socket (docs/admin.md, protocol.h).
// Strictly asynchronous, on the control thread; what one client may cost is bounded
// (limits in protocol.h), so a bad one stalls neither control nor the others.
//
// Destroyed, it closes every connection and removes the socket file. It must go before
// `control` and `io` do.
class Server {
 public:
  // Mode 0660, owned by `group` unless that is empty. The file of a dead process is
  // replaced; one that somebody answers at is refused.
  static Result<std::unique_ptr<Server>> listen(boost::asio::io_context& io,
                                                const std::string& socket_path,
                                                const std::string& group, control::Control& control,
                                                const Limits& limits = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

 private:
  class Impl;
  explicit Server(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace sleight::admin
