// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "section.h"
#include "sleight/config/load.h"

namespace sleight::config {

struct ReadContext {
  std::string base_dir;
  Purpose purpose = Purpose::kService;
};

// From tree to Config: every key once, types and ranges. Each item of a list has its
// place in the Config even when it is wrong, so that validate() finds both by one index.
void read_config(const Value& root, const ReadContext& context, Report& report, Config& config);

// What stands in the Config for what could not be read. (An address: a default IpPrefix,
// a name: an empty one, an id: kNoHost.)
inline constexpr PortRange kNoPorts = {1, 0};
inline constexpr unsigned kNoCore = 0xffffffff;

void read_vip(Section& section, Vip& vip);
void read_pool(Section& section, const ReadContext& context, Pool& pool);

// 32 hex digits, or file:PATH of a file that holds them.
void read_key(Section& section, std::string_view key, const ReadContext& context,
              std::optional<net::SipKey>& out);

}  // namespace sleight::config
