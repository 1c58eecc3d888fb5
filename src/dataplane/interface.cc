// SPDX-License-Identifier: BSD-2-Clause
#include "interface.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

namespace sleight::dataplane {
namespace {

std::optional<InterfaceState> read(int socket, ifreq& request) {
  if (ioctl(socket, SIOCGIFFLAGS, &request) != 0) return std::nullopt;
  InterfaceState state;
  state.is_running = (request.ifr_flags & IFF_RUNNING) != 0;
  if (ioctl(socket, SIOCGIFMTU, &request) != 0) return std::nullopt;
  constexpr int kLargest = std::numeric_limits<std::uint16_t>::max();
  state.mtu = static_cast<std::uint16_t>(std::clamp(request.ifr_mtu, 0, kLargest));
  return state;
}

}  // namespace

std::optional<InterfaceState> read_interface(unsigned index) {
  ifreq request{};
  if (if_indextoname(index, request.ifr_name) == nullptr) return std::nullopt;
  const int asker = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (asker < 0) return std::nullopt;
  const std::optional<InterfaceState> state = read(asker, request);
  close(asker);
  return state;
}

}  // namespace sleight::dataplane
