# SPDX-License-Identifier: BSD-2-Clause
"""A long answer is under way when its host is drained."""

from lablib import view
from lablib.client import Connection, port_of_slot

BIG = "16m.bin"
# Small enough that the host is never done long before the client.
RECEIVE_BUFFER = 128 << 10
SMALL_MTU = 1300


def download(lab, family, sport):
    connection = Connection(lab, family, sport, receive_buffer=RECEIVE_BUFFER)
    connection.ask(BIG)
    return connection


def drain_in_the_middle(lab, reading):
    for answer in reading:
        if answer.received > answer.head.length // 3:
            view.change(lab, "drain", "h1")
            return


def test_a_large_download_survives_the_drain_of_its_host(lab, family, h1_slot):
    with download(lab, family, port_of_slot(family, h1_slot)) as connection:
        reading = connection.read(BIG, seconds=3.0)
        drain_in_the_middle(lab, reading)
        *_, last = reading
        assert last.head.host == "h1"
        assert last.received == last.head.length
    assert view.redirected(lab) > 0
    assert lab.resets_seen() == 0


def path_mtu(lab, host, sport):
    """What the kernel of `host` believes of the path of its connection to `sport`."""
    words = lab.run(host, "ss", "-Htin", f"dport = :{sport}").split()
    return next(int(word.partition(":")[2]) for word in words if word.startswith("pmtu:"))


def test_a_smaller_path_mtu_reaches_a_connection_on_the_previous_host(lab, family, h1_slot):
    sport = port_of_slot(family, h1_slot)
    with download(lab, family, sport) as connection:
        reading = connection.read(BIG, seconds=3.0)
        drain_in_the_middle(lab, reading)
        assert path_mtu(lab, "h1", sport) == 1500
        lab.run("switch", "ip", "link", "set", "c0", "mtu", str(SMALL_MTU))
        assert any(path_mtu(lab, "h1", sport) == SMALL_MTU for _ in reading)
        *_, last = reading
        assert last.head.host == "h1"
        assert last.received == last.head.length
    assert lab.resets_seen() == 0
