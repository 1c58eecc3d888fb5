#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the captures of this folder, and what must become of each frame.

The expectations are stated here, frame by frame; slots come from the reference in
../slot_hash.py and the chains from table.json, not from the program under test.
"""

import json
import pathlib
import sys

from scapy.all import (ARP, ICMP, IP, TCP, UDP, Ether, ICMPv6DestUnreach, ICMPv6EchoRequest,
                       ICMPv6ND_NA, ICMPv6ND_NS, IPv6, Raw, wrpcap)

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from slot_hash import vector  # noqa: E402

ROUTER, PORT, FABRIC = "00:00:5e:00:53:01", "00:00:5e:00:53:aa", 3
CLIENT4, VIP4, CLIENT6, VIP6 = "198.51.100.7", "203.0.113.10", "2001:db8:ff::7", "2001:db8:10::10"
KEY = bytes(range(16))  # as node.yaml has it
CHAINS = [[1], [2, 1], [3, 2, 1], [2], [3], [3, 1], [1, 3], [2, 3]]


def steer(chain):
    bits = FABRIC << 44 | 2 << 40
    for place, host in enumerate(chain):
        bits |= host << (24 - 12 * place)
    return ":".join(f"{bits:012x}"[i:i + 2] for i in range(0, 12, 2))


def to(mac, source=CLIENT4, destination=VIP4):
    layer = IP if "." in source else IPv6
    return Ether(src=ROUTER, dst=mac) / layer(src=source, dst=destination)


def tcp(mac, flags, sport=40000, dport=80, ends=(CLIENT4, VIP4)):
    return to(mac, *ends) / TCP(sport=sport, dport=dport, flags=flags, seq=1000, ack=2000)


def error4(mac, sport=40000):
    quoted = IP(src=VIP4, dst=CLIENT4) / TCP(sport=80, dport=sport, flags="A", seq=7)
    return to(mac, "192.0.2.1") / ICMP(type=3, code=4) / quoted


def error6(mac, sport=40000):
    quoted = IPv6(src=VIP6, dst=CLIENT6) / TCP(sport=80, dport=sport, flags="A", seq=7)
    return to(mac, "2001:db8:99::1", VIP6) / ICMPv6DestUnreach() / quoted


def named(verdict, reason, vip=None, service=None, chain=None):
    line = {"verdict": verdict, "reason": reason}
    if vip:
        line["vip"] = vip
    if service:
        line["service"] = service
    if chain:
        line["steer"] = steer(chain)
    return line


def forwarded(service, protocol, sport, dport, ends=(CLIENT4, VIP4)):
    value = int(vector(KEY, protocol, ends[0], sport, ends[1], dport)["hash"], 16)
    slot = (value >> 32) * len(CHAINS) >> 32
    return {**named("forward", "slot", "www", service, CHAINS[slot]), "slot": slot}


def director_frames():
    for sport in range(40000, 40012):
        yield tcp(PORT, "S", sport), forwarded("web", "tcp", sport, 80)
        yield (tcp(PORT, "A", sport, 443, (CLIENT6, VIP6)),
               forwarded("web", "tcp", sport, 443, (CLIENT6, VIP6)))
    yield to(PORT) / UDP(sport=5353, dport=53), forwarded("dns", "udp", 5353, 53)
    yield to(PORT) / ICMP(type=8), forwarded(None, "icmp", 0, 0)
    yield (to(PORT, CLIENT6, VIP6) / ICMPv6EchoRequest(),
           forwarded(None, "icmpv6", 0, 0, (CLIENT6, VIP6)))
    yield error4(PORT), forwarded("web", "tcp", 40000, 80)
    yield error6(PORT), forwarded("web", "tcp", 40000, 80, (CLIENT6, VIP6))
    yield (tcp(PORT, "S", 1, 80, (CLIENT4, "203.0.113.77")),
           forwarded("web", "tcp", 1, 80, (CLIENT4, "203.0.113.77")))
    yield tcp(PORT, "S", 1, 81), named("drop", "NoService", "www")
    yield tcp(PORT, "S", 1, 80, (CLIENT4, "192.0.2.80")), named("kernel", "not_vip")
    yield tcp(steer([1]), "S"), named("drop", "NotMine")
    yield tcp("00:00:5e:00:53:77", "S"), named("drop", "NotMine")
    yield Ether(src=ROUTER, dst="ff:ff:ff:ff:ff:ff") / ARP(), named("kernel", "group")
    yield Ether(src=ROUTER, dst=PORT) / ARP(), named("kernel", "neighbor")
    yield Ether(src=ROUTER, dst=PORT, type=0x88B5) / Raw(bytes(46)), named("drop", "training")
    yield Ether(src=ROUTER, dst=PORT, type=0x0800) / Raw(b"\x41" + bytes(45)), named(
        "drop", "Malformed")


def host_frames():
    alone, two, three = steer([1]), steer([1, 2]), steer([1, 3, 2])
    yield tcp(alone, "A"), named("accept", "no_fallback", "www", "web")
    yield tcp(two, "S"), named("accept", "syn", "www", "web")
    yield tcp(two, "A", 40001), named("accept", "established", "www", "web")
    yield tcp(two, "A", 40002), named("redirect", "no_socket", "www", "web", [2])
    yield tcp(three, "R", 40003), named("redirect", "no_socket", "www", "web", [3, 2])
    yield (tcp(two, "A", 40001, 443, (CLIENT6, VIP6)),
           named("accept", "established", "www", "web"))
    yield (tcp(three, "FA", 40002, 443, (CLIENT6, VIP6)),
           named("redirect", "no_socket", "www", "web", [3, 2]))
    yield error4(two, 40001), named("accept", "established", "www", "web")
    yield error4(two, 40002), named("redirect", "no_socket", "www", "web", [2])
    yield error6(two, 40002), named("redirect", "no_socket", "www", "web", [2])
    yield to(two) / UDP(sport=5353, dport=53), named("accept", "udp", "www", "dns")
    yield to(two) / ICMP(type=8), named("accept", "echo", "www")
    yield to(two) / UDP(sport=5353, dport=54), named("drop", "NoService", "www")
    yield tcp(two, "A", 1, 80, (CLIENT4, "192.0.2.80")), named("kernel", "not_vip")
    yield to(two, CLIENT6, VIP6) / ICMPv6ND_NS(tgt=VIP6), named("kernel", "neighbor")
    yield to(two, CLIENT6, VIP6) / ICMPv6ND_NA(tgt=CLIENT6), named("kernel", "neighbor")
    yield tcp(steer([2, 1]), "A"), named("drop", "NotMine")
    yield tcp("02:00:01:00:00:00", "A"), named("drop", "BadSteer")
    yield tcp(PORT, "A"), named("drop", "NotMine")
    fragment = to(two) / Raw(bytes(32))
    fragment[IP].frag, fragment[IP].proto = 100, 6
    yield fragment, named("drop", "Fragment", "www")
    yield Ether(src=ROUTER, dst="33:33:00:00:00:01") / IPv6(), named("kernel", "group")


def write(name, rows):
    frames = []
    with open(HERE / f"{name}.jsonl", "w", encoding="ascii") as expected:
        for number, (frame, line) in enumerate(rows):
            frame.time = 1700000000 + number * 0.001001
            frames.append(frame)
            expected.write(json.dumps({"n": number, **line}) + "\n")
    wrpcap(str(HERE / f"{name}.pcap"), frames)


def main():
    write("director", director_frames())
    write("host", host_frames())
    chains = []
    for chain in CHAINS:
        count = len(chain) - 1
        chains.append({"chain": chain, "since": [1700000000000] * count + [0] * (2 - count)})
    table = {"format": 1, "pool": "caches", "epoch": 1, "version": 1, "slots": len(CHAINS),
             "max_fallbacks": 2,
             "hosts": [{"id": host, "weight": 100, "state": "active"} for host in (1, 2, 3)],
             "chains": chains}
    (HERE / "table.json").write_text(json.dumps(table) + "\n", encoding="ascii")
    sockets = [{"proto": "tcp", "src": CLIENT4, "sport": 40001, "dst": VIP4, "dport": 80},
               {"proto": 6, "src": CLIENT6, "sport": 40001, "dst": VIP6, "dport": 443}]
    (HERE / "sockets.jsonl").write_text("".join(json.dumps(flow) + "\n" for flow in sockets),
                                        encoding="ascii")


if __name__ == "__main__":
    main()
