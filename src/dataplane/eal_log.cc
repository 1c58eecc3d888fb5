// SPDX-License-Identifier: BSD-2-Clause
#include "eal_log.h"

#include <rte_log.h>
#include <stdio.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <string_view>
#include <vector>

#include "sleight/base/check.h"
#include "sleight/base/log.h"

namespace sleight::dataplane {
namespace {

// DPDK's last words whenever a device fails, which say nothing.
constexpr std::string_view kNoise = "Failed to attach device on primary process";

// DPDK has one log a process, so its sink is one as well.
struct Sink {
  std::mutex mutex;
  std::string line;  // begun, not ended yet
  bool capturing = false;
  std::vector<std::string> errors;
  std::vector<std::string> remarks;  // below errors, to be logged when capturing ends
};

Sink& sink() {
  static Sink instance;
  return instance;
}

void take_line(Sink& sink, const std::string& line, int level) {
  if (line.empty() || line.find(kNoise) != std::string::npos) return;
  const bool is_error = level <= static_cast<int>(RTE_LOG_ERR);
  if (!sink.capturing) {
    log::write(is_error ? log::Level::kWarn : log::Level::kDebug, "dpdk", {{"message", line}});
    return;
  }
  std::vector<std::string>& lines = is_error ? sink.errors : sink.remarks;
  if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
}

ssize_t write_log(void*, const char* data, std::size_t size) {
  Sink& target = sink();
  const std::lock_guard lock(target.mutex);
  const int level = rte_log_cur_msg_loglevel();
  for (const char c : std::string_view(data, size)) {
    if (c != '\n') {
      target.line += c;
      continue;
    }
    take_line(target, target.line, level);
    target.line.clear();
  }
  return static_cast<ssize_t>(size);
}

struct Advice {
  std::string_view sign;  // in DPDK's message
  std::string_view mend;
};

constexpr std::string_view kPermission =
    "run as root, or give the program CAP_NET_RAW and CAP_NET_ADMIN";
constexpr std::string_view kHugepages =
    "reserve hugepages (`sysctl vm.nr_hugepages=N`) or set eal.hugepages: off";
constexpr std::string_view kMemory = "lower eal.memory_mb or free memory";

// The first sign that is found counts: the particular ones stand before the general.
constexpr std::array kAdvice = {
    Advice{"SIOCGIFINDEX",
           "the interface of iface= must exist in this network namespace; `ip link` shows them"},
    Advice{"AF_PACKET socket", kPermission},
    Advice{"Permission denied", kPermission},
    Advice{"Operation not permitted", kPermission},
    Advice{"hugepage", kHugepages},
    Advice{"hugetlbfs", kHugepages},
    Advice{"Cannot allocate memory", kMemory},
    Advice{"Not enough memory", kMemory},
    Advice{"VFIO", "bind the device to vfio-pci; `dpdk-devbind.py --status` shows drivers"},
    Advice{"Cannot find device",
           "no such PCI device; `dpdk-devbind.py --status` shows those that DPDK can use"},
    Advice{"failed to parse device",
           "no such driver; expected a device string such as net_af_packet0,iface=eth0, or a PCI "
           "address"},
    Advice{"cannot attach the device",
           "check what the driver wants behind its name, such as iface= for net_af_packet"},
    Advice{"unrecognized option", "correct eal.args"},
    Advice{"'command line'", "correct eal.args"},
};

}  // namespace

void redirect_dpdk_log() {
  static FILE* const stream = [] {
    cookie_io_functions_t functions{};
    functions.write = write_log;
    FILE* made = fopencookie(nullptr, "w", functions);
    CHECK(made != nullptr);
    return made;
  }();
  CHECK(rte_openlog_stream(stream) == 0);
}

DpdkErrors::DpdkErrors() {
  const std::lock_guard lock(sink().mutex);
  CHECK(!sink().capturing);
  sink().capturing = true;
  sink().errors.clear();
  sink().remarks.clear();
}

DpdkErrors::~DpdkErrors() {
  const std::lock_guard lock(sink().mutex);
  sink().capturing = false;
  for (const std::string& error : sink().errors) log::warn("dpdk", {{"message", error}});
  for (const std::string& remark : sink().remarks) log::debug("dpdk", {{"message", remark}});
}

std::string DpdkErrors::take() {
  const std::lock_guard lock(sink().mutex);
  std::string joined;
  for (const std::string& error : sink().errors) {
    if (!joined.empty()) joined += "; ";
    joined += error;
  }
  sink().errors.clear();
  return joined;
}

Error explain(const std::string& what, const std::string& said, const std::string& fallback) {
  const std::string& reason = said.empty() ? fallback : said;
  for (const Advice& advice : kAdvice) {
    if (reason.find(advice.sign) != std::string::npos) {
      return {what + ": " + reason + " (to mend it: " + std::string(advice.mend) + ")"};
    }
  }
  return {what + ": " + reason};
}

}  // namespace sleight::dataplane
