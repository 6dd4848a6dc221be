"""Load: `wrk` where it is installed, else a client of our own that reads no more of an answer than it must."""

import re
import select
import shutil
import socket
import statistics
import subprocess
import time
from dataclasses import dataclass

CONNECTIONS = 16
_TO_MS = {"us": 0.001, "ms": 1.0, "s": 1_000.0}


class BadAnswersError(Exception):
    """The server answered with something else than 200; such a measurement is worth nothing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests a second, and the time that 99 of 100 answers stayed below."""

    rate: float
    p99_ms: float


def generator() -> str:
    """Which client measures here, in words."""
    return f"wrk -t1 -c{CONNECTIONS}" if shutil.which("wrk") else f"our own client, {CONNECTIONS} connections kept open"


def measure(port: int, path: str, *, seconds: float, headers: dict[str, str]) -> Measured:
    """Ask for one address as fast as it answers. Raises `BadAnswersError`."""
    if shutil.which("wrk"):
        return _by_wrk(port, path, max(1, round(seconds)), headers)
    return _by_ourselves(port, path, seconds, headers)


def _by_wrk(port: int, path: str, seconds: int, headers: dict[str, str]) -> Measured:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    command += [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    said = subprocess.run(
        [*command, f"http://localhost:{port}{path}"], capture_output=True, text=True, check=True
    ).stdout
    if bad := re.search(r"(Non-2xx.*|Socket errors.*(?:connect|read|write) [1-9].*)", said):
        raise BadAnswersError(f"{path}: {bad[1]}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    if rate is None or slow is None:
        raise BadAnswersError(f"{path}: wrk said {said}")
    return Measured(float(rate[1]), float(slow[1]) * _TO_MS[slow[2]])


def _by_ourselves(port: int, path: str, seconds: float, headers: dict[str, str]) -> Measured:
    lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{port}", *(f"{k}: {v}" for k, v in headers.items())]
    question = "\r\n".join([*lines, "", ""]).encode()
    ready = select.epoll()
    sockets: dict[int, socket.socket] = {}
    asked: dict[int, float] = {}
    waits: dict[int, int] = {}  # how many bytes of the answer are still to come; -1: its head is not read yet
    for _ in range(CONNECTIONS):
        connected = socket.create_connection(("127.0.0.1", port))
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[connected.fileno()] = connected
        ready.register(connected.fileno(), select.EPOLLIN)
    times: list[float] = []
    started = time.perf_counter()
    for number, connected in sockets.items():
        asked[number], waits[number] = time.perf_counter(), -1
        connected.sendall(question)
    while time.perf_counter() - started < seconds:
        for number, _ in ready.poll(1):
            came = sockets[number].recv(1 << 18)
            left = waits[number]
            waits[number] = left - len(came) if left > 0 else _left_of(path, came)
            if waits[number] == 0:
                now = time.perf_counter()
                times.append((now - asked[number]) * 1_000)
                asked[number], waits[number] = now, -1
                sockets[number].sendall(question)
    took = time.perf_counter() - started
    for connected in sockets.values():
        connected.close()
    return Measured(len(times) / took, statistics.quantiles(times, n=100)[98])


def _left_of(path: str, first: bytes) -> int:
    """How many bytes of an answer are still to come after its first part, which holds the whole head."""
    head, _, body = first.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise BadAnswersError(f"{path}: {head[:60].decode(errors='replace')}")
    length = re.search(rb"(?i)content-length:\s*(\d+)", head)
    if length is None:
        raise BadAnswersError(f"{path}: no Content-Length")
    return int(length[1]) - len(body)
