// SPDX-License-Identifier: BSD-2-Clause
#include "read.h"

namespace sleight::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr milliseconds kShortest = milliseconds(100);
constexpr milliseconds kLongest = hours(24 * 365);

void read_host(Section& section, Host& host) {
  section.name("name", host.name, Presence::kRequired);
  section.number("id", host.id, {1, net::kMaxHostId}, Presence::kRequired);
  section.number("weight", host.weight, {1, 65535});
}

}  // namespace

void read_pool(Section& section, const ReadContext& context, Pool& pool) {
  section.name("name", pool.name, Presence::kRequired);
  section.number("slots", pool.slots, {1, 65536});
  read_key(section, "hash_key", context, pool.hash_key);
  section.duration("fallback_ttl", pool.fallback_ttl, kShortest, kLongest);
  section.number("max_fallbacks", pool.max_fallbacks, {0, net::kMaxFallbacks});
  section.duration("drain_timeout", pool.drain_timeout, kShortest, kLongest);
  section.duration("fill", pool.fill, milliseconds(0), kLongest);
  section.sections("hosts", Presence::kOptional, "a list of hosts", pool.hosts, read_host);
}

}  // namespace sleight::config
