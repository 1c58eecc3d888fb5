// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sleight/config/load.h"

namespace sleight::config {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::vector<std::filesystem::path> golden_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(GOLDEN_DIR "/config")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class GoldenMessages : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(GoldenMessages, AreTheExpectedOnesAllAtOnce) {
  const std::filesystem::path& yaml = GetParam();
  const LoadResult result = load_file(yaml.string(), Purpose::kService);
  std::string messages;
  for (const Problem& problem : result.problems) {
    messages += to_string(yaml.filename().string(), problem) + "\n";
  }
  // Key files are named with their folder, which is another one in every checkout.
  const std::string folder = GOLDEN_DIR "/config/";
  for (std::size_t at; (at = messages.find(folder)) != std::string::npos;) {
    messages.erase(at, folder.size());
  }
  std::filesystem::path expected = yaml;
  EXPECT_EQ(messages, read_file(expected.replace_extension(".expected")));
  EXPECT_FALSE(messages.empty());
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenMessages, testing::ValuesIn(golden_files()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace sleight::config
