// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/dataplane/dataplane.h"

#include <rte_errno.h>
#include <rte_launch.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

#include "eal.h"
#include "event_collector.h"
#include "frame_injector.h"
#include "port_set.h"
#include "sleight/base/check.h"
#include "sleight/base/log.h"
#include "worker.h"

namespace sleight::dataplane {
namespace {

std::vector<std::string> devices_of(const Settings& settings) {
  std::vector<std::string> devices;
  for (const PortSettings& port : settings.ports) {
    devices.push_back(port.device);
    devices.push_back(port.kernel_device);
  }
  return devices;
}

// A worker without a queue has nothing to do, so there is none.
std::size_t busy_workers(const Settings& settings) {
  std::size_t queues = 0;
  for (const PortSettings& port : settings.ports)
    queues = std::max<std::size_t>(queues, port.queues);
  return queues;
}

}  // namespace

class Dataplane::Impl final : public fwd::Statistics {
 public:
  Impl(const Settings& settings, std::unique_ptr<Eal> eal, std::unique_ptr<PortSet> ports,
       const std::vector<fwd::SocketOracle*>& oracles);
  ~Impl() override { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> start();
  void stop();

  std::size_t worker_count() const override { return workers_.size(); }
  const fwd::Counters& worker(std::size_t index) const override {
    return workers_[index]->counters();
  }
  fwd::PortStatistics port(fwd::PortIndex port) const override { return ports_->statistics(port); }

 private:
  friend class Dataplane;
  void add_worker(const Settings& settings, std::uint16_t queue, fwd::SocketOracle* oracle);
  Result<void> launch(std::size_t index);

  struct Launch {
    Worker* worker = nullptr;
    const std::atomic<bool>* stop = nullptr;
  };

  // In the order in which one needs the other.
  std::unique_ptr<Eal> eal_;
  std::unique_ptr<PortSet> ports_;
  SnapshotPublisher publisher_;
  EventCollector events_;
  FrameInjector injector_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Launch> launches_;   // of running workers, by lcore - 1
  std::atomic<bool> stop_{false};  // worker: ro, control: rw
};

Dataplane::Impl::Impl(const Settings& settings, std::unique_ptr<Eal> eal,
                      std::unique_ptr<PortSet> ports,
                      const std::vector<fwd::SocketOracle*>& oracles)
    : eal_(std::move(eal)),
      ports_(std::move(ports)),
      publisher_(static_cast<unsigned>(busy_workers(settings))),
      events_(busy_workers(settings), ports_->size(),
              {[this](fwd::PortIndex port, bool kernel) { return ports_->link_up(port, kernel); }}),
      injector_(ports_->size(), ports_->injection_pool()) {
  for (std::uint16_t queue = 0; queue < busy_workers(settings); ++queue) {
    add_worker(settings, queue, oracles.empty() ? nullptr : oracles[queue]);
  }
  launches_.reserve(workers_.size());
}

void Dataplane::Impl::add_worker(const Settings& settings, std::uint16_t queue,
                                 fwd::SocketOracle* oracle) {
  WorkerSetup setup;
  setup.queue = queue;
  setup.ports = ports_->with_queue(queue);
  setup.oracle = oracle;
  setup.events = &events_.ring(queue);
  setup.burst = settings.burst;
  setup.idle_sleep = settings.idle_sleep;
  setup.hold_capacity = ports_->hold_capacity();
  if (queue == 0) {
    for (const PortPair& pair : setup.ports) setup.injected.push_back(&injector_.ring(pair.index));
  }
  workers_.push_back(std::make_unique<Worker>(std::move(setup), publisher_));
}

Result<void> Dataplane::Impl::start() {
  if (auto done = ports_->start(); !done) {
    ports_->stop();
    return done;
  }
  stop_ = false;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if (auto done = launch(i); !done) {
      stop();
      return done;
    }
  }
  return {};
}

Result<void> Dataplane::Impl::launch(std::size_t index) {
  launches_.push_back({workers_[index].get(), &stop_});
  const auto run = [](void* argument) {
    const auto* launch = static_cast<const Launch*>(argument);
    launch->worker->run(*launch->stop);
    return 0;
  };
  // lcore 0 is the control thread: eal_arguments.h.
  const int code = rte_eal_remote_launch(run, &launches_.back(), static_cast<unsigned>(index + 1));
  if (code == 0) return {};
  launches_.pop_back();
  return Error{"worker " + std::to_string(index) + " of " + std::to_string(workers_.size()) +
               " does not start: " + rte_strerror(-code) +
               " (to mend it: leave the choice of cores to eal.cores, without -l or --lcores in "
               "eal.args)"};
}

void Dataplane::Impl::stop() {
  stop_ = true;
  for (std::size_t i = 0; i < launches_.size(); ++i) {
    rte_eal_wait_lcore(static_cast<unsigned>(i + 1));
  }
  launches_.clear();
  ports_->stop();
}

Result<std::unique_ptr<Dataplane>> Dataplane::open(const Settings& settings,
                                                   std::vector<fwd::SocketOracle*> oracles) {
  CHECK(oracles.empty() || oracles.size() == settings.eal.cores.size());
  CHECK(!settings.ports.empty());
  auto eal = Eal::start(settings.eal, devices_of(settings));
  if (!eal) return std::move(eal).error();
  auto ports = PortSet::open(settings);
  if (!ports) return std::move(ports).error();
  const std::size_t busy = busy_workers(settings);
  if (busy < settings.eal.cores.size()) {
    log::warn("workers_without_queue", {{"cores", std::to_string(settings.eal.cores.size())},
                                        {"queues", std::to_string(busy)}});
  }
  return std::unique_ptr<Dataplane>(
      new Dataplane(std::make_unique<Impl>(settings, *std::move(eal), *std::move(ports), oracles)));
}

Dataplane::Dataplane(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Dataplane::~Dataplane() = default;

Result<void> Dataplane::start() { return impl_->start(); }
void Dataplane::stop() { impl_->stop(); }

fwd::Publisher& Dataplane::publisher() { return impl_->publisher_; }
fwd::FrameSender& Dataplane::frames() { return impl_->injector_; }
fwd::WireEvents& Dataplane::events() { return impl_->events_; }
const fwd::PortFacts& Dataplane::ports() const { return *impl_->ports_; }
const fwd::Statistics& Dataplane::statistics() const { return *impl_; }

}  // namespace sleight::dataplane
