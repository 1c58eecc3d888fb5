// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "sleight/base/result.h"
#include "sleight/fwd/socket_oracle.h"

namespace sleight::oracle {

struct LoadOptions {
  // Look at sequence numbers of request and TIME_WAIT sockets (needs CAP_PERFMON).
  bool check_sequences = true;
};

// Asks the kernel's own TCP table by an eBPF program that is attached to nothing. Owns
// the program and the memory that it shares with the workers; docs/second-chance.md.
class Oracle {
 public:
  // Needs CAP_BPF, CAP_NET_ADMIN, Linux 5.17 and the kernel's BTF; an error says which
  // is missing. Capabilities may be dropped afterwards. Not while another thread uses
  // libbpf, whose log is the process's.
  // REQUIRES: 1 <= workers <= kMaxWorkers.
  static constexpr std::size_t kMaxWorkers = 1024;
  static Result<std::unique_ptr<Oracle>> load(std::size_t workers, const LoadOptions& options = {});

  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;
  ~Oracle();

  // A worker's own asker; lives as long as the oracle. It asks about sockets of the
  // network namespace of the thread that calls it. One system call a batch.
  // REQUIRES: worker < workers.
  fwd::SocketOracle& asker(std::size_t worker);

  // Empty when every check is in force; else which is not, why, and how to mend it.
  const std::string& degraded() const;
  bool checks_sequences() const { return degraded().empty(); }

 private:
  struct Loaded;
  explicit Oracle(std::unique_ptr<Loaded> loaded);

  std::unique_ptr<Loaded> loaded_;
};

}  // namespace sleight::oracle
