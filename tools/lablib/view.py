# SPDX-License-Identifier: BSD-2-Clause
"""What sleight says of itself, through sleightctl."""

from lablib import plan, process
from lablib.lab import PATIENCE_S, Lab, LabError


def stats(lab: Lab, node: str) -> dict:
    return lab.ask(node, "stats", "show")


def rule(lab: Lab, node: str, name: str) -> int:
    """How many packets a rule decided on a node: "no_socket" is a redirect."""
    return stats(lab, node)["total"]["rules"][name]


def drop(lab: Lab, node: str, name: str) -> int:
    return stats(lab, node)["total"]["drops"][name]


def losses(lab: Lab) -> dict[str, int]:
    """What every node threw away, "h1 HoldFull" and the like; not what a switch flooded."""
    found = {}
    for node in plan.MEMBERS:
        total = stats(lab, node)["total"]
        counts = {**total["drops"], "unsent": total["unsent"], "NotMine": 0}
        found.update({f"{node} {name}": count for name, count in counts.items() if count})
    return found


def redirected(lab: Lab) -> int:
    return sum(rule(lab, node, "no_socket") for node in plan.HOSTS)


def sockets(lab: Lab, node: str) -> dict:
    """{"flows": n, "requests": n} of a host."""
    return lab.ask(node, "socket", "count")


def hosts(lab: Lab) -> dict[str, dict]:
    return {host["name"]: host for host in lab.ask(plan.DIRECTOR, "host", "list")["hosts"]}


def chains(lab: Lab) -> list[tuple[str, ...]]:
    """By slot: target first, names of hosts."""
    tables = lab.ask(plan.DIRECTOR, "slot", "list")["pools"]
    return [tuple(slot["hosts"]) for slot in tables[0]["slots"]]


def change(lab: Lab, verb: str, host: str) -> None:
    """Drains, undrains, ... and waits until the director's workers go by it."""
    lab.ctl(plan.DIRECTOR, "host", verb, host)
    settled = lambda: stats(lab, plan.DIRECTOR)["snapshot"]["settled"]
    if not process.wait_until(settled, PATIENCE_S):
        raise LabError(f"host {verb} {host}: not every worker took the new snapshot")
