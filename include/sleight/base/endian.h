// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace sleight {

static_assert(std::endian::native == std::endian::little, "sleight runs on x86-64");

// Unaligned loads and stores of wire bytes. The byte order is in the name of the
// function and never in the name of a variable: what they return is a number.
inline std::uint16_t load_be16(const void* from) {
  std::uint16_t raw;
  std::memcpy(&raw, from, sizeof raw);
  return __builtin_bswap16(raw);
}

inline std::uint32_t load_be32(const void* from) {
  std::uint32_t raw;
  std::memcpy(&raw, from, sizeof raw);
  return __builtin_bswap32(raw);
}

inline std::uint64_t load_be64(const void* from) {
  std::uint64_t raw;
  std::memcpy(&raw, from, sizeof raw);
  return __builtin_bswap64(raw);
}

inline std::uint32_t load_le32(const void* from) {
  std::uint32_t raw;
  std::memcpy(&raw, from, sizeof raw);
  return raw;
}

inline std::uint64_t load_le64(const void* from) {
  std::uint64_t raw;
  std::memcpy(&raw, from, sizeof raw);
  return raw;
}

inline void store_be16(void* to, std::uint16_t value) {
  const std::uint16_t raw = __builtin_bswap16(value);
  std::memcpy(to, &raw, sizeof raw);
}

inline void store_be32(void* to, std::uint32_t value) {
  const std::uint32_t raw = __builtin_bswap32(value);
  std::memcpy(to, &raw, sizeof raw);
}

inline void store_be64(void* to, std::uint64_t value) {
  const std::uint64_t raw = __builtin_bswap64(value);
  std::memcpy(to, &raw, sizeof raw);
}

}  // namespace sleight
