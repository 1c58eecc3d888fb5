# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the lab tests.

Every test gets a lab of its own, up in about a second, so each can be run alone:

    /usr/bin/python3 -m pytest tests/lab -k cookies

The logs of a failed test are kept in build/lab-logs/TEST.
"""

import itertools
import os
import pathlib
import re
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from lablib import plan, view  # noqa: E402
from lablib.client import slot_with_target  # noqa: E402
from lablib.lab import Lab, build_folder  # noqa: E402
from lablib.settings import Options  # noqa: E402

_numbers = itertools.count(1)


def pytest_configure(config):
    config.addinivalue_line("markers", "lab_options(**options): lablib.settings.Options of the lab")


def pytest_collection_modifyitems(items):
    if os.geteuid() == 0:
        return
    for item in items:
        item.add_marker(pytest.mark.skip(reason="a lab needs root: run as root"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    lab = item.stash.get(_LAB, None)
    if report.when != "call" or not report.failed or lab is None:
        return
    target = build_folder() / "lab-logs" / re.sub(r"[^\w-]+", "_", item.name)
    lab.save_logs(target)
    tails = "".join(lab.log_tail(node) for node in plan.MEMBERS)
    report.sections.append(("lab logs", f"kept in {target}\n{tails}"))


_LAB = pytest.StashKey[Lab]()


@pytest.fixture
def lab(request):
    """A fresh lab; @pytest.mark.lab_options(...) shapes it."""
    marker = request.node.get_closest_marker("lab_options")
    options = Options(**marker.kwargs) if marker else Options()
    fresh = Lab(f"t{os.getpid()}-{next(_numbers)}", options)
    fresh.up(owner=os.getpid())
    request.node.stash[_LAB] = fresh
    try:
        yield fresh
    finally:
        fresh.down()


@pytest.fixture(params=plan.FAMILIES)
def family(request):
    return request.param


@pytest.fixture(params=["last", "middle"])
def h1_slot(request, lab):
    """A slot of h1. After a drain, h1 is the last host of its chain, which takes all that
    comes, or has one more behind it, so that its own socket table must know its flows."""
    slot = slot_with_target(lab, "h1")
    if request.param == "middle":
        view.change(lab, "drain", "h1")
        behind = view.chains(lab)[slot][0]
        view.change(lab, "undrain", "h1")
        view.change(lab, "drain", behind)
        assert view.chains(lab)[slot] == ("h1", behind)
    return slot
