// SPDX-License-Identifier: BSD-2-Clause
#include "socket_population.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <utility>

namespace sleight::oracle {
namespace {

constexpr std::size_t kPortsOfAClient = 50'000;
constexpr std::uint16_t kFirstPort = 10'000;
constexpr unsigned kFirstOwner = 20;  // 203.0.113.20
constexpr unsigned kFirstStranger = 120;
constexpr int kBacklog = 200'000;

TcpClient client(Sandbox& sandbox, unsigned first_host, std::size_t index) {
  return {sandbox, "203.0.113." + std::to_string(first_host + index / kPortsOfAClient),
          static_cast<std::uint16_t>(kFirstPort + index % kPortsOfAClient)};
}

void exit_on(const Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

}  // namespace

SocketPopulation& SocketPopulation::of(std::size_t count) {
  static std::unique_ptr<SocketPopulation> population;
  if (!population || population->size_ > count) {
    population.reset();
    population = std::make_unique<SocketPopulation>();
    exit_on(population->start());
  }
  exit_on(population->grow_to(count));
  return *population;
}

Result<void> SocketPopulation::start() {
  auto sandbox = Sandbox::make();
  if (!sandbox) return std::move(sandbox).error();
  sandbox_ = *std::move(sandbox);
  if (!sandbox_->set("core/somaxconn", std::to_string(kBacklog))) {
    return Error{"/proc/sys is read-only"};
  }
  listener_ = listen_on(Stack::kIpv4, kBacklog);
  return {};
}

Result<void> SocketPopulation::grow_to(std::size_t count) {
  for (; size_ < count; ++size_) {
    if (!owned(size_).connect()) return Error{"a handshake failed"};
  }
  return {};
}

TcpClient SocketPopulation::owned(std::size_t index) const {
  return client(*sandbox_, kFirstOwner, index);
}

TcpClient SocketPopulation::stranger(std::size_t index) const {
  return client(*sandbox_, kFirstStranger, index);
}

std::vector<std::size_t> SocketPopulation::shuffled() const {
  std::vector<std::size_t> order(size_);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), std::mt19937(1));
  return order;
}

}  // namespace sleight::oracle
