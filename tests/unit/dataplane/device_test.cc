// SPDX-License-Identifier: BSD-2-Clause
#include "device.h"

#include <gtest/gtest.h>
#include <rte_mbuf.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "eal.h"
#include "small_eal.h"

namespace sleight::dataplane {
namespace {

class DeviceTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = Eal::start(small_eal("device", 1), {});
    ASSERT_TRUE(started) << started.error().message;
    eal_ = *std::move(started);
    pool_ = rte_pktmbuf_pool_create("test", 2047, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
    ASSERT_NE(pool_, nullptr);
  }
  static void TearDownTestSuite() {
    rte_mempool_free(pool_);
    eal_.reset();
  }

  static std::string refusal(const std::string& device) {
    const auto attached = Device::attach(device);
    return attached ? "attached" : attached.error().message;
  }

  // What is said when the device starts.
  static std::string log_of_start(const std::string& device, Side side) {
    auto attached = Device::attach(device);
    if (!attached) return attached.error().message;
    if (const auto done = attached->configure({}, pool_); !done) return done.error().message;
    testing::internal::CaptureStderr();
    const auto started = attached->start(side);
    const std::string said = testing::internal::GetCapturedStderr();
    return started ? said : started.error().message;
  }

  static inline std::unique_ptr<Eal> eal_;
  static inline rte_mempool* pool_ = nullptr;
};

TEST_F(DeviceTest, is_refused_with_the_word_driver_when_there_is_none) {
  const std::string message = refusal("net_nonsense0,iface=eth0");
  EXPECT_NE(message.find("device 'net_nonsense0,iface=eth0'"), std::string::npos) << message;
  EXPECT_NE(message.find("no such driver"), std::string::npos) << message;
}

TEST_F(DeviceTest, is_refused_when_a_pci_device_is_not_there) {
  EXPECT_NE(refusal("0000:fe:1f.7").find("no such PCI device"), std::string::npos);
}

TEST_F(DeviceTest, is_refused_when_its_interface_is_not_there) {
  if (geteuid() != 0) GTEST_SKIP() << "net_af_packet needs root";
  EXPECT_NE(refusal("net_af_packet0,iface=nonsense0").find("the interface of iface= must exist"),
            std::string::npos);
}

TEST_F(DeviceTest, is_taken_once) {
  const auto first = Device::attach("net_null0");
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_NE(refusal("net_null0").find("used twice"), std::string::npos);
}

TEST_F(DeviceTest, says_how_many_queues_it_has_when_more_are_wanted) {
  auto attached = Device::attach("net_ring0");
  ASSERT_TRUE(attached) << attached.error().message;
  DeviceShape shape;
  shape.queues = 500;
  const auto configured = attached->configure(shape, pool_);
  ASSERT_FALSE(configured);
  EXPECT_NE(configured.error().message.find("configured with 500"), std::string::npos);
}

TEST_F(DeviceTest, says_what_was_asked_of_it_when_it_refuses) {
  auto attached = Device::attach("net_ring3");
  ASSERT_TRUE(attached) << attached.error().message;
  DeviceShape shape;
  shape.rx_descriptors = 1000;
  const auto configured = attached->configure(shape, nullptr);
  ASSERT_FALSE(configured);
  const std::string& message = configured.error().message;
  EXPECT_NE(message.find("device 'net_ring3': receive queue 0 of 1000 descriptors"),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("to mend it"), std::string::npos) << message;
}

TEST_F(DeviceTest, that_was_closed_is_told_to_need_a_restart) {
  ASSERT_EQ(log_of_start("net_null5", Side::kWire), "");
  EXPECT_NE(refusal("net_null5").find("made no port of it (to mend it"), std::string::npos)
      << refusal("net_null5");
}

TEST_F(DeviceTest, starts_and_has_a_link) {
  auto attached = Device::attach("net_ring1");
  ASSERT_TRUE(attached) << attached.error().message;
  ASSERT_TRUE(attached->configure({}, pool_));
  EXPECT_FALSE(attached->link_up());
  ASSERT_TRUE(attached->start(Side::kWire));
  EXPECT_TRUE(attached->link_up());
  EXPECT_EQ(attached->driver(), "net_ring");
  EXPECT_EQ(attached->mtu(), 1500);
}

TEST(MayFilter, asks_for_promiscuous_mode_where_an_address_decides) {
  constexpr bool kVirtual = true;
  EXPECT_TRUE(may_filter(Side::kWire, !kVirtual, 0));
  EXPECT_TRUE(may_filter(Side::kWire, kVirtual, 2));
  EXPECT_FALSE(may_filter(Side::kWire, kVirtual, 0));
  EXPECT_FALSE(may_filter(Side::kKernel, !kVirtual, 2));
}

TEST_F(DeviceTest, that_filters_nothing_need_not_be_promiscuous) {
  const std::string socket = std::filesystem::temp_directory_path() /
                             ("device-test-" + std::to_string(getpid()) + ".sock");
  const std::string said =
      log_of_start("net_memif0,role=server,socket-abstract=no,socket=" + socket, Side::kWire);
  EXPECT_EQ(said, "");
  std::filesystem::remove(socket);
}

}  // namespace
}  // namespace sleight::dataplane
