// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>

#include "sleight/base/result.h"
#include "sleight/net/ip_address.h"

namespace sleight::fwd {

// Sockets of this host's kernel whose local address is one of the VIPs.
struct SocketCount {
  std::uint64_t flows = 0;     // can still carry data: neither TIME_WAIT nor listeners
  std::uint64_t requests = 0;  // request sockets (SYN_RECV)
};

// Seam between control and the kernel's socket table (implementation: sleight::oracle).
// A walk takes milliseconds, so control calls it on a helper thread.
class SocketCensus {
 public:
  virtual ~SocketCensus() = default;

  virtual Result<SocketCount> count(std::span<const net::IpPrefix> vips) = 0;
};

}  // namespace sleight::fwd
