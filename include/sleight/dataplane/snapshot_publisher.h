// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>

#include "sleight/fwd/seams.h"
#include "sleight/fwd/snapshot.h"

struct rte_rcu_qsbr;

namespace sleight::dataplane {

// One atomic pointer to the newest snapshot. Older ones wait in order of age until every
// reader has been quiescent once since they were replaced (quiescent-state RCU), and are
// freed by the publishing thread. Works without an EAL.
class SnapshotPublisher final : public fwd::Publisher {
 public:
  explicit SnapshotPublisher(unsigned max_readers);
  ~SnapshotPublisher() override;  // REQUIRES: no reader is left
  SnapshotPublisher(const SnapshotPublisher&) = delete;
  SnapshotPublisher& operator=(const SnapshotPublisher&) = delete;

  void publish(std::unique_ptr<const fwd::Snapshot> snapshot) override;
  bool settle() override;

 private:
  friend class SnapshotReader;
  struct Retired {
    std::unique_ptr<const fwd::Snapshot> snapshot;
    std::uint64_t token = 0;
  };
  struct FreeState {
    void operator()(rte_rcu_qsbr* state) const;
  };

  std::atomic<const fwd::Snapshot*> current_{nullptr};  // worker: ro, control: rw
  std::unique_ptr<rte_rcu_qsbr, FreeState> state_;
  std::deque<Retired> retired_;  // oldest first
};

// A worker's end of a publisher: one thread, from construction to destruction. Offline
// at first, and while it sleeps: nobody waits for a reader that is offline.
class SnapshotReader {
 public:
  // REQUIRES: id < max_readers, used by no other reader.
  SnapshotReader(SnapshotPublisher& publisher, unsigned id);
  ~SnapshotReader();
  SnapshotReader(const SnapshotReader&) = delete;
  SnapshotReader& operator=(const SnapshotReader&) = delete;

  void online();
  void offline();
  void quiescent();  // lets go of what current() returned before

  // Valid until the next quiescent() or offline(); null before the first publish().
  // REQUIRES: online.
  const fwd::Snapshot* current() const {
    return publisher_.current_.load(std::memory_order_acquire);
  }

 private:
  SnapshotPublisher& publisher_;
  unsigned id_;
};

}  // namespace sleight::dataplane
