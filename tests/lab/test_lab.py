# SPDX-License-Identifier: BSD-2-Clause
"""The lab itself: it leaves nothing behind, and touches nothing that is not its own."""

import os
import pathlib
import subprocess
import sys

import pytest
from lablib import netns, plan, process, registry, view
from lablib.client import Connection
from lablib.lab import PATIENCE_S, Lab, LabError

TOOLS = pathlib.Path(netns.__file__).resolve().parents[1]
OWN = """
import os, sys, time
from lablib import process
from lablib.lab import Lab
lab = Lab(sys.argv[1])
lab.up(owner=os.getpid())
if sys.argv[2] == "unguarded":
    process.end(process.guard_of(lab.folder))
print("up", flush=True)
time.sleep(600)
"""


@pytest.fixture
def own_registry(monkeypatch):
    """Another lab that comes up now must not sweep this test's."""
    root = f"/run/sleight-lab-{os.getpid()}"
    monkeypatch.setattr(registry, "ROOT", pathlib.Path(root))
    monkeypatch.setenv("SLEIGHT_LAB_ROOT", root)


@pytest.fixture
def fresh_name(own_registry):
    name = f"t{os.getpid()}-own"
    yield name
    Lab(name).down()


def left_of(name):
    spaces = [node for node in plan.NODES if netns.exists(f"{name}-{node}")]
    return spaces, registry.folder(name).exists()


def kill_an_owner(name, guarded):
    """A process makes a lab and has no time to remove it."""
    command = [sys.executable, "-c", OWN, name, guarded]
    environment = {**os.environ, "PYTHONPATH": str(TOOLS)}
    owner = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert owner.stdout.readline() == "up\n"
        assert left_of(name) == (list(plan.NODES), True)
    finally:
        owner.kill()
        owner.communicate()


def lab_tool(name, *words):
    command = [str(TOOLS / "lab"), "--name", name, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_two_labs_at_once_do_not_meet(lab):
    second = Lab(f"{lab.name}-b")
    second.up(owner=os.getpid())
    try:
        view.change(lab, "drain", "h1")
        assert view.hosts(lab)["h1"]["state"] == "draining"
        assert {host["state"] for host in view.hosts(second).values()} == {"active"}
        assert view.losses(second) == {}

        steered = settled_count(second)
        before = view.rule(lab, plan.DIRECTOR, "slot")
        with Connection(lab, "ipv4") as connection:
            assert connection.get("256k.bin") != "h1"
        assert view.rule(lab, plan.DIRECTOR, "slot") > before
        assert view.rule(second, plan.DIRECTOR, "slot") == steered
        second.wait_for_service()
    finally:
        second.down()
    lab.wait_for_service()
    assert left_of(second.name) == ([], False)


def settled_count(lab):
    """Packets that the director steered, once nothing is on its way any more."""
    seen = [-1]

    def unchanged():
        seen.append(view.rule(lab, plan.DIRECTOR, "slot"))
        return seen[-1] == seen[-2]

    assert process.wait_until(unchanged, PATIENCE_S, 1.0)
    return seen[-1]


def test_a_lab_whose_owner_was_killed_goes_by_itself(fresh_name):
    kill_an_owner(fresh_name, "guarded")
    process.wait_until(lambda: left_of(fresh_name) == ([], False), 10.0)
    assert left_of(fresh_name) == ([], False)


@pytest.mark.parametrize("verb", ["up", "status", "down"])
def test_a_lab_whose_guard_died_too_is_swept_by_whoever_comes_next(fresh_name, verb):
    kill_an_owner(fresh_name, "unguarded")
    other = f"{fresh_name}2"
    try:
        lab_tool(other, verb)
        assert left_of(fresh_name) == ([], False)
    finally:
        Lab(other).down()


def test_a_lab_that_cannot_come_up_leaves_nothing(monkeypatch, fresh_name):
    monkeypatch.setenv("SLEIGHT_BUILD", "/nonexistent")
    with pytest.raises(LabError, match="is missing"):
        Lab(fresh_name).up()
    assert left_of(fresh_name) == ([], False)


def test_a_namespace_of_somebody_else_is_not_touched(fresh_name):
    foreign = f"{fresh_name}-h2"
    netns.run(["ip", "netns", "add", foreign])
    try:
        with pytest.raises(LabError, match="is not ours"):
            Lab(fresh_name).up()
        Lab(fresh_name).down()
        refused = lab_tool(fresh_name, "down")
        assert refused.returncode == 1
        assert f"{foreign} exists and is not ours" in refused.stderr
        assert left_of(fresh_name) == (["h2"], False)
    finally:
        netns.run(["ip", "netns", "del", foreign])


def test_a_lab_under_way_that_meets_a_foreign_namespace_removes_its_own_only(
    monkeypatch, fresh_name
):
    # Somebody makes it after the lab has looked.
    monkeypatch.setattr(Lab, "refuse_foreign", lambda _: None)
    foreign = f"{fresh_name}-h2"
    netns.run(["ip", "netns", "add", foreign])
    try:
        with pytest.raises(LabError, match="File exists"):
            Lab(fresh_name).up()
        assert left_of(fresh_name) == (["h2"], False)
    finally:
        netns.run(["ip", "netns", "del", foreign])


def test_the_tool_brings_a_lab_up_shows_it_and_takes_it_down(fresh_name):
    for words, expected in [
        (("up",), "is up after"),
        (("status",), f"d1 ({fresh_name}-d1)"),
        (("shell", "client", "curl", "-sI", "http://10.99.0.1/1k.bin"), "200 OK"),
        (("ctl", "d1", "host", "list"), "active"),
        (("logs", "h1"), "sleight.out"),
        (("down",), "is gone"),
    ]:
        done = lab_tool(fresh_name, *words)
        assert done.returncode == 0, done.stderr
        assert expected in done.stdout
    assert left_of(fresh_name) == ([], False)
    assert "is not up" in lab_tool(fresh_name, "status").stderr
