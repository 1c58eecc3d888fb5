# SPDX-License-Identifier: BSD-2-Clause
"""Single connections from the client, of a tuple that the test chooses."""

import collections
import itertools
import re
import socket
import time
from collections.abc import Iterator

from lablib import plan, view, web
from lablib.lab import Lab
from lablib.slothash import slot_of

_SOCKET_FAMILY = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}


class Connection:
    def __init__(
        self,
        lab: Lab,
        family: str,
        sport: int = 0,
        timeout_s: float = 30.0,
        receive_buffer: int = 0,
    ):
        with lab.inside("client"):
            self._socket = socket.socket(_SOCKET_FAMILY[family])
        self._socket.settimeout(timeout_s)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if receive_buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.bind((plan.CLIENTS[family], sport))
        self.sport = self._socket.getsockname()[1]
        self._socket.connect((plan.VIPS[family], plan.HTTP_PORT))

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def get(self, name: str = "1k.bin", close: bool = False) -> str:
        """Asks for a file and checks it; the host that answered."""
        self.ask(name, close)
        return self.read_all(name)

    def ask(self, name: str, close: bool = False) -> None:
        self._socket.sendall(web.request(name, close))

    def read_all(self, name: str) -> str:
        """The answer to ask(); the host that gave it."""
        answer = web.Answer(name)
        while not answer.feed(self._socket.recv(1 << 16)):
            pass
        return answer.head.host

    def read(self, name: str, seconds: float) -> Iterator[web.Answer]:
        """The answer to ask(), read in 200 steps spread over `seconds`; yields each step."""
        answer = web.Answer(name)
        done = answer.feed(self._socket.recv(1 << 12))
        step = answer.head.length // 200
        while not done:
            goal = min(answer.received + step, answer.head.length)
            while answer.received < goal:
                done = answer.feed(self._socket.recv(min(goal - answer.received, 1 << 16)))
            yield answer
            time.sleep(seconds / 200)

    def close(self) -> None:
        self._socket.close()


class _Ports:
    """Local ports of one family, sorted by the slot of their connection to the VIP."""

    def __init__(self, family: str):
        self._ends = plan.CLIENTS[family], plan.VIPS[family]
        self._unsorted = itertools.cycle(range(10000, 32000))  # below the ephemeral ones
        self._sorted = collections.defaultdict(collections.deque)

    def take(self, slot: int) -> int:
        source, vip = self._ends
        while not self._sorted[slot]:
            port = next(self._unsorted)
            self._sorted[slot_of(source, port, vip)].append(port)
        return self._sorted[slot].popleft()


# Every port is given away once, long before any is given away again.
_ports = {family: _Ports(family) for family in plan.FAMILIES}


def port_of_slot(family: str, slot: int) -> int:
    """A local port whose connections to the VIP hash onto `slot`."""
    return _ports[family].take(slot)


def slot_with_target(lab: Lab, host: str) -> int:
    return next(slot for slot, chain in enumerate(view.chains(lab)) if chain[0] == host)


def port_to(lab: Lab, family: str, host: str) -> int:
    """A local port whose new connection would go to `host` now."""
    return port_of_slot(family, slot_with_target(lab, host))


def tcp_states(lab: Lab, node: str, port: int) -> list[str]:
    """As `ss` names them, of sockets on either end of the client's `port`: "TIME-WAIT"."""
    listing = lab.run(node, "ss", "-Htan")
    return [line.split()[0] for line in listing.splitlines() if re.search(rf":{port}\b", line)]


def kernel_count(lab: Lab, node: str, name: str) -> int:
    """A counter of a node's kernel as `nstat` names it, since the node was made."""
    listing = lab.run(node, "nstat", "-asz", name)
    return next(int(line.split()[1]) for line in listing.splitlines() if line.startswith(name))
