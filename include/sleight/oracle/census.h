// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>

#include "sleight/base/result.h"
#include "sleight/fwd/socket_census.h"
#include "sleight/net/ip_address.h"

namespace sleight::oracle {

// Counts the TCP sockets of the calling thread's network namespace, orphans too: a
// socket that nobody holds any more still needs the client's packets to close in order.
// A count while sockets come and go is approximate by those. Needs no capability.
class Census final : public fwd::SocketCensus {
 public:
  Result<fwd::SocketCount> count(std::span<const net::IpPrefix> vips) override;
};

}  // namespace sleight::oracle
