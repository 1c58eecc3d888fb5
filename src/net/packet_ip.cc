// SPDX-License-Identifier: BSD-2-Clause
#include "packet_private.h"
#include "sleight/base/endian.h"

namespace sleight::net {
namespace {

// IPv6 extension headers, RFC 8200 section 4 and RFC 4302.
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragmentHeader = 44;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kDestinationOptions = 60;

constexpr std::size_t kExtensionUnit = 8;  // no extension header is shorter
constexpr int kMaxExtensions = 8;

constexpr std::uint16_t kV4MoreFragments = 0x2000;
constexpr std::uint16_t kV4FragmentOffset = 0x1fff;
constexpr std::uint16_t kV6MoreFragments = 0x0001;
constexpr std::uint16_t kV6FragmentOffset = 0xfff8;

Reach fragment_reach(bool more, bool behind_first) {
  if (behind_first) return Reach::kLaterFragment;
  return more ? Reach::kFirstFragment : Reach::kTransport;
}

bool is_extension(std::uint8_t protocol) {
  return protocol == kHopByHop || protocol == kRouting || protocol == kFragmentHeader ||
         protocol == kAuthentication || protocol == kDestinationOptions;
}

// REQUIRES: `header` holds kExtensionUnit bytes.
std::size_t extension_size(std::uint8_t protocol, Bytes header) {
  if (protocol == kFragmentHeader) return kExtensionUnit;
  if (protocol == kAuthentication) return (header[1] + std::size_t{2}) * 4;
  return (header[1] + std::size_t{1}) * kExtensionUnit;
}

// How far an extension header lets us go on.
Reach extension_reach(std::uint8_t protocol, Bytes header) {
  if (protocol == kFragmentHeader) {
    // Offset 0 without more fragments is a whole packet: RFC 6946.
    const std::uint16_t field = load_be16(&header[2]);
    return fragment_reach((field & kV6MoreFragments) != 0, (field & kV6FragmentOffset) != 0);
  }
  // Segments left: the destination address is a stop on the way, not the end.
  if (protocol == kRouting && header[3] != 0) return Reach::kNowhere;
  return Reach::kTransport;
}

// Where we are in a chain of extension headers. Apart from IpView, which is then built
// in place: copying it right after was half of an IPv6 packet's time.
struct Cursor {
  std::uint8_t protocol;
  Reach reach;
  Bytes payload;
};

// Advances behind one extension header.
void skip_extension(Cursor& at) {
  if (at.payload.size() < kExtensionUnit) {
    at.reach = Reach::kCutOff;
    return;
  }
  const std::size_t size = extension_size(at.protocol, at.payload);
  const Reach reach = extension_reach(at.protocol, at.payload);
  if (reach != Reach::kTransport) at.reach = reach;
  if (size > at.payload.size()) {
    at.reach = Reach::kCutOff;
    return;
  }
  at.protocol = at.payload[0];
  at.payload = at.payload.subspan(size);
}

void skip_extensions(Cursor& at, Bounds bounds) {
  for (int followed = 0; is_extension(at.protocol); ++followed) {
    if (followed == kMaxExtensions) {
      at.reach = Reach::kNowhere;
      return;
    }
    skip_extension(at);
    // Behind a first fragment only a quotation is read on.
    const bool goes_on = at.reach == Reach::kTransport ||
                         (at.reach == Reach::kFirstFragment && bounds == Bounds::kQuotation);
    if (!goes_on) return;
  }
}

}  // namespace

std::optional<IpView> read_ipv4(Bytes packet, Bounds bounds) {
  if (packet.size() < kIpv4Header || packet[0] >> 4 != 4) return std::nullopt;
  const std::size_t header = (packet[0] & 0x0fu) * std::size_t{4};
  if (header < kIpv4Header) return std::nullopt;
  std::size_t total = packet.size();
  if (bounds == Bounds::kLengthField) {
    total = load_be16(&packet[2]);
    if (total < header || total > packet.size()) return std::nullopt;
  }
  const std::uint16_t fragment = load_be16(&packet[6]);
  const Reach reach =
      fragment_reach((fragment & kV4MoreFragments) != 0, (fragment & kV4FragmentOffset) != 0);
  // Only a quotation can break off inside the options.
  const bool whole = header <= total;
  return IpView{.family = Family::kIpv4,
                .protocol = packet[9],
                .reach = whole ? reach : Reach::kCutOff,
                .source = &packet[12],
                .destination = &packet[16],
                .payload = whole ? packet.subspan(header, total - header) : Bytes()};
}

std::optional<IpView> read_ipv6(Bytes packet, Bounds bounds) {
  if (packet.size() < kIpv6Header || packet[0] >> 4 != 6) return std::nullopt;
  std::size_t length = packet.size() - kIpv6Header;
  if (bounds == Bounds::kLengthField) {
    if (load_be16(&packet[4]) > length) return std::nullopt;
    length = load_be16(&packet[4]);
  }
  Cursor at{.protocol = packet[6],
            .reach = Reach::kTransport,
            .payload = packet.subspan(kIpv6Header, length)};
  skip_extensions(at, bounds);
  return IpView{.family = Family::kIpv6,
                .protocol = at.protocol,
                .reach = at.reach,
                .source = &packet[8],
                .destination = &packet[24],
                .payload = at.payload};
}

}  // namespace sleight::net
