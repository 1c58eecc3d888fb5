// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#include "frames.h"

namespace sleight::dataplane {

// Writes a capture file as net_pcap reads it: classic format, Ethernet.
class PcapFile {
 public:
  explicit PcapFile(const std::string& path) : file_(path, std::ios::binary) {
    write(0xa1b2c3d4u);
    write(std::uint32_t{2} | std::uint32_t{4} << 16);  // version 2.4
    write(0u);
    write(0u);
    write(65535u);  // longest frame
    write(1u);      // Ethernet
  }

  void add(const support::Bytes& frame) {
    const auto size = static_cast<std::uint32_t>(frame.size());
    write(0u);
    write(0u);
    write(size);
    write(size);
    file_.write(reinterpret_cast<const char*>(frame.data()), size);
  }

 private:
  void write(std::uint32_t value) {
    file_.write(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::ofstream file_;
};

}  // namespace sleight::dataplane
