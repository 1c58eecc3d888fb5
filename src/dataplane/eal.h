// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <span>
#include <string>

#include "sleight/base/result.h"
#include "sleight/dataplane/dataplane.h"

namespace sleight::dataplane {

// DPDK's environment, from start to the end of the object. Once a process: what DPDK
// has ended it cannot start again.
class Eal {
 public:
  static Result<std::unique_ptr<Eal>> start(const EalSettings& settings,
                                            std::span<const std::string> devices);
  ~Eal();
  Eal(const Eal&) = delete;
  Eal& operator=(const Eal&) = delete;

 private:
  Eal() = default;
};

}  // namespace sleight::dataplane
