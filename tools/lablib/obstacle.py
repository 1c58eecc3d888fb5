# SPDX-License-Identifier: BSD-2-Clause
"""What a test puts in a packet's way on the switch, and takes away again."""

import contextlib
import itertools
from collections.abc import Iterator

from lablib.lab import Lab

_numbers = itertools.count()


@contextlib.contextmanager
def dropping(lab: Lab, match: str) -> Iterator[None]:
    """The switch loses what matches an nft expression, as it arrives on any of its ports."""
    with _table(lab, "inet", "prerouting", match):
        yield


@contextlib.contextmanager
def dropping_from(lab: Lab, node: str, match: str) -> Iterator[None]:
    """The same, for frames that come out of one member."""
    with _table(lab, "bridge", "prerouting", f'iifname "p-{node}" {match}'):
        yield


@contextlib.contextmanager
def _table(lab: Lab, family: str, hook: str, match: str) -> Iterator[None]:
    table = f"{family} obstacle{next(_numbers)}"
    start = f"type filter hook {hook} priority -300; policy accept;"
    lab.nft("switch", f"table {table} {{\nchain lose {{\n{start}\n{match} drop\n}}\n}}\n")
    try:
        yield
    finally:
        lab.nft("switch", f"delete table {table}")
