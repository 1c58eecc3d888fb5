// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/net/steer_mac.h"

namespace sleight::net {

std::string to_string(const Chain& chain) {
  if (chain.target == kNoHost) return "-";
  std::string text = std::to_string(chain.target);
  for (const HostId fallback : chain.fallbacks) {
    if (fallback != kNoHost) text += ">" + std::to_string(fallback);
  }
  return text;
}

}  // namespace sleight::net
