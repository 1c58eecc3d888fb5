# SPDX-License-Identifier: BSD-2-Clause
"""What is left of a connection that the server closed first."""

import pytest
from lablib import process, view
from lablib.client import Connection, port_of_slot, port_to, tcp_states
from lablib.obstacle import dropping


def wait_for_state(lab, node, sport, state):
    expected = [state] if state else []
    assert process.wait_until(lambda: tcp_states(lab, node, sport) == expected, 30.0), (
        f"{node}: expected {expected}, found {tcp_states(lab, node, sport)}"
    )


def test_a_fin_held_up_during_a_drain_closes_the_connection_at_its_host(lab, family, h1_slot):
    sport = port_of_slot(family, h1_slot)
    connection = Connection(lab, family, sport)
    with dropping(lab, f"tcp sport {sport} tcp flags & fin == fin"):
        assert connection.get(close=True) == "h1"
        wait_for_state(lab, "h1", sport, "FIN-WAIT-2")
        connection.close()
        view.change(lab, "drain", "h1")
        wait_for_state(lab, "client", sport, "LAST-ACK")
    wait_for_state(lab, "client", sport, None)
    assert "FIN-WAIT-2" not in tcp_states(lab, "h1", sport)
    assert lab.resets_seen() == 0


def test_a_retransmitted_fin_is_answered_by_the_time_wait_socket_of_the_old_host(lab, family, h1_slot):
    sport = port_of_slot(family, h1_slot)
    connection = Connection(lab, family, sport)
    assert connection.get(close=True) == "h1"
    wait_for_state(lab, "h1", sport, "FIN-WAIT-2")
    with dropping(lab, f"tcp sport 80 tcp dport {sport}"):
        connection.close()
        wait_for_state(lab, "h1", sport, "TIME-WAIT")
        view.change(lab, "drain", "h1")
        wait_for_state(lab, "client", sport, "LAST-ACK")
    wait_for_state(lab, "client", sport, None)
    assert lab.resets_seen() == 0


@pytest.mark.parametrize("generations", [2, 3])
def test_a_reused_tuple_is_not_taken_by_an_old_time_wait_socket(lab, family, generations):
    sport = port_to(lab, family, "h1")
    for generation in range(generations - 1):
        with Connection(lab, family, sport) as old:
            assert old.get(close=True) == "h1"
        wait_for_state(lab, "h1", sport, "TIME-WAIT")
        wait_for_state(lab, "client", sport, None)

    view.change(lab, "drain", "h1")
    with Connection(lab, family, sport) as live:
        host = live.get()
        assert host != "h1"
        view.change(lab, "undrain", "h1")
        assert tcp_states(lab, "h1", sport) == ["TIME-WAIT"]
        for name in ("1k.bin", "256k.bin", "1k.bin"):
            assert live.get(name) == host
    assert lab.resets_seen() == 0
