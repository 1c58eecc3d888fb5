// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "random_pool.h"

namespace sleight::slots {
namespace {

using Json = nlohmann::json;
using Slots = std::vector<std::uint32_t>;

// `last` is the last enumerator.
template <typename Enum>
Enum named(const std::string& name, Enum last) {
  for (int value = 0; value <= static_cast<int>(last); ++value) {
    if (to_string(static_cast<Enum>(value)) == name) return static_cast<Enum>(value);
  }
  ADD_FAILURE() << name;
  return last;
}

Pool start_of(const Json& scenario) {
  std::vector<Member> members;
  for (const Json& host : scenario["hosts"]) {
    members.push_back({host["id"], host["weight"], named(host["state"], HostState::kDead)});
  }
  return fresh_pool(scenario["slots"], scenario["max_fallbacks"], std::move(members));
}

Event event_of(const Json& json) {
  Event event;
  event.kind = named(json["kind"], EventKind::kExpire);
  event.host = json.value("host", kNoHost);
  event.weight = json.value("weight", 0u);
  event.force = json.value("force", false);
  event.wait = json.value("wait", false);
  event.now = json["now"];
  event.ttl = json.value("ttl", TimeMs{0});
  event.slots = json.value("slots", Slots{});
  return event;
}

// What the model writes of a pool.
Json shown(const Pool& pool) {
  Json states = Json::object();
  for (const Member& member : pool.members) {
    states[std::to_string(member.id)] = to_string(member.state);
  }
  Json chains = Json::array();
  Json since = Json::array();
  for (const Slot& slot : pool.table) {
    chains.push_back(to_string(slot.chain));
    since.push_back(Json::array());
    for (std::size_t i = 0; i + 1 < slot.chain.size(); ++i) since.back().push_back(slot.since[i]);
  }
  return {{"states", states}, {"chains", chains}, {"since", since}};
}

// What the model writes of a step, but for the event.
Json outcome(const Pool& before, const std::variant<Plan, Refusal>& result) {
  if (const Refusal* refusal = refused(result)) {
    Json json{{"refused", to_string(refusal->reason)}};
    if (refusal->reason != RefusalReason::kChainFull) return json;
    json["slots"] = refusal->slots;
    json["blocked_by"] = refusal->blocked_by;
    return json;
  }
  const Plan& plan = planned(result);
  for (std::uint32_t slot = 0; slot < before.table.size(); ++slot) {
    const bool changed = before.table[slot].chain != plan.after.table[slot].chain;
    EXPECT_EQ(std::count(plan.changed.begin(), plan.changed.end(), slot), changed ? 1 : 0);
  }
  Json json = shown(plan.after);
  json["waiting"] = plan.waiting;
  json["evicted"] = plan.evicted;
  return json;
}

void replay(const Json& scenario) {
  Pool pool = start_of(scenario);
  ASSERT_EQ(Json(homes(scenario["slots"], pool.members)), scenario["homes"]);
  ASSERT_EQ(shown(pool)["chains"], scenario["fresh"]);
  for (Json step : scenario["steps"]) {
    SCOPED_TRACE(step["event"].dump());
    const auto result = plan(pool, event_of(step["event"]));
    step.erase("event");
    ASSERT_EQ(outcome(pool, result), step);
    if (refused(result) == nullptr) pool = planned(result).after;
  }
}

TEST(SlotGoldens, AreWhatThePlanMakesOfTheirEvents) {
  int scenarios = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SLEIGHT_GOLDEN_SLOTS)) {
    if (entry.path().extension() != ".json") continue;
    SCOPED_TRACE(entry.path().filename().string());
    std::ifstream file(entry.path());
    replay(Json::parse(file));
    ++scenarios;
  }
  EXPECT_GE(scenarios, 11);
}

}  // namespace
}  // namespace sleight::slots
