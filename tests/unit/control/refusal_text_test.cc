// SPDX-License-Identifier: BSD-2-Clause
#include "refusal_text.h"

#include <gtest/gtest.h>

#include "fakes.h"

namespace sleight::control {
namespace {

using slots::EventKind;
using slots::HostState;

TEST(RefusalText, AWrongStateSaysHowToMendIt) {
  const struct {
    EventKind kind;
    HostState state;
    std::string mend;
  } rows[] = {
      {EventKind::kDrain, HostState::kDraining, "draining already"},
      {EventKind::kDrain, HostState::kInactive, "`host enable h2`"},
      {EventKind::kDrain, HostState::kDead, "`host enable h2`"},
      {EventKind::kUndrain, HostState::kActive, "`host drain h2`"},
      {EventKind::kUndrain, HostState::kFilling, "`host drain h2`"},
      {EventKind::kUndrain, HostState::kDead, "`host enable h2`"},
      {EventKind::kEnable, HostState::kActive, "in use already"},
      {EventKind::kEnable, HostState::kFilling, "in use already"},
      {EventKind::kEnable, HostState::kDraining, "`host undrain h2`"},
  };
  const HostNames names(test::director_config());
  for (const auto& row : rows) {
    const auto pool = slots::fresh_pool(8, 2, {{.id = 1}, {.id = 2, .state = row.state}});
    const slots::Event event{.kind = row.kind, .host = 2, .slots = {}};
    const auto result = slots::plan(pool, event);
    ASSERT_TRUE(std::holds_alternative<slots::Refusal>(result));
    const std::string text = explain(std::get<slots::Refusal>(result), event, pool, names);
    EXPECT_NE(text.find(row.mend), std::string::npos) << text;
    EXPECT_EQ(text.find("host h2 is " + std::string(to_string(row.state))), 0u) << text;
  }
}

}  // namespace
}  // namespace sleight::control
