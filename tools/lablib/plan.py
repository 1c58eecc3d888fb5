# SPDX-License-Identifier: BSD-2-Clause
"""Names and addresses of a lab.

    client 10.1.0.2 -- switch (routes 10.1.0.1 / br0 10.98.0.1) -- d1 .10, h1..h4 .11...14

The VIPs are on every host's lo, and the switch routes them to the director. Replies go
straight from the hosts through the switch to the client.
"""

DIRECTOR = "d1"
HOSTS = ("h1", "h2", "h3", "h4")
MEMBERS = (DIRECTOR, *HOSTS)
NODES = ("client", "switch", *MEMBERS)

POOL = "caches"
HTTP_PORT = 80
HTTP2_PORT = 81  # without TLS
SLOTS = 256

FAMILIES = ("ipv4", "ipv6")
VIPS = {"ipv4": "10.99.0.1", "ipv6": "fd99::1"}
CLIENTS = {"ipv4": "10.1.0.2", "ipv6": "fd01::2"}
# Routed to the client, owned by nobody there: raw clients live here, so that no kernel
# answers in their place.
RAW_CLIENTS = {"ipv4": "10.2.0.2", "ipv6": "fd02::2"}

# None of these hardware addresses is of the kind that steer MACs are made of.
SWITCH_MAC = "0a:00:00:00:00:fe"
SWITCH_CLIENT_MAC = "0a:00:00:00:01:01"
CLIENT_MAC = "0a:00:00:00:01:02"


def host_id(node: str) -> int:
    return HOSTS.index(node) + 1


def host_of(identity: int) -> str:
    return HOSTS[identity - 1]


def number(node: str) -> int:
    """Last part of a member's addresses."""
    return 10 if node == DIRECTOR else 10 + host_id(node)


def wire_mac(node: str) -> str:
    return f"0a:00:00:00:00:{number(node):02x}"


def kernel_mac(node: str) -> str:
    """A host's kernel port has its canonical steer MAC, a director's its wire MAC."""
    if node == DIRECTOR:
        return wire_mac(node)
    return f"02:00:{host_id(node):02x}:00:00:00"


def addresses(node: str) -> tuple[str, str]:
    return f"10.98.0.{number(node)}/24", f"fd98::{number(node)}/64"
