// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/admin/server.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "session.h"
#include "sleight/admin/protocol.h"
#include "sleight/base/log.h"
#include "socket_file.h"

namespace sleight::admin {
namespace {

using boost::asio::local::stream_protocol;

// How long to leave the accept queue alone when the process has no descriptor to spare.
constexpr std::chrono::milliseconds kAcceptPause{100};

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(boost::asio::io_context& io, SocketFile file, control::Control& control,
       const Limits& limits)
      : file_(std::move(file)),
        acceptor_(io),
        pause_(io),
        control_(control),
        shared_(std::make_shared<Shared>(Shared{limits})) {}

  Result<void> start() {
    boost::system::error_code error;
    acceptor_.assign(stream_protocol(), file_->release_fd(), error);
    if (error) return Error{"admin socket: " + error.message()};
    accept();
    return {};
  }

  void close() {
    closed_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (const auto& session : std::exchange(sessions_, {})) session->close();
    file_.reset();
  }

 private:
  using SessionPtr = std::shared_ptr<Session>;

  void accept() {
    acceptor_.async_accept(
        [self = shared_from_this()](const boost::system::error_code& error, Session::Socket peer) {
          if (self->closed_) return;
          if (error) return self->accept_later(error);
          self->take_in(std::move(peer));
          self->accept();
        });
  }

  void accept_later(const boost::system::error_code& error) {
    log::warn("admin_accept_failed", {{"problem", error.message()}});
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([self = shared_from_this()](const boost::system::error_code&) {
      if (!self->closed_) self->accept();
    });
  }

  // An operator gets in whoever else has taken all the places: somebody has to go.
  void take_in(Session::Socket peer) {
    if (sessions_.size() >= kMaxConnections) drop_one();
    auto session = std::make_shared<Session>(std::move(peer), control_, shared_,
                                             [weak = weak_from_this()](const SessionPtr& gone) {
                                               if (const auto self = weak.lock())
                                                 std::erase(self->sessions_, gone);
                                             });
    sessions_.push_back(session);
    session->start();
  }

  void drop_one() {
    const auto first = std::min_element(
        sessions_.begin(), sessions_.end(),
        [](const SessionPtr& a, const SessionPtr& b) { return a->goes_before(*b); });
    (*first)->close();
    sessions_.erase(first);
  }

  std::optional<SocketFile> file_;  // none once closed
  stream_protocol::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  control::Control& control_;
  const std::shared_ptr<Shared> shared_;
  std::vector<SessionPtr> sessions_;
  bool closed_ = false;
};

Result<std::unique_ptr<Server>> Server::listen(boost::asio::io_context& io,
                                               const std::string& socket_path,
                                               const std::string& group, control::Control& control,
                                               const Limits& limits) {
  auto file = SocketFile::listen(socket_path, group);
  if (!file) return std::move(file).error();
  auto impl = std::make_shared<Impl>(io, *std::move(file), control, limits);
  if (auto started = impl->start(); !started) return std::move(started).error();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { impl_->close(); }

}  // namespace sleight::admin
