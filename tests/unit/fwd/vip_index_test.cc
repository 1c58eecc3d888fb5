// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/fwd/vip_index.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <set>
#include <vector>

namespace sleight::fwd {
namespace {

using net::Family;
using net::FlowKey;
using net::IpAddress;
using net::IpPrefix;

constexpr std::uint8_t kTcp = net::kProtocolTcp;
constexpr std::uint8_t kUdp = net::kProtocolUdp;

IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return {Family::kIpv4, {a, b, c, d}};
}

IpAddress v6(std::uint8_t first, std::uint8_t second, std::uint8_t last) {
  return {Family::kIpv6, {first, second, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}};
}

IpPrefix host(const IpAddress& address) {
  return {address, static_cast<std::uint8_t>(address.bit_length())};
}

FlowKey flow_to(const IpAddress& address) {
  const std::array<std::uint8_t, 16> client = {198, 51, 100, 7};
  return address.family == Family::kIpv4
             ? FlowKey::v4(client.data(), address.bytes.data(), 0x50009c40, kTcp)
             : FlowKey::v6(client.data(), address.bytes.data(), 0x50009c40, kTcp);
}

bool bit(const IpAddress& address, unsigned index) {
  return (address.bytes[index / 8] >> (7 - index % 8) & 1) != 0;
}

bool covers(const IpPrefix& prefix, const IpAddress& address) {
  if (prefix.address.family != address.family) return false;
  for (unsigned i = 0; i < prefix.length; ++i) {
    if (bit(prefix.address, i) != bit(address, i)) return false;
  }
  return true;
}

// The same question, answered by looking at everything.
std::uint32_t naive_find(const std::vector<VipEntry>& vips, const IpAddress& address) {
  std::uint32_t best = kNoIndex;
  int best_length = -1;
  for (std::uint32_t vip = 0; vip < vips.size(); ++vip) {
    for (const IpPrefix& prefix : vips[vip].addresses) {
      if (!covers(prefix, address) || int{prefix.length} <= best_length) continue;
      best = vip;
      best_length = prefix.length;
    }
  }
  return best;
}

// Few distinct byte values, so that prefixes nest and addresses meet them.
IpAddress random_address(std::mt19937& random) {
  IpAddress address;
  address.family = random() % 2 == 0 ? Family::kIpv4 : Family::kIpv6;
  for (unsigned i = 0; i < address.bit_length() / 8; ++i) {
    address.bytes[i] = static_cast<std::uint8_t>(random() % 3 * 64);
  }
  return address;
}

IpPrefix random_prefix(std::mt19937& random) {
  IpPrefix prefix = host(random_address(random));
  if (random() % 2 == 0) return prefix;
  prefix.length = static_cast<std::uint8_t>(random() % (prefix.address.bit_length() + 1));
  for (unsigned i = prefix.length; i < prefix.address.bit_length(); ++i) {
    auto& byte = prefix.address.bytes[i / 8];
    byte = static_cast<std::uint8_t>(byte & ~(0x80u >> i % 8));
  }
  return prefix;
}

std::vector<VipEntry> random_vips(std::mt19937& random) {
  std::vector<VipEntry> vips(1 + random() % 50);
  std::set<IpPrefix> taken;
  for (VipEntry& vip : vips) {
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      const IpPrefix prefix = random_prefix(random);
      if (taken.insert(prefix).second) vip.addresses.push_back(prefix);
    }
  }
  return vips;
}

TEST(VipIndex, FindsNothingWhenEmpty) {
  const VipIndex index;
  EXPECT_EQ(index.size(), 0u);
  EXPECT_EQ(index.find_vip(flow_to(v4(203, 0, 113, 10))), kNoIndex);
  EXPECT_EQ(index.find_vip(flow_to(v6(0x20, 1, 1))), kNoIndex);
}

TEST(VipIndex, FindsAddressesOfBothFamilies) {
  const std::vector<VipEntry> vips = {{{host(v4(203, 0, 113, 10))}, 4, {}},
                                      {{host(v6(0x20, 1, 1)), host(v4(203, 0, 113, 11))}, 7, {}}};
  const VipIndex index(vips);
  EXPECT_EQ(index.size(), 2u);
  EXPECT_EQ(index.find_vip(flow_to(v4(203, 0, 113, 10))), 0u);
  EXPECT_EQ(index.find_vip(flow_to(v4(203, 0, 113, 11))), 1u);
  EXPECT_EQ(index.find_vip(flow_to(v6(0x20, 1, 1))), 1u);
  EXPECT_EQ(index.find_vip(flow_to(v4(203, 0, 113, 12))), kNoIndex);
  EXPECT_EQ(index.find_vip(flow_to(v6(0x20, 1, 2))), kNoIndex);
  EXPECT_EQ(index.pool_of(0), 4u);
  EXPECT_EQ(index.pool_of(1), 7u);
}

TEST(VipIndex, KeepsFamiliesApartWhereTheirBytesAreEqual) {
  const VipIndex index(std::vector<VipEntry>{{{host(v4(0x20, 1, 0, 0))}, 0, {}}});
  EXPECT_EQ(index.find_vip(flow_to(v4(0x20, 1, 0, 0))), 0u);
  EXPECT_EQ(index.find_vip(flow_to(v6(0x20, 1, 0))), kNoIndex);
}

TEST(VipIndex, PrefersTheLongestPrefix) {
  const std::vector<VipEntry> vips = {{{{v4(203, 0, 113, 0), 24}}, 0, {}},
                                      {{{v4(203, 0, 113, 64), 26}}, 0, {}},
                                      {{host(v4(203, 0, 113, 65))}, 0, {}}};
  const VipIndex index(vips);
  EXPECT_EQ(index.find_vip(flow_to(v4(203, 0, 113, 1))), 0u);
  EXPECT_EQ(index.find_vip(flow_to(v4(203, 0, 113, 64))), 1u);
  EXPECT_EQ(index.find_vip(flow_to(v4(203, 0, 113, 127))), 1u);
  EXPECT_EQ(index.find_vip(flow_to(v4(203, 0, 113, 65))), 2u);
  EXPECT_EQ(index.find_vip(flow_to(v4(203, 0, 112, 1))), kNoIndex);
}

TEST(VipIndex, AgreesWithTheNaiveSearch) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const std::vector<VipEntry> vips = random_vips(random);
    const VipIndex index(vips);
    for (const VipEntry& vip : vips) {
      for (const IpPrefix& prefix : vip.addresses) {
        ASSERT_EQ(index.find_vip(flow_to(prefix.address)), naive_find(vips, prefix.address));
      }
    }
    for (int i = 0; i < 200; ++i) {
      const IpAddress address = random_address(random);
      ASSERT_EQ(index.find_vip(flow_to(address)), naive_find(vips, address)) << "seed " << seed;
    }
  }
}

TEST(VipIndex, FindsEachOfManyNeighbouringAddresses) {
  std::vector<VipEntry> vips;
  for (unsigned i = 0; i < 20'000; ++i) {
    const auto high = static_cast<std::uint8_t>(i >> 8);
    const auto low = static_cast<std::uint8_t>(i);
    IpAddress six = v6(0x20, 1, low);
    six.bytes[14] = high;
    vips.push_back({{host(v4(10, 0, high, low)), host(six)}, 0, {}});
  }
  const VipIndex index(vips);
  for (std::uint32_t i = 0; i < vips.size(); ++i) {
    for (const IpPrefix& prefix : vips[i].addresses) {
      ASSERT_EQ(index.find_vip(flow_to(prefix.address)), i);
    }
  }
  EXPECT_EQ(index.find_vip(flow_to(v4(10, 0, 255, 255))), kNoIndex);
}

TEST(VipIndex, FindsServicesByProtocolAndPort) {
  const VipEntry empty = {{host(v4(203, 0, 113, 9))}, 0, {}};
  const VipEntry www = {{host(v4(203, 0, 113, 10))},
                        0,
                        {{kUdp, 53, 53, 1}, {kTcp, 8000, 8099, 0}, {kTcp, 80, 80, 0}}};
  const VipEntry all = {{host(v4(203, 0, 113, 11))}, 0, {{kTcp, 0, 65535, 2}}};
  const VipIndex index(std::vector<VipEntry>{empty, www, all});
  EXPECT_EQ(index.find_service(0, kTcp, 80), kNoIndex);
  EXPECT_EQ(index.find_service(1, kTcp, 80), 0u);
  EXPECT_EQ(index.find_service(1, kTcp, 8000), 0u);
  EXPECT_EQ(index.find_service(1, kTcp, 8099), 0u);
  EXPECT_EQ(index.find_service(1, kUdp, 53), 1u);
  EXPECT_EQ(index.find_service(1, kTcp, 79), kNoIndex);
  EXPECT_EQ(index.find_service(1, kTcp, 81), kNoIndex);
  EXPECT_EQ(index.find_service(1, kTcp, 8100), kNoIndex);
  EXPECT_EQ(index.find_service(1, kUdp, 52), kNoIndex);
  EXPECT_EQ(index.find_service(1, kUdp, 8000), kNoIndex);
  EXPECT_EQ(index.find_service(1, kTcp, 53), kNoIndex);
  EXPECT_EQ(index.find_service(1, 132, 80), kNoIndex);
  EXPECT_EQ(index.find_service(2, kTcp, 0), 2u);
  EXPECT_EQ(index.find_service(2, kTcp, 65535), 2u);
  EXPECT_EQ(index.find_service(2, kUdp, 80), kNoIndex);
}

TEST(VipIndex, FindsTheServiceOfEveryPortAmongManyRanges) {
  VipEntry vip = {{host(v4(203, 0, 113, 10))}, 0, {}};
  for (std::uint16_t i = 0; i < 1000; ++i) {
    const auto first = static_cast<std::uint16_t>(i * 4);
    vip.ranges.push_back({kTcp, first, static_cast<std::uint16_t>(first + 2), i});
  }
  const VipIndex index(std::vector<VipEntry>{vip});
  for (std::uint16_t port = 0; port < 4100; ++port) {
    const std::uint32_t expected = port % 4 == 3 || port >= 4000 ? kNoIndex : port / 4u;
    ASSERT_EQ(index.find_service(0, kTcp, port), expected) << port;
  }
}

}  // namespace
}  // namespace sleight::fwd
