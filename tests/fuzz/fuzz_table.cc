// SPDX-License-Identifier: BSD-2-Clause
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sleight/base/check.h"
#include "sleight/slots/slot_plan.h"
#include "sleight/slots/table_json.h"

namespace sleight::slots {
namespace {

// A table that is accepted can be written, read back and planned from.
void try_table(std::string_view text) {
  const auto table = parse_table(text);
  if (!table) {
    CHECK(!table.error().message.empty());
    return;
  }
  const auto again = parse_table(to_json(*table));
  CHECK(again.has_value() && *again == *table);
  if (table->state.members.empty()) return;
  Event event;
  event.kind = EventKind::kDead;
  event.host = table->state.members.front().id;
  CHECK(std::holds_alternative<Plan>(plan(table->state, event)));
}

}  // namespace
}  // namespace sleight::slots

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sleight::slots::try_table({reinterpret_cast<const char*>(data), size});
  return 0;
}
