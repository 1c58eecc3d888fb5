// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "replay.h"
#include "sleight/base/check.h"
#include "world.h"

// Strangers' frames through the whole packet path, every role, both looks.
namespace sleight::replay {
namespace {

using support::Bytes;

constexpr std::uint8_t kMarker[] = {0xfe, 0xed};  // between frames
constexpr net::Chain kAlone{support::kSelf, {}};
constexpr net::Chain kWithFallback{support::kSelf, {2, 3}};

std::unique_ptr<Replay> make_replay(support::Roles roles) {
  auto snapshot = std::make_unique<fwd::Snapshot>(support::make_snapshot(roles));
  if (roles.host && roles.director) support::point_all_slots(*snapshot, kWithFallback);
  return std::make_unique<Replay>(std::move(snapshot), std::span<const net::FlowKey>{});
}

// Each frame four times: as it is, and to each kind of address that is somebody's here.
void add_frame(std::vector<Bytes>& frames, const Bytes& frame) {
  frames.push_back(frame);
  if (frame.size() < net::kEthernetHeader) return;
  for (const std::uint64_t mac :
       {support::kPortMac, support::steer(kAlone), support::steer(kWithFallback)}) {
    const auto bytes = net::MacAddress::from_bits(mac).bytes;
    frames.push_back(frame);
    std::copy(bytes.begin(), bytes.end(), frames.back().begin());
  }
}

std::vector<Bytes> cut(const std::uint8_t* data, std::size_t size) {
  std::vector<Bytes> frames;
  const std::uint8_t* const end = data + size;
  while (data != end && frames.size() + 4 <= fwd::kMaxBurst) {
    const std::uint8_t* const marker =
        std::search(data, end, std::begin(kMarker), std::end(kMarker));
    add_frame(frames, Bytes(data, marker));
    data = marker == end ? end : marker + sizeof kMarker;
  }
  return frames;
}

void check(Replay& replay, const std::vector<Bytes>& given) {
  std::vector<Bytes> frames = given;
  std::vector<fwd::Frame> views;
  for (Bytes& frame : frames) {
    frame.shrink_to_fit();  // so that a read behind the frame is one behind its memory
    views.push_back({frame.data(), static_cast<std::uint32_t>(frame.size())});
  }
  const std::span<const Judged> judged = replay.judge(views);
  CHECK(judged.size() == given.size());
  for (std::size_t i = 0; i < judged.size(); ++i) {
    CHECK(judged[i].outcome.verdict() != fwd::Verdict::kHold);
    CHECK(judged[i].slot == fwd::kNoIndex || judged[i].vip != fwd::kNoIndex);
    const auto start = static_cast<std::ptrdiff_t>(std::min<std::size_t>(12, given[i].size()));
    CHECK(std::equal(given[i].begin() + start, given[i].end(), frames[i].begin() + start));
  }
}

}  // namespace
}  // namespace sleight::replay

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace replay = sleight::replay;
  namespace support = sleight::support;
  static const auto director = replay::make_replay(support::kDirector);
  static const auto host = replay::make_replay(support::kHost);
  static const auto both = replay::make_replay(support::kBoth);
  const std::vector<support::Bytes> frames = replay::cut(data, size);
  replay::check(*director, frames);
  replay::check(*host, frames);
  replay::check(*both, frames);
  return 0;
}
