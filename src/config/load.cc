// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "read.h"
#include "validate.h"

namespace sleight::config {
namespace {

// Ascending and disjoint: ranges that touch or overlap become one.
void merge_ports(std::vector<PortRange>& ports) {
  std::sort(ports.begin(), ports.end(),
            [](const PortRange& left, const PortRange& right) { return left.first < right.first; });
  std::vector<PortRange> merged;
  for (const PortRange& range : ports) {
    if (!merged.empty() && range.first <= merged.back().last + 1) {
      merged.back().last = std::max(merged.back().last, range.last);
    } else {
      merged.push_back(range);
    }
  }
  ports = std::move(merged);
}

// The order that config.h promises. Before this, everything stands as in the file.
void put_in_order(Config& config) {
  for (Vip& vip : config.vips) {
    for (Service& service : vip.services) merge_ports(service.ports);
  }
  for (Pool& pool : config.pools) {
    std::sort(pool.hosts.begin(), pool.hosts.end(),
              [](const Host& left, const Host& right) { return left.id < right.id; });
  }
}

LoadResult failed(std::string message) {
  LoadResult result;
  result.problems.push_back({0, "", std::move(message)});
  return result;
}

}  // namespace

std::string to_string(const std::string& file, const Problem& problem) {
  std::string text = file + ":";
  if (problem.line > 0) text += fmt::format("{}:", problem.line);
  if (!problem.key.empty()) text += fmt::format(" {}:", problem.key);
  return text + " " + problem.message;
}

LoadResult load_text(std::string_view yaml, const std::string& base_dir, Purpose purpose) {
  LoadResult result;
  Report report;
  if (const auto root = parse_yaml(yaml, report)) {
    read_config(*root, {base_dir, purpose}, report, result.config);
    if (root->kind == ValueKind::kMapping) validate(result.config, *root, purpose, report);
  }
  result.problems = report.take();
  if (result.ok()) put_in_order(result.config);
  return result;
}

LoadResult load_file(const std::string& path, Purpose purpose) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return failed("this is a directory");
  std::ifstream file(path, std::ios::binary);
  if (!file) return failed(fmt::format("cannot be opened: {}", std::strerror(errno)));
  std::string text;
  // One byte more than allowed, so that load_text sees that there are too many.
  std::vector<char> chunk(1 << 16);
  while (text.size() <= kMaxFileBytes &&
         file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())).gcount() > 0) {
    text.append(chunk.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return failed("cannot be read to its end");
  return load_text(text, std::filesystem::path(path).parent_path().string(), purpose);
}

}  // namespace sleight::config
