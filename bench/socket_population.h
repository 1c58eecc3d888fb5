// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sleight/base/result.h"
#include "tests/unit/oracle/sandbox.h"
#include "tests/unit/oracle/tcp_client.h"

namespace sleight::oracle {

// Established connections to a server, 203.0.113.10 port 80, in a network namespace of
// the calling thread's own: what a kernel with that many clients holds. They stay in the
// accept queue, where they need no descriptor.
class SocketPopulation {
 public:
  // `count` of them; the last call's are kept where they are fewer. Prints why and exits
  // where this process may not.
  static SocketPopulation& of(std::size_t count);

  // The flow of a connection that exists (index < count) or of one that does not.
  TcpClient owned(std::size_t index) const;
  TcpClient stranger(std::size_t index) const;

  // 0 .. count-1 in random order, so that neither caches nor prefetchers help.
  std::vector<std::size_t> shuffled() const;

 private:
  Result<void> start();
  Result<void> grow_to(std::size_t count);

  std::unique_ptr<Sandbox> sandbox_;
  Fd listener_;
  std::size_t size_ = 0;
};

}  // namespace sleight::oracle
