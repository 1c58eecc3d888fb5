// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace sleight {

// Prints "file:line: CHECK failed: condition" to stderr and aborts.
[[noreturn]] void check_failed(const char* file, int line, const char* condition) noexcept;

}  // namespace sleight

// We are wrong: an invariant of our own is broken. Never on a value from the wire,
// a file or a peer.
#define CHECK(condition)                                       \
  do {                                                         \
    if (!(condition)) [[unlikely]]                             \
      ::sleight::check_failed(__FILE__, __LINE__, #condition); \
  } while (false)
