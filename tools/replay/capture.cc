// SPDX-License-Identifier: BSD-2-Clause
#include "capture.h"

#include <fmt/core.h>
#include <pcap/pcap.h>

#include <array>

namespace sleight::replay {
namespace {

constexpr int kSnapLength = 262144;  // what libpcap itself takes at most

}  // namespace

void CaptureReader::Close::operator()(pcap* handle) const { pcap_close(handle); }

Result<CaptureReader> CaptureReader::open(const std::string& path) {
  std::array<char, PCAP_ERRBUF_SIZE> message{};
  pcap* handle = pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO,
                                                         message.data());
  if (handle == nullptr) {
    return Error{fmt::format("{}: not readable as a capture: {}", path, message.data())};
  }
  CaptureReader reader(path, handle);
  if (pcap_datalink(handle) != DLT_EN10MB) {
    const char* name = pcap_datalink_val_to_name(pcap_datalink(handle));
    return Error{fmt::format("{}: a capture of {} frames; record it on an Ethernet interface", path,
                             name == nullptr ? "unknown" : name)};
  }
  return reader;
}

Result<std::optional<Captured>> CaptureReader::next() {
  pcap_pkthdr* header = nullptr;
  const std::uint8_t* bytes = nullptr;
  const int status = pcap_next_ex(handle_.get(), &header, &bytes);
  if (status == PCAP_ERROR_BREAK) return std::optional<Captured>{};
  if (status != 1) {
    return Error{fmt::format("{}: {}", path_, pcap_geterr(handle_.get()))};
  }
  // With nanosecond precision tv_usec holds nanoseconds.
  return std::optional<Captured>{
      {header->ts.tv_sec, header->ts.tv_usec, header->len, {bytes, bytes + header->caplen}}};
}

void CaptureWriter::Close::operator()(pcap* handle) const { pcap_close(handle); }
void CaptureWriter::Close::operator()(pcap_dumper* dumper) const { pcap_dump_close(dumper); }

Result<CaptureWriter> CaptureWriter::create(const std::string& path) {
  std::unique_ptr<pcap, Close> handle(
      pcap_open_dead_with_tstamp_precision(DLT_EN10MB, kSnapLength, PCAP_TSTAMP_PRECISION_NANO));
  CHECK(handle != nullptr);
  pcap_dumper* dumper = pcap_dump_open(handle.get(), path.c_str());
  if (dumper == nullptr) return Error{pcap_geterr(handle.get())};
  return CaptureWriter(path, std::move(handle), dumper);
}

void CaptureWriter::write(const Captured& frame) {
  pcap_pkthdr header{};
  header.ts = {frame.seconds, frame.nanoseconds};
  header.caplen = static_cast<bpf_u_int32>(frame.bytes.size());
  header.len = frame.wire_size;
  pcap_dump(reinterpret_cast<std::uint8_t*>(dumper_.get()), &header, frame.bytes.data());
}

Result<void> CaptureWriter::finish() {
  if (pcap_dump_flush(dumper_.get()) == 0) return {};
  return Error{fmt::format("{}: not written completely; is the disk full?", path_)};
}

}  // namespace sleight::replay
