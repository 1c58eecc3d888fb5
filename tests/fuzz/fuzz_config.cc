// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "sleight/base/check.h"
#include "sleight/config/load.h"

namespace sleight::config {
namespace {

// Nothing that a terminal or a log reader would act upon.
bool is_one_line(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7f; });
}

void check_problems(const LoadResult& result) {
  unsigned line = 0;
  for (const Problem& problem : result.problems) {
    CHECK(!problem.message.empty());
    CHECK(is_one_line(to_string("f", problem)));
    CHECK(problem.line >= line || problem.line == 0);
    line = problem.line;
  }
}

void check_service(const Service& service) {
  CHECK(!service.name.empty() && !service.ports.empty());
  CHECK(service.protocol == net::kProtocolTcp || service.protocol == net::kProtocolUdp);
  int previous = -1;
  for (const PortRange& range : service.ports) {
    CHECK(range.first > previous + 1 && range.first <= range.last);
    previous = range.last;
  }
}

void check_pool(const Pool& pool) {
  CHECK(!pool.name.empty() && pool.slots >= 1 && pool.slots <= 65536);
  CHECK(pool.hosts.size() <= pool.slots && pool.max_fallbacks <= net::kMaxFallbacks);
  net::HostId previous = net::kNoHost;
  for (const Host& host : pool.hosts) {
    CHECK(host.id > previous && host.id <= net::kMaxHostId && host.weight >= 1);
    previous = host.id;
  }
}

void check_config(const Config& config, Purpose purpose) {
  for (const Vip& vip : config.vips) {
    CHECK(!vip.addresses.empty() && !vip.services.empty() && !vip.pool.empty());
    CHECK(config.pools.empty() || config.find_pool(vip.pool) != nullptr);
    for (const Service& service : vip.services) check_service(service);
  }
  for (const Pool& pool : config.pools) check_pool(pool);
  if (purpose == Purpose::kReplay) return;
  CHECK(config.roles != Roles{} && config.roles.host == (config.node.id != net::kNoHost));
  CHECK(!config.ports.empty() && !config.eal.cores.empty());
  for (const Port& port : config.ports) CHECK(port.queues <= config.eal.cores.size());
}

void check_text(std::string_view yaml, Purpose purpose) {
  const LoadResult result = load_text(yaml, ".", purpose);
  check_problems(result);
  if (result.ok()) check_config(result.config, purpose);
}

}  // namespace
}  // namespace sleight::config

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A copy of exactly this size lets the address sanitizer see every byte read behind it.
  const std::unique_ptr<char[]> copy(new char[size]);
  std::copy_n(data, size, copy.get());
  const std::string_view yaml(copy.get(), size);
  sleight::config::check_text(yaml, sleight::config::Purpose::kService);
  sleight::config::check_text(yaml, sleight::config::Purpose::kReplay);
  return 0;
}
