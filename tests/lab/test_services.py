# SPDX-License-Identifier: BSD-2-Clause
"""What else reaches a VIP."""

import contextlib
import socket
import struct

from lablib import plan, view
from lablib.client import kernel_count
from lablib.rawtcp import checksum

_UNUSED_PORT = plan.HTTP2_PORT + 1
# Echo request and reply; the kernel fills in the checksum of ICMPv6 alone.
_ECHO = {"ipv4": (socket.AF_INET, socket.IPPROTO_ICMP, 8, 0)}
_ECHO["ipv6"] = (socket.AF_INET6, socket.IPPROTO_ICMPV6, 128, 129)


def ping(lab, family, number):
    """True when the VIP answers."""
    version, protocol, request, reply = _ECHO[family]
    body = struct.pack("!HH", number, 1) + b"sleight"
    sum_ = checksum(struct.pack("!BBH", request, 0, 0) + body) if family == "ipv4" else 0
    with lab.inside("client"):
        sender = socket.socket(version, socket.SOCK_RAW, protocol)
    with sender:
        sender.settimeout(3.0)
        sender.connect((plan.VIPS[family], 0))
        sender.send(struct.pack("!BBH", request, 0, sum_) + body)
        with contextlib.suppress(TimeoutError):
            while True:
                answer = sender.recv(1500)
                answer = answer[20:] if family == "ipv4" else answer
                if answer[0] == reply and answer[4:] == body:
                    return True
    return False


def test_a_vip_answers_a_ping_before_and_during_a_drain(lab, family):
    assert ping(lab, family, 1)
    # All echo of one client is one flow: drain the host that has it.
    host = max(plan.HOSTS, key=lambda name: echoes(lab, name))
    view.change(lab, "drain", host)
    assert ping(lab, family, 2)
    assert any(view.rule(lab, name, "echo") for name in plan.HOSTS if name != host)


def echoes(lab, host):
    names = {"ipv4": "IcmpInEchos", "ipv6": "Icmp6InEchos"}
    return sum(kernel_count(lab, host, name) for name in names.values())


def test_a_port_without_a_service_is_dropped_by_the_director_and_counted(lab, family):
    before = view.drop(lab, plan.DIRECTOR, "NoService")
    version = socket.AF_INET if family == "ipv4" else socket.AF_INET6
    with lab.inside("client"):
        client = socket.socket(version)
    with client:
        client.settimeout(0.5)
        with contextlib.suppress(TimeoutError):
            client.connect((plan.VIPS[family], _UNUSED_PORT))
            raise AssertionError("somebody answered")
    assert view.drop(lab, plan.DIRECTOR, "NoService") > before
