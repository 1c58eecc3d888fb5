# SPDX-License-Identifier: BSD-2-Clause
"""The lab itself: it leaves nothing behind."""

import os
import subprocess
import sys

from lablib import netns, plan, registry
from lablib.lab import Lab, sweep

ABANDON = """
import os, sys
from lablib.lab import Lab
Lab(sys.argv[1]).up(owner=os.getpid())
os._exit(1)
"""


def left_of(name):
    spaces = [node for node in plan.NODES if netns.exists(f"{name}-{node}")]
    return spaces, registry.folder(name).exists()


def test_two_labs_at_once_do_not_meet(lab):
    second = Lab(f"{lab.name}-b")
    second.up(owner=os.getpid())
    try:
        lab.wait_for_service()
        second.wait_for_service()
    finally:
        second.down()
    lab.wait_for_service()
    assert left_of(second.name) == ([], False)


def test_a_lab_whose_owner_died_is_swept():
    name = f"t{os.getpid()}-dead"
    tools = os.path.dirname(os.path.dirname(netns.__file__))
    environment = {**os.environ, "PYTHONPATH": tools}
    subprocess.run([sys.executable, "-c", ABANDON, name], env=environment, check=False)
    assert left_of(name) == (list(plan.NODES), True)
    sweep()
    assert left_of(name) == ([], False)


def test_a_lab_that_cannot_come_up_leaves_nothing(monkeypatch):
    name = f"t{os.getpid()}-bad"
    monkeypatch.setenv("SLEIGHT_BUILD", "/nonexistent")
    try:
        Lab(name).up()
    except RuntimeError as error:
        assert "is missing" in str(error)
    else:
        raise AssertionError("a lab without sleight came up")
    assert left_of(name) == ([], False)
