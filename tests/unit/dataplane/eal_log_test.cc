// SPDX-License-Identifier: BSD-2-Clause
#include "eal_log.h"

#include <gtest/gtest.h>
#include <rte_log.h>

#include <string>

namespace sleight::dataplane {
namespace {

void dpdk_says(unsigned level, const char* text) {
  rte_log(level, RTE_LOGTYPE_USER1, "%s\n", text);
}

TEST(DpdkErrors, that_a_message_took_are_not_logged_once_more) {
  redirect_dpdk_log();
  testing::internal::CaptureStderr();
  {
    DpdkErrors errors;
    dpdk_says(RTE_LOG_ERR, "first");
    dpdk_says(RTE_LOG_ERR, "second");
    EXPECT_EQ(errors.take(), "first; second");
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(DpdkErrors, that_nobody_took_are_logged_as_warnings) {
  redirect_dpdk_log();
  testing::internal::CaptureStderr();
  {
    const DpdkErrors errors;
    dpdk_says(RTE_LOG_ERR, "went well nevertheless");
    dpdk_says(RTE_LOG_NOTICE, "by the way");
  }
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("level=warn event=dpdk message=\"went well nevertheless\""),
            std::string::npos)
      << said;
  EXPECT_EQ(said.find("by the way"), std::string::npos);
}

}  // namespace
}  // namespace sleight::dataplane
