// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "host_names.h"
#include "sleight/base/result.h"
#include "sleight/config/config.h"
#include "sleight/control/reports.h"
#include "sleight/fwd/snapshot.h"
#include "sleight/fwd/socket_oracle.h"

namespace sleight::control {

// What a packet of the flow would meet on this node, judged by the newest snapshot; on a
// host also what its kernel says of the flow (`oracle` not null; asked once).
Result<FlowReport> inquire(const FlowQuery& query, const fwd::Snapshot& snapshot,
                           const config::Config& config, const HostNames& names,
                           fwd::SocketOracle* oracle);

// A MAC address read as a steer MAC; an error where it is no MAC address.
Result<MacReport> read_mac(const std::string& text, const HostNames& names);

}  // namespace sleight::control
