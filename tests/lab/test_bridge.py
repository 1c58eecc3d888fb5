# SPDX-License-Identifier: BSD-2-Clause
"""The switch knows where every steer MAC lives, or learns it again at once."""

import time

from lablib import plan, view
from lablib.load import Spec
from lablib.loader import Loader

SPEC = Spec(long=8, short=2, lifetime_s=(2.0, 6.0))
# A host trains a steer MAC that it receives at most once a second.
QUIET_S = 1.5
LEARNT_LIMIT_S = 15.0


def flooded(lab):
    """Frames to other hosts that reached a host."""
    return sum(view.drop(lab, host, "NotMine") for host in plan.HOSTS)


def flush(lab):
    lab.run("switch", "ip", "link", "set", "br0", "type", "bridge", "fdb_flush")


def wait_until_learnt(lab):
    """Until the flooding has paused; how much there was in all."""
    deadline = time.monotonic() + LEARNT_LIMIT_S
    before = flooded(lab)
    while True:
        time.sleep(QUIET_S)
        now = flooded(lab)
        if now == before:
            return now
        assert time.monotonic() < deadline, f"flooding goes on: {now - before} in {QUIET_S} s"
        before = now


def assert_nothing_lost(lab, totals):
    assert totals["errors"] == {}
    assert lab.resets_seen() == 0


def test_nothing_is_flooded_in_steady_state_nor_after_a_drain(lab):
    with Loader(lab, SPEC) as load:
        load.wait_for_requests(300)
        steady = wait_until_learnt(lab)
        load.wait_for_requests(500)
        assert flooded(lab) == steady
        view.change(lab, "drain", "h1")
        drained = wait_until_learnt(lab)
        load.wait_for_requests(500)
        assert flooded(lab) == drained
        totals = load.finish()
    assert_nothing_lost(lab, totals)


def test_a_flushed_bridge_table_under_load_loses_nothing_and_is_learnt_again(lab):
    with Loader(lab, SPEC) as load:
        load.wait_for_requests(300)
        view.change(lab, "drain", "h1")
        load.wait_for_requests(200)
        before = flooded(lab)
        for _ in range(20):
            flush(lab)
            time.sleep(0.1)
        assert flooded(lab) > before, "the flush must have had an effect"
        learnt = wait_until_learnt(lab)
        load.wait_for_requests(500)
        assert flooded(lab) == learnt
        totals = load.finish()
    assert_nothing_lost(lab, totals)
