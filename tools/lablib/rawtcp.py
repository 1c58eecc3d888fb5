# SPDX-License-Identifier: BSD-2-Clause
"""TCP segments without a TCP: probes that no socket owns, from an address that no kernel has."""

import ipaddress
import socket
import struct

from lablib import plan
from lablib.lab import Lab

_ETHERTYPE = {"ipv4": 0x0800, "ipv6": 0x86DD}
_TCP = 6
_ACK, _RST = 0x10, 0x04


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class RawClient:
    """Sends ACKs to a VIP and hears the resets that answer them.

    The last host of a chain answers an ACK that nobody owns with a reset whose sequence
    number is the ACK's acknowledgement number: so each answer names its probe.
    """

    def __init__(self, lab: Lab, family: str):
        self._family = family
        self._source = ipaddress.ip_address(plan.RAW_CLIENTS[family]).packed
        self._vip = ipaddress.ip_address(plan.VIPS[family]).packed
        with lab.inside("client"):
            protocol = _ETHERTYPE[family]
            self._socket = socket.socket(
                socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(protocol)
            )
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            self._socket.bind(("eth0", protocol))
        switch = bytes.fromhex(plan.SWITCH_CLIENT_MAC.replace(":", ""))
        self._to = ("eth0", protocol, 0, 0, switch)

    def close(self) -> None:
        self._socket.close()

    def ack(self, sport: int, number: int) -> bytes:
        """A segment, ready for send()."""
        fields = (sport, plan.HTTP_PORT, 1, number, 5 << 4, _ACK, 1024)
        bare = struct.pack("!HHIIBBHHH", *fields, 0, 0)
        pseudo = self._source + self._vip + struct.pack("!II", len(bare), _TCP)
        segment = struct.pack("!HHIIBBHHH", *fields, checksum(pseudo + bare), 0)
        return self._ip_header(len(segment)) + segment

    def send(self, packet: bytes) -> None:
        self._socket.sendto(packet, self._to)

    def reset(self, timeout_s: float) -> int | None:
        """The probe that the next reset answers; None after `timeout_s` without one."""
        self._socket.settimeout(timeout_s)
        try:
            while True:
                number = self._answered(self._socket.recv(2048))
                if number is not None:
                    return number
        except (TimeoutError, BlockingIOError):
            return None

    def _ip_header(self, size: int) -> bytes:
        if self._family == "ipv6":
            return struct.pack("!IHBB", 6 << 28, size, _TCP, 64) + self._source + self._vip
        start = struct.pack("!BBHHHBB", 0x45, 0, 20 + size, 0, 0x4000, 64, _TCP)
        addresses = self._source + self._vip
        total = checksum(start + b"\0\0" + addresses)
        return start + struct.pack("!H", total) + addresses

    def _answered(self, packet: bytes) -> int | None:
        at = 40 if self._family == "ipv6" else 20
        sender = packet[8:24] if self._family == "ipv6" else packet[12:16]
        if sender != self._vip or not packet[at + 13] & _RST:
            return None
        return int.from_bytes(packet[at + 4 : at + 8], "big")
