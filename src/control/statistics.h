// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "sleight/control/reports.h"
#include "sleight/fwd/seams.h"

namespace sleight::control {

// The counters of workers and ports, and the workers' sum.
void gather(const fwd::Statistics& statistics, const fwd::PortFacts& ports, StatisticsReport& into);

}  // namespace sleight::control
