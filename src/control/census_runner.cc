// SPDX-License-Identifier: BSD-2-Clause
#include "census_runner.h"

#include <boost/asio/post.hpp>

#include "sleight/base/log.h"

namespace sleight::control {
namespace {

constexpr std::chrono::seconds kStaleAfter{5};

}  // namespace

CensusRunner::CensusRunner(boost::asio::io_context& io, fwd::SocketCensus& census,
                           std::vector<net::IpPrefix> vips)
    : io_(io), census_(census), vips_(std::move(vips)) {}

void CensusRunner::refresh() {
  if (!walking_ && !stopped_) walk();
}

void CensusRunner::count(Reply reply) {
  if (stopped_) return;
  next_.push_back(std::move(reply));
  refresh();
}

void CensusRunner::stop() {
  stopped_ = true;
  current_.clear();
  next_.clear();
  helper_.join();
}

void CensusRunner::walk() {
  walking_ = true;
  current_ = std::exchange(next_, {});
  boost::asio::post(helper_, [this] {
    auto result = census_.count(vips_);
    boost::asio::post(io_, [this, result = std::move(result)] { finished(result); });
  });
}

void CensusRunner::finished(const Result<fwd::SocketCount>& result) {
  if (stopped_) return;
  walking_ = false;
  if (result) {
    latest_ = *result;
    latest_at_ = std::chrono::steady_clock::now();
  } else if (!failing_) {
    log::warn("census_failed", {{"problem", result.error().message}});
  }
  failing_ = !result.has_value();
  if (failing_) latest_.reset();
  for (const Reply& reply : std::exchange(current_, {})) reply(result);
  if (!next_.empty()) refresh();
}

std::optional<std::uint64_t> CensusRunner::flows(SteadyTime now) const {
  if (!latest_ || now - latest_at_ > kStaleAfter) return std::nullopt;
  return latest_->flows + latest_->requests;
}

}  // namespace sleight::control
