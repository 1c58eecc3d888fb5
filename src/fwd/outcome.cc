// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/fwd/outcome.h"

#include <array>

namespace sleight::fwd {
namespace {

constexpr std::array<std::string_view, 7> kVerdictNames = {
    "forward", "accept", "redirect", "kernel", "answer", "drop", "hold"};

constexpr std::array<std::string_view, Outcome::kCount> kReasons = {
    "slot",       "no_fallback", "syn",         "udp",       "echo",          "established",
    "syn_cookie", "request",     "time_wait",   "no_socket", "group",         "own_mac",
    "neighbor",   "not_vip",     "second_look", "training",  "Malformed",     "BadSteer",
    "NotMine",    "NoService",   "NoHost",      "Fragment",  "SocketUnknown", "HoldFull"};

}  // namespace

std::string_view to_string(Verdict verdict) {
  return kVerdictNames[static_cast<std::size_t>(verdict)];
}

std::string_view Outcome::reason() const { return kReasons[index_]; }

}  // namespace sleight::fwd
