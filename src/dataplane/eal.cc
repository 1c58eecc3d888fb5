// SPDX-License-Identifier: BSD-2-Clause
#include "eal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "eal_arguments.h"
#include "eal_log.h"
#include "sleight/base/check.h"
#include "sleight/base/log.h"

namespace sleight::dataplane {
namespace {

// One of the process's output streams, led into a file meanwhile.
class Diverted {
 public:
  Diverted(int stream, int file) : stream_(stream), saved_(fcntl(stream, F_DUPFD_CLOEXEC, 3)) {
    dup2(file, stream_);
  }
  ~Diverted() {
    if (saved_ < 0) return;
    dup2(saved_, stream_);
    close(saved_);
  }
  Diverted(const Diverted&) = delete;
  Diverted& operator=(const Diverted&) = delete;

 private:
  int stream_;
  int saved_;
};

// What getopt said of an argument that it does not know.
std::string complaint_in(int file) {
  std::array<char, 4096> text{};
  const ssize_t size = pread(file, text.data(), text.size() - 1, 0);
  if (size <= 0) return {};
  const std::string_view all(text.data(), static_cast<std::size_t>(size));
  const std::size_t sign = all.find("option '");
  if (sign == std::string_view::npos) return {};
  const std::size_t start = all.rfind('\n', sign) + 1;
  return std::string(all.substr(start, all.find('\n', sign) - start));
}

struct Outcome {
  int code = 0;
  std::string complaint;
};

// The EAL leaves its folder behind, its telemetry takes its socket out of it only at the
// exit of the process: what was registered before the EAL started is called after that.
// A folder that another process of our name uses is not empty, so it stays; one that a
// kill left is taken over by the next process of this name.
void remove_folder_at_exit() {
  static const int registered = std::atexit([] { rmdir(rte_eal_get_runtime_dir()); });
  CHECK(registered == 0);
}

// The EAL prints pages of usage when it dislikes an argument, and some errors past its
// own log; one line of it is worth keeping.
Outcome initialise(std::vector<std::string> arguments) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const int file = memfd_create("eal-output", MFD_CLOEXEC);
  if (file < 0) return {-1, "no memory file for the output of the EAL"};
  Outcome outcome;
  {
    fflush(stdout);
    const Diverted out(STDOUT_FILENO, file);
    const Diverted err(STDERR_FILENO, file);
    outcome.code = rte_eal_init(static_cast<int>(pointers.size() - 1), pointers.data());
    fflush(stdout);
  }
  if (outcome.code < 0) outcome.complaint = complaint_in(file);
  close(file);
  return outcome;
}

}  // namespace

Result<std::unique_ptr<Eal>> Eal::start(const EalSettings& settings,
                                        std::span<const std::string> devices) {
  redirect_dpdk_log();
  const Machine machine = read_machine();
  auto arguments = eal_arguments(settings, devices, machine);
  if (!arguments) return std::move(arguments).error();
  const std::string command = fmt::format("{}", fmt::join(*arguments, " "));
  log::debug("eal_start", {{"arguments", command}});
  if (settings.hugepages == Hugepages::kAuto && !*use_hugepages(settings, machine)) {
    log::info("eal_without_hugepages",
              {{"wanted_mb", std::to_string(settings.memory_mb)},
               {"free_mb", std::to_string(machine.free_hugepage_bytes >> 20)}});
  }
  remove_folder_at_exit();
  DpdkErrors errors;
  const Outcome outcome = initialise(*std::move(arguments));
  if (outcome.code < 0) {
    const std::string said = errors.take();
    return explain("cannot start DPDK", outcome.complaint.empty() ? said : outcome.complaint,
                   rte_strerror(rte_errno));
  }
  return std::unique_ptr<Eal>(new Eal);
}

Eal::~Eal() { rte_eal_cleanup(); }

}  // namespace sleight::dataplane
