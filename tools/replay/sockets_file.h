// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sleight/base/result.h"
#include "sleight/net/flow_key.h"

namespace sleight::replay {

// Flows that the pretended kernel owns, one JSON object a line, as the packets of the
// client carry them; proto may be a number:
//
//   {"proto":"tcp","src":"198.51.100.7","sport":40000,"dst":"203.0.113.10","dport":80}
//
// Empty lines do not count. Messages name the line.
Result<std::vector<net::FlowKey>> parse_sockets(std::string_view text);

}  // namespace sleight::replay
