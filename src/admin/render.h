// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "sleight/control/reports.h"

namespace sleight::admin {

// Result objects; their keys are part of the protocol (docs/admin.md).
nlohmann::json render(const std::vector<control::HostReport>& hosts);
// One change as itself, several as {"changes": [...]}.
nlohmann::json render(const std::vector<control::HostChange>& changes);
nlohmann::json render(const control::Refused& refused);
nlohmann::json render(const std::vector<control::TableReport>& tables);
nlohmann::json render(const control::FlowReport& flow);
nlohmann::json render(const control::MacReport& mac);
nlohmann::json render(const control::StatisticsReport& statistics);
nlohmann::json render(const control::SocketReport& sockets);

}  // namespace sleight::admin
