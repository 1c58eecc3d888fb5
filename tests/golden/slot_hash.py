#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The slot hash, written a second time, and its published vectors.

  slot_hash.py              write slot_hash.jsonl beside this script
  slot_hash.py --check      exit 1 if the file is not what would be written

The hash is SipHash-1-3 over `source, destination, source port, destination port,
protocol` in network order (13 or 37 bytes); slot = ((hash >> 32) * slots) >> 32.
Echo has ports 0.
"""
import ipaddress
import json
import pathlib
import random
import sys

MASK = 2**64 - 1
SLOTS = 256
PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58}


def rotated(word, bits):
    return (word << bits | word >> (64 - bits)) & MASK


def sip_round(v):
    a, b, c, d = v
    a = (a + b) & MASK
    b = rotated(b, 13) ^ a
    a = rotated(a, 32)
    c = (c + d) & MASK
    d = rotated(d, 16) ^ c
    a = (a + d) & MASK
    d = rotated(d, 21) ^ a
    c = (c + b) & MASK
    b = rotated(b, 17) ^ c
    c = rotated(c, 32)
    return [a, b, c, d]


def siphash13(key, message):
    k0, k1 = (int.from_bytes(key[at:at + 8], "little") for at in (0, 8))
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D,
         k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]
    padded = message + bytes(-(len(message) + 1) % 8) + bytes([len(message) % 256])
    for at in range(0, len(padded), 8):
        block = int.from_bytes(padded[at:at + 8], "little")
        v[3] ^= block
        v = sip_round(v)
        v[0] ^= block
    v[2] ^= 0xFF
    for _ in range(3):
        v = sip_round(v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def vector(key, protocol, source, sport, destination, dport):
    message = (ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
               + sport.to_bytes(2, "big") + dport.to_bytes(2, "big") + bytes([PROTOCOLS[protocol]]))
    value = siphash13(key, message)
    return {"key": key.hex(), "proto": protocol, "src": source, "sport": sport,
            "dst": destination, "dport": dport, "hash": f"{value:016x}", "slots": SLOTS,
            "slot": (value >> 32) * SLOTS >> 32}


def vectors():
    chance = random.Random(1)
    keys = [bytes(range(16)), bytes(16), bytes([0xFF]) * 16, chance.randbytes(16)]
    sides = {4: ("198.51.100.7", "203.0.113.10"), 6: ("2001:db8:7::7", "2001:db8:10::10")}
    for key in keys:
        for source, destination in sides.values():
            yield vector(key, "tcp", source, 40000, destination, 80)
            yield vector(key, "udp", source, 40000, destination, 53)
        yield vector(key, "icmp", sides[4][0], 0, sides[4][1], 0)
        yield vector(key, "icmpv6", sides[6][0], 0, sides[6][1], 0)
        yield vector(key, "tcp", "0.0.0.0", 0, "0.0.0.0", 0)
        yield vector(key, "tcp", "::", 0, "::", 0)
        yield vector(key, "udp", "255.255.255.255", 65535, "255.255.255.255", 65535)
    for _ in range(24):
        bits = chance.choice((32, 128))
        kind = ipaddress.IPv4Address if bits == 32 else ipaddress.IPv6Address
        source, destination = (str(kind(chance.getrandbits(bits))) for _ in range(2))
        yield vector(chance.randbytes(16), chance.choice(("tcp", "udp")), source,
                     chance.randrange(65536), destination, chance.randrange(65536))


def main():
    text = "".join(json.dumps(row) + "\n" for row in vectors())
    path = pathlib.Path(__file__).with_name("slot_hash.jsonl")
    if "--check" not in sys.argv[1:]:
        path.write_text(text)
        return 0
    if path.read_text() == text:
        return 0
    print(f"{path.name} is not what {pathlib.Path(__file__).name} writes", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
