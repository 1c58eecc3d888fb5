# SPDX-License-Identifier: BSD-2-Clause
"""Files of known content that every host serves."""

import functools
import hashlib
import pathlib
import random

# Name -> size in bytes.
FILES = {
    "1k.bin": 1 << 10,
    "16k.bin": 16 << 10,
    "256k.bin": 256 << 10,
    "16m.bin": 16 << 20,
}


@functools.cache
def content(name: str) -> bytes:
    return random.Random(name).randbytes(FILES[name])


@functools.cache
def digest(name: str) -> str:
    return hashlib.sha256(content(name)).hexdigest()


def write_all(folder: pathlib.Path) -> None:
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes(content(name))
