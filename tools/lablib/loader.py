# SPDX-License-Identifier: BSD-2-Clause
"""Runs the load generator inside a lab's client and reads its totals."""

import dataclasses
import json
import os
import pathlib
import subprocess
import threading
import time

from lablib import load
from lablib.lab import PATIENCE_S, Lab, LabError

_TOOLS = pathlib.Path(__file__).resolve().parents[1]


class Loader:
    """A load that runs while this is entered."""

    def __init__(self, lab: Lab, spec: load.Spec | None = None):
        self._lab = lab
        self._spec = spec or load.Spec()
        self._process: subprocess.Popen | None = None
        self._reader: threading.Thread | None = None
        self.totals: dict = {}  # the latest; replaced, never changed

    def __enter__(self) -> "Loader":
        spec = json.dumps(dataclasses.asdict(self._spec))
        command = ["/usr/bin/python3", "-m", "lablib.load", spec]
        with self._lab.inside("client"):
            self._process = subprocess.Popen(
                command,
                env={**os.environ, "PYTHONPATH": str(_TOOLS)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,  # ends with its stdin, not with our Ctrl-C
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _read(self) -> None:
        for line in self._process.stdout:
            self.totals = json.loads(line)

    def report(self) -> dict:
        """Totals that are not older than this call."""
        asked = time.monotonic()
        deadline = asked + PATIENCE_S
        while self.totals.get("time", 0.0) < asked:
            if time.monotonic() > deadline:
                raise LabError("the load generator does not report")
            time.sleep(0.02)
        return self.totals

    def wait_for_requests(self, count: int, timeout_s: float = PATIENCE_S) -> None:
        """Until `count` more requests were answered than now."""
        goal = self.report()["requests"] + count
        deadline = time.monotonic() + timeout_s
        while self.totals.get("requests", 0) < goal:
            if time.monotonic() > deadline:
                raise LabError(f"load makes no progress: {self.totals}")
            time.sleep(0.05)

    def finish(self) -> dict:
        """Lets every client end its request; the final totals."""
        self._process.stdin.close()
        try:
            self._process.wait(self._spec.timeout_s + PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise LabError("the load generator does not end") from None
        self._reader.join(PATIENCE_S)
        if not self.totals.get("final"):
            raise LabError(f"the load generator broke off: {self.totals}")
        return self.totals
