# SPDX-License-Identifier: BSD-2-Clause
"""As much HTTP as the lab's clients need: GET, status, length, serving host."""

import dataclasses
import hashlib

from lablib import payload

HEAD_END = b"\r\n\r\n"


class WrongAnswer(Exception):
    """An answer that is complete, or broke off, and is not what was asked for."""


@dataclasses.dataclass
class Head:
    status: int
    length: int
    host: str


def request(name: str, close: bool = False) -> bytes:
    end = "Connection: close\r\n" if close else ""
    return f"GET /{name} HTTP/1.1\r\nHost: www\r\n{end}\r\n".encode("ascii")


def parse_head(raw: bytes) -> Head:
    first, *lines = raw.decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
    try:
        return Head(int(first.split()[1]), int(fields["content-length"]), fields["x-host"])
    except (IndexError, KeyError, ValueError):
        raise WrongAnswer(f"bad head: {first!r}") from None


class Answer:
    """Takes an answer's bytes as they come."""

    def __init__(self, name: str):
        self._name = name
        self._start = b""
        self._digest = hashlib.sha256()
        self.head: Head | None = None
        self.received = 0

    def feed(self, data: bytes) -> bool:
        """True when the answer is complete; raises WrongAnswer."""
        if not data:
            raise WrongAnswer(f"{self._name}: closed after {self.received} bytes of body")
        if self.head is None:
            self._start += data
            raw, found, data = self._start.partition(HEAD_END)
            if not found:
                return False
            self.head = parse_head(raw)
            if self.head.status != 200:
                raise WrongAnswer(f"{self._name}: status {self.head.status}")
        self._digest.update(data)
        self.received += len(data)
        if self.received < self.head.length:
            return False
        self._check()
        return True

    def _check(self) -> None:
        if self._digest.hexdigest() != payload.digest(self._name):
            raise WrongAnswer(f"{self._name}: wrong payload, {self.received} bytes")
