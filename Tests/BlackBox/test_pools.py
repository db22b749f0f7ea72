"""Connections to services: how many there are, how long they live, and who waits for one."""

import json
import signal
import socket
import threading
import time

import pytest

from harness.polling import eventually
from harness.wire import make_response
from test_errors import check_error


class Gate:
    """Answers that wait until the test lets them go, and what has come so far."""

    def __init__(self):
        self.open = threading.Event()
        self.seen = []

    def __call__(self, request):
        self.seen.append(request.target)
        if request.target != "/free":
            assert self.open.wait(20)
        return make_response(body=request.target.encode())


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.open.set()


@pytest.fixture
def ask(gate):
    """Sends a request on a connection of its own; `read_response` of what it returns waits for the answer."""
    connections = []

    def ask(gateway, target, expect_seen=None):
        connection = gateway.connect()
        connections.append(connection)
        connection.send_request("GET", target)
        if expect_seen:
            eventually(lambda: len(gate.seen) >= expect_seen, f"{expect_seen} requests have come")
        return connection

    yield ask
    for connection in connections:
        connection.close()


def listens(address):
    try:
        socket.create_connection(address, 1).close()
        return True
    except OSError:
        return False


def waiting(gateway):
    return gateway.status()["upstreams"]["waiting"]


def test_no_more_connections_than_allowed(proxy, gate, ask):
    gateway, behind = proxy(gate, service={"max_connections": 2, "queue_timeout": "20s"}, workers=1)
    asked = [ask(gateway, f"/{number}") for number in range(6)]
    eventually(lambda: waiting(gateway) == 4, "four wait")
    assert gateway.status()["upstreams"] == {"connections": 2, "in_use": 2, "waiting": 4}
    assert gateway.metric("gateway_service_requests_waiting", service="main") == 4
    assert len(behind.connections) == 2
    gate.open.set()
    assert sorted(connection.read_response().body for connection in asked) == [b"/%d" % n for n in range(6)]
    assert len(behind.connections) == 2
    assert gateway.status()["upstreams"] == {"connections": 2, "in_use": 0, "waiting": 0}


def test_who_came_first_is_served_first(proxy, gate, ask):
    gateway, _ = proxy(gate, service={"max_connections": 1, "queue_timeout": "20s"}, workers=1)
    asked = [ask(gateway, "/0", expect_seen=1)]
    for number in range(1, 6):
        asked.append(ask(gateway, f"/{number}"))
        eventually(lambda: waiting(gateway) == number, f"{number} wait")
    gate.open.set()
    assert [connection.read_response().body for connection in asked] == [b"/%d" % n for n in range(6)]
    assert gate.seen == [f"/{number}" for number in range(6)]


def test_a_full_queue_is_said_at_once(proxy, gate, ask):
    gateway, _ = proxy(gate, service={"max_connections": 1, "max_queue": 1, "queue_timeout": "20s"}, workers=1)
    asked = [ask(gateway, "/0", expect_seen=1), ask(gateway, "/1")]
    eventually(lambda: waiting(gateway) == 1, "one waits")
    answer = gateway.fetch("/2")
    check_error(answer, 503, "F50302")
    assert answer.headers.get("Retry-After") == "1"
    assert gateway.metric("gateway_upstream_queue_rejected_total", reason="full") == 1
    gate.open.set()
    assert [connection.read_response().status for connection in asked] == [200, 200]


def test_nobody_waits_for_ever(proxy, gate, ask):
    gateway, _ = proxy(gate, service={"max_connections": 1, "queue_timeout": "200ms"}, workers=1)
    first = ask(gateway, "/0", expect_seen=1)
    started = time.monotonic()
    with gateway.connect() as connection:
        answer = connection.request("GET", "/1")
        check_error(answer, 503, "F50302")
        assert answer.headers.get("Retry-After") == "1"
        assert 0.15 < time.monotonic() - started < 5
        gate.open.set()
        assert first.read_response().status == 200
        # The client's connection goes on.
        assert connection.request("GET", "/2").body == b"/2"
    assert gateway.metric("gateway_upstream_queue_rejected_total", reason="timeout") == 1
    assert gate.seen == ["/0", "/2"]


@pytest.mark.parametrize("with_reset", [False, True])
def test_who_goes_away_leaves_the_queue(proxy, gate, ask, with_reset):
    gateway, _ = proxy(gate, service={"max_connections": 1, "queue_timeout": "20s"}, workers=1)
    first = ask(gateway, "/0", expect_seen=1)
    leaver, stayer = ask(gateway, "/1"), ask(gateway, "/2")
    eventually(lambda: waiting(gateway) == 2, "two wait")
    if with_reset:
        leaver.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    leaver.close()
    eventually(lambda: waiting(gateway) == 1, "one waits")
    gate.open.set()
    assert [first.read_response().body, stayer.read_response().body] == [b"/0", b"/2"]
    assert gate.seen == ["/0", "/2"]


def test_a_reload_lets_those_on_that_waited(proxy, gate, ask):
    gateway, behind = proxy(gate, service={"max_connections": 1, "queue_timeout": "20s"}, workers=1)
    asked = [ask(gateway, "/0", expect_seen=1), ask(gateway, "/1"), ask(gateway, "/2")]
    eventually(lambda: waiting(gateway) == 2, "two wait")
    gateway.config.write(
        "services.yaml", {"services": {"main": {"max_connections": 3, "instances": [behind.instance]}}})
    eventually(lambda: len(gate.seen) == 3, "all are served")
    gate.open.set()
    assert [connection.read_response().body for connection in asked] == [b"/0", b"/1", b"/2"]


def test_a_drain_loses_nobody_that_waits(proxy, gate, ask):
    gateway, _ = proxy(gate, service={"max_connections": 1, "queue_timeout": "20s"}, workers=1)
    asked = [ask(gateway, "/0", expect_seen=1), ask(gateway, "/1"), ask(gateway, "/2")]
    eventually(lambda: waiting(gateway) == 2, "two wait")
    gateway.signal(signal.SIGTERM)
    eventually(lambda: not listens(gateway.address), "it takes no more connections")
    gate.open.set()
    assert [connection.read_response().body for connection in asked] == [b"/0", b"/1", b"/2"]
    assert gateway.wait() == 0


def test_the_limit_is_shared_by_the_workers(proxy, gate, ask):
    """Half of it for each of two; one at least when there is less."""
    gateway, behind = proxy(gate, service={"max_connections": 1, "queue_timeout": "20s"}, workers=2)
    for number in range(12):
        ask(gateway, f"/{number}")
    eventually(lambda: waiting(gateway) == 12 - len(behind.connections) and gate.seen, "the others wait")
    assert len(behind.connections) in (1, 2)


def test_connections_are_used_again_until_they_are_old(proxy):
    gateway, behind = proxy(service={"max_connection_age": "300ms"}, workers=1)
    with gateway.connect() as connection:
        for _ in range(5):
            connection.request("GET", "/")
        assert len(behind.connections) == 1
        time.sleep(0.4)
        connection.request("GET", "/")
        assert len(behind.connections) == 2


def test_idle_connections_are_closed_in_time(proxy):
    gateway, behind = proxy(service={"keep_alive_timeout": "200ms"}, workers=1)
    gateway.fetch("/")
    assert gateway.status()["upstreams"]["connections"] == 1
    eventually(lambda: gateway.status()["upstreams"]["connections"] == 0, "it is closed")
    assert len(behind.connections) == 1


def test_none_is_kept_when_none_may_be(proxy):
    gateway, behind = proxy(service={"max_idle_connections": 0}, workers=1)
    with gateway.connect() as connection:
        for _ in range(3):
            assert connection.request("GET", "/").status == 200
    assert len(behind.connections) == 3


def test_junk_behind_an_answer_is_never_the_next_answer(proxy):
    """The bytes come on their own, and lie there when the next request comes."""
    junk = make_response(body=b"evil")
    sent = threading.Semaphore(0)

    def answer(request):
        yield make_response(body=request.target.encode())
        time.sleep(0.02)
        request.connection.sendall(junk)
        sent.release()

    gateway, behind = proxy(answer, workers=1)
    with gateway.connect() as connection:
        for number in range(10):
            assert connection.request("GET", f"/{number}").body == b"/%d" % number
            assert sent.acquire(timeout=20)
    assert len(behind.connections) == 10


def test_connections_to_an_instance_that_is_gone_are_closed(proxy, upstream):
    gateway, behind = proxy(workers=1)
    gateway.fetch("/")
    other = upstream(lambda _: make_response(body=b"other"))
    gateway.config.write("services.yaml", {"services": {"main": {"instances": [other.instance]}}})
    gateway.await_body("/", b"other")
    assert gateway.status()["upstreams"]["connections"] == 1


def test_queue_in_the_access_log(proxy, gate, ask):
    gateway, _ = proxy(
        gate, service={"max_connections": 1, "max_queue": 0}, gateway={"access_log": {"path": "stdout"}}, workers=1)
    ask(gateway, "/0", expect_seen=1)
    gateway.fetch("/1")
    lines = eventually(lambda: [line for line in gateway.output.read_text().splitlines() if '"/1"' in line], "a line")
    assert json.loads(lines[0])["code"] == "F50302"
