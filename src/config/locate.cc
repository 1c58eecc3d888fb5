// SPDX-License-Identifier: BSD-2-Clause
#include "locate.h"

#include <fmt/format.h>

#include <utility>

namespace sleight::config {
namespace {

const Value* step_into(const Value& value, const Step& step) {
  if (!step.key.empty()) return value.find(step.key);
  return step.index < value.items.size() ? &value.items[step.index] : nullptr;
}

}  // namespace

const Value* Locator::find(Steps steps) const {
  const Value* value = &root_;
  for (const Step& step : steps) {
    if (value != nullptr) value = step_into(*value, step);
  }
  return value;
}

unsigned Locator::line_of(Steps steps) const {
  const Value* value = &root_;
  for (const Step& step : steps) {
    const Value* const inner = step_into(*value, step);
    if (inner == nullptr) break;
    value = inner;
  }
  return value->line;
}

void Locator::problem(Steps steps, std::string message) {
  std::string path;
  for (const Step& step : steps) {
    if (step.key.empty()) {
      path += fmt::format("[{}]", step.index);
    } else {
      path += path.empty() ? "" : ".";
      path += step.key;
    }
  }
  report_.add(line_of(steps), std::move(path), std::move(message));
}

}  // namespace sleight::config
