// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "locate.h"
#include "sleight/config/config.h"

namespace sleight::config {

void check_pools(const Config& config, Locator& locator);

// Directors and controllers need every pool, with its hosts and its key.
void check_pools_for_roles(const Config& config, Locator& locator);

}  // namespace sleight::config
