#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What a redirect adds to a packet's way, and what a drain costs.

    tests/lab/measure_redirect.py [--pairs 2000] [--drains 200] [--idle sleep|poll]

Redirect: an ACK that no socket owns is answered with a reset by the last host of its
slot's chain. Probes of a slot without fallback and of one with a fallback alternate; the
difference of each pair is the redirect: oracle, wait, second look, one more hop.

Drain: a host is drained and undrained while such probes are counted; the time is
sleight's own, from the command's arrival to the last worker on the new snapshot.
"""

import argparse
import os
import pathlib
import statistics
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

from lablib import plan, view
from lablib.lab import Lab
from lablib.rawtcp import RawClient
from lablib.settings import Options
from lablib.slothash import slot_of

DRAINED = "h1"
PROBES_PER_S = 2000


def percentiles(values: list[float]) -> list[float]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return [cuts[49], cuts[94], cuts[98]]


def row(name: str, values: list[float]) -> str:
    p50, p95, p99 = percentiles(values)
    return f"| {name} | {len(values)} | {p50:.0f} | {p95:.0f} | {p99:.0f} |"


def port_in(family: str, slot: int) -> int:
    source, vip = plan.RAW_CLIENTS[family], plan.VIPS[family]
    ports = range(1024, 65536)
    return next(p for p in ports if slot_of(source, p, vip) == slot)


def round_trip_us(client: RawClient, packet: bytes, number: int) -> float | None:
    started = time.perf_counter_ns()
    client.send(packet)
    while (answer := client.reset(1.0)) != number:
        if answer is None:
            return None
    return (time.perf_counter_ns() - started) / 1000


def measure_redirect(lab: Lab, pairs: int) -> None:
    view.change(lab, "drain", DRAINED)
    chains = view.chains(lab)
    # The same target both times: only the fallback differs.
    redirecting = next(n for n, chain in enumerate(chains) if chain[1:] == (DRAINED,))
    direct = next(n for n, chain in enumerate(chains) if chain == chains[redirecting][:1])
    incomplete = 0
    print("| round trip, us | n | p50 | p95 | p99 |\n|---|---|---|---|---|")
    for family in plan.FAMILIES:
        client = RawClient(lab, family)
        ports = port_in(family, direct), port_in(family, redirecting)
        without, with_redirect = [], []
        for number in range(1, pairs + 1):
            a = round_trip_us(client, client.ack(ports[0], 2 * number), 2 * number)
            b = round_trip_us(client, client.ack(ports[1], 2 * number + 1), 2 * number + 1)
            if a is not None and b is not None:
                without.append(a)
                with_redirect.append(b)
        client.close()
        print(row(f"{family}, direct", without))
        print(row(f"{family}, redirected", with_redirect))
        added = [b - a for a, b in zip(without, with_redirect)]
        print(row(f"{family}, difference in a pair", added))
        incomplete += pairs - len(without)
    print(f"\nPairs without both answers: {incomplete} of {2 * pairs}\n")
    view.change(lab, "undrain", DRAINED)


class CountedLoad:
    """Probes over all slots at a steady rate; every one of them must be answered."""

    def __init__(self, lab: Lab, family: str):
        self._client = RawClient(lab, family)
        self._ending = threading.Event()
        self._answers: set[int] = set()
        self.sent = 0
        self._threads = [threading.Thread(target=run) for run in (self._send, self._hear)]
        for thread in self._threads:
            thread.start()

    def _send(self) -> None:
        due = time.monotonic()
        while not self._ending.is_set():
            self.sent += 1
            self._client.send(self._client.ack(1024 + self.sent % 60000, self.sent))
            due += 1 / PROBES_PER_S
            time.sleep(max(0.0, due - time.monotonic()))

    def _hear(self) -> None:
        while (answer := self._client.reset(0.5)) is not None or not self._ending.is_set():
            if answer is not None:
                self._answers.add(answer)

    def finish(self) -> int:
        """How many were lost."""
        self._ending.set()
        for thread in self._threads:
            thread.join(60.0)
        self._client.close()
        return self.sent - len(self._answers)


def measure_drain(lab: Lab, drains: int) -> None:
    load = CountedLoad(lab, "ipv4")
    for number in range(drains):
        view.change(lab, "undrain" if number % 2 else "drain", DRAINED)
        time.sleep(0.02)
    lost = load.finish()
    snapshot = view.stats(lab, plan.DIRECTOR)["snapshot"]
    print("| drain command to last worker, us | n | p50 | p99 | max | packets | lost |")
    print("|---|---|---|---|---|---|---|")
    times = [snapshot[f"{name}_settle_us"] for name in ("p50", "p99", "max")]
    print(f"| drain, undrain | {drains} | {' | '.join(map(str, times))} | {load.sent} | {lost} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--drains", type=int, default=200)
    parser.add_argument("--idle", choices=("sleep", "poll"), default="sleep")
    arguments = parser.parse_args()
    lab = Lab(f"measure-{os.getpid()}", Options(idle=arguments.idle))
    try:
        lab.up(owner=os.getpid())
        measure_redirect(lab, arguments.pairs)
        measure_drain(lab, arguments.drains)
    finally:
        lab.down()


if __name__ == "__main__":
    main()
