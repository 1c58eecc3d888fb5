// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sched.h>
#include <unistd.h>

#include <string>

#include "sleight/dataplane/dataplane.h"

namespace sleight::dataplane {

// An EAL that starts anywhere: no hugepages, and all threads on the core that this one
// runs on, which therefore is an allowed one.
inline EalSettings small_eal(const std::string& name, std::size_t workers) {
  const auto core = static_cast<unsigned>(sched_getcpu());
  EalSettings settings;
  settings.name = name + "-" + std::to_string(getpid());
  settings.cores.assign(workers, core);
  settings.control_core = core;
  settings.memory_mb = 128;
  settings.hugepages = Hugepages::kOff;
  settings.args = {"--no-telemetry"};
  return settings;
}

}  // namespace sleight::dataplane
