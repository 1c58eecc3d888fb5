// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sleight/base/result.h"
#include "sleight/slots/pool.h"

namespace sleight::slots {

// A pool's table as it is stored and handed around. (epoch, version) orders tables:
// lower ones are ignored.
struct StoredTable {
  std::string pool;  // name
  std::uint32_t epoch = 1;
  std::uint64_t version = 1;
  Pool state;

  friend bool operator==(const StoredTable&, const StoredTable&) = default;
};

// {"format":1,"pool":"caches","epoch":1,"version":7,"slots":256,"max_fallbacks":2,
//  "hosts":[{"id":1,"weight":100,"state":"active"},...],
//  "chains":[{"chain":[3,2,1],"since":[1700000000000,0]},...]}
// One chain a slot, target first, [] for nowhere; `since` may be left out when no
// fallback is there.
std::string to_json(const StoredTable& table);

// Untrusted text: every field is checked, the message names the first that is wrong.
Result<StoredTable> parse_table(std::string_view json);

}  // namespace sleight::slots
