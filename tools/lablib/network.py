# SPDX-License-Identifier: BSD-2-Clause
"""Builds the namespaces of a lab and the wires between them."""

import pathlib

from lablib import netns, plan

# DPDK passes a packet on as it is: every kernel sender must finish its checksums and
# its segments itself.
_OFFLOADS = ("rx", "tx", "sg", "tso", "gso", "gro")

_COMMON_SYSCTLS = {
    "net/ipv6/conf/all/accept_dad": 0,
    "net/ipv6/conf/default/accept_dad": 0,
    "net/ipv6/conf/all/accept_ra": 0,
    "net/ipv6/conf/default/accept_ra": 0,
    # VIP traffic is asymmetric.
    "net/ipv4/conf/all/rp_filter": 0,
    "net/ipv4/conf/default/rp_filter": 0,
}

# Never answer for the VIP, never ask in its name.
_HOST_SYSCTLS = {"net/ipv4/conf/all/arp_ignore": 1, "net/ipv4/conf/all/arp_announce": 2}

# The packet socket gets copies: without this the kernel would take every frame as well.
_SILENCE = """
table netdev sleight {{
    chain {chain} {{ type filter hook ingress device "{device}" priority 0; policy drop; }}
}}
"""

# Resets in the name of a VIP that hit a living connection of the client, whether or not a
# program notices. A full socket has a mark (0), TIME_WAIT has none: a host that answers a
# repeated last ACK with a reset has done nothing wrong.
_RESET_COUNTERS = f"""
table inet watch {{
    counter resets_ipv4 {{ }}
    counter resets_ipv6 {{ }}
    chain arrivals {{
        type filter hook prerouting priority raw; policy accept;
        tcp flags & rst != rst accept
        ip saddr {plan.VIPS["ipv4"]} socket mark 0 counter name resets_ipv4
        ip6 saddr {plan.VIPS["ipv6"]} socket mark 0 counter name resets_ipv6
    }}
}}
"""


class Network:
    """The namespaces of one lab, named LAB-NODE."""

    def __init__(self, lab: str, record: pathlib.Path):
        """`record`: the file that keeps which namespaces are ours."""
        self._lab = lab
        self._record = record

    def namespace(self, node: str) -> str:
        return f"{self._lab}-{node}"

    def build(self) -> None:
        for node in plan.NODES:
            self._add(self.namespace(node))
            netns.set_sysctls(self.namespace(node), _COMMON_SYSCTLS)
        self._wire_up()
        self._set_up_switch()
        self._set_up_client()
        for node in plan.MEMBERS:
            self._set_up_member(node)
        for node in plan.HOSTS:
            self._put_vips_on(node)

    def made(self) -> list[str]:
        """The namespaces of this lab that there are."""
        if not self._record.exists():
            return []
        return list(filter(netns.exists, self._record.read_text(encoding="ascii").split()))

    def remove(self) -> list[str]:
        """Removes what build() made and nothing else; what went wrong."""
        problems = []
        for name in self.made():
            try:
                netns.run(["ip", "netns", "del", name])
            except netns.CommandError as error:
                problems.append(str(error))
        return problems

    def _add(self, name: str) -> None:
        # Written down first: a namespace that nobody knows of would stay for ever.
        before = self._record.read_text(encoding="ascii") if self._record.exists() else ""
        self._record.write_text(f"{before}{name}\n", encoding="ascii")
        try:
            netns.run(["ip", "netns", "add", name])
        except netns.CommandError:  # it may be somebody else's
            self._record.write_text(before, encoding="ascii")
            raise

    # Interfaces are born inside their namespaces: two labs cannot meet.
    def _wire_up(self) -> None:
        switch, client = self.namespace("switch"), self.namespace("client")
        lines = [
            f"link add c0 address {plan.SWITCH_CLIENT_MAC} netns {switch} type veth "
            f"peer name eth0 address {plan.CLIENT_MAC} netns {client}",
            f"link add br0 address {plan.SWITCH_MAC} netns {switch} type bridge mcast_snooping 0",
        ]
        for node in plan.MEMBERS:
            own = self.namespace(node)
            lines.append(
                f"link add p-{node} netns {switch} type veth "
                f"peer name eth0 address {plan.wire_mac(node)} netns {own}"
            )
            lines.append(
                f"link add k0 address {plan.kernel_mac(node)} netns {own} type veth "
                f"peer name k0-wire netns {own}"
            )
        netns.ip_batch(lines)

    def _without_offloads(self, node: str, *devices: str) -> None:
        with netns.inside(self.namespace(node)):
            for device in devices:
                words = [word for name in _OFFLOADS for word in (name, "off")]
                netns.run(["ethtool", "-K", device, *words])

    def _set_up_switch(self) -> None:
        ports = [f"p-{node}" for node in plan.MEMBERS]
        self._without_offloads("switch", "c0", *ports, "br0")
        lines = ["link set lo up", "link set br0 up", "link set c0 up"]
        lines += [f"link set {port} master br0 up" for port in ports]
        lines += [
            "addr add 10.98.0.1/24 dev br0",
            "addr add fd98::1/64 dev br0 nodad",
            "addr add 10.1.0.1/24 dev c0",
            "addr add fd01::1/64 dev c0 nodad",
            f"route add {plan.VIPS['ipv4']}/32 via 10.98.0.{plan.number(plan.DIRECTOR)}",
            f"route add {plan.VIPS['ipv6']}/128 via fd98::{plan.number(plan.DIRECTOR)}",
            f"route add 10.2.0.0/24 via {plan.CLIENTS['ipv4']}",
            f"route add fd02::/64 via {plan.CLIENTS['ipv6']}",
        ]
        netns.ip_batch(lines, self.namespace("switch"))
        netns.set_sysctls(
            self.namespace("switch"),
            {
                "net/ipv4/ip_forward": 1,
                "net/ipv6/conf/all/forwarding": 1,
                # Path MTU messages must not be held back in a test of a few seconds.
                "net/ipv4/icmp_ratelimit": 0,
                "net/ipv6/icmp/ratelimit": 0,
            },
        )

    def _set_up_client(self) -> None:
        self._without_offloads("client", "eth0")
        netns.ip_batch(
            [
                "link set lo up",
                "link set eth0 up",
                f"addr add {plan.CLIENTS['ipv4']}/24 dev eth0",
                f"addr add {plan.CLIENTS['ipv6']}/64 dev eth0 nodad",
                "route add default via 10.1.0.1",
                "route add default via fd01::1",
            ],
            self.namespace("client"),
        )
        netns.nft(self.namespace("client"), _RESET_COUNTERS)

    def _set_up_member(self, node: str) -> None:
        own = self.namespace(node)
        self._without_offloads(node, "eth0", "k0", "k0-wire")
        silent = ("eth0", "k0-wire")
        netns.set_sysctls(own, {f"net/ipv6/conf/{device}/disable_ipv6": 1 for device in silent})
        rules = (_SILENCE.format(chain=f"port{n}", device=name) for n, name in enumerate(silent))
        netns.nft(own, "".join(rules))
        ipv4, ipv6 = plan.addresses(node)
        netns.ip_batch(
            [
                "link set lo up",
                "link set k0-wire up",
                "link set k0 up",
                "link set eth0 up",
                f"addr add {ipv4} dev k0",
                f"addr add {ipv6} dev k0 nodad",
                "route add default via 10.98.0.1",
                "route add default via fd98::1",
            ],
            own,
        )

    def _put_vips_on(self, node: str) -> None:
        netns.set_sysctls(self.namespace(node), _HOST_SYSCTLS)
        netns.ip_batch(
            [
                f"addr add {plan.VIPS['ipv4']}/32 dev lo",
                f"addr add {plan.VIPS['ipv6']}/128 dev lo nodad",
            ],
            self.namespace(node),
        )
