# SPDX-License-Identifier: BSD-2-Clause
"""The demo tells the truth about what was lost."""

import contextlib
import pathlib
import re
import signal
import subprocess

from lablib import netns, plan, process

DEMO = pathlib.Path(netns.__file__).resolve().parents[1] / "demo"
SHORT = ["--before", "2", "--after", "2", "--lifetime", "4"]


@contextlib.contextmanager
def started(*options):
    command = [DEMO, *SHORT, *options]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def demo(*options):
    with started(*options) as running:
        said, _ = running.communicate(timeout=100)
    assert leftovers(running.pid) == []
    return running.returncode, said


def leftovers(pid):
    return [node for node in plan.NODES if netns.exists(f"demo-{pid}-{node}")]


def counted(said, what):
    return int(re.search(rf"^  {what} +(\d+)", said, re.MULTILINE).group(1))


def test_the_demo_loses_nothing():
    code, said = demo()
    assert code == 0, said
    assert said.endswith("nothing was lost\n")
    assert counted(said, "requests answered, payload checked") > 100
    assert counted(said, "packets redirected") > 0
    assert counted(said, "resets") == counted(said, "failures") == 0


def test_the_demo_without_the_second_chance_fails_and_says_so():
    code, said = demo("--max-fallbacks", "0", "--drain-limit", "3")
    assert code == 1, said
    assert said.endswith("SOMETHING WAS LOST\n")
    assert counted(said, "resets") > 0


def test_an_interrupted_demo_leaves_nothing():
    with started() as running:
        assert "building" in running.stdout.readline()
        assert process.wait_until(lambda: leftovers(running.pid) == list(plan.NODES), 30.0)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)
    assert running.returncode == 130
    assert leftovers(running.pid) == []
