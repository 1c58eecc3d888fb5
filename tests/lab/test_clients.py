# SPDX-License-Identifier: BSD-2-Clause
"""Load generators that others wrote see no error while a host leaves and comes back."""

import contextlib
import re
import subprocess
import time

from lablib import plan, view

SECONDS = 8
DRAINED_S = 1.5
CONNECTIONS = 64  # so many that every host has some
REQUESTS_A_SECOND = 12  # of each HTTP/2 connection


def url(family, port):
    address = plan.VIPS[family] if family == "ipv4" else f"[{plan.VIPS[family]}]"
    return f"http://{address}:{port}/1k.bin"


@contextlib.contextmanager
def inside_client(lab, *command):
    with lab.inside("client"):
        running = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def across_a_drain_and_undrain(lab, running):
    """What the program says at its end."""
    time.sleep(DRAINED_S)
    view.change(lab, "drain", "h2")
    time.sleep(DRAINED_S)
    assert view.redirected(lab) > 0
    view.change(lab, "undrain", "h2")
    assert running.poll() is None, "it was to outlast the undrain"
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 0, said
    assert lab.resets_seen() == 0
    return said


def test_wrk_keeps_its_connections_across_a_drain(lab, family):
    connections = ("-t", "1", "-c", str(CONNECTIONS), "-d", str(SECONDS), "--timeout", "30")
    with inside_client(lab, "wrk", *connections, url(family, plan.HTTP_PORT)) as running:
        said = across_a_drain_and_undrain(lab, running)
    assert int(re.search(r"(\d+) requests in", said).group(1)) > 100, said
    # wrk has these lines only when there is something to tell.
    assert "Socket errors" not in said
    assert "Non-2xx" not in said


def test_http2_streams_go_on_across_a_drain(lab, family):
    requests = SECONDS * CONNECTIONS * REQUESTS_A_SECOND
    rate = ("--rps", str(REQUESTS_A_SECOND), "-n", str(requests))
    connections = ("-c", str(CONNECTIONS), "-m", "4")
    command = ("h2load", *rate, *connections, url(family, plan.HTTP2_PORT))
    with inside_client(lab, *command) as running:
        said = across_a_drain_and_undrain(lab, running)
    assert "Application protocol: h2c" in said
    assert f"{requests} succeeded, 0 failed, 0 errored, 0 timeout" in said
