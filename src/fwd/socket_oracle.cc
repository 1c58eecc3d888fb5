// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/fwd/socket_oracle.h"

#include <array>

namespace sleight::fwd {

std::string_view to_string(SocketVerdict verdict) {
  constexpr std::array<std::string_view, 9> kNames = {
      "unknown",   "established", "request",       "time_wait",      "syn_cookie",
      "no_socket", "listener",    "other_request", "other_time_wait"};
  return kNames[static_cast<std::size_t>(verdict)];
}

}  // namespace sleight::fwd
