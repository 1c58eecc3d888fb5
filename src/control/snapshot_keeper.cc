// SPDX-License-Identifier: BSD-2-Clause
#include "snapshot_keeper.h"

#include <memory>

#include "sleight/base/check.h"
#include "sleight/base/log.h"

namespace sleight::control {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Workers that run answer within microseconds; one that the kernel put aside need not be
// watched that closely.
constexpr microseconds kCloseWatch{50};
constexpr milliseconds kCloseWatchFor{5};
constexpr milliseconds kLooseWatch{5};
constexpr milliseconds kSuspicious{1000};

std::uint64_t microseconds_since(SteadyTime then) {
  const auto elapsed = steady_clock::now() - then;
  return static_cast<std::uint64_t>(std::chrono::duration_cast<microseconds>(elapsed).count());
}

}  // namespace

SnapshotKeeper::SnapshotKeeper(boost::asio::io_context& io, const config::Config& config,
                               fwd::Publisher& publisher)
    : config_(config), publisher_(publisher), timer_(io) {}

void SnapshotKeeper::set_ports(const std::vector<fwd::PortFact>& ports) {
  ports_.clear();
  for (const fwd::PortFact& port : ports) {
    ports_.push_back({port.fabric, port.mac, port.kernel_mac});
  }
}

void SnapshotKeeper::publish(const std::map<std::string, slots::Pool>& tables,
                             std::optional<SteadyTime> arrived) {
  auto made = snapshot::build(config_, ports_, tables, ++version_);
  current_ = made.get();
  publisher_.publish(std::move(made));
  if (arrived) unsettled_.push_back(*arrived);
  published_at_ = steady_clock::now();
  settled_ = false;
  warned_ = false;
  poll();
}

void SnapshotKeeper::poll() {
  if (publisher_.settle()) return settled();
  const auto waited = steady_clock::now() - published_at_;
  if (waited >= kSuspicious && !warned_) {
    warned_ = true;
    log::warn("worker_stuck", {{"snapshot", std::to_string(version_)},
                               {"problem", "a worker has not taken the snapshot for a second"}});
  }
  if (waited < kCloseWatchFor) {
    timer_.expires_after(kCloseWatch);
  } else {
    timer_.expires_after(kLooseWatch);
  }
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) poll();
  });
}

void SnapshotKeeper::settled() {
  settled_ = true;
  for (const SteadyTime arrived : unsettled_) times_.record(microseconds_since(arrived));
  unsettled_.clear();
}

const fwd::Snapshot& SnapshotKeeper::current() const {
  CHECK(current_ != nullptr);
  return *current_;
}

SnapshotReport SnapshotKeeper::report() const {
  return {.version = version_,
          .settled = settled_,
          .publishes = version_,
          .last_settle_us = times_.last(),
          .p50_settle_us = times_.percentile(50),
          .p99_settle_us = times_.percentile(99),
          .max_settle_us = times_.max()};
}

}  // namespace sleight::control
