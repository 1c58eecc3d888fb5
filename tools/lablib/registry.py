# SPDX-License-Identifier: BSD-2-Clause
"""Run folders of labs: who owns a lab, and which ones nobody owns any more."""

import contextlib
import fcntl
import os
import pathlib
import re
import shutil

ROOT = pathlib.Path("/run/sleight-lab")
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
        fcntl.flock(file, fcntl.LOCK_EX)
        # Its last holder may have removed it while this one waited.
        if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return file
        file.close()


def start_time(pid: int) -> str | None:
    """Tells a process from a later one with the same id; None: no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def claim(name: str) -> None:
    """Makes the run folder; until set_owner() the lab belongs to its builder."""
    folder(name).mkdir(mode=0o755, parents=True)
    set_owner(name, os.getpid())


def set_owner(name: str, owner: int | None) -> None:
    """`owner`: the process without which the lab has no purpose; None: it stays."""
    path = folder(name) / "owner"
    if owner is None:
        path.unlink()
    else:
        path.write_text(f"{owner} {start_time(owner)}\n", encoding="ascii")


def release(name: str) -> None:
    shutil.rmtree(folder(name), ignore_errors=True)
    (ROOT / f".{name}.lock").unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        ROOT.rmdir()


def names() -> list[str]:
    if not ROOT.is_dir():
        return []
    return sorted(path.name for path in ROOT.iterdir() if path.is_dir())


def is_abandoned(name: str) -> bool:
    """Its owner is gone."""
    try:
        pid, started = (folder(name) / "owner").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return False
    return start_time(int(pid)) != started
