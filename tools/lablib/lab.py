# SPDX-License-Identifier: BSD-2-Clause
"""One lab: built, looked at, disturbed and removed."""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

from lablib import netns, payload, plan, process, registry, settings
from lablib.network import Network

_REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
# Limits, not expectations: on a busy machine of two cores things take long.
PATIENCE_S = 60.0
_PROBE_TIMEOUT_S = 2.0


class LabError(RuntimeError):
    pass


def build_folder() -> pathlib.Path:
    return pathlib.Path(os.environ.get("SLEIGHT_BUILD", _REPOSITORY / "build")).resolve()


def _program(path: str) -> str:
    program = build_folder() / path
    if not program.exists():
        raise LabError(f"{program} is missing: build it first, or set SLEIGHT_BUILD")
    return str(program)


def sweep() -> None:
    """Removes the labs whose owner died before it could."""
    for name in filter(registry.is_abandoned, registry.names()):
        try:
            Lab(name).down_if_abandoned()
        except (LabError, OSError) as error:  # not what the caller came for
            print(f"lab {name} is abandoned and stays: {error}", file=sys.stderr)


class Lab:
    def __init__(self, name: str, options: settings.Options | None = None):
        self.name = registry.check_name(name)
        self.options = options or settings.Options()
        self.folder = registry.folder(self.name)
        self.network = Network(self.name, self.folder / "namespaces")

    # --- life ---

    def up(self, owner: int | None = None) -> None:
        """`owner`: a process after whose end anybody may remove the lab."""
        if os.geteuid() != 0:
            raise LabError("a lab needs root: network namespaces, packet sockets, BPF")
        os.umask(0o022)  # nginx's workers are nobody, and read the payloads
        sweep()
        with registry.locked(self.name):
            self._refuse_if_there()
            registry.claim(self.name)
            try:
                self._start_guard()
                self._build()
                registry.set_owner(self.name, owner)
            except Exception as error:
                logs = "".join(self.log_tail(node) for node in plan.MEMBERS)
                with contextlib.suppress(LabError):  # the first error matters
                    self._remove()
                raise LabError(f"lab {self.name} did not come up: {error}\n{logs}") from error
            except BaseException:  # Ctrl-C
                self._remove()
                raise

    def down(self) -> None:
        """Removes what up() made; without a run folder, nothing."""
        with registry.locked(self.name):
            self._remove()

    def down_if_abandoned(self) -> None:
        with registry.locked(self.name):
            if registry.is_abandoned(self.name):
                self._remove()

    def is_up(self) -> bool:
        return self.folder.is_dir()

    def _refuse_if_there(self) -> None:
        if self.is_up():
            raise LabError(f"lab {self.name} is up already: tools/lab --name {self.name} down")
        self.refuse_foreign()

    def refuse_foreign(self) -> None:
        """Of a lab that is not up: its namespaces would be somebody else's."""
        for name in filter(netns.exists, map(self.namespace, plan.NODES)):
            raise LabError(f"network namespace {name} exists and is not ours: ip netns del {name}")

    def _start_guard(self) -> None:
        tools = str(_REPOSITORY / "tools")
        process.start_guard(
            ["/usr/bin/python3", "-m", "lablib.guard", self.name],
            self.folder,
            {**os.environ, "PYTHONPATH": tools, "SLEIGHT_LAB_ROOT": str(registry.ROOT)},
        )

    def _build(self) -> None:
        self.network.build()
        payload.write_all(self.folder / "www")
        for node in plan.MEMBERS:
            settings.write(self.name, node, self.node_folder(node), self.options)
        for node in plan.HOSTS:
            self.start_nginx(node)
        for node in plan.MEMBERS:
            self.start_sleight(node)
        for node in plan.MEMBERS:
            self.wait_for_sleight(node)
        self.wait_for_service()

    def _remove(self) -> None:
        if not self.is_up():
            registry.release(self.name)
            return
        process.end(process.guard_of(self.folder))
        process.end(pid for name in self.network.made() for pid in netns.pids(name))
        problems = self.network.remove()
        for node in plan.MEMBERS:  # the runtime folder that EAL makes outlives a kill -9
            prefix = settings.eal_prefix(self.name, node)
            shutil.rmtree(f"/var/run/dpdk/{prefix}", ignore_errors=True)
        if problems:  # the folder stays, so that `down` can be tried again
            raise LabError(f"lab {self.name} is not gone: " + "; ".join(problems))
        registry.release(self.name)

    # --- nodes ---

    def namespace(self, node: str) -> str:
        return self.network.namespace(node)

    def node_folder(self, node: str) -> pathlib.Path:
        return self.folder / node

    def inside(self, node: str):
        return netns.inside(self.namespace(node))

    def run(self, node: str, *command: str) -> str:
        with self.inside(node):
            return netns.run(list(command))

    def set_sysctl(self, node: str, name: str, value: object) -> None:
        netns.set_sysctls(self.namespace(node), {name: value})

    def nft(self, node: str, rules: str) -> str:
        return netns.nft(self.namespace(node), rules)

    def start_nginx(self, node: str) -> None:
        folder = self.node_folder(node)
        # Not the compiled-in log file: that one is the machine's, not the lab's.
        command = ["nginx", "-p", str(folder), "-c", "nginx.conf", "-e", "nginx.log"]
        process.start(self.namespace(node), command, folder, "nginx")

    def start_sleight(self, node: str) -> None:
        command = [_program("src/main/sleight"), "-c", "sleight.yaml"]
        process.start(self.namespace(node), command, self.node_folder(node), "sleight")

    def sleight_pid(self, node: str) -> int | None:
        return process.pid_of(self.node_folder(node), "sleight")

    def wait_for_sleight(self, node: str, timeout_s: float = PATIENCE_S) -> None:
        """Until its admin socket answers."""

        def answers() -> bool:
            if self.sleight_pid(node) is None:
                raise LabError(f"sleight on {node} ended")
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self.node_folder(node) / "admin.sock"))
                return True
            return False

        if not process.wait_until(answers, timeout_s):
            raise LabError(f"sleight on {node} does not answer")

    def stop_sleight(self, node: str, number: signal.Signals = signal.SIGTERM) -> None:
        pid = self.sleight_pid(node)
        if pid is None:
            raise LabError(f"no sleight runs on {node}")
        process.send(pid, number)
        if not process.wait_until(lambda: not process.is_alive(pid), PATIENCE_S):
            raise LabError(f"sleight on {node} still runs long after {number.name}")

    def restart_sleight(self, node: str, number: signal.Signals = signal.SIGTERM) -> None:
        self.stop_sleight(node, number)
        self.start_sleight(node)
        self.wait_for_sleight(node)

    def wait_for_service(self, timeout_s: float = PATIENCE_S) -> None:
        """Until every host answers the switch, and the VIPs answer the client."""
        deadline = time.monotonic() + timeout_s
        for node in plan.HOSTS:
            for address in plan.addresses(node):
                self._wait_for_http("switch", address.partition("/")[0], deadline)
        for vip in plan.VIPS.values():
            self._wait_for_http("client", vip, deadline)

    def _wait_for_http(self, node: str, address: str, deadline: float) -> None:
        while True:
            try:
                with self.inside(node):
                    probe = http.client.HTTPConnection(address, plan.HTTP_PORT, timeout=_PROBE_TIMEOUT_S)
                    probe.connect()
                probe.request("GET", "/1k.bin")
                answer = probe.getresponse()
                ok = answer.read() == payload.content("1k.bin")
                probe.close()
                if ok:
                    return
                error = f"HTTP status {answer.status}, wrong payload"
            except (OSError, http.client.HTTPException) as problem:
                error = str(problem)
            if time.monotonic() > deadline:
                raise LabError(f"no answer from {address} to {node}: {error}")
            time.sleep(0.05)

    # --- sleight's own view ---

    def ctl(self, node: str, *words: str, check: bool = True) -> subprocess.CompletedProcess:
        socket_path = str(self.node_folder(node) / "admin.sock")
        command = [_program("tools/ctl/sleightctl"), "--socket", socket_path, *words]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise LabError(f"sleightctl {' '.join(words)} on {node}: no answer") from None
        if check and done.returncode != 0:
            raise LabError(f"sleightctl {' '.join(words)} on {node}: {done.stderr or done.stdout}")
        return done

    def ask(self, node: str, *words: str):
        """The JSON answer of `sleightctl -j WORDS`."""
        return json.loads(self.ctl(node, "-j", *words).stdout)

    def resets_seen(self) -> int:
        """RST segments in a VIP's name that hit a living connection of the client."""
        listing = json.loads(self.run("client", "nft", "-j", "list", "counters"))["nftables"]
        return sum(item["counter"]["packets"] for item in listing if "counter" in item)

    # --- logs ---

    def log_tail(self, node: str, lines: int = 15) -> str:
        text = ""
        for path in sorted(self.node_folder(node).glob("*.out")):
            if path.stat().st_size == 0:
                continue
            tail = path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
            text += f"--- {node}/{path.name}\n" + "\n".join(tail) + "\n"
        return text

    def save_logs(self, target: pathlib.Path) -> pathlib.Path:
        shutil.rmtree(target, ignore_errors=True)
        for node in plan.MEMBERS:
            source = self.node_folder(node)
            if not source.is_dir():
                continue
            (target / node).mkdir(parents=True)
            for path in source.iterdir():
                if path.suffix in (".out", ".log", ".yaml", ".conf"):
                    shutil.copy(path, target / node)
        return target
