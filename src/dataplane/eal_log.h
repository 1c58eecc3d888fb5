// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "sleight/base/result.h"

namespace sleight::dataplane {

// Takes over what DPDK prints, from now to the end of the process: errors become our
// events, all below them events at level debug.
void redirect_dpdk_log();

// While it lives, what DPDK says is kept: errors for the message of a call that fails. The
// rest is logged when it ends: errors that nobody took, so of a call that went well, as
// warnings.
// One at a time. Any thread of DPDK may log meanwhile.
class DpdkErrors {
 public:
  DpdkErrors();
  ~DpdkErrors();
  DpdkErrors(const DpdkErrors&) = delete;
  DpdkErrors& operator=(const DpdkErrors&) = delete;

  // The errors so far, joined by "; "; empty when there were none. They count as told then.
  std::string take();
};

// `what` failed: DPDK's words, `fallback` where it found none, and how to mend it.
Error explain(const std::string& what, const std::string& said, const std::string& fallback);

}  // namespace sleight::dataplane
