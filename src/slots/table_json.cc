// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/slots/table_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace sleight::slots {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kMaxText = 16u << 20;  // the largest table takes about 5 MB
constexpr std::uint64_t kMaxSlots = 65536;
constexpr std::uint64_t kMaxWeight = 65535;
constexpr std::uint64_t kMaxExact = std::uint64_t{1} << 53;  // every JSON reader keeps it exact
constexpr std::size_t kMaxDepth = 4;                         // table, chains, entry, chain
constexpr std::size_t kMaxName = 255;

// A first pass that refuses what the library would let pass or pay for: depth without
// end, and keys given twice. (Its parse callback is quadratic in the length of a list.)
class Strictness : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& key) override {
    const bool is_new = keys_.back().insert(key).second;
    return is_new || complain(fmt::format("key {:?} is given twice", key.substr(0, kMaxName)));
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception& error) override {
    return complain(error.what());
  }

  const std::string& complaint() const { return complaint_; }

 private:
  bool open() {
    keys_.emplace_back();
    return keys_.size() <= kMaxDepth || complain("nested too deep");
  }
  bool close() {
    keys_.pop_back();
    return true;
  }
  bool complain(std::string what) {
    complaint_ = std::move(what);
    return false;
  }

  std::vector<std::set<std::string>> keys_;
  std::string complaint_;
};

Result<Json> parse_strictly(std::string_view text) {
  if (text.size() > kMaxText) return Error{fmt::format("longer than {} bytes", kMaxText)};
  try {
    Strictness strictness;
    if (Json::sax_parse(text, &strictness)) return Json::parse(text);
    return Error{"not the JSON of a table: " + strictness.complaint()};
  } catch (const std::exception& error) {
    return Error{fmt::format("not the JSON of a table: {}", error.what())};
  }
}

// Reads fields and keeps the first complaint; what it cannot read is zero or empty.
class Reader {
 public:
  std::uint64_t number(const Json& object, const char* key, std::uint64_t least,
                       std::uint64_t most) {
    const auto at = object.find(key);
    return element(at == object.end() ? Json() : *at, key, least, most);
  }

  std::uint64_t element(const Json& value, const char* key, std::uint64_t least,
                        std::uint64_t most) {
    if (value.is_number_unsigned()) {
      const auto number = value.get<std::uint64_t>();
      if (number >= least && number <= most) return number;
    }
    complain("{} must be a whole number {}..{}", key, least, most);
    return 0;
  }

  std::string text(const Json& object, const char* key) {
    const auto at = object.find(key);
    if (at != object.end() && at->is_string() && !at->empty()) {
      auto text = at->get<std::string>();
      if (!text.empty() && text.size() <= kMaxName) return text;
    }
    complain("{} must be a string of 1..{} bytes", key, kMaxName);
    return {};
  }

  const Json& list(const Json& object, const char* key, std::size_t least, std::size_t most) {
    static const Json kNothing = Json::array();
    const auto at = object.find(key);
    if (at != object.end() && at->is_array() && at->size() >= least && at->size() <= most) {
      return *at;
    }
    complain("{} must be a list of {}..{} entries", key, least, most);
    return kNothing;
  }

  // False when `value` is no object or has other keys than these.
  bool has_only(const Json& value, std::initializer_list<std::string_view> keys) {
    if (!value.is_object()) return complain("must be an object"), false;
    for (const auto& item : value.items()) {
      if (std::find(keys.begin(), keys.end(), item.key()) != keys.end()) continue;
      return complain("{:?} is no key of format 1", item.key().substr(0, kMaxName)), false;
    }
    return true;
  }

  template <typename... Args>
  void complain(fmt::format_string<Args...> format, Args&&... args) {
    if (complaint_.empty()) complaint_ = where_ + fmt::format(format, std::forward<Args>(args)...);
  }

  void enter(const char* key, std::size_t index) { where_ = fmt::format("{}[{}]: ", key, index); }
  void leave() { where_.clear(); }
  bool failed() const { return !complaint_.empty(); }
  const std::string& complaint() const { return complaint_; }

 private:
  std::string where_;
  std::string complaint_;
};

HostState read_state(Reader& reader, const Json& host) {
  using enum HostState;
  const std::string name = reader.text(host, "state");
  for (const HostState state : {kActive, kFilling, kDraining, kInactive, kDead}) {
    if (name == to_string(state)) return state;
  }
  reader.complain("state must be active, filling, draining, inactive or dead");
  return kInactive;
}

void read_hosts(Reader& reader, const Json& json, std::uint64_t slots, Pool& pool) {
  const Json& hosts = reader.list(json, "hosts", 0, std::min<std::size_t>(slots, net::kMaxHostId));
  for (std::size_t i = 0; i < hosts.size() && !reader.failed(); ++i) {
    reader.enter("hosts", i);
    if (!reader.has_only(hosts[i], {"id", "weight", "state"})) return;
    Member member;
    member.id = static_cast<HostId>(reader.number(hosts[i], "id", 1, net::kMaxHostId));
    member.weight = static_cast<std::uint32_t>(reader.number(hosts[i], "weight", 1, kMaxWeight));
    member.state = read_state(reader, hosts[i]);
    if (!pool.members.empty() && pool.members.back().id >= member.id) {
      reader.complain("ids must ascend, each once");
    }
    pool.members.push_back(member);
  }
  reader.leave();
}

void check_chain(Reader& reader, const Pool& pool, const Chain& chain, bool may_be_empty) {
  if (chain.target == kNoHost) {
    if (!may_be_empty) reader.complain("chain is empty though a host serves");
    return;
  }
  if (!chain.is_valid()) reader.complain("chain {} names a host twice", to_string(chain));
  for (const HostId host : {chain.target, chain.fallbacks[0], chain.fallbacks[1]}) {
    const Member* member = pool.find(host);
    if (host == kNoHost || (member != nullptr && is_serving(member->state))) continue;
    reader.complain("chain {} names host {}, which does not serve", to_string(chain), host);
  }
}

Slot read_slot(Reader& reader, const Json& json, std::size_t most) {
  Slot slot;
  const Json& chain = reader.list(json, "chain", 0, most);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto id = static_cast<HostId>(reader.element(chain[i], "chain", 1, net::kMaxHostId));
    (i == 0 ? slot.chain.target : slot.chain.fallbacks[i - 1]) = id;
  }
  if (!slot.chain.has_fallback() && !json.contains("since")) return slot;
  const Json& since = reader.list(json, "since", net::kMaxFallbacks, net::kMaxFallbacks);
  for (std::size_t i = 0; i < since.size(); ++i) {
    const bool used = slot.chain.fallbacks[i] != kNoHost;
    slot.since[i] = static_cast<TimeMs>(reader.element(since[i], "since", 0, used ? kMaxExact : 0));
  }
  return slot;
}

void read_chains(Reader& reader, const Json& json, std::uint64_t slots, Pool& pool) {
  const Json& chains = reader.list(json, "chains", slots, slots);
  const bool may_be_empty =
      std::none_of(pool.members.begin(), pool.members.end(),
                   [](const Member& member) { return is_serving(member.state); });
  for (std::size_t i = 0; i < chains.size() && !reader.failed(); ++i) {
    reader.enter("chains", i);
    if (!reader.has_only(chains[i], {"chain", "since"})) return;
    pool.table.push_back(read_slot(reader, chains[i], pool.max_fallbacks + std::size_t{1}));
    check_chain(reader, pool, pool.table.back().chain, may_be_empty);
  }
  reader.leave();
}

StoredTable read_table(Reader& reader, const Json& json) {
  StoredTable table;
  if (!reader.has_only(json, {"format", "pool", "epoch", "version", "slots", "max_fallbacks",
                              "hosts", "chains"})) {
    return table;
  }
  reader.number(json, "format", kFormat, kFormat);
  table.pool = reader.text(json, "pool");
  table.epoch = static_cast<std::uint32_t>(reader.number(json, "epoch", 1, 0xffffffff));
  table.version = reader.number(json, "version", 1, kMaxExact);
  const std::uint64_t slots = reader.number(json, "slots", 1, kMaxSlots);
  table.state.max_fallbacks =
      static_cast<std::uint8_t>(reader.number(json, "max_fallbacks", 0, net::kMaxFallbacks));
  if (reader.failed()) return table;
  read_hosts(reader, json, slots, table.state);
  if (!reader.failed()) read_chains(reader, json, slots, table.state);
  return table;
}

Json json_of(const Slot& slot) {
  Json chain = Json::array();
  for (const HostId host : {slot.chain.target, slot.chain.fallbacks[0], slot.chain.fallbacks[1]}) {
    if (host != kNoHost) chain.push_back(host);
  }
  Json json{{"chain", std::move(chain)}};
  if (slot.chain.has_fallback()) json["since"] = slot.since;
  return json;
}

}  // namespace

std::string to_json(const StoredTable& table) {
  const Pool& pool = table.state;
  Json json{{"format", kFormat},          {"pool", table.pool},
            {"epoch", table.epoch},       {"version", table.version},
            {"slots", pool.table.size()}, {"max_fallbacks", pool.max_fallbacks}};
  Json hosts = Json::array();
  for (const Member& member : pool.members) {
    hosts.push_back(
        {{"id", member.id}, {"weight", member.weight}, {"state", to_string(member.state)}});
  }
  json["hosts"] = std::move(hosts);
  Json chains = Json::array();
  for (const Slot& slot : pool.table) chains.push_back(json_of(slot));
  json["chains"] = std::move(chains);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<StoredTable> parse_table(std::string_view json) {
  auto parsed = parse_strictly(json);
  if (!parsed) return std::move(parsed).error().context("table");
  Reader reader;
  StoredTable table = read_table(reader, *parsed);
  if (reader.failed()) return Error{"table: " + reader.complaint()};
  return table;
}

}  // namespace sleight::slots
