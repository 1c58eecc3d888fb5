// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sleight::fwd {

// What becomes of a frame.
enum class Verdict : std::uint8_t {
  kForward,   // director: to the slot's steer MAC, out of the port it came from
  kAccept,    // host: to the kernel port, as ours
  kRedirect,  // host: to the next host of the chain, out of the port it came from
  kKernel,    // to the kernel port, as not for the load balancer
  kAnswer,    // answered in place
  kDrop,
  kHold,  // not final: a miss that waits for its second look
};

std::string_view to_string(Verdict verdict);  // "forward"

// The rule that decided a frame that was not dropped: metric label and JSON `reason`.
enum class Rule : std::uint8_t {
  kSlot,        // forward
  kNoFallback,  // accept: from here on ...
  kSyn,
  kUdp,
  kEcho,
  kEstablished,
  kSynCookie,
  kRequest,
  kTimeWait,    // ... to here
  kNoSocket,    // redirect
  kGroup,       // kernel: group address
  kOwnMac,      // kernel: the port's own hardware address
  kNeighbor,    // kernel: ARP, neighbour solicitation or advertisement
  kNotVip,      // kernel
  kSecondLook,  // hold
  kTraining,    // drop: noted and consumed, which is no loss
};
inline constexpr std::size_t kRuleCount = 16;

// Why a packet was lost: metric label and JSON `reason`, spelt as here.
enum class Drop : std::uint8_t {
  Malformed,      // headers do not hold, or break off
  BadSteer,       // reserved bits, foreign fabric or invalid chain
  NotMine,        // unicast to somebody else: flooded by a switch
  NoService,      // to a VIP, but no service takes it
  NoHost,         // the slot points nowhere
  Fragment,       // fragments have no design yet
  SocketUnknown,  // the oracle gave no answer
  HoldFull,       // no room to wait for the second look
};
inline constexpr std::size_t kDropCount = 8;

// A rule or a drop, in one byte: index of its counter.
class Outcome {
 public:
  static constexpr std::size_t kCount = kRuleCount + kDropCount;

  constexpr Outcome() = default;  // Drop::Malformed
  constexpr Outcome(Rule rule) : index_(static_cast<std::uint8_t>(rule)) {}
  constexpr Outcome(Drop drop)
      : index_(static_cast<std::uint8_t>(kRuleCount + static_cast<std::size_t>(drop))) {}

  // REQUIRES: index < kCount.
  static constexpr Outcome at(std::size_t index) {
    Outcome outcome;
    outcome.index_ = static_cast<std::uint8_t>(index);
    return outcome;
  }

  constexpr std::size_t index() const { return index_; }
  constexpr Verdict verdict() const { return kVerdicts[index_]; }
  // "slot", "established"; a drop as its enumerator: "BadSteer".
  std::string_view reason() const;

  friend constexpr bool operator==(const Outcome&, const Outcome&) = default;

 private:
  static constexpr std::array<Verdict, kCount> kVerdicts = [] {
    std::array<Verdict, kCount> verdicts{};
    verdicts.fill(Verdict::kDrop);
    const auto set = [&verdicts](Rule first, Rule last, Verdict verdict) {
      for (auto i = static_cast<std::size_t>(first); i <= static_cast<std::size_t>(last); ++i) {
        verdicts[i] = verdict;
      }
    };
    set(Rule::kSlot, Rule::kSlot, Verdict::kForward);
    set(Rule::kNoFallback, Rule::kTimeWait, Verdict::kAccept);
    set(Rule::kNoSocket, Rule::kNoSocket, Verdict::kRedirect);
    set(Rule::kGroup, Rule::kNotVip, Verdict::kKernel);
    set(Rule::kSecondLook, Rule::kSecondLook, Verdict::kHold);
    return verdicts;
  }();

  std::uint8_t index_ = kRuleCount;
};

}  // namespace sleight::fwd
