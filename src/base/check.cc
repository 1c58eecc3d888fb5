// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace sleight {

void check_failed(const char* file, int line, const char* condition) noexcept {
  std::fprintf(stderr, "%s:%d: CHECK failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace sleight
