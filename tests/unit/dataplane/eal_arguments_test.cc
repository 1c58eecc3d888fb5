// SPDX-License-Identifier: BSD-2-Clause
#include "eal_arguments.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sleight::dataplane {
namespace {

constexpr std::uint64_t kPlenty = std::uint64_t{1} << 30;
const Machine kTwoCores{{0, 1}, 0, kPlenty};
const Machine kHugeMachine{{0, 1}, kPlenty, kPlenty};

EalSettings settings_on(std::vector<unsigned> cores) {
  EalSettings settings;
  settings.name = "h1";
  settings.cores = std::move(cores);
  settings.memory_mb = 64;
  return settings;
}

std::string command(const EalSettings& settings, const std::vector<std::string>& devices,
                    const Machine& machine) {
  const auto arguments = eal_arguments(settings, devices, machine);
  return arguments ? fmt::format("{}", fmt::join(*arguments, " ")) : arguments.error().message;
}

TEST(EalArguments, number_the_workers_from_one_wherever_they_run) {
  EXPECT_EQ(command(settings_on({1, 1, 0}), {"net_null0"}, kTwoCores),
            "sleight --lcores 0@0,1@1,2@1,3@0 --main-lcore 0 --file-prefix sleight-h1 -m 64 "
            "--no-huge --no-shconf --no-pci");
}

TEST(EalArguments, keep_memory_out_of_the_file_system_with_hugepages_too) {
  EXPECT_EQ(command(settings_on({1}), {}, kHugeMachine),
            "sleight --lcores 0@0,1@1 --main-lcore 0 --file-prefix sleight-h1 -m 64 --in-memory "
            "--no-pci");
}

TEST(EalArguments, allow_the_pci_devices_that_are_ports_and_no_others) {
  const std::string line = command(settings_on({1}), {"0000:03:00.0,x=1", "net_null0"}, kTwoCores);
  EXPECT_NE(line.find("-a 0000:03:00.0,x=1"), std::string::npos);
  EXPECT_EQ(line.find("--no-pci"), std::string::npos);
  EXPECT_EQ(line.find("-a net_null0"), std::string::npos);
}

TEST(EalArguments, end_with_those_of_the_configuration) {
  EalSettings settings = settings_on({1});
  settings.args = {"--no-telemetry", "--log-level=8"};
  EXPECT_TRUE(command(settings, {}, kTwoCores).ends_with(" --no-telemetry --log-level=8"));
}

TEST(EalArguments, name_a_core_that_is_not_there) {
  EXPECT_EQ(command(settings_on({1, 7}), {}, kTwoCores),
            "eal.cores: core 7 does not exist or this process may not run on it; allowed: 0, 1");
  EalSettings settings = settings_on({1});
  settings.control_core = 2;
  EXPECT_TRUE(command(settings, {}, kTwoCores).starts_with("eal.control_core: core 2 "));
}

TEST(EalArguments, want_a_core_and_not_more_than_dpdk_knows) {
  EXPECT_TRUE(command(settings_on({}), {}, kTwoCores).starts_with("eal.cores: no core given"));
  EXPECT_TRUE(command(settings_on(std::vector<unsigned>(200, 1)), {}, kTwoCores)
                  .starts_with("eal.cores: 200 cores given"));
}

TEST(EalArguments, do_not_ask_for_more_memory_than_there_is) {
  EalSettings settings = settings_on({1});
  settings.memory_mb = 4096;
  EXPECT_EQ(command(settings, {}, kTwoCores),
            "eal.memory_mb: 4096 MB wanted, the machine has 1024 MB");
}

TEST(Hugepages, are_used_by_auto_when_there_are_enough) {
  const EalSettings settings = settings_on({1});
  EXPECT_TRUE(*use_hugepages(settings, kHugeMachine));
  EXPECT_FALSE(*use_hugepages(settings, kTwoCores));
}

TEST(Hugepages, are_left_alone_when_off) {
  EalSettings settings = settings_on({1});
  settings.hugepages = Hugepages::kOff;
  EXPECT_FALSE(*use_hugepages(settings, kHugeMachine));
}

TEST(Hugepages, that_are_wanted_and_missing_are_an_error_that_says_how_to_mend_it) {
  EalSettings settings = settings_on({1});
  settings.hugepages = Hugepages::kOn;
  EXPECT_TRUE(*use_hugepages(settings, kHugeMachine));
  const auto refused = use_hugepages(settings, {{0, 1}, 2u << 20, kPlenty});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("64 MB wanted, 2 MB free"), std::string::npos);
  EXPECT_NE(refused.error().message.find("vm.nr_hugepages"), std::string::npos);
}

TEST(PciAddress, is_told_from_a_device_string) {
  EXPECT_TRUE(is_pci_address("0000:03:00.0"));
  EXPECT_TRUE(is_pci_address("03:00.1"));
  EXPECT_TRUE(is_pci_address("0000:03:00.0,mprq_en=1"));
  EXPECT_FALSE(is_pci_address("net_af_packet0,iface=eth0"));
  EXPECT_FALSE(is_pci_address("net_null0"));
  EXPECT_FALSE(is_pci_address(""));
}

}  // namespace
}  // namespace sleight::dataplane
