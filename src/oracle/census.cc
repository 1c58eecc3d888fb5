// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/oracle/census.h"

#include <fmt/format.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace sleight::oracle {
namespace {

constexpr std::uint32_t bit(int state) { return 1U << state; }

// What still needs a client's packets. In a dump an orphan that the kernel keeps in a
// TIME_WAIT structure goes by its true state, FIN_WAIT2.
constexpr std::uint32_t kFlowStates = bit(TCP_ESTABLISHED) | bit(TCP_FIN_WAIT1) |
                                      bit(TCP_FIN_WAIT2) | bit(TCP_CLOSE_WAIT) | bit(TCP_LAST_ACK) |
                                      bit(TCP_CLOSING);

// A dump is interrupted only by changes of the family's registration: rare.
constexpr int kAttempts = 5;

struct CloseSocket {
  void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};
using NetlinkSocket = std::unique_ptr<mnl_socket, CloseSocket>;

struct Walk {
  std::span<const net::IpPrefix> vips;
  fwd::SocketCount count;
};

// A socket of a dual-stack listener has an IPv4 address in IPv6 clothes.
net::IpAddress local_address(const inet_diag_msg& message) {
  static constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0,    0,
                                                           0, 0, 0, 0, 0xff, 0xff};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(message.id.idiag_src);
  if (message.idiag_family == AF_INET) return net::IpAddress::v4(bytes);
  if (std::equal(kMapped.begin(), kMapped.end(), bytes)) return net::IpAddress::v4(bytes + 12);
  return net::IpAddress::v6(bytes);
}

int count_one(const nlmsghdr* header, void* data) {
  auto& walk = *static_cast<Walk*>(data);
  if (mnl_nlmsg_get_payload_len(header) < sizeof(inet_diag_msg)) return MNL_CB_OK;
  const auto& message = *static_cast<const inet_diag_msg*>(mnl_nlmsg_get_payload(header));
  const net::IpAddress local = local_address(message);
  const bool is_vip = std::any_of(walk.vips.begin(), walk.vips.end(),
                                  [&](const net::IpPrefix& vip) { return vip.contains(local); });
  if (!is_vip) return MNL_CB_OK;
  (message.idiag_state == TCP_SYN_RECV ? walk.count.requests : walk.count.flows) += 1;
  return MNL_CB_OK;
}

bool send_request(const mnl_socket& socket, std::uint8_t family) {
  alignas(nlmsghdr) std::array<char, MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(inet_diag_req_v2))> buffer;
  nlmsghdr* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  auto& request =
      *static_cast<inet_diag_req_v2*>(mnl_nlmsg_put_extra_header(header, sizeof(inet_diag_req_v2)));
  request.sdiag_family = family;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_states = kFlowStates | bit(TCP_SYN_RECV);
  return mnl_socket_sendto(&socket, header, header->nlmsg_len) >= 0;
}

// 0, or an errno; EINTR when the kernel says that its dump is not consistent.
int receive_dump(const mnl_socket& socket, Walk& walk) {
  alignas(nlmsghdr) std::array<char, 32768> buffer;
  while (true) {
    const ssize_t size = mnl_socket_recvfrom(&socket, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno;
    const int outcome = mnl_cb_run(buffer.data(), static_cast<std::size_t>(size), 0,
                                   mnl_socket_get_portid(&socket), count_one, &walk);
    if (outcome == MNL_CB_STOP) return 0;
    if (outcome < 0) return errno;
  }
}

// A new socket each time: what is left of an interrupted dump goes with the old one.
int walk_family(std::uint8_t family, Walk& walk) {
  const NetlinkSocket socket(mnl_socket_open(NETLINK_SOCK_DIAG));
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) != 0) return errno;
  if (!send_request(*socket, family)) return errno;
  return receive_dump(*socket, walk);
}

Result<fwd::SocketCount> count_family(std::uint8_t family, std::span<const net::IpPrefix> vips) {
  int failure = 0;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Walk walk{vips, {}};
    failure = walk_family(family, walk);
    if (failure == 0) return walk.count;
    if (failure != EINTR) break;
  }
  return Error{fmt::format("cannot count {} sockets: {}{}", family == AF_INET ? "IPv4" : "IPv6",
                           std::strerror(failure),
                           failure == ENOENT ? "; load the kernel module tcp_diag" : "")};
}

}  // namespace

Result<fwd::SocketCount> Census::count(std::span<const net::IpPrefix> vips) {
  fwd::SocketCount total;
  for (const std::uint8_t family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}}) {
    const Result<fwd::SocketCount> part = count_family(family, vips);
    if (!part) return part.error();
    total.flows += part->flows;
    total.requests += part->requests;
  }
  return total;
}

}  // namespace sleight::oracle
