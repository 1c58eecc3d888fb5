// SPDX-License-Identifier: BSD-2-Clause
#include "validate_vips.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "read.h"
#include "text.h"

namespace sleight::config {
namespace {

// A port range and the place in the file where it stands.
struct PlacedRange {
  std::uint8_t protocol = 0;
  PortRange range;
  std::size_t service = 0;
  std::size_t item = 0;
};

std::vector<PlacedRange> placed_ranges(const Vip& vip) {
  std::vector<PlacedRange> ranges;
  for (std::size_t s = 0; s < vip.services.size(); ++s) {
    const Service& service = vip.services[s];
    for (std::size_t i = 0; i < service.ports.size(); ++i) {
      if (service.protocol == 0 || service.ports[i] == kNoPorts) continue;
      ranges.push_back({service.protocol, service.ports[i], s, i});
    }
  }
  std::sort(ranges.begin(), ranges.end(), [](const PlacedRange& left, const PlacedRange& right) {
    return std::tie(left.protocol, left.range.first, left.service) <
           std::tie(right.protocol, right.range.first, right.service);
  });
  return ranges;
}

std::string shown(const PortRange& range) {
  return range.first == range.last ? fmt::format("port {}", range.first)
                                   : fmt::format("ports {}-{}", range.first, range.last);
}

// Told at the later one of the two services.
void report_overlap(const Vip& vip, std::size_t vip_index, const PlacedRange& left,
                    const PlacedRange& right, Locator& locator) {
  const PlacedRange& earlier = left.service < right.service ? left : right;
  const PlacedRange& later = left.service < right.service ? right : left;
  const unsigned line =
      locator.line_of({"vips", vip_index, "services", earlier.service, "ports", earlier.item});
  locator.problem(
      {"vips", vip_index, "services", later.service, "ports", later.item},
      fmt::format("{} of {} given, expected none that service {} (line {}) takes already: {}",
                  shown(later.range), later.protocol == net::kProtocolTcp ? "tcp" : "udp",
                  in_quotes(vip.services[earlier.service].name), line, shown(earlier.range)));
}

void check_overlaps(const Vip& vip, std::size_t vip_index, Locator& locator) {
  const std::vector<PlacedRange> ranges = placed_ranges(vip);
  // The range that reaches furthest among those before.
  std::size_t furthest = 0;
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    const PlacedRange& before = ranges[furthest];
    const bool overlaps =
        ranges[i].protocol == before.protocol && ranges[i].range.first <= before.range.last;
    if (overlaps && ranges[i].service != before.service) {
      report_overlap(vip, vip_index, before, ranges[i], locator);
    }
    if (!overlaps || ranges[i].range.last > before.range.last) furthest = i;
  }
}

// A list that is there and empty; one that is missing or no list is in the report.
void expect_some(Steps steps, std::string_view what, Locator& locator) {
  const Value* const value = locator.find(steps);
  if (value == nullptr || value->kind != ValueKind::kList) return;
  locator.problem(steps, fmt::format("an empty list given, expected at least one {}", what));
}

void check_services(const Vip& vip, std::size_t vip_index, Locator& locator) {
  Once<std::string> names(locator);
  for (std::size_t i = 0; i < vip.services.size(); ++i) {
    const Service& service = vip.services[i];
    const Steps name_steps = {"vips", vip_index, "services", i, "name"};
    if (!service.name.empty()) names.add(service.name, name_steps, in_quotes(service.name));
    if (!service.ports.empty()) continue;
    expect_some({"vips", vip_index, "services", i, "ports"}, "port", locator);
  }
  if (vip.services.empty()) expect_some({"vips", vip_index, "services"}, "service", locator);
  check_overlaps(vip, vip_index, locator);
}

}  // namespace

void check_vips(const Config& config, Locator& locator) {
  Once<std::string> names(locator);
  Once<net::IpPrefix> addresses(locator);
  std::set<std::string_view> pools;
  for (const Pool& pool : config.pools) pools.insert(pool.name);
  for (std::size_t v = 0; v < config.vips.size(); ++v) {
    const Vip& vip = config.vips[v];
    if (!vip.name.empty()) names.add(vip.name, {"vips", v, "name"}, in_quotes(vip.name));
    for (std::size_t i = 0; i < vip.addresses.size(); ++i) {
      const net::IpPrefix& prefix = vip.addresses[i];
      if (prefix == net::IpPrefix{}) continue;
      addresses.add(prefix, {"vips", v, "addresses", i}, net::to_string(prefix));
    }
    if (!vip.pool.empty() && !pools.empty() && !pools.contains(vip.pool)) {
      locator.problem(
          {"vips", v, "pool"},
          fmt::format("{} given, expected the name of a pool of this file", in_quotes(vip.pool)));
    }
    if (vip.addresses.empty()) expect_some({"vips", v, "addresses"}, "address or prefix", locator);
    check_services(vip, v, locator);
  }
}

}  // namespace sleight::config
