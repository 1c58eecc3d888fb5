// SPDX-License-Identifier: BSD-2-Clause
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "sleight/dataplane/dataplane.h"
#include "small_eal.h"
#include "world.h"

// A wire port and a kernel port on the ends of two veth pairs, in a network namespace of
// the process's own.
namespace sleight::dataplane {
namespace {

using Kind = fwd::WireEvent::Kind;

bool run(const std::string& command) { return std::system(command.c_str()) == 0; }

bool wait_for(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

Settings settings() {
  Settings settings;
  settings.eal = small_eal("kernel-port", 1);
  PortSettings port;
  port.name = "wire";
  port.device = "net_af_packet0,iface=wire";
  port.kernel_device = "net_af_packet1,iface=kernel";
  port.fabric = support::kFabric;
  settings.ports = {port};
  settings.idle_sleep = true;
  return settings;
}

// Hears tagged frames that an interface receives.
class Listener {
 public:
  explicit Listener(const char* interface)
      : socket_(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    const timeval patience{10, 0};
    sockaddr_ll from{};
    from.sll_family = AF_PACKET;
    from.sll_protocol = htons(ETH_P_ALL);
    from.sll_ifindex = static_cast<int>(if_nametoindex(interface));
    EXPECT_EQ(setsockopt(socket_, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on), 0);
    EXPECT_EQ(setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&from), sizeof from), 0);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { close(socket_); }

  // Of the next tagged frame; -1 when none comes.
  int next_vlan() {
    for (;;) {
      std::array<char, 2048> frame{};
      alignas(cmsghdr) std::array<char, 256> control{};
      iovec into{frame.data(), frame.size()};
      msghdr message{};
      message.msg_iov = &into;
      message.msg_iovlen = 1;
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      if (recvmsg(socket_, &message, 0) <= 0) return -1;
      const cmsghdr* header = CMSG_FIRSTHDR(&message);
      if (header == nullptr || header->cmsg_type != PACKET_AUXDATA) continue;
      tpacket_auxdata told{};
      std::memcpy(&told, CMSG_DATA(header), sizeof told);
      if ((told.tp_status & TP_STATUS_VLAN_VALID) != 0) return told.tp_vlan_tci;
    }
  }

 private:
  int socket_;
};

class KernelPort : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (unshare(CLONE_NEWNET) != 0) return;
    ASSERT_TRUE(run("ip link add wire type veth peer name switch") &&
                run("ip link add kernel type veth peer name stack") &&
                run("ip link set wire mtu 1400") && run("ip link set kernel mtu 9000") &&
                run("for d in wire switch kernel stack; do ip link set $d up || exit 1; done"));
    auto opened = Dataplane::open(settings(), {});
    ASSERT_TRUE(opened) << opened.error().message;
    dataplane_ = *std::move(opened);
    dataplane_->publisher().publish(
        std::make_unique<fwd::Snapshot>(support::make_snapshot(support::kDirector)));
    testing::internal::CaptureStderr();
    const auto started = dataplane_->start();
    said_ = testing::internal::GetCapturedStderr();
    ASSERT_TRUE(started) << started.error().message;
  }
  static void TearDownTestSuite() { dataplane_.reset(); }

  void SetUp() override {
    if (!dataplane_) GTEST_SKIP() << "needs a network namespace";
  }

  // From the switch to everybody, so to the kernel port.
  static void broadcast(const support::Bytes& frame = untagged()) {
    const int sender = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_ifindex = static_cast<int>(if_nametoindex("switch"));
    EXPECT_EQ(sendto(sender, frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                     sizeof to),
              static_cast<ssize_t>(frame.size()));
    close(sender);
  }

  static support::Bytes untagged() {
    return support::ethernet(0xffffffffffff, 0x88b6, support::Bytes(46));
  }

  // Priority 0, VLAN 7.
  static support::Bytes tagged() {
    return support::ethernet(0xffffffffffff, 0x8100, {0x00, 0x07, 0x88, 0xb6});
  }

  static fwd::PortStatistics statistics() { return dataplane_->statistics().port(0); }

  // Whether such an event is told, others before it aside.
  static bool tells(Kind kind, bool kernel) {
    return wait_for([&] {
      while (const auto event = dataplane_->events().poll()) {
        if (event->kind == kind && event->kernel == kernel) return true;
      }
      return false;
    });
  }

  static inline std::unique_ptr<Dataplane> dataplane_;
  static inline std::string said_;  // at the start
};

TEST_F(KernelPort, has_the_mtu_of_its_interface) {
  const auto facts = dataplane_->ports().ports();
  EXPECT_EQ(facts[0].mtu, 1400);
  EXPECT_EQ(facts[0].kernel_mtu, 9000);
}

TEST_F(KernelPort, whose_mtu_does_not_fit_is_told_at_the_start) {
  EXPECT_NE(said_.find("event=mtus_differ port=wire wire=1400 kernel=9000"), std::string::npos)
      << said_;
  EXPECT_NE(
      said_.find(R"(event=mtu_too_large port=wire device="net_af_packet1,iface=kernel" mtu=9000)"
                 " largest=1500"),
      std::string::npos)
      << said_;
  EXPECT_EQ(said_.find(R"(device="net_af_packet0)"), std::string::npos) << said_;
}

TEST_F(KernelPort, counts_what_it_was_given) {
  const std::uint64_t before = statistics().kernel_tx_packets;
  broadcast();
  EXPECT_TRUE(wait_for([&] { return statistics().kernel_tx_packets > before; }));
  EXPECT_EQ(statistics().kernel_tx_errors, 0u);
}

// The kernel takes a tag off before a packet socket sees the frame, and the driver puts it
// back: what leaves for the kernel's end is the frame that came.
TEST_F(KernelPort, is_given_a_tagged_frame_with_its_tag) {
  Listener stack("stack");
  broadcast(tagged());
  EXPECT_EQ(stack.next_vlan(), 7);
}

TEST_F(KernelPort, that_is_down_is_told_and_its_losses_are_counted) {
  EXPECT_TRUE(tells(Kind::kLinkUp, true));
  EXPECT_TRUE(dataplane_->ports().ports()[0].kernel_link_up);
  ASSERT_TRUE(run("ip link set kernel down"));
  EXPECT_TRUE(tells(Kind::kLinkDown, true));
  EXPECT_FALSE(dataplane_->ports().ports()[0].kernel_link_up);
  EXPECT_TRUE(dataplane_->ports().ports()[0].link_up);
  broadcast();
  EXPECT_TRUE(wait_for([] { return statistics().kernel_tx_errors > 0; }));
  ASSERT_TRUE(run("ip link set kernel up"));
  EXPECT_TRUE(tells(Kind::kLinkUp, true));
}

}  // namespace
}  // namespace sleight::dataplane
