# SPDX-License-Identifier: BSD-2-Clause
"""HTTP load with checked payloads: a program of its own, run inside the client.

    python3 -m lablib.load SPEC     SPEC: JSON, the fields of Spec

Prints its running totals as JSON lines; ends, in order, when its stdin does. Long clients
keep a connection for many requests and close it themselves; short ones open one for every
request, and have the server close every other.
"""

import asyncio
import collections
import dataclasses
import json
import random
import socket
import sys
import time

from lablib import plan, web

_SOCKET_FAMILY = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}


@dataclasses.dataclass(frozen=True)
class Spec:
    long: int = 8  # clients of each kind, a family
    short: int = 2
    think_s: float = 0.03
    lifetime_s: tuple[float, float] = (5.0, 25.0)  # of a long client's connection
    timeout_s: float = 10.0
    report_s: float = 0.5
    weights: dict[str, int] = dataclasses.field(
        default_factory=lambda: {"1k.bin": 70, "16k.bin": 25, "256k.bin": 5}
    )


class Totals:
    def __init__(self) -> None:
        names = ("requests", "connections", "resets", "failures")
        self.families = {family: dict.fromkeys(names, 0) for family in plan.FAMILIES}
        self.hosts: collections.Counter[str] = collections.Counter()
        self.errors: collections.Counter[str] = collections.Counter()
        self.open = 0
        self.slowest_ms = 0.0

    def answered(self, family: str, host: str, seconds: float) -> None:
        self.families[family]["requests"] += 1
        self.hosts[host] += 1
        self.slowest_ms = max(self.slowest_ms, seconds * 1000)

    def failed(self, family: str, error: Exception) -> None:
        reset = isinstance(error, (ConnectionResetError, BrokenPipeError))
        self.families[family]["resets" if reset else "failures"] += 1
        self.errors[f"{type(error).__name__}: {error}"] += 1

    def line(self, final: bool) -> str:
        sums = {
            name: sum(counts[name] for counts in self.families.values())
            for name in self.families["ipv4"]
        }
        return json.dumps({**sums, **vars(self), "time": time.monotonic(), "final": final})


class Load:
    def __init__(self, spec: Spec):
        self._spec = spec
        self._totals = Totals()
        self._ending = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(sys.stdin, self._ending.set)
        clients = []
        for family in plan.FAMILIES:
            clients += [self._long_client(family) for _ in range(self._spec.long)]
            clients += [self._short_client(family) for _ in range(self._spec.short)]
        reporting = asyncio.create_task(self._report())
        await asyncio.gather(*clients)
        reporting.cancel()
        print(self._totals.line(final=True), flush=True)

    async def _report(self) -> None:
        while True:
            print(self._totals.line(final=False), flush=True)
            await asyncio.sleep(self._spec.report_s)

    async def _think(self) -> None:
        pause = self._spec.think_s * random.uniform(0.5, 1.5)
        try:
            await asyncio.wait_for(self._ending.wait(), pause)
        except TimeoutError:
            pass

    async def _long_client(self, family: str) -> None:
        await self._think()
        while not self._ending.is_set():
            await self._connection(family, random.uniform(*self._spec.lifetime_s), close=False)

    async def _short_client(self, family: str) -> None:
        close = False
        while not self._ending.is_set():
            await self._think()
            await self._connection(family, 0.0, close)
            close = not close

    async def _connection(self, family: str, lifetime_s: float, close: bool) -> None:
        end = time.monotonic() + lifetime_s
        with socket.socket(_SOCKET_FAMILY[family]) as client:
            client.setblocking(False)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._totals.open += 1
            try:
                await self._connect(client, family)
                await self._fetch(client, family, close)
                while time.monotonic() < end and not self._ending.is_set():
                    await self._think()
                    await self._fetch(client, family, close)
            except (OSError, TimeoutError, web.WrongAnswer) as error:
                self._totals.failed(family, error)
                await asyncio.sleep(0.05)
            finally:
                self._totals.open -= 1

    async def _connect(self, client: socket.socket, family: str) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._spec.timeout_s):
            await loop.sock_connect(client, (plan.VIPS[family], plan.HTTP_PORT))
        self._totals.families[family]["connections"] += 1

    async def _fetch(self, client: socket.socket, family: str, close: bool) -> None:
        loop = asyncio.get_running_loop()
        weights = self._spec.weights
        name = random.choices(list(weights), list(weights.values()))[0]
        answer = web.Answer(name)
        started = time.monotonic()
        async with asyncio.timeout(self._spec.timeout_s):
            await loop.sock_sendall(client, web.request(name, close))
            while not answer.feed(await loop.sock_recv(client, 1 << 16)):
                pass
        self._totals.answered(family, answer.head.host, time.monotonic() - started)


def main() -> None:
    spec = Spec(**json.loads(sys.argv[1]))
    try:
        asyncio.run(Load(spec).run())
    except BrokenPipeError:
        pass  # nobody listens any more


if __name__ == "__main__":
    main()
