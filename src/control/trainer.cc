// SPDX-License-Identifier: BSD-2-Clause
#include "trainer.h"

#include <algorithm>
#include <utility>

#include "sleight/net/training.h"

namespace sleight::control {
namespace {

constexpr std::uint64_t kMacBits = (std::uint64_t{1} << 48) - 1;
constexpr double kLargestBurst = 50;
constexpr std::chrono::seconds kSweepPeriod{1};

}  // namespace

Trainer::Trainer(fwd::FrameSender& frames, net::HostId self, std::vector<std::uint8_t> fabrics)
    : frames_(frames), self_(self), fabrics_(std::move(fabrics)) {}

bool Trainer::is_ours(fwd::PortIndex port, std::uint64_t mac_bits) const {
  const auto steer = net::decode_steer(mac_bits);
  return steer && port < fabrics_.size() && steer->fabric == fabrics_[port] &&
         steer->chain.target == self_;
}

void Trainer::note(fwd::PortIndex port, std::uint64_t mac_bits, SteadyTime now) {
  if (!is_ours(port, mac_bits)) return;
  const Key key = std::uint64_t{port} << 48 | mac_bits;
  const auto found = known_.find(key);
  if (found != known_.end()) {
    found->second.seen = now;
    if (now - found->second.sent >= kShortestGap) enqueue(key, found->second);
    return;
  }
  if (known_.size() >= kMaxKnown) {
    ++overflow_;
    return;
  }
  enqueue(key, known_.emplace(key, Known{.seen = now, .sent = {}}).first->second);
}

void Trainer::enqueue(Key key, Known& known) {
  if (known.queued) return;
  known.queued = true;
  queue_.push_back(key);
}

void Trainer::run(SteadyTime now) {
  if (now - last_sweep_ >= kSweepPeriod) sweep(now);
  const std::chrono::duration<double> elapsed = now - last_run_;
  last_run_ = now;
  allowance_ = std::min(kLargestBurst, allowance_ + elapsed.count() * kFramesPerSecond);
  while (!queue_.empty() && allowance_ >= 1) {
    const Key key = queue_.front();
    const auto frame = net::make_training(net::MacAddress::from_bits(key & kMacBits));
    // A full ring: what is due now is due at the next run too.
    if (!frames_.send(static_cast<fwd::PortIndex>(key >> 48), frame)) return;
    Known& known = known_.at(key);
    known.sent = now;
    known.queued = false;
    queue_.pop_front();
    allowance_ -= 1;
    ++sent_;
  }
}

void Trainer::sweep(SteadyTime now) {
  last_sweep_ = now;
  for (auto entry = known_.begin(); entry != known_.end();) {
    Known& known = entry->second;
    if (!known.queued && now - known.seen >= kForgetAfter) {
      entry = known_.erase(entry);
      continue;
    }
    if (now - known.sent >= kLongestGap) enqueue(entry->first, known);
    ++entry;
  }
}

TrainingReport Trainer::report() const {
  return {.known = known_.size(), .sent = sent_, .overflow = overflow_};
}

}  // namespace sleight::control
