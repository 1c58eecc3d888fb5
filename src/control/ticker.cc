// SPDX-License-Identifier: BSD-2-Clause
#include "ticker.h"

namespace sleight::control {

Ticker::Ticker(boost::asio::io_context& io, std::chrono::milliseconds period,
               std::function<void()> call)
    : timer_(io), period_(period), call_(std::move(call)) {}

void Ticker::start() {
  running_ = true;
  timer_.expires_after(period_);
  wait();
}

void Ticker::stop() {
  running_ = false;
  timer_.cancel();
}

void Ticker::wait() {
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || !running_) return;
    call_();
    const auto now = std::chrono::steady_clock::now();
    timer_.expires_at(timer_.expiry() + period_ > now ? timer_.expiry() + period_ : now + period_);
    if (running_) wait();
  });
}

}  // namespace sleight::control
