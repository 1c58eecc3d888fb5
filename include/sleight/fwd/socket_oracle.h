// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sleight/net/flow_key.h"

namespace sleight::fwd {

// One question: does this host's kernel own this flow? Numbers, not wire order, but for
// the flow key.
struct SocketQuestion {
  net::FlowKey flow;      // source is the client
  std::uint32_t seq = 0;  // of the packet; of the quoted packet for an error
  std::uint32_t ack = 0;
  std::uint8_t tcp_flags = 0;  // of the packet; 0 for an error
  bool is_error = false;       // an ICMP error about the flow: `seq` is one that we sent
};

enum class SocketVerdict : std::uint8_t {
  kUnknown,  // no answer; never to be read as a miss
  // Hits: the packet is ours.
  kEstablished,  // a full socket, closing states too
  kRequest,      // a request socket whose SYN-ACK this packet acknowledges (or quotes)
  kTimeWait,     // TIME_WAIT, and seq lies in its window
  kSynCookie,    // a listener, and a valid SYN cookie
  // Misses: the packet belongs to an earlier owner of the slot, if to anybody.
  kNoSocket,       // no socket at all
  kListener,       // a listener, and no valid cookie
  kOtherRequest,   // a request socket, and another host's SYN-ACK is acknowledged
  kOtherTimeWait,  // TIME_WAIT of an earlier use of the tuple
};

std::string_view to_string(SocketVerdict verdict);  // "other_request"

constexpr bool is_hit(SocketVerdict verdict) {
  return verdict >= SocketVerdict::kEstablished && verdict <= SocketVerdict::kSynCookie;
}

// Seam between the second chance and the kernel (reference implementation:
// sleight::oracle). One object a worker, no thread but its own.
class SocketOracle {
 public:
  // The most questions of one call: a full batch keeps softirqs off for 5 to 20 us.
  static constexpr std::size_t kMaxQuestions = 64;

  virtual ~SocketOracle() = default;

  // One verdict a question; kUnknown where the kernel gave no answer.
  // REQUIRES: questions.size() == verdicts.size() <= kMaxQuestions.
  virtual void ask(std::span<const SocketQuestion> questions,
                   std::span<SocketVerdict> verdicts) = 0;
};

}  // namespace sleight::fwd
