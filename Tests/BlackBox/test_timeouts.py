"""Whoever is too slow is named by the code, and holds up nobody else."""

import threading

import pytest

from harness.wire import make_response
from test_errors import check_error


@pytest.fixture
def release():
    """An event that slow answers wait for; set at the end, so that no thread stays."""
    event = threading.Event()
    yield event
    event.set()


def test_connect_timeout_tries_the_next_instance(start, deaf_upstream, upstream):
    good = upstream(lambda _: make_response(body=b"good"))
    gateway = start(
        {"all": {"path_pattern": "/*", "service_name": "main"}},
        {"main": {"connect_timeout": "100ms", "instances": [deaf_upstream.instance, good.instance]}}, workers=1)
    with gateway.connect() as connection:
        assert [connection.request("GET", "/").body for _ in range(4)] == [b"good"] * 4


def test_connect_timeout_everywhere(start, deaf_upstream):
    gateway = start(
        {"all": {"path_pattern": "/*", "service_name": "main"}},
        {"main": {"connect_timeout": "100ms", "instances": [deaf_upstream.instance]}})
    answer = gateway.fetch("/")
    assert (answer.status, answer.json()["code"]) in ((503, "F50300"), (504, "F50400"))


def test_response_timeout(proxy, release):
    def answer(request):
        if request.target == "/slow":
            release.wait(20)
        return make_response(body=b"late")

    gateway, _ = proxy(answer, service={"response_timeout": "200ms"})
    with gateway.connect() as connection:
        check_error(connection.request("GET", "/slow"), 504, "F50400")
    assert gateway.fetch("/fast").body == b"late"


def test_route_timeout(proxy, release):
    gateway, _ = proxy(lambda _: release.wait(20) and None, route={"timeout": "200ms"})
    check_error(gateway.fetch("/"), 504, "F50400")


def test_route_timeout_is_over_all_tries(start, deaf_upstream, upstream, release):
    """Two instances that take no connection and one that does not answer share one route's time."""
    behind = upstream(lambda _: release.wait(20) and None)
    gateway = start(
        {"all": {"path_pattern": "/*", "service_name": "main", "timeout": "400ms"}},
        {"main": {"connect_timeout": "100ms", "instances": [deaf_upstream.instance, behind.instance]}}, workers=1)
    with gateway.connect() as connection:
        for _ in range(2):
            check_error(connection.request("GET", "/"), 504, "F50400")


def test_route_timeout_ends_with_the_head_of_the_answer(proxy, release):
    """A long answer is not cut by it."""

    def answer(_):
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nfirst "
        release.wait(0.6)
        yield b"later"

    gateway, _ = proxy(answer, route={"timeout": "200ms"})
    assert gateway.fetch("/").body == b"first later"


def test_response_timeout_between_pieces(proxy, release):
    def answer(_):
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nfirst"
        release.wait(20)

    gateway, _ = proxy(answer, service={"response_timeout": "200ms"})
    with pytest.raises((EOFError, ConnectionResetError)):
        gateway.fetch("/")


def test_slow_instance_does_not_hold_up_others(proxy, release):
    def answer(request):
        if request.target == "/slow":
            release.wait(20)
        return make_response(body=request.target.encode())

    gateway, _ = proxy(answer, workers=1)
    held = [gateway.connect() for _ in range(20)]
    for connection in held:
        connection.send_request("GET", "/slow")
    with gateway.connect() as connection:
        for _ in range(50):
            assert connection.request("GET", "/fast").body == b"/fast"
    release.set()
    for connection in held:
        assert connection.read_response().body == b"/slow"
        connection.close()


def test_clients_that_never_end(proxy):
    """15 s for a head, 30 s without a byte of a body. Both at once, as that takes its time."""
    gateway, _ = proxy(service={"response_timeout": "60s"}, route={"timeout": "60s"})
    with gateway.connect(timeout=50) as head, gateway.connect(timeout=50) as body:
        head.send(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        body.send_request("POST", "/", headers=[("Content-Length", "10")])
        body.send(b"12345")
        for connection in (head, body):
            check_error(connection.read_response(), 408, "F40800")
            assert connection.is_closed()
