# SPDX-License-Identifier: BSD-2-Clause
"""Long-running programs of a lab, known by their pid files."""

import contextlib
import os
import pathlib
import signal
import subprocess
import time
from collections.abc import Callable, Iterable

from lablib import netns, registry

# Children of this process must be reaped, or they stay visible after their end.
_children: dict[int, subprocess.Popen] = {}


def start_guard(command: list[str], folder: pathlib.Path, environment: dict[str, str]) -> None:
    """A process beside the lab, which ends when the lab does; known by FOLDER/guard."""
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment,
        start_new_session=True,  # what ends the owner must not end its guard
    )
    _children[child.pid] = child
    (folder / "guard").write_text(registry.identity(child.pid), encoding="ascii")


def guard_of(folder: pathlib.Path) -> list[int]:
    """Its process id, but never this process's."""
    with contextlib.suppress(OSError):
        identity = (folder / "guard").read_text(encoding="ascii")
        pid = int(identity.split()[0])
        return [pid] if registry.is_alive(identity) and pid != os.getpid() else []
    return []


def start(namespace: str, command: list[str], folder: pathlib.Path, name: str) -> int:
    """Output goes to NAME.out, appended; the process id to NAME.process."""
    with open(folder / f"{name}.out", "ab") as output, netns.inside(namespace):
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,  # a Ctrl-C is for the owner, who then ends us in order
        )
    _children[child.pid] = child
    (folder / f"{name}.process").write_text(f"{child.pid}\n", encoding="ascii")
    return child.pid


def pid_of(folder: pathlib.Path, name: str) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        pid = int((folder / f"{name}.process").read_text(encoding="ascii"))
        return pid if is_alive(pid) else None
    return None


def exit_code(pid: int) -> int | None:
    """Of a process that this one started; None while it runs."""
    return _children[pid].poll()


def is_alive(pid: int) -> bool:
    if pid in _children:  # a killed leader is a zombie while its threads still hold sockets
        return _children[pid].poll() is None
    return registry.start_time(pid) is not None


def wait_until(condition: Callable[[], object], timeout_s: float, every_s: float = 0.02) -> bool:
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every_s)
    return True


def send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def end(pids: Iterable[int], patience_s: float = 2.0) -> None:
    """Asks with SIGTERM first, then does not ask."""
    pids = list(pids)
    for pid in pids:
        send(pid, signal.SIGTERM)
    if wait_until(lambda: not any(is_alive(pid) for pid in pids), patience_s):
        return
    for pid in filter(is_alive, pids):
        send(pid, signal.SIGKILL)
    wait_until(lambda: not any(is_alive(pid) for pid in pids), patience_s)
