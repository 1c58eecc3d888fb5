// SPDX-License-Identifier: BSD-2-Clause
#include "src/oracle/requirements.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <initializer_list>

#include "sleight/base/check.h"
#include "sleight/oracle/oracle.h"

namespace sleight::oracle {
namespace {

Environment good() { return {"6.1.0-25-amd64", true, true, true, true}; }

bool refuses(const Environment& environment, const std::string& because) {
  const auto error = refusal(environment);
  return error && error->message.find(because) != std::string::npos;
}

TEST(RequirementsTest, AFitEnvironmentIsNotRefused) {
  EXPECT_FALSE(refusal(good()));
  Environment environment = good();
  environment.kernel_release = "5.17.0";
  EXPECT_FALSE(refusal(environment));
  environment.cap_perfmon = false;
  EXPECT_FALSE(refusal(environment)) << "it degrades instead";
}

TEST(RequirementsTest, AKernelBefore517IsRefused) {
  for (const char* release : {"5.16.20", "5.4.0-200-generic", "4.19.0", "nonsense", ""}) {
    Environment environment = good();
    environment.kernel_release = release;
    EXPECT_TRUE(refuses(environment, "Linux 5.17 or later")) << release;
  }
}

TEST(RequirementsTest, AKernelWithoutBtfIsRefused) {
  Environment environment = good();
  environment.has_btf = false;
  EXPECT_TRUE(refuses(environment, "CONFIG_DEBUG_INFO_BTF"));
}

TEST(RequirementsTest, AllThatIsMissingIsSaidAtOnce) {
  const Environment nothing{"5.10.0", false, false, false, false};
  EXPECT_TRUE(refuses(nothing, "5.10.0"));
  EXPECT_TRUE(refuses(nothing, "/sys/kernel/btf/vmlinux"));
  EXPECT_TRUE(refuses(nothing, "lacks CAP_BPF and CAP_NET_ADMIN"));
}

// Takes capabilities from the calling thread until destroyed.
class Without {
 public:
  explicit Without(std::initializer_list<unsigned> capabilities) {
    CHECK(syscall(SYS_capget, &header_, before_) == 0);
    __user_cap_data_struct after[_LINUX_CAPABILITY_U32S_3] = {before_[0], before_[1]};
    for (const unsigned capability : capabilities) {
      after[capability / 32].effective &= ~(1U << capability % 32);
    }
    CHECK(syscall(SYS_capset, &header_, after) == 0);
  }
  Without(const Without&) = delete;
  Without& operator=(const Without&) = delete;
  ~Without() { CHECK(syscall(SYS_capset, &header_, before_) == 0); }

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct before_[_LINUX_CAPABILITY_U32S_3]{};
};

class LoadTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto oracle = Oracle::load(1);
    if (!oracle) GTEST_SKIP() << oracle.error().message;
    if (!oracle.value()->checks_sequences()) GTEST_SKIP() << oracle.value()->degraded();
  }
};

TEST_F(LoadTest, WithoutCapBpfItRefusesAndNamesIt) {
  const Without less{CAP_SYS_ADMIN, CAP_BPF};
  const auto oracle = Oracle::load(1);
  ASSERT_FALSE(oracle);
  EXPECT_NE(oracle.error().message.find("lacks CAP_BPF:"), std::string::npos)
      << oracle.error().message;
}

TEST_F(LoadTest, WithoutCapNetAdminItRefusesAndNamesIt) {
  const Without less{CAP_SYS_ADMIN, CAP_NET_ADMIN};
  const auto oracle = Oracle::load(1);
  ASSERT_FALSE(oracle);
  EXPECT_NE(oracle.error().message.find("lacks CAP_NET_ADMIN:"), std::string::npos)
      << oracle.error().message;
}

TEST_F(LoadTest, WithoutCapPerfmonItDegradesAndSaysSo) {
  const Without less{CAP_SYS_ADMIN, CAP_PERFMON};
  const auto oracle = Oracle::load(1);
  ASSERT_TRUE(oracle) << oracle.error().message;
  EXPECT_FALSE(oracle.value()->checks_sequences());
  EXPECT_NE(oracle.value()->degraded().find("CAP_PERFMON"), std::string::npos)
      << oracle.value()->degraded();
}

TEST_F(LoadTest, WithThreeCapabilitiesAllChecksAreInForce) {
  const Without less{CAP_SYS_ADMIN};
  const auto oracle = Oracle::load(1);
  ASSERT_TRUE(oracle) << oracle.error().message;
  EXPECT_TRUE(oracle.value()->checks_sequences());
}

TEST_F(LoadTest, OnceLoadedItNeedsNoCapability) {
  const auto oracle = Oracle::load(1);
  ASSERT_TRUE(oracle);
  const Without less{CAP_SYS_ADMIN, CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON};
  fwd::SocketQuestion question;  // TCP port 1 of 127.0.0.1, where nobody listens
  question.flow = net::FlowKey::v4("\x7f\0\0\1", "\x7f\0\0\1", 0x0100'0100, net::kProtocolTcp);
  fwd::SocketVerdict verdict = fwd::SocketVerdict::kUnknown;
  (*oracle)->asker(0).ask({&question, 1}, {&verdict, 1});
  EXPECT_EQ(verdict, fwd::SocketVerdict::kNoSocket);
}

}  // namespace
}  // namespace sleight::oracle
