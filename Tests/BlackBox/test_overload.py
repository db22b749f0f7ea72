"""When something runs short the gateway says so, serves on what it has begun, and recovers. It never spins or ends."""

import resource
import threading
import time

import pytest

from harness.polling import eventually
from harness.wire import Connection, make_response
from test_errors import check_error

REFUSED = b"HTTP/1.1 503 "


@pytest.fixture(autouse=True)
def many_descriptors():
    """Room for the clients of a test."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def held():
    connections = []
    yield connections
    for connection in connections:
        connection.close()


def answers(gateway):
    """Whether a new client is served."""
    with gateway.connect() as connection:
        connection.send_request("GET", "/")
        return connection.read_response().status == 200


def is_quiet(gateway, seconds=1.0):
    before = gateway.processor_seconds()
    time.sleep(seconds)
    return gateway.processor_seconds() - before < seconds / 4


def test_clients_leave_descriptors_for_instances(proxy, held):
    gateway, _ = proxy(descriptors=256, workers=2)
    refused = 0
    for _ in range(300):
        connection = gateway.connect()
        connection.send_request("GET", "/")
        answer = connection.read_response()
        if answer.status == 200:
            held.append(connection)
            continue
        check_error(answer, 503, "F50303")
        assert answer.headers.get("Retry-After") == "1"
        connection.close()
        refused += 1
    assert 150 < len(held) < 240 and refused
    for connection in held[::10]:
        assert connection.request("GET", "/").status == 200
    assert is_quiet(gateway)
    while held:
        held.pop().close()
    eventually(lambda: answers(gateway), "clients are served again")
    assert gateway.metric("gateway_connections_refused_total", limit="descriptors") == refused


def test_no_descriptor_at_all(proxy, held):
    """The kernel has none, neither for clients nor for instances: a reserve answers."""
    gateway, behind = proxy(workers=1)
    # One who will need an instance, and none has a connection that waits.
    waiting = gateway.connect()
    held.append(waiting)
    assert waiting.request("GET", "/health").status == 200
    limits = resource.prlimit(gateway.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(gateway.pid, resource.RLIMIT_NOFILE, (gateway.descriptors(), limits[1]))
    for _ in range(20):
        with gateway.connect() as connection:
            answer = connection.read_response()
            assert (answer.status, answer.json()["code"]) == (503, "F50303")
            assert answer.headers.get("Retry-After") == "1"
    answer = waiting.request("GET", "/")
    check_error(answer, 503, "F50303")
    assert answer.headers.get("Retry-After") == "1" and not behind.requests
    assert is_quiet(gateway)
    resource.prlimit(gateway.pid, resource.RLIMIT_NOFILE, limits)
    assert waiting.request("GET", "/").status == 200
    eventually(lambda: answers(gateway), "clients are served again")
    assert gateway.metric("gateway_connections_refused_total", limit="descriptors") == 20
    assert gateway.metric("gateway_requests_shed_total", short="descriptors") == 1


def test_memory_of_buffers(proxy, held):
    """Heads that never end hold a buffer each, until there is none for another request."""
    release = threading.Event()

    def answer(_):
        release.wait(30)
        return make_response(body=b"late")

    gateway, _ = proxy(answer, gateway={"max_buffer_memory": "16MiB"}, workers=1)
    begun = gateway.connect()
    held.append(begun)
    begun.send_request("GET", "/")
    refused = None
    for _ in range(1_200):
        connection = gateway.connect()
        held.append(connection)
        connection.send(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
    eventually(lambda: gateway.status()["memory"]["buffer_bytes"] >= 16 << 20, "all memory is lent")
    with gateway.connect() as connection:
        refused = connection.request("GET", "/")
        check_error(refused, 503, "F50303")
        assert refused.headers.get("Retry-After") == "1"
    release.set()
    assert begun.read_response().body == b"late"
    while len(held) > 1:
        held.pop().close()
    eventually(lambda: answers(gateway), "clients are served again")
    assert gateway.status()["memory"]["buffer_bytes"] < 1 << 20
    assert gateway.metric("gateway_requests_shed_total", short="memory") >= 1


def test_slow_heads_hold_up_nobody(proxy, held):
    gateway, _ = proxy(gateway={"defaults": {"head_timeout": "3s"}})
    for _ in range(1_000):
        connection = gateway.connect()
        held.append(connection)
        connection.send(b"GET / HTTP/1.1\r\nHost: ")
    began = time.monotonic()
    with gateway.connect() as connection:
        for _ in range(200):
            assert connection.request("GET", "/").status == 200
    assert time.monotonic() - began < 10
    for connection in held[::50]:
        check_error(connection.read_response(), 408, "F40800")
    eventually(lambda: gateway.metric("gateway_connections_active") == 1, "the slow ones are gone")


def test_idle_connections_are_cheap(proxy, held, many_descriptors, note):
    count = min(10_000, many_descriptors - 500)
    gateway, _ = proxy(lambda _: make_response(body=b"small"), gateway={"idle_timeout": "10m"})
    # What the first requests of all take is not what a connection takes.
    for _ in range(4):
        assert gateway.fetch("/").status == 200
    before = gateway.resident_kilobytes()
    for _ in range(count):
        held.append(gateway.connect())
        assert held[-1].request("GET", "/").status == 200
    each = (gateway.resident_kilobytes() - before) * 1_024 / count
    status = gateway.status()
    assert status["connections"] >= count
    note(f"{count} idle connections take {each:.0f} bytes each; computed {status['memory']['idle_connection_bytes']}")
    assert each < 4_096
    assert is_quiet(gateway)
