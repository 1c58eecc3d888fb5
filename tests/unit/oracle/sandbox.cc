// SPDX-License-Identifier: BSD-2-Clause
#include "sandbox.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "sleight/base/check.h"

namespace sleight::oracle {
namespace {

constexpr const char* kDevice = "wire";

Error failed(const std::string& what) { return {what + ": " + std::strerror(errno)}; }

ifreq request_for(const char* device) {
  ifreq request{};
  std::strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  return request;
}

bool bring_up(int control, const char* device) {
  ifreq request = request_for(device);
  if (ioctl(control, SIOCGIFFLAGS, &request) != 0) return false;
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  return ioctl(control, SIOCSIFFLAGS, &request) == 0;
}

bool set_ipv4(int control, unsigned long command, const char* text) {
  ifreq request = request_for(kDevice);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, text, &address.sin_addr);
  std::memcpy(&request.ifr_addr, &address, sizeof address);
  return ioctl(control, command, &request) == 0;
}

bool add_ipv6(const char* text) {
  const Fd control(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq device = request_for(kDevice);
  if (ioctl(control.get(), SIOCGIFINDEX, &device) != 0) return false;
  in6_ifreq request{};
  inet_pton(AF_INET6, text, &request.ifr6_addr);
  request.ifr6_prefixlen = 64;
  request.ifr6_ifindex = device.ifr_ifindex;
  return ioctl(control.get(), SIOCSIFADDR, &request) == 0;
}

// The kernel takes a new IPv6 address into use on a thread of its own.
bool has_ipv6_in_use() {
  constexpr unsigned kTentative = 0x40;
  std::ifstream table("/proc/thread-self/net/if_inet6");
  std::string address, index, length, scope, flags, device;
  while (table >> address >> index >> length >> scope >> flags >> device) {
    const bool is_ours = address.starts_with("20010db8") && device == kDevice;
    if (is_ours && (std::stoul(flags, nullptr, 16) & kTentative) == 0) return true;
  }
  return false;
}

bool wait_for_ipv6() {
  for (int waited_ms = 0; waited_ms < 2000; ++waited_ms) {
    if (has_ipv6_in_use()) return true;
    usleep(1000);
  }
  return false;
}

Result<Fd> make_wire() {
  Fd wire(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!wire.is_open()) return failed("cannot open /dev/net/tun");
  ifreq request = request_for(kDevice);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (ioctl(wire.get(), TUNSETIFF, &request) != 0) return failed("cannot make a tun device");
  return wire;
}

Result<void> configure() {
  const Fd control(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!bring_up(control.get(), "lo")) return failed("cannot bring up lo");
  if (!set_ipv4(control.get(), SIOCSIFADDR, "203.0.113.10") ||
      !set_ipv4(control.get(), SIOCSIFNETMASK, "255.255.255.0") ||
      !bring_up(control.get(), kDevice)) {
    return failed("cannot set the IPv4 address");
  }
  if (!add_ipv6("2001:db8:10::10")) return failed("cannot set the IPv6 address");
  if (!wait_for_ipv6()) return Error{"the IPv6 address does not come into use"};
  return {};
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = other.release();
  return *this;
}

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

int Fd::release() { return std::exchange(fd_, -1); }

Result<std::unique_ptr<Sandbox>> Sandbox::make() {
  Fd outside(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!outside.is_open()) return failed("cannot name the network namespace");
  if (unshare(CLONE_NEWNET) != 0) return failed("cannot make a network namespace");
  std::unique_ptr<Sandbox> sandbox(new Sandbox);
  sandbox->outside_ = std::move(outside);

  Result<Fd> wire = make_wire();
  if (!wire) return std::move(wire).error();
  sandbox->wire_ = *std::move(wire);
  if (const Result<void> done = configure(); !done) return done.error();
  return sandbox;
}

Sandbox::~Sandbox() { CHECK(setns(outside_.get(), CLONE_NEWNET) == 0); }

void Sandbox::send(std::span<const std::uint8_t> packet) {
  CHECK(write(wire_.get(), packet.data(), packet.size()) == static_cast<ssize_t>(packet.size()));
}

std::size_t Sandbox::receive(std::span<std::uint8_t> buffer) {
  pollfd ready{wire_.get(), POLLIN, 0};
  if (poll(&ready, 1, 1000) != 1) return 0;
  const ssize_t size = read(wire_.get(), buffer.data(), buffer.size());
  return size > 0 ? static_cast<std::size_t>(size) : 0;
}

bool Sandbox::set(const std::string& name, const std::string& value) {
  std::ofstream file("/proc/sys/net/" + name);
  file << value << std::flush;
  return file.good();
}

}  // namespace sleight::oracle
