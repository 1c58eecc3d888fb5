# SPDX-License-Identifier: BSD-2-Clause
"""The switch knows where every steer MAC lives, or learns it again at once."""

import time

from lablib import plan, view
from lablib.load import Spec
from lablib.loader import Loader

SPEC = Spec(long=8, short=2, lifetime_s=(2.0, 6.0))
# A host trains a steer MAC that it receives at most once a second.
RETRAINED_S = 3.0


def flooded(lab):
    """Frames to other hosts that reached a host."""
    return sum(view.drop(lab, host, "NotMine") for host in plan.HOSTS)


def flush(lab):
    lab.run("switch", "ip", "link", "set", "br0", "type", "bridge", "fdb_flush")


def test_nothing_is_flooded_in_steady_state_nor_after_a_drain(lab):
    with Loader(lab, SPEC) as load:
        time.sleep(RETRAINED_S)
        steady = flooded(lab)
        load.wait_for_requests(500)
        assert flooded(lab) == steady
        view.change(lab, "drain", "h1")
        time.sleep(RETRAINED_S)
        drained = flooded(lab)
        load.wait_for_requests(500)
        assert flooded(lab) == drained
        load.finish()


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
        time.sleep(RETRAINED_S)
        learnt = flooded(lab)
        load.wait_for_requests(500)
        assert flooded(lab) == learnt
        totals = load.finish()
    assert totals["errors"] == {}
    assert lab.resets_seen() == 0
