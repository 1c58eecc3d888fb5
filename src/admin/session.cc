// SPDX-License-Identifier: BSD-2-Clause
#include "session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "sleight/admin/protocol.h"

namespace sleight::admin {
namespace {

using std::chrono::steady_clock;

std::string line_for(const json& id, const Answer& answer) {
  if (const auto* problem = std::get_if<Problem>(&answer)) return problem_line(id, *problem);
  return success_line(id, std::get<json>(answer));
}

Problem too_long() {
  return {error_code::kTooLong,
          "a request line has at most " + std::to_string(kMaxLineBytes) + " bytes"};
}

Problem busy() {
  return {error_code::kBusy,
          "the replies that clients of this service have not taken yet fill its memory for them: "
          "take or close them and ask again"};
}

}  // namespace

Session::Session(Socket socket, control::Control& control, std::shared_ptr<Shared> shared,
                 Gone gone)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      control_(control),
      shared_(std::move(shared)),
      gone_(std::move(gone)),
      since_(steady_clock::now()) {}

void Session::start() { wait_for_request(); }

void Session::close() {
  enter(State::kClosed);
  uncount_reply();
  boost::system::error_code ignored;
  socket_.close(ignored);
  deadline_.cancel();
}

void Session::enter(State state) {
  state_ = state;
  since_ = steady_clock::now();
}

void Session::end() {
  if (state_ == State::kClosed) return;
  close();
  gone_(shared_from_this());
}

// The limit runs until a whole request is there: a client that sends a byte now and then
// is idle too.
void Session::wait_for_request() {
  enter(State::kReading);
  set_deadline(shared_->limits.idle);
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
  enter(State::kWorking);
  deadline_.expires_at(steady_clock::time_point::max());
  ParsedLine parsed = parse_line(line);
  if (const auto* problem = std::get_if<Problem>(&parsed.request)) {
    return send(problem_line(parsed.id, *problem), false);
  }
  carry_out(std::get<Request>(parsed.request), control_,
            [self = shared_from_this(), id = std::move(parsed.id)](const Answer& answer) {
              self->reply(id, answer);
            });
}

// Short replies, so those of commands that change something, go out in any case: their
// number bounds them.
void Session::reply(const json& id, const Answer& answer) {
  std::string line = line_for(id, answer);
  const bool is_long = line.size() > kMaxLineBytes;
  if (is_long && shared_->unsent_bytes + line.size() > shared_->limits.unsent_bytes) {
    line = problem_line(id, busy());
  }
  send(std::move(line), false);
}

void Session::send(std::string line, bool then_end) {
  if (state_ == State::kClosed) return;
  enter(State::kWriting);
  reply_ = std::move(line);
  counted_ = reply_.size();
  shared_->unsent_bytes += counted_;
  set_deadline(shared_->limits.write);
  boost::asio::async_write(
      socket_, boost::asio::buffer(reply_),
      [self = shared_from_this(), then_end](const boost::system::error_code& error, std::size_t) {
        if (self->state_ == State::kClosed) return;
        if (error || then_end) return self->end();
        self->reply_ = {};
        self->uncount_reply();
        self->wait_for_request();
      });
}

void Session::uncount_reply() { shared_->unsent_bytes -= std::exchange(counted_, 0); }

void Session::set_deadline(std::chrono::milliseconds limit) {
  deadline_.expires_after(limit);
  deadline_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    // A deadline that was moved while its handler was on its way has not passed.
    if (error || self->deadline_.expiry() > steady_clock::now()) return;
    self->end();
  });
}

}  // namespace sleight::admin
