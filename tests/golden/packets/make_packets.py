#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes packets.jsonl: frames made by scapy and what a parser must say about them.

  make_packets.py           write packets.jsonl beside this script
  make_packets.py --check   exit 1 if the file is not what would be written

One JSON object a line: name, kind, hex of the frame; for IP packets `flow` as
`PROTOCOL SOURCE[:PORT] > DESTINATION[:PORT]`; for TCP `flags`, `seq` and `ack`; for an
error that quotes TCP `seq`.
"""
import ipaddress
import json
import pathlib
import sys

from scapy.config import conf

conf.ipv6_enabled = True
from scapy.contrib.mpls import MPLS
from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption_NOP
from scapy.layers.inet6 import (
    ICMPv6DestUnreach, ICMPv6EchoReply, ICMPv6EchoRequest, ICMPv6ND_NA, ICMPv6ND_NS,
    ICMPv6PacketTooBig, ICMPv6ParamProblem, ICMPv6TimeExceeded, IPv6, IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, PadN)
from scapy.layers.ipsec import AH
from scapy.layers.l2 import ARP, Dot1Q, Ether, GRE
from scapy.packet import Raw

CLIENT4, VIP4, ROUTER4 = "198.51.100.7", "203.0.113.10", "192.0.2.1"
CLIENT6, VIP6, ROUTER6 = "2001:db8:7::7", "2001:db8:10::10", "2001:db8:1::1"
TO_HOST = {"dst": "02:00:02:00:10:00", "src": "02:00:00:00:00:fe"}
SEQ, ACK = 0x9ABCDEF0, 0x12345678
TCP_FLAGS = {"F": 0x01, "S": 0x02, "R": 0x04, "P": 0x08, "A": 0x10, "E": 0x40, "C": 0x80}

cases = []


def ether(payload, **fields):
    return bytes(Ether(**{**TO_HOST, **fields}) / payload)


def v4(payload, src=CLIENT4, dst=VIP4, **fields):
    return IP(src=src, dst=dst, id=1, **fields) / payload


def v6(payload, src=CLIENT6, dst=VIP6, **fields):
    return IPv6(src=src, dst=dst, **fields) / payload


def tcp(flags="A", **fields):
    ack = ACK if "A" in flags else 0
    return TCP(sport=40000, dport=80, seq=SEQ, ack=ack, flags=flags, **fields)


def udp(**fields):
    return UDP(sport=40000, dport=53, **fields)


def name_of(address, port):
    if port is None:
        return address
    return f"{address}:{port}" if ipaddress.ip_address(address).version == 4 else f"[{address}]:{port}"


def flow(protocol, src, dst, sport=None, dport=None):
    if protocol in ("tcp", "udp") and sport is None:
        sport = dport = 0
    return f"{protocol} {name_of(src, sport)} > {name_of(dst, dport)}"


def add(name, kind, frame, flow_text=None, flags=None, **numbers):
    case = {"name": name, "kind": kind}
    if flow_text:
        case["flow"] = flow_text
    if flags is not None:
        case["flags"] = sum(TCP_FLAGS[letter] for letter in flags)
    cases.append({**case, **numbers, "hex": frame.hex()})


def add_tcp(name, frame, family=4, flags="A"):
    src, dst = (CLIENT4, VIP4) if family == 4 else (CLIENT6, VIP6)
    add(name, "tcp", frame, flow("tcp", src, dst, 40000, 80), flags,
        seq=SEQ, ack=ACK if "A" in flags else 0)


def plain_transport():
    for flags in ("S", "SEC", "SA", "A", "PA", "FA", "RA", "R"):
        add_tcp(f"tcp {flags} over IPv4", ether(v4(tcp(flags))), 4, flags)
        add_tcp(f"tcp {flags} over IPv6", ether(v6(tcp(flags))), 6, flags)
    add_tcp("tcp with payload", ether(v4(tcp() / Raw(b"GET / HTTP/1.1\r\n"))))
    add_tcp("tcp with Ethernet padding", ether(v4(tcp())) + bytes(6))
    add_tcp("tcp with DF and ECN", ether(v4(tcp(), flags="DF", tos=3)))
    add_tcp("tcp with its own options",
            ether(v4(tcp("S", options=[("MSS", 1460), ("SAckOK", b""), ("WScale", 7)]))), 4, "S")
    add_tcp("tcp behind IPv4 options", ether(v4(tcp(), options=[IPOption_NOP()] * 4)))
    add_tcp("tcp behind 40 bytes of IPv4 options",
            ether(v4(tcp(), options=[IPOption_NOP()] * 40)))
    add_tcp("tcp over IPv6 with payload", ether(v6(tcp() / Raw(b"hello"))), 6)
    add_tcp("tcp with a wrong IPv4 checksum", ether(v4(tcp(), chksum=1)))
    for family, ip, src, dst in ((4, v4, CLIENT4, VIP4), (6, v6, CLIENT6, VIP6)):
        add(f"udp over IPv{family}", "udp", ether(ip(udp() / Raw(b"query"))),
            flow("udp", src, dst, 40000, 53))
        add(f"udp without payload over IPv{family}", "udp", ether(ip(udp())),
            flow("udp", src, dst, 40000, 53))
    add("udp behind IPv4 options", "udp", ether(v4(udp(), options=[IPOption_NOP()] * 8)),
        flow("udp", CLIENT4, VIP4, 40000, 53))


def icmp_messages():
    for number, name in ((8, "request"), (0, "reply")):
        add(f"echo {name} over IPv4", "echo", ether(v4(ICMP(type=number, id=9, seq=1))),
            flow("icmp", CLIENT4, VIP4))
    for message, name in ((ICMPv6EchoRequest, "request"), (ICMPv6EchoReply, "reply")):
        add(f"echo {name} over IPv6", "echo", ether(v6(message(id=9, seq=1))),
            flow("icmpv6", CLIENT6, VIP6))
    add("neighbour solicitation", "neighbor_discovery",
        ether(v6(ICMPv6ND_NS(tgt=VIP6), dst="ff02::1:ff00:10", hlim=255)),
        flow("icmpv6", CLIENT6, "ff02::1:ff00:10"))
    add("neighbour advertisement", "neighbor_discovery", ether(v6(ICMPv6ND_NA(tgt=VIP6), hlim=255)),
        flow("icmpv6", CLIENT6, VIP6))
    add("timestamp request", "other", ether(v4(ICMP(type=13, ts_ori=0, ts_rx=0, ts_tx=0))), flow("icmp", CLIENT4, VIP4))


def not_ip():
    add("arp request", "arp", ether(ARP(hwsrc=TO_HOST["src"], psrc=CLIENT4, pdst=VIP4), dst="ff:ff:ff:ff:ff:ff"))
    add("training frame", "training", ether(Raw(bytes(46)), type=0x88B5))
    add("VLAN tag", "not_ip", ether(Dot1Q(vlan=7) / v4(tcp())))
    add("MPLS label", "not_ip", ether(MPLS(label=7) / v4(tcp())))
    add("802.3 length field", "not_ip", ether(Raw(bytes(46)), type=46))
    add("Ethernet header alone", "not_ip", ether(Raw(b""), type=0x9000))


def extension_headers():
    pad = PadN(optdata=bytes(4))
    add_tcp("tcp behind hop-by-hop options", ether(v6(IPv6ExtHdrHopByHop(options=[pad]) / tcp())), 6)
    add_tcp("tcp behind destination options",
            ether(v6(IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(20))]) / tcp())), 6)
    add_tcp("tcp behind a finished routing header",
            ether(v6(IPv6ExtHdrRouting(addresses=[ROUTER6], segleft=0) / tcp())), 6)
    add_tcp("tcp behind an authentication header",
            ether(v6(AH(nh=6, payloadlen=4, spi=1, seq=1, icv=bytes(12)) / tcp(), nh=51)), 6)
    add_tcp("tcp in an atomic fragment", ether(v6(IPv6ExtHdrFragment(offset=0, m=0, id=5) / tcp())), 6)
    add_tcp("tcp behind four extension headers",
            ether(v6(IPv6ExtHdrHopByHop(options=[pad]) / IPv6ExtHdrDestOpt(options=[pad])
                     / IPv6ExtHdrRouting(addresses=[], segleft=0)
                     / IPv6ExtHdrFragment(offset=0, m=0, id=5) / tcp())), 6)
    for count, kind in ((8, "tcp"), (9, "other")):
        headers = tcp()
        for _ in range(count):
            headers = IPv6ExtHdrDestOpt(options=[pad]) / headers
        frame = ether(v6(headers))
        if kind == "tcp":
            add_tcp("tcp behind as many extension headers as we follow", frame, 6)
        else:
            add("one extension header more than we follow", kind, frame,
                f"protocol-60 {CLIENT6} > {VIP6}")
    add("routing header on its way", "other",
        ether(v6(IPv6ExtHdrRouting(addresses=[ROUTER6], segleft=1) / tcp())),
        flow("tcp", CLIENT6, VIP6))
    add("no next header", "other", ether(v6(Raw(bytes(8)), nh=59)), f"protocol-59 {CLIENT6} > {VIP6}")
    add("echo behind hop-by-hop options", "echo",
        ether(v6(IPv6ExtHdrHopByHop(options=[pad]) / ICMPv6EchoRequest())),
        flow("icmpv6", CLIENT6, VIP6))


def fragments():
    data = Raw(bytes(64))
    for name, fields in (("first", {"flags": "MF"}), ("middle", {"flags": "MF", "frag": 8}),
                         ("last", {"frag": 16})):
        add(f"{name} fragment over IPv4", "fragment", ether(v4(tcp() / data, **fields)),
            flow("tcp", CLIENT4, VIP4))
    for name, more, offset in (("first", 1, 0), ("middle", 1, 8), ("last", 0, 16)):
        add(f"{name} fragment over IPv6", "fragment",
            ether(v6(IPv6ExtHdrFragment(offset=offset, m=more, id=5, nh=17) / udp() / data)),
            flow("udp", CLIENT6, VIP6))


def other_protocols():
    add("GRE", "other", ether(v4(GRE() / v4(tcp()))), f"protocol-47 {CLIENT4} > {VIP4}")
    add("ESP", "other", ether(v6(Raw(bytes(16)), nh=50)), f"protocol-50 {CLIENT6} > {VIP6}")
    add("ICMPv6 in IPv4", "other", ether(v4(Raw(bytes([128]) + bytes(7)), proto=58)),
        flow("icmpv6", CLIENT4, VIP4))
    add("ICMP in IPv6", "other", ether(v6(Raw(bytes([8]) + bytes(7)), nh=1)),
        flow("icmp", CLIENT6, VIP6))


def malformed():
    packet = bytes(v4(tcp()))
    for name, offset, value in (("version 6 in an IPv4 frame", 0, 0x65),
                                ("IPv4 header length 4", 0, 0x44),
                                ("IPv4 header length beyond the frame", 0, 0x4F),
                                ("IPv4 total length beyond the frame", 3, 0xFF),
                                ("IPv4 total length below its header", 3, 19),
                                ("IPv4 total length 0", 3, 0)):
        broken = bytearray(packet)
        broken[offset] = value
        add(name, "malformed", ether(Raw(bytes(broken)), type=0x0800))
    packet = bytes(v6(tcp()))
    for name, offset, value in (("version 4 in an IPv6 frame", 0, 0x40),
                                ("IPv6 payload length beyond the frame", 5, 21)):
        broken = bytearray(packet)
        broken[offset] = value
        add(name, "malformed", ether(Raw(bytes(broken)), type=0x86DD))
    add("half an Ethernet header", "malformed", ether(v4(tcp()))[:13])
    add("empty frame", "malformed", b"")


def truncated():
    def cut(header, size):
        return Raw(bytes(header)[:size])

    src_dst = ((v4, "proto", CLIENT4, VIP4, 4), (v6, "nh", CLIENT6, VIP6, 6))
    for ip, field, src, dst, family in src_dst:
        add(f"19 bytes of tcp over IPv{family}, then padding", "truncated",
            ether(ip(cut(tcp(), 19), **{field: 6})) + bytes(12), flow("tcp", src, dst))
        add(f"7 bytes of udp over IPv{family}", "truncated",
            ether(ip(cut(udp(), 7), **{field: 17})), flow("udp", src, dst))
    add("7 bytes of icmp", "truncated", ether(v4(Raw(bytes(7)), proto=1)), flow("icmp", CLIENT4, VIP4))
    add("7 bytes of icmpv6", "truncated", ether(v6(Raw(bytes(7)), nh=58)),
        flow("icmpv6", CLIENT6, VIP6))
    add("IPv4 header alone", "truncated", ether(v4(Raw(b""), proto=6)), flow("tcp", CLIENT4, VIP4))
    add("extension header longer than the packet", "truncated",
        ether(v6(Raw(bytes([6, 9]) + bytes(30)), nh=60)), f"protocol-60 {CLIENT6} > {VIP6}")
    add("jumbo payload", "truncated", ether(v6(Raw(bytes(32)), nh=0, plen=0)),
        f"protocol-0 {CLIENT6} > {VIP6}")


def answer4(transport, **fields):
    """What we sent to the client, as an error quotes it."""
    return bytes(v4(transport, src=VIP4, dst=CLIENT4, **fields))


def answer6(transport, **fields):
    return bytes(v6(transport, src=VIP6, dst=CLIENT6, **fields))


def our_tcp():
    return TCP(sport=80, dport=40000, seq=SEQ, ack=ACK, flags="A")


def our_udp():
    return UDP(sport=53, dport=40000)


def error4(quoted, icmp_type=3, code=4):
    return ether(v4(ICMP(type=icmp_type, code=code) / Raw(quoted), src=ROUTER4))


def error6(quoted, message=None):
    return ether(v6((message or ICMPv6PacketTooBig(mtu=1280)) / Raw(quoted), src=ROUTER6))


TCP4 = flow("tcp", CLIENT4, VIP4, 40000, 80)
TCP6 = flow("tcp", CLIENT6, VIP6, 40000, 80)
UDP4 = flow("udp", CLIENT4, VIP4, 40000, 53)
UDP6 = flow("udp", CLIENT6, VIP6, 40000, 53)
OUTER4 = flow("icmp", ROUTER4, VIP4)
OUTER6 = flow("icmpv6", ROUTER6, VIP6)


def errors_ipv4():
    for name, number, code in (("fragmentation needed", 3, 4), ("port unreachable", 3, 3),
                               ("time exceeded", 11, 0), ("parameter problem", 12, 0)):
        add(f"{name} quoting tcp", "tcp_error", error4(answer4(our_tcp()), number, code), TCP4, seq=SEQ)
    for name, number in (("source quench", 4), ("redirect", 5)):
        add(f"{name} quoting tcp", "other", error4(answer4(our_tcp()), number, 0), OUTER4)
    add("error quoting udp", "udp_error", error4(answer4(our_udp())), UDP4)
    add("error quoting echo", "echo_error", error4(answer4(ICMP(type=0))), flow("icmp", CLIENT4, VIP4))
    add("error quoting an error", "other", error4(answer4(ICMP(type=3) / Raw(bytes(28)))), OUTER4)
    add("error quoting IPv4 options", "tcp_error",
        error4(answer4(our_tcp(), options=[IPOption_NOP()] * 8)), TCP4, seq=SEQ)
    long_answer = answer4(our_tcp() / Raw(bytes(1400)))
    add("error quoting 8 bytes of a long tcp packet", "tcp_error", error4(long_answer[:28]), TCP4, seq=SEQ)
    add("error quoting 7 bytes of tcp", "truncated", error4(long_answer[:27]), OUTER4)
    add("error quoting 4 bytes of udp", "udp_error", error4(answer4(our_udp())[:24]), UDP4)
    add("error quoting 3 bytes of udp", "truncated", error4(answer4(our_udp())[:23]), OUTER4)
    add("error quoting half an IPv4 header", "truncated", error4(long_answer[:10]), OUTER4)
    add("error quoting nothing", "truncated", error4(b""), OUTER4)
    options = answer4(our_tcp(), options=[IPOption_NOP()] * 8)
    add("error whose quotation ends inside options", "truncated", error4(options[:25]), OUTER4)
    add("error with a multi-part extension behind the quotation", "tcp_error",
        error4(answer4(our_tcp()) + bytes(88) + bytes.fromhex("2000dfff")), TCP4, seq=SEQ)
    garbled = bytearray(answer4(our_tcp()))
    garbled[2:4] = b"\x00\x14"
    add("error whose quotation has a garbled length", "tcp_error", error4(bytes(garbled)), TCP4, seq=SEQ)
    add("error quoting a packet of somebody else", "other",
        error4(bytes(v4(our_tcp(), src="203.0.113.11", dst=CLIENT4))), OUTER4)
    add("error quoting gre", "other", error4(answer4(GRE())), OUTER4)
    add("error quoting a first fragment", "udp_error",
        error4(answer4(our_udp() / Raw(bytes(16)), flags="MF")), UDP4)
    add("error quoting a later fragment", "fragment",
        error4(answer4(our_udp() / Raw(bytes(16)), frag=4)), OUTER4)
    add("error quoting IPv6 inside IPv4", "other", error4(answer6(our_tcp())), OUTER4)
    add("error with 7 bytes", "truncated", ether(v4(Raw(bytes([3, 4, 0, 0, 0, 0, 0])), proto=1, src=ROUTER4)),
        OUTER4)


def errors_ipv6():
    for name, message in (("destination unreachable", ICMPv6DestUnreach(code=4)),
                          ("packet too big", ICMPv6PacketTooBig(mtu=1280)),
                          ("time exceeded over IPv6", ICMPv6TimeExceeded()),
                          ("parameter problem over IPv6", ICMPv6ParamProblem())):
        add(f"{name} quoting tcp", "tcp_error", error6(answer6(our_tcp()), message), TCP6, seq=SEQ)
    add("error over IPv6 quoting udp", "udp_error", error6(answer6(our_udp())), UDP6)
    add("error over IPv6 quoting echo", "echo_error", error6(answer6(ICMPv6EchoReply())),
        flow("icmpv6", CLIENT6, VIP6))
    add("error over IPv6 quoting a solicitation", "other", error6(answer6(ICMPv6ND_NS())), OUTER6)
    options = IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))])
    add("error quoting destination options", "tcp_error", error6(answer6(options / our_tcp())), TCP6, seq=SEQ)
    add("error quoting an atomic fragment", "tcp_error",
        error6(answer6(IPv6ExtHdrFragment(offset=0, m=0, id=5) / our_tcp())), TCP6, seq=SEQ)
    add("error over IPv6 quoting a first fragment", "udp_error",
        error6(answer6(IPv6ExtHdrFragment(offset=0, m=1, id=5) / options / our_udp())), UDP6)
    add("error over IPv6 quoting a later fragment", "fragment",
        error6(answer6(IPv6ExtHdrFragment(offset=9, m=0, id=5, nh=17) / our_udp())), OUTER6)
    long_answer = answer6(our_tcp() / Raw(bytes(1000)))
    add("error over IPv6 quoting 8 bytes of a long tcp packet", "tcp_error", error6(long_answer[:48]),
        TCP6, seq=SEQ)
    add("error over IPv6 quoting 7 bytes of tcp", "truncated", error6(long_answer[:47]), OUTER6)
    add("error over IPv6 quoting half a header", "truncated", error6(long_answer[:20]), OUTER6)
    add("error whose quotation ends inside an extension header", "truncated",
        error6(answer6(options / our_tcp())[:44]), OUTER6)
    add("error over IPv6 quoting a packet of somebody else", "other",
        error6(bytes(v6(our_tcp(), src="2001:db8:10::11", dst=CLIENT6))), OUTER6)
    add("error over IPv6 behind hop-by-hop options", "tcp_error",
        ether(v6(IPv6ExtHdrHopByHop(options=[PadN(optdata=bytes(4))]) / ICMPv6PacketTooBig()
                 / Raw(answer6(our_tcp())), src=ROUTER6)), TCP6, seq=SEQ)


def main():
    for group in (plain_transport, icmp_messages, not_ip, extension_headers, fragments,
                  other_protocols, malformed, truncated, errors_ipv4, errors_ipv6):
        group()
    text = "".join(json.dumps(case) + "\n" for case in cases)
    path = pathlib.Path(__file__).with_name("packets.jsonl")
    if "--check" not in sys.argv[1:]:
        path.write_text(text)
        return 0
    if path.read_text() == text:
        return 0
    print(f"{path.name} is not what {pathlib.Path(__file__).name} writes", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
