// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/fwd/pipeline.h"

#include "frame_macs.h"
#include "sleight/base/check.h"
#include "stages.h"

namespace sleight::fwd {
namespace {

constexpr bool goes_to_kernel(Outcome outcome) {
  const Verdict verdict = outcome.verdict();
  return verdict == Verdict::kAccept || verdict == Verdict::kKernel;
}

// Unicast for the kernel needs the kernel port's address, or its stack ignores it.
void address_to_kernel(const Context& context, const Burst& burst) {
  const std::uint64_t kernel_mac = context.snapshot.ports[context.port].kernel_mac.bits();
  for (std::size_t i = 0; i < burst.count; ++i) {
    const Outcome outcome = burst.outcomes[i];
    if (!goes_to_kernel(outcome) || outcome == Rule::kGroup) continue;
    write_destination(burst.frames[i], kernel_mac);
  }
}

// One add a counter and burst: an add a packet would be an atomic store a packet.
void count_outcomes(const Burst& burst, Counters& counters) {
  std::array<std::uint8_t, Outcome::kCount> counts{};
  for (std::size_t i = 0; i < burst.count; ++i) ++counts[burst.outcomes[i].index()];
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] != 0) counters.outcomes[k].add(counts[k]);
  }
}

void finish(const Context& context, const Burst& burst) {
  address_to_kernel(context, burst);
  count_outcomes(burst, context.counters);
}

}  // namespace

void process(const Context& context, Burst& burst) {
  CHECK(burst.count <= kMaxBurst);
  Lanes open = admit(context, burst);
  if (!open.director.empty()) open.host.merge(steer(context, burst, open.director));
  const Lane unsure = accept_new(burst, open.host);
  if (!unsure.empty()) first_look(context, burst, unsure);
  finish(context, burst);
}

void second_look(const Context& context, Burst& burst) {
  CHECK(burst.count <= kMaxBurst);
  if (burst.count == 0) return;
  const std::size_t hits = judge_again(context, burst);
  finish(context, burst);
  context.counters.second_looks.add(burst.count);
  context.counters.second_look_hits.add(hits);
}

}  // namespace sleight::fwd
