// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <array>
#include <optional>

#include "read.h"
#include "text.h"

namespace sleight::config {
namespace {

// Addresses that no client can reach by way of a switch (RFC 6890, RFC 4291).
struct Forbidden {
  std::string_view prefix;
  std::string_view what;
};
constexpr std::array kForbidden = {
    Forbidden{"0.0.0.0/8", "the unspecified address"},
    Forbidden{"127.0.0.0/8", "a loopback address"},
    Forbidden{"224.0.0.0/4", "a multicast address"},
    Forbidden{"255.255.255.255/32", "the broadcast address"},
    Forbidden{"::/128", "the unspecified address"},
    Forbidden{"::1/128", "a loopback address"},
    Forbidden{"::ffff:0:0/96", "an IPv4-mapped IPv6 address"},
    Forbidden{"fe80::/10", "a link-local address"},
    Forbidden{"ff00::/8", "a multicast address"},
};

// Of an IPv6 prefix in full, an IPv4 address at its end (RFC 4291).
constexpr std::size_t kLongestPrefix = 49;

constexpr std::size_t kMaxMessage = 300;

std::string_view forbidden_kind(const net::IpPrefix& prefix) {
  static const auto table = [] {
    std::array<net::IpPrefix, kForbidden.size()> prefixes;
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
      prefixes[i] = net::parse_prefix(kForbidden[i].prefix).value();
    }
    return prefixes;
  }();
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].contains(prefix.address) || prefix.contains(table[i].address)) {
      return kForbidden[i].what;
    }
  }
  return {};
}

std::optional<net::IpPrefix> read_address(const Place& place, Report& report) {
  const std::string_view expected = "an address or prefix, as 203.0.113.10 or 2001:db8:10::/64";
  const auto text = read_text(place, report, expected);
  if (!text) return std::nullopt;
  if (text->size() > kLongestPrefix) {
    report_mismatch(place, report, expected);
    return std::nullopt;
  }
  const auto prefix = net::parse_prefix(*text);
  if (!prefix) {
    report.add(place.value->line, path_of(place), printable(prefix.error().message, kMaxMessage));
    return std::nullopt;
  }
  const std::string_view kind = forbidden_kind(*prefix);
  if (kind.empty()) return *prefix;
  report.add(place.value->line, path_of(place),
             fmt::format("{} {} {}, expected one that clients can reach", in_quotes(*text),
                         prefix->is_host() ? "is" : "covers", kind));
  return std::nullopt;
}

std::optional<PortRange> parse_ports(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_number(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_number(text.substr(dash + 1));
  if (!first || !last || *first == 0 || *first > *last || *last > 65535) return std::nullopt;
  return PortRange{static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last)};
}

std::optional<PortRange> read_ports(const Place& place, Report& report) {
  const std::string_view expected = "a port from 1 to 65535, or a range as 8000-8099";
  const auto text = read_text(place, report, expected);
  if (!text) return std::nullopt;
  const auto range = parse_ports(*text);
  if (!range) report_mismatch(place, report, expected);
  return range;
}

void read_protocol(Section& section, std::uint8_t& out) {
  const auto place = section.find("protocol", Presence::kRequired, "tcp or udp");
  if (!place) return;
  const std::string& text = place->value->text;
  if (text == "tcp" || text == "udp") {
    out = text == "tcp" ? net::kProtocolTcp : net::kProtocolUdp;
  } else {
    report_mismatch(*place, section.report(), "tcp or udp");
  }
}

void read_service(Section& section, Service& service) {
  section.name("name", service.name, Presence::kRequired);
  read_protocol(section, service.protocol);
  section.list("ports", Presence::kRequired, "a list of ports and ranges, as [80, 8000-8099]",
               [&](const Place& item) {
                 service.ports.push_back(read_ports(item, section.report()).value_or(kNoPorts));
               });
}

}  // namespace

void read_vip(Section& section, Vip& vip) {
  section.name("name", vip.name, Presence::kRequired);
  section.list(
      "addresses", Presence::kRequired, "a list of addresses and prefixes", [&](const Place& item) {
        vip.addresses.push_back(read_address(item, section.report()).value_or(net::IpPrefix{}));
      });
  section.name("pool", vip.pool, Presence::kRequired);
  section.sections("services", Presence::kRequired, "a list of services", vip.services,
                   read_service);
}

}  // namespace sleight::config
