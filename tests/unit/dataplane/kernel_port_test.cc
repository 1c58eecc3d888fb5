// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
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
  static void broadcast() {
    const int sender = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_ifindex = static_cast<int>(if_nametoindex("switch"));
    const support::Bytes frame = support::ethernet(0xffffffffffff, 0x88b6, support::Bytes(46));
    EXPECT_EQ(sendto(sender, frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                     sizeof to),
              static_cast<ssize_t>(frame.size()));
    close(sender);
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
