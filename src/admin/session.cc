// SPDX-License-Identifier: BSD-2-Clause
#include "session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "sleight/admin/protocol.h"

namespace sleight::admin {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

std::string line_for(const json& id, const Answer& answer) {
  if (const auto* problem = std::get_if<Problem>(&answer)) return problem_line(id, *problem);
  return success_line(id, std::get<json>(answer));
}

Problem too_long() {
  return {error_code::kTooLong,
          "a request line has at most " + std::to_string(kMaxLineBytes) + " bytes"};
}

}  // namespace

Session::Session(Socket socket, control::Control& control, Gone gone)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      control_(control),
      gone_(std::move(gone)),
      idle_since_(steady_clock::now()) {}

void Session::start() { wait_for_request(); }

void Session::close() {
  state_ = State::kClosed;
  boost::system::error_code ignored;
  socket_.close(ignored);
  deadline_.cancel();
}

void Session::end() {
  if (state_ == State::kClosed) return;
  close();
  gone_(shared_from_this());
}

// The limit runs until a whole request is there: a client that sends a byte now and then
// is idle too.
void Session::wait_for_request() {
  state_ = State::kReading;
  idle_since_ = steady_clock::now();
  set_deadline(seconds(kIdleLimitSeconds));
  next_line();
}

void Session::read() {
  socket_.async_read_some(
      boost::asio::buffer(chunk_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
        if (self->state_ == State::kClosed) return;
        if (error) return self->end();
        self->received_.append(self->chunk_.data(), count);
        self->next_line();
      });
}

void Session::next_line() {
  const std::size_t newline = received_.find('\n', searched_);
  const bool whole = newline != std::string::npos;
  if ((whole ? newline + 1 : received_.size()) > kMaxLineBytes) {
    return send(problem_line(nullptr, too_long()), true);
  }
  if (!whole) {
    searched_ = received_.size();
    return read();
  }
  std::string line = received_.substr(0, newline);
  received_.erase(0, newline + 1);
  searched_ = 0;
  carry_out_line(std::move(line));
}

void Session::carry_out_line(std::string line) {
  state_ = State::kWorking;
  deadline_.expires_at(steady_clock::time_point::max());
  const ParsedLine parsed = parse_line(line);
  if (const auto* problem = std::get_if<Problem>(&parsed.request)) {
    return send(problem_line(parsed.id, *problem), false);
  }
  carry_out(std::get<Request>(parsed.request), control_,
            [self = shared_from_this(), id = parsed.id](const Answer& answer) {
              self->send(line_for(id, answer), false);
            });
}

void Session::send(std::string line, bool then_end) {
  if (state_ == State::kClosed) return;
  state_ = State::kWriting;
  reply_ = std::move(line);
  set_deadline(seconds(kWriteLimitSeconds));
  boost::asio::async_write(
      socket_, boost::asio::buffer(reply_),
      [self = shared_from_this(), then_end](const boost::system::error_code& error, std::size_t) {
        if (self->state_ == State::kClosed) return;
        if (error || then_end) return self->end();
        self->reply_ = {};
        self->wait_for_request();
      });
}

void Session::set_deadline(seconds limit) {
  deadline_.expires_after(limit);
  deadline_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    // A deadline that was moved while its handler was on its way has not passed.
    if (error || self->deadline_.expiry() > steady_clock::now()) return;
    self->end();
  });
}

}  // namespace sleight::admin
