# SPDX-License-Identifier: BSD-2-Clause
"""Run folders of labs: who owns a lab, and which ones nobody owns any more."""

import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import time

# $SLEIGHT_LAB_ROOT: labs there and here do not know of each other.
ROOT = pathlib.Path(os.environ.get("SLEIGHT_LAB_ROOT", "/run/sleight-lab"))
# As long as anybody may build or remove a lab.
_LOCK_LIMIT_S = 180.0
_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")


def check_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"lab name {name!r}: expected up to 20 lower-case letters, digits or '-', "
            "a letter first"
        )
    return name


def folder(name: str) -> pathlib.Path:
    return ROOT / name


@contextlib.contextmanager
def locked(name: str):
    """One process at a time builds or removes a lab."""
    file = _lock(ROOT / f".{name}.lock")
    try:
        yield
    finally:
        file.close()


def _lock(path: pathlib.Path):
    while True:
        ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
        try:
            file = open(path, "w", encoding="ascii")
        except FileNotFoundError:  # the folder went in between
            continue
        _flock(file, path)
        # Its last holder may have removed it while this one waited.
        if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return file
        file.close()


def _flock(file, path: pathlib.Path) -> None:
    deadline = time.monotonic() + _LOCK_LIMIT_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                file.close()
                raise TimeoutError(f"{path} is still locked after {_LOCK_LIMIT_S:.0f} s") from None
            time.sleep(0.02)


def start_time(pid: int) -> str | None:
    """Tells a process from a later one with the same id; None: no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def identity(pid: int) -> str:
    """Of a process, for ever."""
    return f"{pid} {start_time(pid)}"


def is_alive(identity_: str) -> bool:
    pid, started = identity_.split()
    return start_time(int(pid)) == started


def claim(name: str) -> None:
    """Makes the run folder; until set_owner() the lab belongs to its builder."""
    # Born with an owner: a folder without one would stay if its builder died now.
    unborn = ROOT / f".{name}.new"
    shutil.rmtree(unborn, ignore_errors=True)
    unborn.mkdir(mode=0o755)
    (unborn / "owner").write_text(identity(os.getpid()), encoding="ascii")
    unborn.rename(folder(name))


def set_owner(name: str, owner: int | None) -> None:
    """`owner`: the process without which the lab has no purpose; None: it stays."""
    path = folder(name) / "owner"
    if owner is None:
        path.unlink()
        return
    new = path.with_suffix(".new")
    new.write_text(identity(owner), encoding="ascii")
    new.rename(path)


def owner(name: str) -> str | None:
    """The owner's identity; None: nobody's, or no lab."""
    try:
        return (folder(name) / "owner").read_text(encoding="ascii")
    except FileNotFoundError:
        return None


def release(name: str) -> None:
    shutil.rmtree(folder(name), ignore_errors=True)
    (ROOT / f".{name}.lock").unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        ROOT.rmdir()


def names() -> list[str]:
    if not ROOT.is_dir():
        return []
    return sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != ".")


def is_abandoned(name: str) -> bool:
    """Its owner is gone."""
    found = owner(name)
    return found is not None and not is_alive(found)
