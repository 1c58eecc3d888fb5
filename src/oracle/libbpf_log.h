// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <bpf/libbpf.h>

#include <string>

namespace sleight::oracle {

// While it lives, libbpf's warnings come here instead of stderr. libbpf's printer is
// the process's: one of these at a time.
class LibbpfLog {
 public:
  LibbpfLog();
  ~LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;

  // The last of it on one line: a verifier says at the end what it refuses.
  std::string summary() const;

 private:
  static int print(libbpf_print_level level, const char* format, va_list arguments);

  static LibbpfLog* current_;

  std::string text_;
  libbpf_print_fn_t previous_;
};

}  // namespace sleight::oracle
