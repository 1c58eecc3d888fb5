# SPDX-License-Identifier: BSD-2-Clause
"""Work inside a network namespace, without a wrapper process."""

import contextlib
import ctypes
import os
import subprocess

_CLONE_NEWNET = 0x40000000
_COMMAND_LIMIT_S = 60.0
_libc = ctypes.CDLL(None, use_errno=True)


class CommandError(RuntimeError):
    pass


def _setns(descriptor: int) -> None:
    if _libc.setns(descriptor, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns: " + os.strerror(ctypes.get_errno()))


@contextlib.contextmanager
def inside(namespace: str):
    """This thread, its new sockets and its new processes are in `namespace`."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        there = os.open(f"/run/netns/{namespace}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _setns(there)
        finally:
            os.close(there)
        try:
            yield
        finally:
            _setns(home)
    finally:
        os.close(home)


def run(command: list[str], stdin: str | None = None) -> str:
    try:
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=_COMMAND_LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        raise CommandError(f"{' '.join(command)}: no end after {_COMMAND_LIMIT_S:.0f} s") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise CommandError(f"{' '.join(command)}: exit {done.returncode}: {said}")
    return done.stdout


def ip_batch(lines: list[str], namespace: str | None = None) -> None:
    where = ["-n", namespace] if namespace else []
    run(["ip", *where, "-batch", "-"], "\n".join(lines) + "\n")


def set_sysctls(namespace: str, values: dict[str, object]) -> None:
    with inside(namespace):
        for name, value in values.items():
            with open("/proc/sys/" + name, "w", encoding="ascii") as file:
                file.write(f"{value}\n")


def nft(namespace: str, rules: str) -> str:
    with inside(namespace):
        return run(["nft", "-f", "-"], rules)


def exists(namespace: str) -> bool:
    return os.path.exists(f"/run/netns/{namespace}")


def pids(namespace: str) -> list[int]:
    """Processes inside, but never this one."""
    if not exists(namespace):
        return []
    found = [int(word) for word in run(["ip", "netns", "pids", namespace]).split()]
    return [pid for pid in found if pid != os.getpid()]
