// SPDX-License-Identifier: BSD-2-Clause
#include "run.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "capture.h"
#include "setup.h"
#include "sleight/net/steer_mac.h"
#include "verdict_line.h"

namespace sleight::replay {
namespace {

std::optional<net::MacAddress> unicast_destination(const Captured& frame) {
  net::MacAddress mac;
  if (frame.bytes.size() < net::kEthernetHeader) return std::nullopt;
  std::copy_n(frame.bytes.begin(), mac.bytes.size(), mac.bytes.begin());
  if (mac.is_group() || net::is_steer_kind(mac.bits())) return std::nullopt;
  return mac;
}

// The address that the capture's frames to the port carry, as far as can be told.
Result<std::optional<net::MacAddress>> find_port_mac(const std::string& path) {
  Result<CaptureReader> reader = CaptureReader::open(path);
  if (!reader) return reader.error();
  for (;;) {
    Result<std::optional<Captured>> frame = reader->next();
    if (!frame) return frame.error();
    if (!*frame) return std::optional<net::MacAddress>{};
    if (const auto mac = unicast_destination(**frame)) return mac;
  }
}

// Frames until the burst is full or the capture ends.
Result<std::vector<Captured>> read_burst(CaptureReader& reader) {
  std::vector<Captured> burst;
  while (burst.size() < fwd::kMaxBurst) {
    Result<std::optional<Captured>> frame = reader.next();
    if (!frame) return frame.error();
    if (!*frame) break;
    burst.push_back(std::move(**frame));
  }
  return burst;
}

// Judges a burst, writes its verdicts and the frames that leave.
void replay_burst(Replay& replay, std::vector<Captured>& burst, std::uint64_t& number,
                  CaptureWriter& out, std::ostream& verdicts) {
  std::vector<fwd::Frame> frames;
  for (Captured& frame : burst) {
    frames.push_back({frame.bytes.data(), static_cast<std::uint32_t>(frame.bytes.size())});
  }
  const std::span<const Judged> judged = replay.judge(frames);
  for (std::size_t i = 0; i < burst.size(); ++i) {
    verdicts << verdict_line(number++, judged[i], replay.snapshot()) << '\n';
    if (judged[i].outcome.verdict() != fwd::Verdict::kDrop) out.write(burst[i]);
  }
}

std::vector<std::string> inputs_of(const Options& options) {
  std::vector<std::string> inputs = options.tables;
  inputs.push_back(options.config);
  inputs.push_back(options.in);
  if (options.sockets) inputs.push_back(*options.sockets);
  return inputs;
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code failed;
  if (std::filesystem::equivalent(a, b, failed)) return true;
  // Files that are not there yet have nothing but their paths.
  return std::filesystem::weakly_canonical(a, failed) ==
         std::filesystem::weakly_canonical(b, failed);
}

// Else writing would begin by emptying what is to be read.
Result<void> check_outputs(const Options& options) {
  if (is_same_file(options.out, options.verdicts)) {
    return Error{fmt::format("--out and --verdicts are the same file, {}; name two", options.out)};
  }
  for (const std::string& output : {options.out, options.verdicts}) {
    for (const std::string& input : inputs_of(options)) {
      if (!is_same_file(output, input)) continue;
      return Error{
          fmt::format("{}: an input as well as --out or --verdicts; name another file to "
                      "write",
                      output)};
    }
  }
  return {};
}

Result<void> replay_capture(const Options& options, Replay& replay) {
  Result<CaptureReader> in = CaptureReader::open(options.in);
  if (!in) return in.error();
  Result<CaptureWriter> out = CaptureWriter::create(options.out);
  if (!out) return out.error();
  errno = 0;
  std::ofstream verdicts(options.verdicts);
  if (!verdicts) {
    return Error{fmt::format("{}: not writable: {}", options.verdicts, std::strerror(errno))};
  }
  std::uint64_t number = 0;
  for (;;) {
    Result<std::vector<Captured>> burst = read_burst(*in);
    if (!burst) return burst.error();
    if (burst->empty()) break;
    replay_burst(replay, *burst, number, *out, verdicts);
  }
  verdicts.close();
  if (!verdicts) {
    return Error{fmt::format("{}: not written completely; is the disk full?", options.verdicts)};
  }
  return out->finish();
}

}  // namespace

Result<void> run(const Options& options, config::Config config) {
  if (auto fit = check_outputs(options); !fit) return fit;
  const Result<std::optional<net::MacAddress>> seen_mac = find_port_mac(options.in);
  if (!seen_mac) return seen_mac.error();
  Result<std::unique_ptr<Replay>> replay = make_replay(options, std::move(config), *seen_mac);
  if (!replay) return replay.error();
  return replay_capture(options, **replay);
}

}  // namespace sleight::replay
