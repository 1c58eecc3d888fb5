// SPDX-License-Identifier: BSD-2-Clause
#include "sockets_file.h"

#include <gtest/gtest.h>

namespace sleight::replay {
namespace {

std::string message_of(std::string_view text) {
  const auto flows = parse_sockets(text);
  return flows ? "" : flows.error().message;
}

TEST(SocketsFile, HoldsOneFlowALine) {
  const auto flows = parse_sockets(
      "{\"proto\":\"tcp\",\"src\":\"198.51.100.7\",\"sport\":40000,"
      "\"dst\":\"203.0.113.10\",\"dport\":80}\n"
      "\n"
      "{\"proto\":6,\"src\":\"2001:db8::7\",\"sport\":1,\"dst\":\"2001:db8:10::10\",\"dport\":"
      "443}");
  ASSERT_TRUE(flows);
  ASSERT_EQ(flows->size(), 2u);
  EXPECT_EQ(net::to_string((*flows)[0]), "tcp 198.51.100.7:40000 > 203.0.113.10:80");
  EXPECT_EQ((*flows)[1].protocol(), net::kProtocolTcp);
  EXPECT_EQ((*flows)[1].family(), net::Family::kIpv6);
  EXPECT_EQ((*flows)[1].dport(), 443u);
}

TEST(SocketsFile, MayBeEmpty) {
  ASSERT_TRUE(parse_sockets(""));
  EXPECT_TRUE(parse_sockets("\n \n")->empty());
}

TEST(SocketsFile, ComplainsWithTheLineAndTheField) {
  const std::string good =
      R"({"proto":"tcp","src":"192.0.2.1","sport":1,"dst":"192.0.2.2","dport":2})"
      "\n";
  const auto complains = [&](std::string_view line, std::string_view field) {
    const std::string message = message_of(good + std::string(line));
    EXPECT_TRUE(message.starts_with("line 2: ")) << message;
    EXPECT_NE(message.find(field), std::string::npos) << message;
  };
  complains("nonsense", "expected an object");
  complains("[1]", "expected an object");
  complains(R"({"proto":"sctp","src":"192.0.2.1","sport":1,"dst":"192.0.2.2","dport":2})", "proto");
  complains(R"({"src":"192.0.2.1","sport":1,"dst":"192.0.2.2","dport":2})", "proto");
  complains(R"({"proto":6,"src":7,"sport":1,"dst":"192.0.2.2","dport":2})", "src");
  complains(R"({"proto":6,"src":"192.0.2.1","sport":1,"dst":"2001:db8::1","dport":2})", "family");
  complains(R"({"proto":6,"src":"192.0.2.1","sport":65536,"dst":"192.0.2.2","dport":2})", "sport");
  complains(R"({"proto":6,"src":"192.0.2.1","sport":1,"dst":"192.0.2.2","dport":-1})", "dport");
}

}  // namespace
}  // namespace sleight::replay
