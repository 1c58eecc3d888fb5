// SPDX-License-Identifier: BSD-2-Clause
#include "libbpf_log.h"

#include <cstdarg>
#include <cstddef>
#include <cstdio>

#include "sleight/base/check.h"

namespace sleight::oracle {
namespace {

constexpr std::size_t kLineLimit = 4096;
constexpr std::size_t kSummaryLimit = 400;

}  // namespace

LibbpfLog* LibbpfLog::current_ = nullptr;

LibbpfLog::LibbpfLog() {
  CHECK(current_ == nullptr);
  current_ = this;
  previous_ = libbpf_set_print(&LibbpfLog::print);
}

LibbpfLog::~LibbpfLog() {
  libbpf_set_print(previous_);
  current_ = nullptr;
}

int LibbpfLog::print(libbpf_print_level level, const char* format, va_list arguments) {
  if (level != LIBBPF_WARN) return 0;
  char line[kLineLimit];
  const int length = std::vsnprintf(line, sizeof line, format, arguments);
  current_->text_ += line;
  return length;
}

std::string LibbpfLog::summary() const {
  std::string line;
  for (const char c : text_) {
    if (c != '\n') {
      line += c;
    } else if (!line.empty() && !line.ends_with(" | ")) {
      line += " | ";
    }
  }
  if (line.ends_with(" | ")) line.resize(line.size() - 3);
  if (line.size() > kSummaryLimit) line = "..." + line.substr(line.size() - kSummaryLimit);
  return line;
}

}  // namespace sleight::oracle
