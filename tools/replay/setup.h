// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "options.h"
#include "replay.h"
#include "sleight/base/result.h"
#include "sleight/config/config.h"

namespace sleight::replay {

// What the configuration lacks for `role`, each with the key and how to mend it.
std::vector<std::string> missing_for(const config::Config& config, Role role);

// The node that the options describe: the configuration with that role alone, one port,
// tables and sockets read from their files. `seen_mac`: the port's address as the
// capture shows it, used where no option gives it.
// REQUIRES: missing_for(config, options.role) is empty.
Result<std::unique_ptr<Replay>> make_replay(const Options& options, config::Config config,
                                            std::optional<net::MacAddress> seen_mac);

}  // namespace sleight::replay
