# SPDX-License-Identifier: BSD-2-Clause
"""sleightctl tells the truth about a running lab."""

import pytest
from lablib import plan, process, view
from lablib.client import Connection, port_to
from lablib.lab import PATIENCE_S
from lablib.slothash import slot_of


# Too long to be over before the test has looked.
@pytest.mark.lab_options(fill="60s")
def test_host_list_shows_the_states_that_were_commanded(lab):
    assert {host["state"] for host in view.hosts(lab).values()} == {"active"}
    view.change(lab, "drain", "h3")
    assert view.hosts(lab)["h3"]["state"] == "draining"
    assert view.hosts(lab)["h3"]["slots_target"] == 0
    view.change(lab, "undrain", "h3")
    assert view.hosts(lab)["h3"]["state"] == "filling"


def test_a_host_that_has_filled_up_is_active_and_has_its_share(lab):
    view.change(lab, "drain", "h3")
    view.change(lab, "undrain", "h3")
    assert process.wait_until(lambda: view.hosts(lab)["h3"]["state"] == "active", PATIENCE_S)
    assert view.hosts(lab)["h3"]["slots_target"] == plan.SLOTS // len(plan.HOSTS)


def test_flow_show_names_the_host_that_a_connection_reaches(lab, family):
    for host in plan.HOSTS:
        sport = port_to(lab, family, host)
        words = ("tcp", plan.CLIENTS[family], str(sport), plan.VIPS[family], str(plan.HTTP_PORT))
        report = lab.ask(plan.DIRECTOR, "flow", "show", *words)
        assert report["hosts"] == [host]
        assert report["slot"] == slot_of(plan.CLIENTS[family], sport, plan.VIPS[family])
        with Connection(lab, family, sport) as connection:
            assert connection.get() == host
            owner = lab.ask(host, "flow", "show", *words)
            assert owner["socket"] == "established"


def test_mac_show_reads_a_steer_mac(lab):
    report = lab.ask(plan.DIRECTOR, "mac", "show", "02:00:03:00:20:01")
    assert report["hosts"] == ["h3", "h2", "h1"]


def test_socket_count_counts_the_connections_of_a_host(lab, family):
    none = {"flows": 0, "requests": 0}
    # The connection that found the lab ready may still be closing.
    assert process.wait_until(lambda: view.sockets(lab, "h1") == none, PATIENCE_S)
    with Connection(lab, family, port_to(lab, family, "h1")) as connection:
        connection.get()
        assert view.sockets(lab, "h1") == {"flows": 1, "requests": 0}
    assert process.wait_until(lambda: view.sockets(lab, "h1") == none, PATIENCE_S)


def test_stats_show_counts_what_was_steered(lab):
    before = view.rule(lab, plan.DIRECTOR, "slot")
    with Connection(lab, "ipv6") as connection:
        connection.get()
    assert view.rule(lab, plan.DIRECTOR, "slot") > before


def test_an_unknown_host_is_refused_with_a_reason(lab):
    refused = lab.ctl(plan.DIRECTOR, "host", "drain", "nobody", check=False)
    assert refused.returncode != 0
    assert "nobody" in refused.stderr


def test_people_get_a_table(lab):
    lines = lab.ctl(plan.DIRECTOR, "host", "list").stdout.splitlines()
    assert len(lines) == 1 + len(plan.HOSTS)
    for host, line in zip(plan.HOSTS, lines[1:]):
        assert host in line and "active" in line


def test_the_version_is_told(lab):
    version = lab.ask("h1", "version")["version"]
    assert lab.ctl("h1", "version").stdout.startswith(f"sleight {version}")
