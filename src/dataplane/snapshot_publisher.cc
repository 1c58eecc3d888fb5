// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/dataplane/snapshot_publisher.h"

#include <rte_rcu_qsbr.h>

#include <cstdlib>
#include <utility>

#include "sleight/base/check.h"

namespace sleight::dataplane {

void SnapshotPublisher::FreeState::operator()(rte_rcu_qsbr* state) const { std::free(state); }

SnapshotPublisher::SnapshotPublisher(unsigned max_readers) {
  const std::size_t size = rte_rcu_qsbr_get_memsize(max_readers);
  state_.reset(static_cast<rte_rcu_qsbr*>(std::aligned_alloc(RTE_CACHE_LINE_SIZE, size)));
  CHECK(state_ != nullptr);
  CHECK(rte_rcu_qsbr_init(state_.get(), max_readers) == 0);
}

SnapshotPublisher::~SnapshotPublisher() {
  CHECK(settle());
  delete current_.load(std::memory_order_relaxed);
}

void SnapshotPublisher::publish(std::unique_ptr<const fwd::Snapshot> snapshot) {
  CHECK(snapshot != nullptr);
  const fwd::Snapshot* old = current_.exchange(snapshot.release(), std::memory_order_acq_rel);
  if (old != nullptr) {
    // The token comes after the exchange: a reader that reports it has seen the new one.
    retired_.push_back(
        {std::unique_ptr<const fwd::Snapshot>(old), rte_rcu_qsbr_start(state_.get())});
  }
  settle();
}

bool SnapshotPublisher::settle() {
  while (!retired_.empty() &&
         rte_rcu_qsbr_check(state_.get(), retired_.front().token, false) == 1) {
    retired_.pop_front();
  }
  return retired_.empty();
}

SnapshotReader::SnapshotReader(SnapshotPublisher& publisher, unsigned id)
    : publisher_(publisher), id_(id) {
  CHECK(rte_rcu_qsbr_thread_register(publisher_.state_.get(), id_) == 0);
}

SnapshotReader::~SnapshotReader() {
  offline();
  CHECK(rte_rcu_qsbr_thread_unregister(publisher_.state_.get(), id_) == 0);
}

void SnapshotReader::online() { rte_rcu_qsbr_thread_online(publisher_.state_.get(), id_); }

void SnapshotReader::offline() { rte_rcu_qsbr_thread_offline(publisher_.state_.get(), id_); }

void SnapshotReader::quiescent() { rte_rcu_qsbr_quiescent(publisher_.state_.get(), id_); }

}  // namespace sleight::dataplane
