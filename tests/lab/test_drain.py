# SPDX-License-Identifier: BSD-2-Clause
"""A host leaves and comes back while it is used."""

import collections
import contextlib
import warnings

import pytest
from lablib import plan, process, view
from lablib.client import Connection, port_of_slot
from lablib.lab import PATIENCE_S
from lablib.load import Spec
from lablib.loader import Loader

SHORT_LIVES = Spec(long=12, short=3, lifetime_s=(1.0, 3.0))


# While others use a host's core, its queues may overflow, as they would on a real wire: TCP
# sends again, and no client may notice. All other drops are sleight's mistakes.
OVERLOAD = {"HoldFull", "SocketUnknown", "unsent"}
OVERLOAD_SHARE = 0.001


def assert_nothing_lost(lab, totals):
    assert totals["errors"] == {}
    assert totals["resets"] == 0 and totals["failures"] == 0
    assert lab.resets_seen() == 0
    losses = view.losses(lab)
    if losses:
        warnings.warn(f"lost on a busy machine: {losses}", stacklevel=2)
    assert {name.split()[1] for name in losses} <= OVERLOAD, losses
    received = sum(view.stats(lab, node)["total"]["received"] for node in plan.MEMBERS)
    assert sum(losses.values()) <= OVERLOAD_SHARE * received, losses


def owns_nothing(lab, host):
    count = view.sockets(lab, host)
    return count["flows"] == 0 and count["requests"] == 0


def test_a_drain_and_undrain_under_load_lose_nothing(lab):
    with Loader(lab, SHORT_LIVES) as load:
        load.wait_for_requests(500)
        view.change(lab, "drain", "h2")
        assert process.wait_until(lambda: owns_nothing(lab, "h2"), PATIENCE_S, 0.2)
        before = load.report()["hosts"]["h2"]
        load.wait_for_requests(500)
        assert load.report()["hosts"]["h2"] == before, "a drained host gets no new connection"
        view.change(lab, "undrain", "h2")
        load.wait_for_requests(2000)
        totals = load.finish()
    assert totals["hosts"]["h2"] > before, "an undrained host serves again"
    assert view.redirected(lab) > 0
    assert_nothing_lost(lab, totals)


@pytest.mark.lab_options(workers=2)
def test_a_drain_and_undrain_lose_nothing_with_two_workers_a_node(lab):
    with Loader(lab, SHORT_LIVES) as load:
        load.wait_for_requests(500)
        view.change(lab, "drain", "h2")
        load.wait_for_requests(1000)
        view.change(lab, "undrain", "h2")
        load.wait_for_requests(1000)
        totals = load.finish()
    for node in plan.MEMBERS:
        received = [worker["received"] for worker in view.stats(lab, node)["workers"]]
        assert len(received) == 2 and min(received) > 0, f"{node}: {received}"
    assert view.redirected(lab) > 0
    assert_nothing_lost(lab, totals)


def test_draining_every_host_one_after_another_under_load_loses_nothing(lab):
    with Loader(lab, SHORT_LIVES) as load:
        for host in plan.HOSTS:
            load.wait_for_requests(300)
            view.change(lab, "drain", host)
            load.wait_for_requests(500)
            view.change(lab, "undrain", host)
        load.wait_for_requests(500)
        totals = load.finish()
    assert_nothing_lost(lab, totals)


def test_connections_from_before_between_and_after_two_overlapping_drains_all_live(lab):
    with contextlib.ExitStack() as stack:

        def open_in(slots):
            opened = []
            for number, slot in enumerate(slots):
                family = plan.FAMILIES[number % 2]
                sport = port_of_slot(family, slot)
                connection = stack.enter_context(Connection(lab, family, sport))
                opened.append((connection, connection.get()))
            return opened

        slots = [n for n, chain in enumerate(view.chains(lab)) if chain[0] == "h1"]
        before = open_in(slots)
        view.change(lab, "drain", "h1")
        between = open_in(slots)
        second = collections.Counter(host for _, host in between).most_common(1)[0][0]
        view.change(lab, "drain", second)
        after = open_in(slots)

        depth = max(len(view.chains(lab)[slot]) for slot in slots)
        assert depth == 3, "the second drain must have hit slots of the first"
        assert {host for _, host in before} == {"h1"}
        assert not {"h1", second} & {host for _, host in after}
        for connection, host in (*before, *between, *after):
            assert connection.get("16k.bin") == host
    assert lab.resets_seen() == 0


def test_a_third_overlapping_drain_is_refused_and_changes_nothing(lab):
    view.change(lab, "drain", "h1")
    view.change(lab, "drain", "h2")
    before = view.chains(lab)
    refused = lab.ctl(plan.DIRECTOR, "host", "drain", "h3", check=False)
    assert refused.returncode == 1
    assert "host h3" in refused.stderr and "force" in refused.stderr
    assert "blocked by: h1, h2" in refused.stderr
    assert view.chains(lab) == before
    lab.ctl(plan.DIRECTOR, "host", "drain", "h3", "--force")
    assert {chain[0] for chain in view.chains(lab)} == {"h4"}


@pytest.mark.lab_options(max_fallbacks=0)
def test_without_the_second_chance_the_same_drain_resets_connections(lab):
    with Loader(lab, SHORT_LIVES) as load:
        load.wait_for_requests(500)
        view.change(lab, "drain", "h2")
        load.wait_for_requests(1000)
        totals = load.finish()
    assert totals["resets"] > 0
    assert lab.resets_seen() > 0
