# SPDX-License-Identifier: BSD-2-Clause
"""Configuration files of the lab's programs."""

import dataclasses
import json
import os
import pathlib

from lablib import plan

HASH_KEY = bytes(range(16))


@dataclasses.dataclass(frozen=True)
class Options:
    """What differs from one lab to the next."""

    max_fallbacks: int = 2
    idle: str = "sleep"
    fill: str = "1s"
    log_level: str = "info"
    # Workers, and queues of every port, a node.
    workers: int = 1


def eal_prefix(lab: str, node: str) -> str:
    return f"sleight-{lab}-{node}"


def _node(node: str) -> dict:
    if node == plan.DIRECTOR:
        return {"node": {"name": node}, "roles": ["controller", "director"]}
    return {"node": {"name": node, "id": plan.host_id(node)}, "roles": ["host"]}


def _vips() -> list[dict]:
    web = {"name": "web", "protocol": "tcp", "ports": [plan.HTTP_PORT, plan.HTTP2_PORT]}
    addresses = list(plan.VIPS.values())
    return [{"name": "www", "addresses": addresses, "pool": plan.POOL, "services": [web]}]


def _pool(options: Options) -> dict:
    hosts = [{"name": name, "id": plan.host_id(name), "weight": 100} for name in plan.HOSTS]
    return {
        "name": plan.POOL,
        "slots": plan.SLOTS,
        "hash_key": "file:hash.key",
        "max_fallbacks": options.max_fallbacks,
        "fill": options.fill,
        "hosts": hosts,
    }


def _sleight(lab: str, node: str, folder: pathlib.Path, options: Options) -> dict:
    # Spread over the cores there are: with idle: sleep processes share one politely.
    cores = sorted(os.sched_getaffinity(0))
    first = plan.MEMBERS.index(node)
    queues = f"qpairs={options.workers}"
    return {
        **_node(node),
        "eal": {
            "cores": [cores[(first + n) % len(cores)] for n in range(options.workers)],
            "control_core": cores[(first + options.workers) % len(cores)],
            "memory_mb": 64,
            "hugepages": "off",
            "args": [f"--file-prefix={eal_prefix(lab, node)}"],
        },
        "ports": [
            {
                "name": "wire",
                "device": f"net_af_packet0,iface=eth0,{queues}",
                "fabric": 0,
                "queues": options.workers,
                "kernel_port": {"device": f"net_af_packet1,iface=k0-wire,{queues}"},
            }
        ],
        "vips": _vips(),
        "pools": [_pool(options)],
        "workers": {"idle": options.idle, "burst": 32},
        "state_dir": str(folder / "state"),
        "admin": {"socket": str(folder / "admin.sock")},
        "log": {"level": options.log_level},
    }


_NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    default_type application/octet-stream;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 75s;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    server {{
        listen {port} backlog=4096 reuseport;
        listen [::]:{port} backlog=4096 ipv6only=on reuseport;
        listen {http2_port} backlog=4096 http2 reuseport;
        listen [::]:{http2_port} backlog=4096 http2 ipv6only=on reuseport;
        root {www};
        add_header X-Host {node} always;
    }}
}}
"""


def write(lab: str, node: str, folder: pathlib.Path, options: Options) -> None:
    """Writes sleight.yaml, the hash key, and nginx.conf on hosts."""
    (folder / "state").mkdir(parents=True)
    (folder / "hash.key").write_text(HASH_KEY.hex() + "\n", encoding="ascii")
    # JSON is YAML, and needs no library to write.
    config = json.dumps(_sleight(lab, node, folder, options), indent=2)
    (folder / "sleight.yaml").write_text(config + "\n", encoding="ascii")
    if node in plan.HOSTS:
        www = folder.parent / "www"
        text = _NGINX.format(
            folder=folder, port=plan.HTTP_PORT, http2_port=plan.HTTP2_PORT, node=node, www=www
        )
        (folder / "nginx.conf").write_text(text, encoding="ascii")
