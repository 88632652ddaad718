"""OpenStack Swift, an S3 server whose create-if-absent is not atomic, on free ports of this machine.

It looks whether an object is there before it takes the new one, so that of several writers at once most win.
"""

from __future__ import annotations

import getpass
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.ceph import User, end_process, free_ports, s3_client, wait_for_port

_STORES = ("account", "container", "object")
_HASHES = "[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n"
_STORAGE = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}
mount_check = false
disable_fallocate = true
log_address = /dev/null
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
_PROXY = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats bulk s3api tempauth slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{cache}
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin .reseller_admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""
_MAKE_RINGS = """
import sys
from swift.common.ring import RingBuilder
for kind, port in (argument.split("=") for argument in sys.argv[1:]):
    builder = RingBuilder(1, 1, 1)
    builder.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "device": "disk", "weight": 1})
    builder.rebalance()
    builder.get_ring().save(f"{kind}.ring.gz")
"""
_SERVE = """
import os, sys
from swift.common import utils
utils.set_swift_dir(os.getcwd())
from swift.common.wsgi import run_wsgi
sys.exit(run_wsgi(sys.argv[1], sys.argv[2], verbose=True))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swift:
    """A server that answers."""

    http: str
    owner: User
    region: str = "us-east-1"

    def client(self) -> Any:
        """Return a client of the owner, to prepare and look behind the back of what is tested."""
        return s3_client(self.http, self.owner, region=self.region)


def missing_parts() -> list[str]:
    """Return what must be installed first, nothing if all is here."""
    here = {"memcached": shutil.which("memcached"), "the package swift": importlib.util.find_spec("swift")}
    return [part for part, found in here.items() if not found]


@contextmanager
def start_swift() -> Iterator[Swift]:
    """Start a proxy and its three storage servers in a folder of their own, and remove it in the end."""
    with tempfile.TemporaryDirectory(prefix="lean-swift-") as name, ExitStack() as servers:
        folder = Path(name)
        ports = dict(zip((*_STORES, "proxy", "cache"), free_ports(5), strict=True))
        _configure(folder, ports)
        running = {kind: _start(kind, folder, port) for kind, port in ports.items()}
        for process in running.values():
            servers.callback(end_process, process)
        for kind, process in running.items():
            wait_for_port(ports[kind], process=process, log=folder / f"{kind}.log")
        yield Swift(
            http=f"http://127.0.0.1:{ports['proxy']}", owner=User(access_key="test:tester", secret_key="testing")
        )


def _configure(folder: Path, ports: dict[str, int]) -> None:
    (folder / "disk").mkdir()
    (folder / "swift.conf").write_text(_HASHES, encoding="utf-8")
    for kind in (*_STORES, "proxy"):
        text = _PROXY if kind == "proxy" else _STORAGE
        values = {
            "kind": kind,
            "port": ports[kind],
            "cache": ports["cache"],
            "folder": folder,
            "user": getpass.getuser(),
        }
        (folder / f"{kind}.conf").write_text(text.format(**values), encoding="utf-8")
    stores = [f"{kind}={ports[kind]}" for kind in _STORES]
    subprocess.run([sys.executable, "-c", _MAKE_RINGS, *stores], cwd=folder, capture_output=True, check=True)


def _start(kind: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _SERVE, str(folder / f"{kind}.conf"), f"{kind}-server"]
    if kind == "cache":
        command = ["memcached", "-u", getpass.getuser(), "-l", "127.0.0.1", "-p", str(port)]
    with (folder / f"{kind}.log").open("wb") as output:
        return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
