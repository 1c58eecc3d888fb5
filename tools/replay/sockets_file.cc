// SPDX-License-Identifier: BSD-2-Clause
#include "sockets_file.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <optional>

namespace sleight::replay {
namespace {

using nlohmann::json;

constexpr const char* kExample =
    R"({"proto":"tcp","src":"198.51.100.7","sport":40000,"dst":"203.0.113.10","dport":80})";

Result<std::uint16_t> read_number(const json& object, const char* key, unsigned most) {
  const auto found = object.find(key);
  if (found == object.end()) return Error{fmt::format("{}: missing", key)};
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() > most) {
    return Error{
        fmt::format("{}: {} given, expected a number from 0 to {}", key, found->dump(), most)};
  }
  return found->get<std::uint16_t>();
}

Result<std::uint8_t> read_protocol(const json& object) {
  const auto found = object.find("proto");
  if (found != object.end() && *found == "tcp") return net::kProtocolTcp;
  if (found != object.end() && *found == "udp") return net::kProtocolUdp;
  const Result<std::uint16_t> number = read_number(object, "proto", 255);
  if (!number) return Error{number.error().message + " or \"tcp\" or \"udp\""};
  return static_cast<std::uint8_t>(*number);
}

Result<net::IpAddress> read_address(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) {
    return Error{fmt::format("{}: expected an address as a string", key)};
  }
  Result<net::IpAddress> address = net::parse_ip(found->get_ref<const std::string&>());
  if (!address) return std::move(address).error().context(key);
  return address;
}

Result<net::FlowKey> read_flow(std::string_view line) {
  const json object = json::parse(line, nullptr, false);
  if (!object.is_object()) return Error{fmt::format("expected an object such as {}", kExample)};
  const Result<std::uint8_t> protocol = read_protocol(object);
  if (!protocol) return protocol.error();
  const Result<net::IpAddress> source = read_address(object, "src");
  if (!source) return source.error();
  const Result<net::IpAddress> destination = read_address(object, "dst");
  if (!destination) return destination.error();
  if (source->family != destination->family) {
    return Error{"src and dst: expected two addresses of one family"};
  }
  const Result<std::uint16_t> sport = read_number(object, "sport", 65535);
  if (!sport) return sport.error();
  const Result<std::uint16_t> dport = read_number(object, "dport", 65535);
  if (!dport) return dport.error();
  return net::FlowKey::make(*source, *sport, *destination, *dport, *protocol);
}

}  // namespace

Result<std::vector<net::FlowKey>> parse_sockets(std::string_view text) {
  std::vector<net::FlowKey> flows;
  for (unsigned number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Result<net::FlowKey> flow = read_flow(line);
    if (!flow) return std::move(flow).error().context(fmt::format("line {}", number));
    flows.push_back(*flow);
  }
  return flows;
}

}  // namespace sleight::replay
