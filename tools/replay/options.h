// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sleight/base/result.h"
#include "sleight/net/mac_address.h"

namespace sleight::replay {

enum class Role : std::uint8_t { kDirector, kHost };

// The command line as values.
struct Options {
  bool help = false;  // then nothing else is filled
  std::string config;
  Role role = Role::kDirector;
  std::string in;
  std::string out;
  std::string verdicts;
  std::optional<std::string> sockets;
  std::vector<std::string> tables;
  std::optional<net::MacAddress> port_mac;
  std::optional<net::MacAddress> kernel_mac;
  std::optional<std::uint8_t> fabric;
};

Result<Options> parse_options(int argc, const char* const* argv);

std::string usage();

}  // namespace sleight::replay
