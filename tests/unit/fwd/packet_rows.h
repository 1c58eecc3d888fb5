// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>

#include "frames.h"

namespace sleight::support {

// The frames that docs/packets.md names, by their names there.
using Rows = std::map<std::string, Bytes>;

// "Where it is sent".
Rows destination_rows(net::Family family);

// "What it carries", sent to `mac`.
Rows packet_rows(net::Family family, std::uint64_t mac);

}  // namespace sleight::support
