// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "sleight/base/result.h"

namespace sleight::oracle {

// What the oracle needs of this machine and this process.
struct Environment {
  std::string kernel_release;  // "6.1.0-25-amd64"
  bool has_btf = false;        // the kernel describes its structures
  bool cap_bpf = false;        // CAP_SYS_ADMIN counts as each of the three, as in the kernel
  bool cap_net_admin = false;
  bool cap_perfmon = false;
};

Environment read_environment();

// Why the oracle cannot work here, all reasons at once; nothing when it can.
std::optional<Error> refusal(const Environment& environment);

}  // namespace sleight::oracle
