// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "sleight/base/result.h"

namespace sleight::dataplane {

// Takes over what DPDK prints, from now to the end of the process: errors become our
// events, all below them events at level debug.
void redirect_dpdk_log();

// While it lives, errors of DPDK are kept for one message instead of being printed; the
// rest is printed when it ends.
// One at a time. Any thread of DPDK may log meanwhile.
class DpdkErrors {
 public:
  DpdkErrors();
  ~DpdkErrors();
  DpdkErrors(const DpdkErrors&) = delete;
  DpdkErrors& operator=(const DpdkErrors&) = delete;

  // What DPDK said so far, joined by "; "; empty when it said nothing.
  std::string text() const;
};

// `what` failed: DPDK's words, `fallback` where it found none, and how to mend it.
Error explain(const std::string& what, const std::string& said, const std::string& fallback);

}  // namespace sleight::dataplane
