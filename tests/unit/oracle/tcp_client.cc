// SPDX-License-Identifier: BSD-2-Clause
#include "tcp_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "sleight/base/check.h"
#include "sleight/base/endian.h"

namespace sleight::oracle {
namespace {

constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20;
constexpr std::size_t kWindowScaleOption = 4;

net::IpAddress address_of(const std::string& text) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return net::IpAddress::v4(bytes.data());
  CHECK(inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1);
  return net::IpAddress::v6(bytes.data());
}

bool is_v4(const net::IpAddress& address) { return address.family == net::Family::kIpv4; }

std::size_t ip_header_size(const net::IpAddress& address) {
  return is_v4(address) ? kIpv4Header : kIpv6Header;
}

net::FlowKey flow_between(const net::IpAddress& client, std::uint16_t port,
                          const net::IpAddress& server) {
  std::array<std::uint8_t, 4> ports{};
  store_be16(ports.data(), port);
  store_be16(ports.data() + 2, kServerPort);
  std::uint32_t raw;
  std::memcpy(&raw, ports.data(), sizeof raw);
  const auto make = is_v4(client) ? net::FlowKey::v4 : net::FlowKey::v6;
  return make(client.bytes.data(), server.bytes.data(), raw, net::kProtocolTcp);
}

// One's complement sum over big-endian words, as IPv4 and TCP want it.
std::uint32_t sum(std::span<const std::uint8_t> bytes, std::uint32_t start) {
  std::uint32_t total = start;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    total += i % 2 == 0 ? std::uint32_t{bytes[i]} << 8 : bytes[i];
  }
  return total;
}

std::uint16_t folded(std::uint32_t total) {
  while (total > 0xffff) total = (total & 0xffff) + (total >> 16);
  return static_cast<std::uint16_t>(~total);
}

// Writes the header; returns the start of TCP's checksum, which covers the addresses.
std::uint32_t write_ip(std::span<std::uint8_t> packet, const net::IpAddress& from,
                       const net::IpAddress& to) {
  const std::size_t header = ip_header_size(from);
  const auto length = static_cast<std::uint16_t>(packet.size() - header);
  const std::size_t address_size = is_v4(from) ? 4 : 16;
  std::uint8_t* addresses = packet.data() + header - 2 * address_size;
  std::memcpy(addresses, from.bytes.data(), address_size);
  std::memcpy(addresses + address_size, to.bytes.data(), address_size);
  if (is_v4(from)) {
    packet[0] = 0x45;
    store_be16(&packet[2], static_cast<std::uint16_t>(packet.size()));
    packet[8] = 64;
    packet[9] = net::kProtocolTcp;
    store_be16(&packet[10], folded(sum(packet.first(header), 0)));
  } else {
    packet[0] = 0x60;
    store_be16(&packet[4], length);
    packet[6] = net::kProtocolTcp;
    packet[7] = 64;
  }
  return sum({addresses, 2 * address_size}, std::uint32_t{net::kProtocolTcp} + length);
}

}  // namespace

TcpClient::TcpClient(Sandbox& sandbox, const std::string& address, std::uint16_t port)
    : sandbox_(&sandbox),
      address_(address_of(address)),
      server_(address_of(is_v4(address_) ? "203.0.113.10" : "2001:db8:10::10")),
      port_(port),
      flow_(flow_between(address_, port, server_)) {}

void TcpClient::send(std::uint8_t flags, std::string_view payload) {
  const std::size_t header = ip_header_size(address_);
  const std::size_t options = flags == net::kTcpSyn && window_scale ? kWindowScaleOption : 0;
  const std::size_t tcp_header = kTcpHeader + options;
  std::vector<std::uint8_t> packet(header + tcp_header + payload.size());
  const std::uint32_t start = write_ip(packet, address_, server_);
  std::uint8_t* tcp = packet.data() + header;
  store_be16(tcp, port_);
  store_be16(tcp + 2, kServerPort);
  store_be32(tcp + 4, seq);
  store_be32(tcp + 8, (flags & net::kTcpAck) != 0 ? ack : 0);
  tcp[12] = static_cast<std::uint8_t>(tcp_header / 4 << 4);
  tcp[13] = flags;
  store_be16(tcp + 14, 65535);
  if (options != 0) {
    const std::uint8_t option[kWindowScaleOption] = {1, 3, 3, *window_scale};  // RFC 7323
    std::copy(std::begin(option), std::end(option), tcp + kTcpHeader);
  }
  std::copy(payload.begin(), payload.end(), tcp + tcp_header);
  store_be16(tcp + 16, folded(sum({tcp, tcp_header + payload.size()}, start)));
  sandbox_->send(packet);
}

std::optional<Segment> TcpClient::segment_of_flow(std::span<const std::uint8_t> packet) const {
  const std::size_t header = ip_header_size(address_);
  if (packet.size() < header + kTcpHeader || packet[0] >> 4 != (is_v4(address_) ? 4 : 6)) {
    return std::nullopt;
  }
  if (packet[is_v4(address_) ? 9 : 6] != net::kProtocolTcp) return std::nullopt;
  const std::uint8_t* tcp = packet.data() + header;
  if (load_be16(tcp) != kServerPort || load_be16(tcp + 2) != port_) return std::nullopt;
  return Segment{tcp[13], load_be32(tcp + 4), load_be32(tcp + 8)};
}

std::optional<Segment> TcpClient::receive() {
  std::array<std::uint8_t, 2048> buffer;
  while (const std::size_t size = sandbox_->receive(buffer)) {
    if (auto segment = segment_of_flow({buffer.data(), size})) return segment;
  }
  return std::nullopt;
}

bool TcpClient::open() {
  send(net::kTcpSyn);
  const auto answer = receive();
  if (!answer || answer->flags != (net::kTcpSyn | net::kTcpAck)) return false;
  seq += 1;
  ack = answer->seq + 1;
  return true;
}

bool TcpClient::connect() {
  if (!open()) return false;
  send(net::kTcpAck);
  return true;
}

bool TcpClient::take_fin() {
  const auto answer = receive();
  if (!answer || (answer->flags & net::kTcpFin) == 0) return false;
  ack = answer->seq + 1;
  send(net::kTcpAck);
  return true;
}

fwd::SocketQuestion TcpClient::question(std::uint8_t flags) const {
  return {flow_, seq, (flags & net::kTcpAck) != 0 ? ack : 0, flags, false};
}

fwd::SocketQuestion TcpClient::error_quoting(std::uint32_t server_seq) const {
  return {flow_, server_seq, 0, 0, true};
}

Fd listen_on(Stack stack, int backlog, int protocol, const char* device) {
  const int family = stack == Stack::kIpv4 ? AF_INET : AF_INET6;
  Fd listener(socket(family, SOCK_STREAM | SOCK_CLOEXEC, protocol));
  if (!listener.is_open()) return listener;
  const int yes = 1;
  CHECK(setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0);
  const int only = stack == Stack::kIpv6Only;
  if (family == AF_INET6) {
    CHECK(setsockopt(listener.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) == 0);
  }
  if (device != nullptr) {
    CHECK(setsockopt(listener.get(), SOL_SOCKET, SO_BINDTODEVICE, device,
                     static_cast<socklen_t>(std::strlen(device))) == 0);
  }
  sockaddr_in6 any6{};
  any6.sin6_family = AF_INET6;
  any6.sin6_port = htons(kServerPort);
  sockaddr_in any4{};
  any4.sin_family = AF_INET;
  any4.sin_port = htons(kServerPort);
  const bool is_four = family == AF_INET;
  const auto* address =
      is_four ? reinterpret_cast<const sockaddr*>(&any4) : reinterpret_cast<const sockaddr*>(&any6);
  CHECK(bind(listener.get(), address, is_four ? sizeof any4 : sizeof any6) == 0);
  CHECK(listen(listener.get(), backlog) == 0);
  return listener;
}

Fd accept_from(const Fd& listener) {
  return Fd(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

}  // namespace sleight::oracle
