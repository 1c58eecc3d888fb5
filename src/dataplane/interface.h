// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>

namespace sleight::dataplane {

// What the kernel says of one of its interfaces.
struct InterfaceState {
  bool is_running = false;  // up, and with a carrier
  std::uint16_t mtu = 0;
};

// Nothing when there is no such interface in this network namespace (any more).
std::optional<InterfaceState> read_interface(unsigned index);

}  // namespace sleight::dataplane
