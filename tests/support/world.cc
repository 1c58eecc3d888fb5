// SPDX-License-Identifier: BSD-2-Clause
#include "world.h"

#include <utility>

#include "sleight/base/check.h"
#include "sleight/base/endian.h"

namespace sleight::support {
namespace {

net::IpAddress address(const char* text) { return net::parse_ip(text).value(); }

net::IpPrefix host_prefix(const char* text) { return net::parse_prefix(text).value(); }

std::vector<fwd::VipEntry> vip_entries() {
  return {{{host_prefix("203.0.113.10"), host_prefix("2001:db8:10::10")},
           0,
           {{net::kProtocolTcp, 80, 80, kWeb},
            {net::kProtocolTcp, 443, 443, kWeb},
            {net::kProtocolUdp, 53, 53, kDns}}},
          {{host_prefix("203.0.113.11"), host_prefix("2001:db8:10::11")},
           1,
           {{net::kProtocolTcp, 80, 80, kOrder}}}};
}

}  // namespace

fwd::Snapshot make_snapshot(Roles roles) {
  fwd::Snapshot snapshot;
  snapshot.version = 1;
  snapshot.director = roles.director;
  snapshot.host = roles.host;
  snapshot.self = roles.host ? kSelf : net::kNoHost;
  fwd::SnapshotPort port{
      kFabric, net::MacAddress::from_bits(kPortMac), net::MacAddress::from_bits(kKernelMac), {}};
  if (roles.host) port.canonical = net::canonical_mac(kFabric, kSelf);
  snapshot.ports = {port};
  snapshot.vips = fwd::VipIndex(vip_entries());
  snapshot.pools = {{{0x0706050403020100, 0x0f0e0d0c0b0a0908}, 256, {}}, {{1, 2}, 16, {}}};
  snapshot.vip_names = {"www", "shop"};
  snapshot.service_names = {"web", "dns", "order"};
  snapshot.pool_names = {"caches", "shops"};
  if (roles.director) point_all_slots(snapshot, {2, {}});
  return snapshot;
}

void point_all_slots(fwd::Snapshot& snapshot, const net::Chain& chain) {
  const std::uint64_t bits = chain.target == net::kNoHost ? 0 : steer(chain);
  for (auto& pool : snapshot.pools) pool.steer = {std::vector<std::uint64_t>(pool.slots, bits)};
}

Ends client_to(net::Family family, std::uint32_t vip) {
  if (family == net::Family::kIpv4) {
    return {address("198.51.100.7"), address(vip == kWww ? "203.0.113.10" : "203.0.113.11")};
  }
  return {address("2001:db8:ff::7"), address(vip == kWww ? "2001:db8:10::10" : "2001:db8:10::11")};
}

Ends client_to_nobody(net::Family family) {
  Ends ends = client_to(family, kWww);
  ends.destination = address(family == net::Family::kIpv4 ? "203.0.113.99" : "2001:db8:10::99");
  return ends;
}

void FakeOracle::ask(std::span<const fwd::SocketQuestion> asked,
                     std::span<fwd::SocketVerdict> verdicts) {
  ++calls;
  questions.assign(asked.begin(), asked.end());
  for (std::size_t i = 0; i < asked.size(); ++i) verdicts[i] = answer_(asked[i]);
}

const fwd::Burst& Worker::process(std::vector<Bytes> given) {
  CHECK(given.size() <= fwd::kMaxBurst);
  frames = std::move(given);
  burst_->count = frames.size();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    burst_->frames[i] = {frames[i].data(), static_cast<std::uint32_t>(frames[i].size())};
  }
  fwd::process(context(), *burst_);
  return *burst_;
}

const fwd::Burst& Worker::second_look() {
  std::size_t held = 0;
  for (std::size_t i = 0; i < burst_->count; ++i) {
    if (burst_->outcomes[i].verdict() != fwd::Verdict::kHold) continue;
    std::swap(frames[held], frames[i]);
    burst_->questions[held] = burst_->questions[i];
    burst_->frames[held] = {frames[held].data(), static_cast<std::uint32_t>(frames[held].size())};
    ++held;
  }
  burst_->count = held;
  fwd::second_look(context(), *burst_);
  return *burst_;
}

fwd::Outcome Worker::judge(Bytes frame) {
  const fwd::Outcome first = process({std::move(frame)}).outcomes[0];
  return first.verdict() == fwd::Verdict::kHold ? second_look().outcomes[0] : first;
}

std::uint64_t destination_of(const Bytes& frame) { return load_be64(frame.data()) >> 16; }

std::uint64_t source_of(const Bytes& frame) { return load_be64(frame.data() + 4) & 0xffffffffffff; }

}  // namespace sleight::support
