// SPDX-License-Identifier: BSD-2-Clause
#include "verdict_line.h"

#include <nlohmann/json.hpp>

namespace sleight::replay {

std::string verdict_line(std::uint64_t number, const Judged& judged,
                         const fwd::Snapshot& snapshot) {
  nlohmann::ordered_json line = {{"n", number},
                                 {"verdict", fwd::to_string(judged.outcome.verdict())},
                                 {"reason", judged.outcome.reason()}};
  if (judged.vip != fwd::kNoIndex) line["vip"] = snapshot.vip_names.at(judged.vip);
  if (judged.service != fwd::kNoIndex) {
    line["service"] = snapshot.service_names.at(judged.service);
  }
  if (judged.slot != fwd::kNoIndex) line["slot"] = judged.slot;
  if (judged.steer) line["steer"] = net::to_string(*judged.steer);
  return line.dump();
}

}  // namespace sleight::replay
