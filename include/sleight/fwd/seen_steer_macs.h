// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sleight::fwd {

// Steer MACs with fallbacks that reach this host, each noted at most once a second, so
// that control can train them. A lossy filter of fixed size, one a worker: two addresses
// that share a cell are noted more often, never less.
class SeenSteerMacs {
 public:
  static constexpr std::size_t kCells = 1024;
  static constexpr std::size_t kMaxPending = 64;

  // `second` is any clock of whole seconds, never 0.
  void start_second(std::uint32_t second) { second_ = second; }

  // Once a packet; `mac_bits` as net::steer_bits.
  void note(std::uint64_t mac_bits) {
    Cell& cell = cells_[(mac_bits * 0x9e3779b97f4a7c15ull) >> 54];
    if (cell.mac_bits == mac_bits && cell.second == second_) return;
    add(cell, mac_bits);
  }

  // What was noted since clear_pending(); full at kMaxPending, and what does not fit is
  // noted again when it comes again.
  std::span<const std::uint64_t> pending() const { return {pending_.data(), pending_count_}; }
  void clear_pending() { pending_count_ = 0; }

 private:
  struct Cell {
    std::uint64_t mac_bits = 0;
    std::uint32_t second = 0;
  };
  void add(Cell& cell, std::uint64_t mac_bits);

  std::array<Cell, kCells> cells_{};
  std::array<std::uint64_t, kMaxPending> pending_{};
  std::size_t pending_count_ = 0;
  std::uint32_t second_ = 1;
};

}  // namespace sleight::fwd
