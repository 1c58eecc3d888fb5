# SPDX-License-Identifier: BSD-2-Clause
"""A drain falls into the middle of a handshake."""

import contextlib
import threading

from lablib import process, view
from lablib.client import (
    Connection,
    kernel_count,
    port_of_slot,
    port_to,
    slot_with_target,
    tcp_states,
)
from lablib.lab import PATIENCE_S
from lablib.obstacle import dropping, dropping_from

SYN_ACK = "tcp flags & (syn | ack) == (syn | ack)"


class Opening:
    """A connect() that blocks on a thread of its own."""

    def __init__(self, lab, family, sport):
        self._result = None
        self._thread = threading.Thread(target=self._open, args=(lab, family, sport), daemon=True)
        self._thread.start()

    def _open(self, *arguments):
        try:
            self._result = Connection(*arguments)
        except OSError as error:
            self._result = error

    def connection(self):
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "connect() does not return"
        if isinstance(self._result, OSError):
            raise self._result
        return self._result


def waits_for_half_open(lab, host, sport):
    return process.wait_until(lambda: "SYN-RECV" in tcp_states(lab, host, sport), 15.0)


def test_an_ack_with_a_syn_cookie_finds_the_host_that_made_the_cookie(lab, family, h1_slot):
    # On h1 only: one kernel has one cookie secret for all its namespaces, and it is for
    # want of a recent cookie of its own that another host does not take this one.
    lab.set_sysctl("h1", "net/ipv4/tcp_syncookies", 2)
    sport = port_of_slot(family, h1_slot)
    with dropping(lab, f"tcp sport {sport} tcp flags & syn == 0"):
        connection = Connection(lab, family, sport)
        assert tcp_states(lab, "h1", sport) == [], "with a cookie, h1 remembers nothing"
        view.change(lab, "drain", "h1")
        connection.ask("16k.bin")
    with connection:
        assert connection.read_all("16k.bin") == "h1"
        assert connection.get() == "h1"
    assert kernel_count(lab, "h1", "TcpExtSyncookiesRecv") == 1
    assert lab.resets_seen() == 0


def test_a_connection_whose_first_syn_ack_was_lost_opens_with_the_new_target(lab, family):
    sport = port_to(lab, family, "h1")
    with dropping_from(lab, "h1", f"tcp dport {sport} {SYN_ACK}"):
        opening = Opening(lab, family, sport)
        assert waits_for_half_open(lab, "h1", sport)
        view.change(lab, "drain", "h1")
        connection = opening.connection()
    with connection:
        host = connection.get()
        assert host != "h1"
        # The slot comes home; the half-open socket there must not claim what it meets.
        view.change(lab, "undrain", "h1")
        assert tcp_states(lab, "h1", sport) == ["SYN-RECV"], "the test came too late"
        for _ in range(5):
            assert connection.get() == host
    assert lab.resets_seen() == 0


def test_a_late_syn_ack_of_the_old_target_still_opens_a_connection_there(lab, family):
    slot = slot_with_target(lab, "h1")
    sport = port_of_slot(family, slot)
    syn_ack = f"tcp dport {sport} {SYN_ACK}"
    with contextlib.ExitStack() as lost:
        for host in ("h2", "h3", "h4"):
            lost.enter_context(dropping_from(lab, host, syn_ack))
        with dropping_from(lab, "h1", syn_ack):
            opening = Opening(lab, family, sport)
            assert waits_for_half_open(lab, "h1", sport)
            view.change(lab, "drain", "h1")
            # The second SYN goes to the new target: now two hosts have a half-open socket.
            new_target = view.chains(lab)[slot][0]
            assert waits_for_half_open(lab, new_target, sport)
        connection = opening.connection()
        with connection:
            assert connection.get() == "h1"
            assert connection.get("16k.bin") == "h1"
    assert lab.resets_seen() == 0
