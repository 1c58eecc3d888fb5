# SPDX-License-Identifier: BSD-2-Clause
"""sleight ends and comes back, politely or not."""

import contextlib
import signal

import pytest
from lablib import plan, process, view
from lablib.client import Connection, port_of_slot, slot_with_target
from lablib.load import Spec
from lablib.loader import Loader

SPEC = Spec(long=8, short=2, lifetime_s=(2.0, 6.0))
ENDS = [signal.SIGKILL, signal.SIGTERM]


def kernel_port(lab, node):
    """Addresses and routes of the kernel port."""
    shown = [("-br", "addr", "show", "dev", "k0")]
    shown += [(version, "route", "show", "dev", "k0") for version in ("-4", "-6")]
    return [lab.run(node, "ip", *words) for words in shown]


@pytest.mark.parametrize("end", ENDS, ids=lambda number: number.name)
@pytest.mark.parametrize("node", [plan.DIRECTOR, "h1"])
def test_a_restart_under_load_loses_nothing(lab, node, end):
    with Loader(lab, SPEC) as load:
        load.wait_for_requests(300)
        lab.restart_sleight(node, end)
        load.wait_for_requests(500)
        totals = load.finish()
    assert totals["errors"] == {}
    assert lab.resets_seen() == 0


@pytest.mark.parametrize("chosen", ["drained", "target"])
def test_a_host_killed_and_restarted_during_a_drain_keeps_its_connections(lab, chosen):
    with contextlib.ExitStack() as stack:
        slot = slot_with_target(lab, "h1")
        connections = [
            stack.enter_context(Connection(lab, family, port_of_slot(family, slot)))
            for family in plan.FAMILIES
        ]
        assert [connection.get() for connection in connections] == ["h1", "h1"]
        view.change(lab, "drain", "h1")
        target = view.chains(lab)[slot][0]
        lab.restart_sleight("h1" if chosen == "drained" else target, signal.SIGKILL)
        assert [connection.get("16k.bin") for connection in connections] == ["h1", "h1"]
    assert lab.resets_seen() == 0


@pytest.mark.parametrize("end", ENDS, ids=lambda number: number.name)
def test_the_kernel_port_keeps_addresses_and_routes_without_sleight(lab, end):
    before = kernel_port(lab, "h1")
    lab.stop_sleight("h1", end)
    assert kernel_port(lab, "h1") == before
    lab.start_sleight("h1")
    lab.wait_for_sleight("h1")
    assert kernel_port(lab, "h1") == before


@pytest.mark.parametrize("node", [plan.DIRECTOR, "h1"])
def test_a_polite_end_is_a_success_and_removes_the_admin_socket(lab, node):
    pid = lab.sleight_pid(node)
    lab.stop_sleight(node, signal.SIGTERM)
    assert process.exit_code(pid) == 0
    assert not (lab.node_folder(node) / "admin.sock").exists()


def test_a_restarted_director_sends_every_slot_where_it_went_before(lab):
    before = view.chains(lab)
    with Connection(lab, "ipv4") as connection:
        host = connection.get()
        lab.restart_sleight(plan.DIRECTOR, signal.SIGKILL)
        assert view.chains(lab) == before
        assert connection.get() == host
