// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "locate.h"
#include "sleight/config/config.h"

namespace sleight::config {

void check_vips(const Config& config, Locator& locator);

}  // namespace sleight::config
