// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "commands.h"
#include "sleight/admin/server.h"
#include "sleight/control/control.h"

namespace sleight::admin {

// What all sessions share: how much may wait in them, and how much does.
struct Shared {
  Limits limits;
  std::size_t unsent_bytes = 0;
};

// One connection. Requests are carried out one after another, and nothing is read while
// a reply is unsent: what waits for a slow client is one line in and one reply out.
class Session : public std::enable_shared_from_this<Session> {
 public:
  using Socket = boost::asio::local::stream_protocol::socket;
  using Gone = std::function<void(const std::shared_ptr<Session>&)>;

  // `gone` is called once, when the connection has ended other than by close().
  Session(Socket socket, control::Control& control, std::shared_ptr<Shared> shared, Gone gone);

  void start();
  void close();

  // Whose place is given to a newcomer before another's: one who asks for nothing goes
  // before one who takes no reply, and that one before one whose command is under way;
  // among equals the one for whom that has lasted longest.
  bool goes_before(const Session& other) const {
    return std::pair(state_, since_) < std::pair(other.state_, other.since_);
  }

 private:
  enum class State : std::uint8_t { kReading, kWriting, kWorking, kClosed };

  void wait_for_request();
  void read();
  void next_line();
  void carry_out_line(std::string line);
  void reply(const json& id, const Answer& answer);
  void send(std::string line, bool then_end);
  void enter(State state);
  void set_deadline(std::chrono::milliseconds limit);
  void uncount_reply();
  void end();

  Socket socket_;
  boost::asio::steady_timer deadline_;
  control::Control& control_;
  const std::shared_ptr<Shared> shared_;
  Gone gone_;
  State state_ = State::kReading;
  std::chrono::steady_clock::time_point since_;  // when it came into its state
  std::array<char, 4096> chunk_{};
  std::string received_;      // at most kMaxLineBytes and a chunk
  std::size_t searched_ = 0;  // bytes of it that hold no newline
  std::string reply_;         // counted in shared_ until it is sent or given up
  std::size_t counted_ = 0;
};

}  // namespace sleight::admin
