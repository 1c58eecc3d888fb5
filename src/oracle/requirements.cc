// SPDX-License-Identifier: BSD-2-Clause
#include "requirements.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <vector>

namespace sleight::oracle {
namespace {

constexpr const char* kBtfPath = "/sys/kernel/btf/vmlinux";

// bpf_loop appeared in 5.17, the youngest of what the program uses.
bool is_new_enough(const std::string& release) {
  int major = 0;
  int minor = 0;
  if (std::sscanf(release.c_str(), "%d.%d", &major, &minor) != 2) return false;
  return major > 5 || (major == 5 && minor >= 17);
}

std::uint64_t effective_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3]{};
  if (syscall(SYS_capget, &header, data) != 0) return 0;
  return data[0].effective | std::uint64_t{data[1].effective} << 32;
}

}  // namespace

Environment read_environment() {
  Environment environment;
  utsname name{};
  if (uname(&name) == 0) environment.kernel_release = name.release;
  environment.has_btf = access(kBtfPath, R_OK) == 0;

  const std::uint64_t capabilities = effective_capabilities();
  const auto has = [capabilities](unsigned capability) {
    return (capabilities >> capability & 1) != 0 || (capabilities >> CAP_SYS_ADMIN & 1) != 0;
  };
  environment.cap_bpf = has(CAP_BPF);
  environment.cap_net_admin = has(CAP_NET_ADMIN);
  environment.cap_perfmon = has(CAP_PERFMON);
  return environment;
}

std::optional<Error> refusal(const Environment& environment) {
  std::vector<std::string> reasons;
  if (!is_new_enough(environment.kernel_release)) {
    reasons.push_back(
        fmt::format("the kernel is {}, Linux 5.17 or later is needed", environment.kernel_release));
  }
  if (!environment.has_btf) {
    reasons.push_back(fmt::format(
        "{} cannot be read: run a kernel built with CONFIG_DEBUG_INFO_BTF, with /sys mounted",
        kBtfPath));
  }
  std::vector<std::string> missing;
  if (!environment.cap_bpf) missing.emplace_back("CAP_BPF");
  if (!environment.cap_net_admin) missing.emplace_back("CAP_NET_ADMIN");
  if (!missing.empty()) {
    reasons.push_back(fmt::format(
        "the process lacks {}: run as root or grant it (systemd: AmbientCapabilities=CAP_BPF "
        "CAP_NET_ADMIN CAP_PERFMON)",
        fmt::join(missing, " and ")));
  }
  if (reasons.empty()) return std::nullopt;
  return Error{fmt::format("cannot ask the kernel for its sockets: {}", fmt::join(reasons, "; "))};
}

}  // namespace sleight::oracle
