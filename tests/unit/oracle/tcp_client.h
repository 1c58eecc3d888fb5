// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sandbox.h"
#include "sleight/fwd/socket_oracle.h"
#include "sleight/net/flow_key.h"
#include "sleight/net/ip_address.h"
#include "sleight/net/packet.h"

namespace sleight::oracle {

inline constexpr std::uint8_t kTcpPsh = 0x08;
inline constexpr std::uint16_t kServerPort = 80;

struct Segment {
  std::uint8_t flags = 0;
  std::uint32_t seq = 0;
  std::uint32_t ack = 0;
};

// A TCP client without a kernel: it sends what a test wants, when it wants.
class TcpClient {
 public:
  // "203.0.113.20" or "2001:db8:10::20".
  TcpClient(Sandbox& sandbox, const std::string& address, std::uint16_t port);

  const net::FlowKey& flow() const { return flow_; }

  // The numbers of this client's next segment.
  std::uint32_t seq = 1000;
  std::uint32_t ack = 0;
  // Offered in the SYN when set, which lets the server open a window above 64 KiB.
  std::optional<std::uint8_t> window_scale;

  void send(std::uint8_t flags, std::string_view payload = {});
  // The next segment of this flow, or nothing within a second.
  std::optional<Segment> receive();

  // SYN out, SYN-ACK in: `seq` and `ack` are those of the ACK to come.
  bool open();
  // ... and that ACK.
  bool connect();
  // A FIN was received: acknowledges it.
  bool take_fin();

  // What the oracle is asked about a packet with these flags and the numbers above.
  fwd::SocketQuestion question(std::uint8_t flags = net::kTcpAck) const;
  // ... about an ICMP error that quotes a segment of the server with this number.
  fwd::SocketQuestion error_quoting(std::uint32_t server_seq) const;

 private:
  std::optional<Segment> segment_of_flow(std::span<const std::uint8_t> packet) const;

  Sandbox* sandbox_;
  net::IpAddress address_;
  net::IpAddress server_;
  std::uint16_t port_;
  net::FlowKey flow_;
};

// A listening socket on the sandbox's server, port kServerPort.
enum class Stack : std::uint8_t { kIpv4, kIpv6Only, kDual };
Fd listen_on(Stack stack, int backlog = 16, int protocol = 0, const char* device = nullptr);
Fd accept_from(const Fd& listener);

}  // namespace sleight::oracle
