// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sleight/base/result.h"
#include "sleight/dataplane/dataplane.h"

namespace sleight::dataplane {

// What of the machine matters to the EAL.
struct Machine {
  std::vector<unsigned> cores;            // that this process may run on, ascending
  std::uint64_t free_hugepage_bytes = 0;  // of all sizes
  std::uint64_t memory_bytes = 0;
};

Machine read_machine();

// "0000:03:00.0" or "03:00.0", with or without arguments behind it.
bool is_pci_address(std::string_view device);

// Whether to run on hugepages; an error where they are wanted and missing.
Result<bool> use_hugepages(const EalSettings& settings, const Machine& machine);

// The command line of the EAL, program name first. lcore 0 is the control thread, lcore
// n the worker n - 1, whatever cores they run on. Refuses cores that cannot be had.
Result<std::vector<std::string>> eal_arguments(const EalSettings& settings,
                                               std::span<const std::string> devices,
                                               const Machine& machine);

}  // namespace sleight::dataplane
