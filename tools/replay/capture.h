// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sleight/base/result.h"

struct pcap;
struct pcap_dumper;

namespace sleight::replay {

// A captured frame; times with nanoseconds whatever the file has.
struct Captured {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  std::uint32_t wire_size = 0;  // before the capture cut it off
  std::vector<std::uint8_t> bytes;
};

// Reads the frames of a pcap or pcapng file, Ethernet only.
class CaptureReader {
 public:
  static Result<CaptureReader> open(const std::string& path);

  // Nothing at the end of the file.
  Result<std::optional<Captured>> next();

 private:
  struct Close {
    void operator()(pcap* handle) const;
  };
  CaptureReader(std::string path, pcap* handle) : path_(std::move(path)), handle_(handle) {}

  std::string path_;
  std::unique_ptr<pcap, Close> handle_;
};

// Writes a pcap file with times in nanoseconds.
class CaptureWriter {
 public:
  static Result<CaptureWriter> create(const std::string& path);

  void write(const Captured& frame);
  // Without it a full disk would go unnoticed.
  Result<void> finish();

 private:
  struct Close {
    void operator()(pcap* handle) const;
    void operator()(pcap_dumper* dumper) const;
  };
  CaptureWriter(std::string path, std::unique_ptr<pcap, Close> handle, pcap_dumper* dumper)
      : path_(std::move(path)), handle_(std::move(handle)), dumper_(dumper) {}

  std::string path_;
  std::unique_ptr<pcap, Close> handle_;
  std::unique_ptr<pcap_dumper, Close> dumper_;
};

}  // namespace sleight::replay
