// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/config/config.h"

#include <algorithm>

namespace sleight::config {

const Pool* Config::find_pool(std::string_view name) const {
  const auto found = std::find_if(pools.begin(), pools.end(),
                                  [name](const Pool& pool) { return pool.name == name; });
  return found == pools.end() ? nullptr : &*found;
}

}  // namespace sleight::config
