#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The slot plan a second time, from the rules of docs/slots.md, to check the first.

model.py --check   compare the golden scenarios beside this file with the model
model.py --write   regenerate them
"""

import json
import math
import pathlib
import random
import sys
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
ACCEPTING = ("active", "filling")
SERVING = ACCEPTING + ("draining",)
MASK = (1 << 64) - 1


# Homes

def mix(value):
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def walk(host, slots):
    """The order in which a host visits the slots, for ever."""
    at, stride = mix(2 * host) % slots, mix(2 * host + 1) % slots
    while math.gcd(stride, slots) != 1:
        stride = (stride + 1) % slots
    while True:
        yield at
        at = (at + stride) % slots


class Shares:
    """Weighted shares of `total`; `pinned` counts that exceed theirs are made up by the rest."""

    def __init__(self, weights, total, pinned=None):
        pinned = pinned or {}
        self.weights = weights
        self.count = dict.fromkeys(weights, 0)
        fixed = {}
        while True:
            free = {h: w for h, w in weights.items() if h not in fixed}
            left = total - sum(fixed.values())
            share = {h: Fraction(left * w, sum(free.values())) for h, w in free.items()}
            self.extras = left - sum(math.floor(s) for s in share.values())
            wanting = [h for h in free if pinned.get(h, 0) > math.floor(share[h])]
            strict = len(wanting) > self.extras
            over = [h for h in wanting if strict or pinned[h] > math.ceil(share[h])]
            if not over:
                break
            fixed.update((h, pinned[h]) for h in over)
        self.floor = {**fixed, **{h: math.floor(s) for h, s in share.items()}}
        self.may_have_extra = {h for h, s in share.items() if s.denominator != 1}

    def has_room(self, host):
        if self.count[host] < self.floor[host]:
            return True
        at_floor = self.count[host] == self.floor[host]
        return at_floor and host in self.may_have_extra and self.extras > 0

    def add(self, host):
        if self.count[host] == self.floor[host] and host in self.may_have_extra and self.extras:
            self.extras -= 1
        self.count[host] += 1

    def load_with_one_more(self, host):
        return Fraction(self.count[host] + 1, self.weights[host]), host


def homes(slots, weights):
    home = [0] * slots
    shares = Shares(weights, slots) if weights else None
    walks = {host: walk(host, slots) for host in weights}
    credit = dict.fromkeys(weights, 0)
    while weights and 0 in home:
        walking = [host for host in sorted(weights) if shares.has_room(host)]
        step = 1 << (max(weights[host] for host in walking) - 1).bit_length()
        for host in walking:
            credit[host] += weights[host]
            for _ in range(credit[host] // step):
                slot = next(walks[host])
                if home[slot] == 0 and shares.has_room(host):
                    shares.add(host)
                    home[slot] = host
            credit[host] %= step
    return home


# The deal

def deal(pool, evict_for=None):
    """(targets, waiting, stuck); chains are lists of (host, since), None for a lost target."""
    chains, most = pool["chains"], pool["max_fallbacks"]
    members = pool["members"]
    slots = len(chains)
    takers = [h for h in sorted(members) if members[h]["state"] in ACCEPTING]
    if not takers:
        takers = [h for h in sorted(members) if members[h]["state"] in SERVING]
    if not takers:
        return [0] * slots, set(), set()
    weights = {h: members[h]["weight"] for h in takers}
    home = homes(slots, {h: m["weight"] for h, m in members.items()})
    target = [c[0][0] if c[0] else 0 for c in chains]
    named = [[e[0] for e in c if e] for c in chains]
    choice = [[h for h in names if h in weights] for names in named]
    wide = {
        s for s in range(slots)
        if most == 0 or len(named[s]) <= most
        or (evict_for and target[s] == evict_for and not choice[s])
    }
    stuck = {s for s in range(slots) if s not in wide and not choice[s]}
    pinned = {s: choice[s][0] for s in range(slots) if s not in wide and len(choice[s]) == 1}
    crowd = []
    for attempt in range(8):
        dealt = dict(pinned)
        per_host = {h: list(pinned.values()).count(h) for h in takers}
        shares = Shares(weights, slots - len(stuck), per_host)
        for host in pinned.values():
            shares.add(host)
        narrow = [s for s in range(slots) if s not in wide | stuck and s not in pinned]
        open_slots = narrow + sorted(wide)

        def preferences(slot):
            at_home = home[slot] == target[slot]
            reaches_home = slot in wide or home[slot] in named[slot]
            yield [home[slot]] if at_home else []
            yield [home[slot]] if reaches_home and not at_home else []
            yield [target[slot]]
            yield [e[0] for e in chains[slot][1:]]

        for rank in range(4):
            for slot in list(open_slots):
                for host in list(preferences(slot))[rank]:
                    if host in weights and shares.has_room(host):
                        shares.add(host)
                        dealt[slot] = host
                        open_slots.remove(slot)
                        break
        crowd = [s for s in open_slots if s not in wide]
        for slot in crowd:
            options = [target[slot]] if target[slot] in weights else choice[slot]
            host = min(options, key=shares.load_with_one_more)
            shares.add(host)
            dealt[slot] = host
            open_slots.remove(slot)
        if not crowd or attempt == 7 or not wide:
            break
        crowded = {dealt[s] for s in crowd}
        pinned.update((s, dealt[s]) for s in narrow if dealt[s] in crowded)

    if open_slots:
        next_home = homes(slots, weights)
        for slot in list(open_slots):
            if shares.has_room(next_home[slot]):
                shares.add(next_home[slot])
                dealt[slot] = next_home[slot]
                open_slots.remove(slot)
        for slot in open_slots:
            host = min(filter(shares.has_room, takers), key=shares.load_with_one_more)
            shares.add(host)
            dealt[slot] = host
    waiting = set(crowd) | stuck | {
        s for s in range(slots)
        if home[s] in weights and s not in wide and home[s] not in named[s]
    }
    return [dealt.get(s, target[s]) for s in range(slots)], waiting, stuck


# Events

NEXT = {
    "drain": {"active": "draining", "filling": "draining"},
    "undrain": {"draining": "filling", "inactive": "filling"},
    "enable": {"inactive": "filling", "dead": "filling"},
    "drained": {"draining": "inactive"},
    "filled": {"filling": "active"},
    "disable": dict.fromkeys(SERVING + ("inactive", "dead"), "inactive"),
    "dead": dict.fromkeys(SERVING + ("inactive", "dead"), "dead"),
}


def change_members(members, event, slots):
    kind, host = event["kind"], event.get("host")
    if kind == "expire":
        return None
    if kind == "join":
        if host in members:
            return "host_exists"
        if len(members) >= slots:
            return "too_many_hosts"
        members[host] = {"weight": event["weight"], "state": "filling"}
    elif host not in members:
        return "unknown_host"
    elif kind == "leave":
        del members[host]
    elif kind == "set_weight":
        members[host]["weight"] = event["weight"]
    elif kind in NEXT:
        state = NEXT[kind].get(members[host]["state"])
        if state is None:
            return "wrong_state"
        others = [m for h, m in members.items() if h != host and m["state"] in ACCEPTING]
        if kind == "drain" and not others:
            return "last_accepting"
        members[host]["state"] = state
    return None


def end_fallbacks(pool, event):
    serving = {h for h, m in pool["members"].items() if m["state"] in SERVING}
    for slot, chain in enumerate(pool["chains"]):
        target, fallbacks = chain[0], chain[1:]
        if event["kind"] == "expire":
            fallbacks = [e for e in fallbacks if e[1] >= event["now"] - event["ttl"]]
        if event["kind"] == "released" and slot in event["slots"]:
            fallbacks = [e for e in fallbacks if e[0] != event["host"]]
        target = target if target and target[0] in serving else None
        pool["chains"][slot] = [target] + [e for e in fallbacks if e[0] in serving]


def point(chain, target, most, now):
    old = chain[0]
    if old and old[0] == target:
        return chain, 0
    if target == 0:
        return [None], 0
    behind = ([(old[0], now)] if old else []) + [e for e in chain[1:] if e[0] != target]
    return [(target, 0)] + behind[:most], len(behind) - len(behind[:most])


def ground(pool):
    members = {
        h: (m["weight"], m["state"] in ACCEPTING, m["state"] in SERVING)
        for h, m in pool["members"].items()
    }
    return members, [[e[0] if e else 0 for e in c] for c in pool["chains"]]


def copy(pool):
    return {
        "max_fallbacks": pool["max_fallbacks"],
        "members": {h: dict(m) for h, m in pool["members"].items()},
        "chains": [list(c) for c in pool["chains"]],
    }


def plan(before, event):
    """(pool after, the step's outcome)."""
    pool = copy(before)
    reason = change_members(pool["members"], event, len(pool["chains"]))
    if reason:
        return before, {"refused": reason}
    end_fallbacks(pool, event)
    is_drain = event["kind"] == "drain"
    evict_for = event["host"] if is_drain and event.get("force") else None
    targets, waiting, stuck = deal(pool, evict_for)
    if is_drain and not event.get("wait"):
        left = sorted(s for s in stuck if pool["chains"][s][0][0] == event["host"])
        if left:
            blockers = {e[0] for s in left for e in pool["chains"][s][1:]}
            return before, {"refused": "chain_full", "slots": left, "blocked_by": sorted(blockers)}
    evicted = []
    if ground(pool) != ground(before):
        for slot, chain in enumerate(pool["chains"]):
            most = pool["max_fallbacks"]
            pool["chains"][slot], lost = point(chain, targets[slot], most, event["now"])
            if lost and most > 0:
                evicted.append(slot)
    return pool, {"waiting": sorted(waiting), "evicted": evicted, **show(pool)}


def show(pool):
    return {
        "states": {str(h): pool["members"][h]["state"] for h in sorted(pool["members"])},
        "chains": [">".join(str(e[0]) for e in c if e) or "-" for c in pool["chains"]],
        "since": [[e[1] for e in c[1:]] for c in pool["chains"]],
    }


def fresh(slots, max_fallbacks, members):
    pool = {"max_fallbacks": max_fallbacks, "members": members, "chains": [[None]] * slots}
    targets = deal(pool)[0]
    pool["chains"] = [[(t, 0)] if t else [None] for t in targets]
    return pool


# Scenarios

def equal(*hosts, weight=100):
    return {h: {"weight": weight, "state": "active"} for h in hosts}


def events(*texts):
    """Events "drain 3", "join 9 200", with the time counted up by a second each."""
    result = []
    for number, text in enumerate(texts):
        kind, *rest = text.split()
        event = {"kind": kind, "now": 1000 * (number + 1)}
        if kind == "expire":
            event["ttl"] = int(rest[0])
        else:
            event["host"] = int(rest[0])
        if kind in ("join", "set_weight"):
            event["weight"] = int(rest[1])
        if kind == "released":
            event["slots"] = [int(s) for s in rest[1].split(",")]
        event.update(dict.fromkeys((w for w in rest[1:] if w in ("force", "wait")), True))
        result.append(event)
    return result


def weighted(chance, count):
    hosts = sorted(chance.sample(range(1, 4096), count))
    return {
        h: {"weight": chance.choice([1, 50, 100, 100, 250]), "state": "active"} for h in hosts
    }


MIXED = ["drain"] * 4 + ["undrain"] * 2 + ["drained", "filled", "enable", "join", "disable",
                                         "dead", "leave", "set_weight", "released", "expire"]
# Chains fill up: hardly anything ends a fallback.
BUSY = ["drain"] * 8 + ["undrain"] * 7 + ["enable", "join", "set_weight", "drained", "disable"]


def random_event(chance, pool, now, kinds):
    kind = chance.choice(kinds)
    event = {"kind": kind, "now": now}
    if kind == "expire":
        event["ttl"] = chance.randrange(4000)
        return event
    event["host"] = chance.choice(sorted(pool["members"]) or [1])
    if kind == "join":
        event["host"] = chance.randrange(1, 4096)
    if kind in ("join", "set_weight"):
        event["weight"] = chance.choice([1, 60, 100, 300])
    if kind == "released":
        slots = range(len(pool["chains"]))
        event["slots"] = sorted(chance.sample(slots, len(slots) // 3))
    if kind == "drain" and chance.randrange(4) == 0:
        event[chance.choice(["force", "wait"])] = True
    return event


def random_scenario(seed, slots, hosts, max_fallbacks, kinds):
    chance = random.Random(seed)
    members = weighted(chance, hosts)
    pool = fresh(slots, max_fallbacks, {h: dict(m) for h, m in members.items()})
    chosen = []
    for number in range(50):
        chosen.append(random_event(chance, pool, 1000 * (number + 1), kinds))
        pool, _ = plan(pool, chosen[-1])
    return slots, max_fallbacks, members, chosen


def scenarios():
    four = equal(1, 2, 3, 4)
    rolling = [f"{kind} {host}" for host in (1, 2, 3, 4) for kind in ("drain", "undrain", "filled")]
    yield "drain_and_undrain", 32, 2, four, events(
        "drain 1", "released 1 0,1,2,3", "drained 1", "undrain 1", "filled 1", "expire 1500")
    yield "rolling_restart", 32, 2, four, events(*rolling * 2)
    yield "two_overlapping_drains", 32, 2, four, events(
        "drain 1", "drain 2", "drain 3", "drained 1", "drain 3", "drain 4", "undrain 1",
        "undrain 2", "undrain 3", "expire 0")
    yield "third_drain_by_force", 32, 2, four, events(
        "drain 1", "drain 2", "drain 3 wait", "undrain 3", "drain 3 force", "undrain 1")
    yield "deaths", 24, 2, four, events(
        "drain 1", "dead 2", "dead 3", "dead 4", "dead 1", "enable 3", "enable 4", "undrain 1")
    yield "join_leave_weight", 64, 2, equal(1, 2, 3), events(
        "join 9 200", "filled 9", "set_weight 2 10", "drain 1", "drained 1", "leave 1",
        "leave 9", "join 1 1", "join 1 1", "leave 7")
    yield "without_second_chance", 24, 0, four, events(
        "drain 1", "drain 2", "drain 3", "drain 4", "undrain 2", "disable 4")
    yield "random_one_fallback", *random_scenario(11, 40, 6, 1, MIXED)
    yield "random_two_fallbacks", *random_scenario(12, 61, 8, 2, MIXED)
    yield "random_many_hosts", *random_scenario(13, 48, 30, 2, MIXED)
    yield "random_two_hosts", *random_scenario(14, 9, 2, 2, MIXED)
    yield "busy_one_fallback", *random_scenario(15, 48, 6, 1, BUSY)
    yield "busy_two_fallbacks", *random_scenario(16, 64, 7, 2, BUSY)
    yield "busy_few_slots", *random_scenario(17, 12, 9, 2, BUSY)


def scenario(slots, max_fallbacks, members, chosen):
    pool = fresh(slots, max_fallbacks, {h: dict(m) for h, m in members.items()})
    steps = []
    start = {
        "slots": slots,
        "max_fallbacks": max_fallbacks,
        "hosts": [{"id": h, **members[h]} for h in sorted(members)],
        "homes": homes(slots, {h: m["weight"] for h, m in members.items()}),
        "fresh": show(pool)["chains"],
    }
    for event in chosen:
        pool, outcome = plan(pool, event)
        steps.append({"event": event, **outcome})
    return {**start, "steps": steps}


def text_of(content):
    """One line a step, so that a change of the rules reads as a diff."""
    steps = ",\n  ".join(json.dumps(step) for step in content.pop("steps"))
    head = json.dumps(content)[:-1]
    return f'{head},\n "steps": [\n  {steps}\n]}}\n'


def main(arguments):
    if arguments not in (["--check"], ["--write"]):
        sys.exit(__doc__)
    wrong = []
    for name, *given in scenarios():
        path = HERE / f"{name}.json"
        text = text_of(scenario(*given))
        if arguments == ["--write"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            wrong.append(path.name)
    if wrong:
        sys.exit("model.py: these golden files are not what the model says: " + ", ".join(wrong))


if __name__ == "__main__":
    main(sys.argv[1:])
