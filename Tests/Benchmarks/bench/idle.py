"""What a proxy costs that does nothing: its start, its memory, and the memory of clients that stay connected."""

import socket
import statistics
import time

from .process import DESCRIPTORS
from .target import Running
from .upstream import Upstream

# A proxy that opens two descriptors for each client must get by with the limit too.
CLIENTS = min(10_000, DESCRIPTORS // 2 - 100)
SETTLE_SECONDS = 1.0


def measure(programs, scratch, target, routes, starts):
    """Memory after one request, and the median time from the start to the first answer."""
    upstream = Upstream(programs, scratch)
    cold, result = [], {}
    try:
        for number in range(starts):
            running = Running(target, scratch, upstream.ports, routes=routes)
            try:
                cold.append(running.cold_seconds * 1000)
                if number == 0:
                    time.sleep(SETTLE_SECONDS)
                    resident, proportional = running.process.memory_kib()
                    result |= {"rss_mib": resident / 1024, "pss_mib": proportional / 1024}
            finally:
                running.stop()
    finally:
        upstream.stop()
    return result | {
        "cold_ms": statistics.median(cold), "cold_low_ms": min(cold), "cold_high_ms": max(cold), "routes": routes,
    }


def measure_clients(programs, scratch, target):
    """KiB of the proxy per client that has had an answer and stays."""
    upstream = Upstream(programs, scratch)
    clients, running = [], None
    try:
        running = Running(target, scratch, upstream.ports)
        time.sleep(SETTLE_SECONDS)
        before = running.process.memory_kib()[1]
        for _ in range(CLIENTS):
            clients.append(_client(running.port))
        time.sleep(SETTLE_SECONDS)
        after = running.process.memory_kib()[1]
        return {"clients": CLIENTS, "kib_per_client": (after - before) / CLIENTS}
    finally:
        for client in clients:
            client.close()
        if running:
            running.stop()
        upstream.stop()


def _client(port):
    client = socket.create_connection(("127.0.0.1", port), timeout=20)
    client.sendall(b"GET /service-0/items/42 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    answer = b""
    while not answer.startswith(b"HTTP/1.1 200") or len(answer) - answer.find(b"\r\n\r\n") - 4 < 1024:
        piece = client.recv(8192)
        if not piece:
            raise RuntimeError(f"the connection of a client ended: {answer[:200]!r}")
        answer += piece
    return client
