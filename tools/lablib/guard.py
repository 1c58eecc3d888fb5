# SPDX-License-Identifier: BSD-2-Clause
"""Removes a lab when its owner dies without having done so, by kill -9 for example.

    python3 -m lablib.guard LAB
"""

import os
import select
import sys
import time

from lablib import registry
from lablib.lab import Lab

# A lab may change its owner, or go.
_LOOK_AGAIN_S = 1.0
# A command that the owner had started may still be making something.
_LAST_WORDS_S = 0.3


def wait_for_end(identity: str, timeout_s: float) -> None:
    """Until a process ends, but not longer than `timeout_s`."""
    try:
        descriptor = os.pidfd_open(int(identity.split()[0]))
    except ProcessLookupError:
        return
    try:
        # The id may have gone to another process in between.
        if registry.is_alive(identity):
            select.select([descriptor], [], [], timeout_s)
    finally:
        os.close(descriptor)


def main() -> None:
    name = registry.check_name(sys.argv[1])
    while (owner := registry.owner(name)) is not None:
        if registry.is_alive(owner):
            wait_for_end(owner, _LOOK_AGAIN_S)
            continue
        time.sleep(_LAST_WORDS_S)
        Lab(name).down_if_abandoned()


if __name__ == "__main__":
    main()
