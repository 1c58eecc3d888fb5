// SPDX-License-Identifier: BSD-2-Clause
#include "eal_arguments.h"

#include <fmt/core.h>
#include <fmt/format.h>
#include <rte_config.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace sleight::dataplane {
namespace {

constexpr std::uint64_t kMegabyte = 1u << 20;

// The name of a folder of /sys/kernel/mm/hugepages: "hugepages-2048kB".
std::uint64_t page_size_of(std::string_view folder) {
  constexpr std::string_view kPrefix = "hugepages-";
  if (!folder.starts_with(kPrefix)) return 0;
  std::uint64_t kilobytes = 0;
  std::from_chars(folder.data() + kPrefix.size(), folder.data() + folder.size(), kilobytes);
  return kilobytes * 1024;
}

std::uint64_t read_free_hugepage_bytes() {
  std::uint64_t bytes = 0;
  std::error_code failed;
  for (const auto& entry :
       std::filesystem::directory_iterator("/sys/kernel/mm/hugepages", failed)) {
    std::uint64_t pages = 0;
    std::ifstream(entry.path() / "free_hugepages") >> pages;
    bytes += pages * page_size_of(entry.path().filename().string());
  }
  return bytes;
}

Result<void> check_core(const Machine& machine, std::string_view key, unsigned core) {
  if (std::binary_search(machine.cores.begin(), machine.cores.end(), core)) return {};
  return Error{
      fmt::format("{}: core {} does not exist or this process may not run on it; allowed: {}", key,
                  core, fmt::join(machine.cores, ", "))};
}

Result<void> check_cores(const EalSettings& settings, const Machine& machine) {
  if (auto fit = check_core(machine, "eal.control_core", settings.control_core); !fit) return fit;
  for (const unsigned core : settings.cores) {
    if (auto fit = check_core(machine, "eal.cores", core); !fit) return fit;
  }
  if (settings.cores.empty())
    return Error{"eal.cores: no core given, expected one for each worker"};
  if (settings.cores.size() >= RTE_MAX_LCORE) {
    return Error{fmt::format("eal.cores: {} cores given, at most {} can be used",
                             settings.cores.size(), RTE_MAX_LCORE - 1)};
  }
  return {};
}

Result<void> check_memory(const EalSettings& settings, const Machine& machine) {
  if (settings.memory_mb * kMegabyte <= machine.memory_bytes) return {};
  return Error{fmt::format("eal.memory_mb: {} MB wanted, the machine has {} MB", settings.memory_mb,
                           machine.memory_bytes / kMegabyte)};
}

std::string lcores(const EalSettings& settings) {
  std::string text = fmt::format("0@{}", settings.control_core);
  for (std::size_t i = 0; i < settings.cores.size(); ++i) {
    text += fmt::format(",{}@{}", i + 1, settings.cores[i]);
  }
  return text;
}

void append_devices(std::vector<std::string>& arguments, std::span<const std::string> devices) {
  bool any = false;
  for (const std::string& device : devices) {
    if (!is_pci_address(device)) continue;
    arguments.insert(arguments.end(), {"-a", device});
    any = true;
  }
  if (!any) arguments.push_back("--no-pci");
}

}  // namespace

Machine read_machine() {
  Machine machine;
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    for (unsigned core = 0; core < CPU_SETSIZE; ++core) {
      if (CPU_ISSET(core, &allowed)) machine.cores.push_back(core);
    }
  }
  machine.free_hugepage_bytes = read_free_hugepage_bytes();
  machine.memory_bytes = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                         static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return machine;
}

bool is_pci_address(std::string_view device) {
  const std::string_view address = device.substr(0, device.find(','));
  const std::size_t dot = address.rfind('.');
  const std::size_t colon = address.find(':');
  if (dot == std::string_view::npos || colon == std::string_view::npos || colon == 0) return false;
  return std::all_of(address.begin(), address.end(),
                     [](unsigned char c) { return std::isxdigit(c) != 0 || c == ':' || c == '.'; });
}

Result<bool> use_hugepages(const EalSettings& settings, const Machine& machine) {
  const std::uint64_t wanted = settings.memory_mb * kMegabyte;
  const bool enough = machine.free_hugepage_bytes >= wanted;
  if (settings.hugepages != Hugepages::kOn) {
    return enough && settings.hugepages == Hugepages::kAuto;
  }
  if (enough) return true;
  return Error{fmt::format(
      "eal.hugepages: {} MB wanted, {} MB free (to mend it: `sysctl vm.nr_hugepages=N`, lower "
      "eal.memory_mb, or eal.hugepages: off)",
      settings.memory_mb, machine.free_hugepage_bytes / kMegabyte)};
}

Result<std::vector<std::string>> eal_arguments(const EalSettings& settings,
                                               std::span<const std::string> devices,
                                               const Machine& machine) {
  if (auto fit = check_cores(settings, machine); !fit) return std::move(fit).error();
  if (auto fit = check_memory(settings, machine); !fit) return std::move(fit).error();
  const Result<bool> hugepages = use_hugepages(settings, machine);
  if (!hugepages) return hugepages.error();
  std::vector<std::string> arguments = {"sleight",
                                        "--lcores",
                                        lcores(settings),
                                        "--main-lcore",
                                        "0",
                                        "--file-prefix",
                                        "sleight-" + settings.name,
                                        "-m",
                                        std::to_string(settings.memory_mb)};
  // Either way no memory is left in the file system, not even by a kill -9. What is left
  // is the socket of the telemetry, in the runtime folder: eal.cc.
  if (*hugepages) {
    arguments.push_back("--in-memory");
  } else {
    arguments.insert(arguments.end(), {"--no-huge", "--no-shconf"});
  }
  append_devices(arguments, devices);
  arguments.insert(arguments.end(), settings.args.begin(), settings.args.end());
  return arguments;
}

}  // namespace sleight::dataplane
