"""Load on a web server from threads over plain sockets: as fast as it answers, or at a steady rate."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """What a stretch of load was answered with: requests a second, and sorted seconds from when each was due."""

    rate: float
    waits: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """Return the wait in milliseconds that this share of requests did not exceed."""
        return self.waits[min(len(self.waits) - 1, int(len(self.waits) * share))] * 1000


class BadAnswer(Exception):
    """The server did not answer 200 or 204: what was measured would not be its work."""


def post(path: str, form: bytes, headers: str = "") -> bytes:
    """Return a request as it goes over the wire, on a connection that is kept."""
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}{headers}Content-Length: {len(form)}\r\n\r\n".encode() + form


def as_fast_as_it_goes(port: int, requests: Sequence[bytes], threads: int) -> Load:
    """Send every request once, each thread the next as soon as it has its answer."""
    return _send(port, requests, threads, lambda _: 0.0)


def steadily(port: int, requests: Sequence[bytes], threads: int, rate: float) -> Load:
    """Send so many a second; one that is late because the ones before it were slow has waited from its due moment."""
    return _send(port, requests, threads, lambda place: place / rate)


def _send(port: int, requests: Sequence[bytes], threads: int, due: Callable[[int], float]) -> Load:
    places, lock = iter(range(len(requests))), threading.Lock()
    began = time.perf_counter()

    def work(_: int) -> list[float]:
        waits: list[float] = []
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while True:
                with lock:
                    place = next(places, None)
                if place is None:
                    return waits
                moment = began + due(place)
                time.sleep(max(0.0, moment - time.perf_counter()))
                asked = moment if due(place) else time.perf_counter()
                _exchange(connection, requests[place])
                waits.append(time.perf_counter() - asked)

    with ThreadPoolExecutor(threads) as pool:
        waits = sorted(wait for some in pool.map(work, range(threads)) for wait in some)
    return Load(len(waits) / (time.perf_counter() - began), tuple(waits))


def _exchange(connection: socket.socket, request: bytes) -> None:
    connection.sendall(request)
    answer = _more(connection)
    while b"\r\n\r\n" not in answer:
        answer += _more(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    if head.split(b" ", 2)[1] not in (b"200", b"204"):
        raise BadAnswer(head.decode(errors="replace").splitlines()[0])
    lengths = [line for line in head.lower().splitlines() if line.startswith(b"content-length:")]
    wanted = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < wanted:
        body += _more(connection)


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(4096)
    if not received:
        raise BadAnswer("The server hung up before it had answered.")
    return received
