"""Ceph's RADOS gateway, a real S3 server, on free ports of this machine: one monitor, one OSD in memory, no manager."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PROGRAMS = ("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "openssl", "radosgw", "radosgw-admin")
STARTUP_SECONDS = 120

_CONFIGURATION = """\
[global]
fsid = {fsid}
keyring = {folder}/keyring
mon host = [v2:127.0.0.1:{monitor}]
public network = 127.0.0.1/32
cluster network = 127.0.0.1/32
ms bind ipv6 = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail crit = 1
# A gateway makes its pools one after the other, and the monitor would think about each for a second.
paxos propose interval = 0.02
paxos min wait = 0.01
auth allow insecure global id reclaim = false
run dir = {folder}
pid file = {folder}/$name.pid
admin socket = {folder}/$name.asok
log file = {folder}/$name.log
crash dir = {folder}
[mon.a]
mon data = {folder}/mon
[osd.0]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
[client.gateway]
rgw frontends = beast tcp_nodelay=1 endpoint={http} ssl_endpoint={https} ssl_certificate={folder}/server.pem
rgw data = {folder}/gateway
rgw thread pool size = 64
rgw run sync thread = false
rgw enable quota threads = false
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody whom the gateway knows."""

    access_key: str
    secret_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceph:
    """A gateway that answers."""

    http: str
    https: str
    certificates: Path
    """What AWS_CA_BUNDLE must name for ``https`` to be trusted."""
    owner: User
    """May make buckets."""
    guest: User
    """Owns nothing: may do what a bucket's policy allows."""
    region: str = "default"

    def client(self) -> Any:
        """Return a client of the owner, to prepare and look behind the back of what is tested."""
        return s3_client(self.http, self.owner, region=self.region)


@cache
def s3_client(endpoint: str, user: User, *, region: str) -> Any:
    """Return boto3's client of a server, always the same one."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=user.access_key,
        aws_secret_access_key=user.secret_key,
        region_name=region,
        config=Config(
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def missing_programs() -> list[str]:
    """Return what must be installed first, nothing if all is here."""
    return [program for program in PROGRAMS if not shutil.which(program)]


@contextmanager
def start_ceph() -> Iterator[Ceph]:
    """Start a cluster in a folder of its own, and remove it in the end."""
    # Not pytest's folder: a path to a socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="lean-ceph-") as name, ExitStack() as daemons:
        folder = Path(name)
        monitor, http, https = free_ports(3)
        cluster = _Cluster(folder=folder, daemons=daemons)
        cluster.configure(monitor=monitor, http=http, https=https)
        cluster.start_monitor(monitor)
        cluster.start_osd()
        cluster.start_gateway(http)
        yield Ceph(
            http=f"http://127.0.0.1:{http}",
            https=f"https://127.0.0.1:{https}",
            certificates=folder / "certificate.pem",
            owner=cluster.add_user("owner"),
            guest=cluster.add_user("guest"),
        )


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    with ExitStack() as probes:
        sockets = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in sockets]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cluster:
    folder: Path
    daemons: ExitStack

    def configure(self, *, monitor: int, http: int, https: int) -> None:
        fsid = str(uuid.uuid4())
        values = {
            "fsid": fsid,
            "folder": self.folder,
            "monitor": monitor,
            "http": f"127.0.0.1:{http}",
            "https": f"127.0.0.1:{https}",
        }
        (self.folder / "ceph.conf").write_text(_CONFIGURATION.format(**values), encoding="utf-8")
        for name in ("mon", "osd", "gateway"):
            (self.folder / name).mkdir()
        keys = {
            "mon.": ["mon", "allow *"],
            "client.admin": ["mon", "allow *", "osd", "allow *"],
            "client.gateway": ["mon", "allow *", "osd", "allow *"],
            "osd.0": ["mon", "allow profile osd", "mgr", "allow profile osd", "osd", "allow *"],
        }
        for number, (name, rights) in enumerate(keys.items()):
            pairs = [
                part for kind, right in zip(rights[::2], rights[1::2], strict=True) for part in ("--cap", kind, right)
            ]
            create = ["--create-keyring"] if number == 0 else []
            self.run("ceph-authtool", "keyring", *create, "--gen-key", "-n", name, *pairs)
        address = f"[v2:127.0.0.1:{monitor}]"
        self.run("monmaptool", "--create", "--addv", "a", address, "--fsid", fsid, "monmap")
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        self.run(
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
        )
        (self.folder / "server.pem").write_bytes(key.read_bytes() + certificate.read_bytes())

    def start_monitor(self, port: int) -> None:
        self.run("ceph-mon", "-c", "ceph.conf", "-i", "a", "--mkfs", "--monmap", "monmap", "--keyring", "keyring")
        self.start("ceph-mon", "-i", "a", port=port)

    def start_osd(self) -> None:
        key = self.run("ceph-authtool", "keyring", "-p", "-n", "osd.0").strip()
        identity = str(uuid.uuid4())
        secret = json.dumps({"cephx_secret": key})
        self.run("ceph", "-c", "ceph.conf", "--connect-timeout", "60", "osd", "new", identity, "-i", "-", said=secret)
        self.run("ceph-osd", "-c", "ceph.conf", "-i", "0", "--mkfs", "--osd-uuid", identity)
        self.start("ceph-osd", "-i", "0")

    def start_gateway(self, port: int) -> None:
        self.start("radosgw", "-n", "client.gateway", port=port)

    def add_user(self, name: str) -> User:
        user = User(access_key=f"{name}key", secret_key=f"{name}-{uuid.uuid4().hex}")
        self.run(
            *("radosgw-admin", "-c", "ceph.conf", "-n", "client.gateway", "user", "create", f"--uid={name}"),
            *(f"--display-name={name}", f"--access-key={user.access_key}", f"--secret-key={user.secret_key}"),
        )
        return user

    def run(self, *command: str, said: str = "") -> str:
        done = subprocess.run(
            command, cwd=self.folder, input=said, capture_output=True, encoding="utf-8", check=False, timeout=120
        )
        assert done.returncode == 0, f"{command[0]}: {done.stderr[-2000:]}"
        return done.stdout

    def start(self, program: str, *arguments: str, port: int | None = None) -> None:
        """Run a daemon until the end, and wait until it listens on ``port``."""
        output = self.folder / f"{program}.out"
        with output.open("wb") as file:
            process = subprocess.Popen(
                [program, "-f", "-c", "ceph.conf", *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        self.daemons.callback(end_process, process)
        if port is not None:
            wait_for_port(port, process=process, log=output)


def wait_for_port(port: int, *, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until somebody listens, or the process that should has died."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nobody listens on port {port}:\n{log.read_text(errors='replace')[-3000:]}")


def end_process(process: subprocess.Popen[bytes]) -> None:
    """End a server at once."""
    process.kill()  # nothing of it is to last, so there is nothing to wait for
    process.wait()
