// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <vector>

#include "packet_rows.h"
#include "sleight/net/steer_mac.h"
#include "world.h"

// Hosts that pass one another packets: every chain ends.
namespace sleight::fwd {
namespace {

using support::Bytes;
using support::FakeOracle;
using support::Worker;

struct Journey {
  std::vector<net::HostId> visited;
  Outcome end;
};

Worker host_worker(net::HostId id, FakeOracle& kernel) {
  Snapshot snapshot = support::make_snapshot(support::kHost);
  snapshot.self = id;
  snapshot.ports[0].canonical = net::canonical_mac(support::kFabric, id);
  return Worker(std::move(snapshot), &kernel);
}

// Delivers the frame as a switch does, to the host that its steer MAC targets, until it
// is no longer passed on. The owner is the host whose kernel has the flow, or none.
Journey send(Bytes frame, net::HostId owner) {
  Journey journey;
  while (journey.visited.size() <= net::kMaxFallbacks + 1) {
    const auto steer = net::decode_steer(support::destination_of(frame));
    EXPECT_TRUE(steer.has_value());
    const net::HostId here = steer->chain.target;
    journey.visited.push_back(here);
    FakeOracle kernel(here == owner ? SocketVerdict::kEstablished : SocketVerdict::kNoSocket);
    Worker host = host_worker(here, kernel);
    journey.end = host.judge(frame);
    if (journey.end.verdict() != Verdict::kRedirect) break;
    frame = host.frames[0];
  }
  return journey;
}

net::Chain random_chain(std::mt19937& random) {
  const auto id = [&] { return static_cast<net::HostId>(1 + random() % net::kMaxHostId); };
  for (;;) {
    net::Chain chain{id(), {}};
    if (random() % 3 > 0) chain.fallbacks[0] = id();
    if (chain.has_fallback() && random() % 2 > 0) chain.fallbacks[1] = id();
    if (chain.is_valid()) return chain;
  }
}

std::vector<net::HostId> hosts_of(const net::Chain& chain) {
  std::vector<net::HostId> hosts{chain.target};
  for (const net::HostId host : chain.fallbacks) {
    if (host != net::kNoHost) hosts.push_back(host);
  }
  return hosts;
}

TEST(Chain, APacketOfNobodyEndsAtTheLastHostOfItsChain) {
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    const net::Chain chain = random_chain(random);
    const auto family = round % 2 == 0 ? net::Family::kIpv4 : net::Family::kIpv6;
    const Journey journey =
        send(support::packet_rows(family, support::steer(chain)).at("tcp-ack"), net::kNoHost);
    ASSERT_EQ(journey.visited, hosts_of(chain)) << net::to_string(chain);
    ASSERT_EQ(journey.end, Outcome(Rule::kNoFallback));
  }
}

TEST(Chain, APacketEndsAtTheHostThatOwnsItsFlow) {
  std::mt19937 random(4);
  for (int round = 0; round < 2000; ++round) {
    const net::Chain chain = random_chain(random);
    const auto hosts = hosts_of(chain);
    const net::HostId owner = hosts[random() % hosts.size()];
    const Journey journey =
        send(support::packet_rows(net::Family::kIpv4, support::steer(chain)).at("tcp-ack"), owner);
    ASSERT_EQ(journey.visited.back(), owner) << net::to_string(chain);
    ASSERT_EQ(journey.end.verdict(), Verdict::kAccept);
  }
}

TEST(Chain, APacketThatStartsAConnectionEndsAtTheTarget) {
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    const net::Chain chain = random_chain(random);
    const Journey journey =
        send(support::packet_rows(net::Family::kIpv4, support::steer(chain)).at("tcp-syn"),
             chain.target);
    ASSERT_EQ(journey.visited, std::vector<net::HostId>{chain.target});
  }
}

}  // namespace
}  // namespace sleight::fwd
