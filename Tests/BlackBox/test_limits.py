"""Limits of listeners and routes, and what a client sees of each."""

import socket
import threading
import time

import pytest

from harness.polling import eventually
from harness.wire import Connection, make_response
from test_errors import check_error

LISTENER = {"host": "127.0.0.1", "port": 0}


@pytest.fixture
def release():
    event = threading.Event()
    yield event
    event.set()


def listeners(**named):
    return {"listeners": {name: LISTENER | limits for name, limits in named.items()}}


def chunk(size):
    return b"%x\r\n%s\r\n" % (size, b"x" * size)


# Heads (RFC 9110 §5.4, §15.5.15; RFC 6585 §5).


def test_head_size_of_each_listener(proxy):
    gateway, _ = proxy(gateway=listeners(
        public={"max_head_size": "2KiB"}, wide={"max_head_size": "64KiB", "max_url_size": "60KiB"}))
    big = [("X-Big", "x" * 3_000)]
    with gateway.connect() as connection:
        assert connection.request("GET", "/", headers=[("X-Big", "x" * 1_500)]).status == 200
        check_error(connection.request("GET", "/", headers=big), 431, "F43100")
        assert connection.is_closed()
    with Connection(gateway.listener("wide")) as connection:
        for size in (3_000, 60_000):
            answer = connection.request("GET", "/", headers=[("X-Big", "x" * size)])
            assert ["X-Big", "x" * size] in answer.json()["headers"]
        assert connection.request("GET", "/" + "a" * 61_000).status == 200
        check_error(connection.request("GET", "/", headers=[("X-Big", "x" * 66_000)]), 431, "F43100")


def test_header_fields(proxy):
    gateway, _ = proxy(gateway=listeners(public={}, wide={"max_header_fields": 1_000}))

    def ask(address, count):
        # `Host` is one of them.
        with Connection(address) as connection:
            return connection.request("GET", "/", headers=[(f"X-{number}", "1") for number in range(count - 1)])

    assert ask(gateway.address, 100).status == 200
    check_error(ask(gateway.address, 101), 431, "F43100")
    assert ask(gateway.listener("wide"), 1_000).status == 200
    check_error(ask(gateway.listener("wide"), 1_001), 431, "F43100")


def test_url_size(proxy):
    gateway, _ = proxy(gateway={"defaults": {"max_url_size": "100B"}})
    assert gateway.fetch("/" + "a" * 99).status == 200
    check_error(gateway.fetch("/" + "a" * 100), 414, "F41400")


# Bodies (RFC 9110 §15.5.14).


def test_body_size_is_judged_by_the_head(proxy):
    gateway, behind = proxy(route={"max_body_size": "1000"})
    with gateway.connect() as connection:
        assert connection.request("POST", "/", body=b"x" * 1_000).json()["length"] == 1_000
        connection.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n")
        check_error(connection.read_response(), 413, "F41300")
        assert connection.is_closed()
    assert len(behind.requests) == 1


def test_body_size_comes_before_100_continue(proxy):
    """RFC 9110 §10.1.1: a final answer in place of the interim one."""
    gateway, behind = proxy(route={"max_body_size": "1KiB"})
    with gateway.connect() as connection:
        connection.send(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n")
        answer = connection.read_response()
        check_error(answer, 413, "F41300")
        assert not answer.interim
    assert not behind.requests


def test_body_size_is_counted_without_the_framing_of_chunks(proxy):
    gateway, _ = proxy(route={"max_body_size": "1000"})
    with gateway.connect() as connection:
        assert connection.request("POST", "/", body=[b"x"] * 1_000).json()["length"] == 1_000
        check_error(connection.request("POST", "/", body=[b"x"] * 1_001), 413, "F41300")
        assert connection.is_closed()


def test_body_size_while_streaming(proxy):
    ended = threading.Event()

    def answer(request):
        try:
            request.body()
        finally:
            ended.set()
        return make_response()

    gateway, behind = proxy(answer, route={"max_body_size": "100KiB"})
    with gateway.connect() as connection:
        connection.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(60_000))
        eventually(lambda: behind.requests, "the instance has the head")
        connection.send(chunk(60_000))
        check_error(connection.read_response(), 413, "F41300")
        assert connection.is_closed()
    assert ended.wait(20), "the instance sees that the body ends here"


def test_body_size_when_the_answer_has_begun(proxy, release):
    """The status has gone, so all that is left is a cut."""

    def answer(_):
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"
        release.wait(20)

    gateway, _ = proxy(answer, route={"max_body_size": "1000"})
    with gateway.connect() as connection:
        connection.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(500))
        status, headers = connection.read_head()
        assert status == 200
        connection.send(chunk(600))
        with pytest.raises((EOFError, ConnectionResetError)):
            b"".join(connection.read_body(status, headers))


def test_route_comes_before_listener_and_defaults(start, upstream):
    behind = upstream()
    routes = {
        "all": {"path_pattern": "/*", "service_name": "main"},
        "large": {"path_pattern": "/large", "service_name": "main", "max_body_size": "2KiB"},
    }
    # `off` is a word, which JSON cannot write.
    files = {"any.yaml": "routes:\n  any: {path_pattern: /any, service_name: main, max_body_size: off}\n"}
    gateway = start(routes, {"main": {"instances": [behind.instance]}}, listeners(
        public={"max_body_size": "1KiB"}, inner={}) | {"defaults": {"max_body_size": "10B"}}, files=files)

    def allows(address, target, size):
        with Connection(address) as connection:
            answer = connection.request("POST", target, body=b"x" * size)
        assert answer.status in (200, 413)
        return answer.status == 200

    for target, size in (("/", 1_024), ("/large", 2_048)):
        assert allows(gateway.address, target, size) and not allows(gateway.address, target, size + 1)
    assert allows(gateway.listener("inner"), "/", 10) and not allows(gateway.listener("inner"), "/", 11)
    assert allows(gateway.address, "/any", 100_000)


# Time (RFC 9110 §15.5.9).


def test_head_timeout(proxy):
    """From its first byte on, however steadily it comes."""
    gateway, _ = proxy(gateway={"defaults": {"head_timeout": "500ms"}})
    with gateway.connect() as connection:
        assert connection.request("GET", "/").status == 200
        connection.send(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        began = time.monotonic()
        stop = threading.Event()

        def dribble():
            while not stop.wait(0.1):
                try:
                    connection.send(b"x")
                except OSError:
                    return

        thread = threading.Thread(target=dribble)
        thread.start()
        check_error(connection.read_response(), 408, "F40800")
        stop.set()
        thread.join()
        assert time.monotonic() - began >= 0.4


def test_head_timeout_without_a_byte(proxy):
    gateway, _ = proxy(gateway={"defaults": {"head_timeout": "300ms"}})
    with gateway.connect() as connection:
        assert connection.is_closed()


def test_idle_timeout_of_a_listener(proxy):
    gateway, _ = proxy(gateway=listeners(public={"idle_timeout": "300ms"}, patient={}))
    with gateway.connect() as connection, Connection(gateway.listener("patient")) as patient:
        assert connection.request("GET", "/").status == patient.request("GET", "/").status == 200
        assert connection.is_closed()
        assert patient.request("GET", "/").status == 200


def test_body_timeout(proxy):
    gateway, _ = proxy(route={"body_timeout": "300ms"})
    with gateway.connect() as connection:
        connection.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
        check_error(connection.read_response(), 408, "F40800")
        assert connection.is_closed()


def test_body_rate(proxy):
    """One byte at a time is too slow after the grace of 5 s; a little more than the rate is not."""
    gateway, _ = proxy(route={"min_body_rate": "1KiB/s"})
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16000\r\n\r\n"
    answers = {}

    def send(name, piece, pause):
        with gateway.connect(timeout=30) as connection:
            connection.send(head)
            began = time.monotonic()
            connection.socket.settimeout(pause)
            left = 16_000
            while left:
                connection.send(piece[:left])
                left -= len(piece[:left])
                try:
                    if connection.socket.recv(1, socket.MSG_PEEK):
                        break
                except TimeoutError:
                    pass
            connection.socket.settimeout(30)
            answers[name] = connection.read_response(), time.monotonic() - began

    threads = [
        threading.Thread(target=send, args=("slow", b"x", 0.1)),
        threading.Thread(target=send, args=("fast", b"x" * 400, 0.2)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answer, seconds = answers["slow"]
    check_error(answer, 408, "F40800")
    assert seconds > 4.5
    answer, seconds = answers["fast"]
    assert answer.json()["length"] == 16_000 and seconds > 5.5


def test_slow_instance_is_not_the_client_s_fault(proxy, release):
    """While the instance does not read, the client cannot send: its rate is not what is judged."""
    taken = []

    def answer(request):
        release.wait(30)
        taken.append(len(request.body()))
        return make_response()

    gateway, _ = proxy(
        answer, route={"min_body_rate": "1GiB/s", "body_timeout": "60s", "timeout": "60s"},
        service={"response_timeout": "60s"})
    size = 64 << 20
    with gateway.connect(timeout=60) as connection:
        threading.Timer(6.5, release.set).start()
        connection.send_request("POST", "/", body=b"x" * size)
        assert connection.read_response().status == 200
    assert taken == [size]


def test_send_timeout(proxy):
    gateway, _ = proxy(lambda _: make_response(body=b"x" * (32 << 20)), route={"send_timeout": "400ms"})
    with gateway.connect(receive_buffer=4_096) as connection:
        connection.send_request("GET", "/")
        eventually(lambda: gateway.metric("gateway_connections_active") == 1, "the client that takes nothing is cut off")
        with pytest.raises((EOFError, ConnectionResetError)):
            connection.read_response()


def test_total_timeout(proxy, release):
    def answer(request):
        if request.target == "/slow":
            release.wait(20)
        if request.target == "/pieces":
            yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
            for _ in range(40):
                yield b"piece"
                if release.wait(0.1):
                    return
        yield make_response(body=request.body())

    gateway, _ = proxy(answer, route={"total_timeout": "800ms"})
    with gateway.connect() as connection:
        assert connection.request("POST", "/", body=b"fast").body == b"fast"
        check_error(connection.request("GET", "/slow"), 504, "F50400")
    with gateway.connect() as connection:
        connection.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
        check_error(connection.read_response(), 408, "F40800")
    with pytest.raises((EOFError, ConnectionResetError)):
        gateway.fetch("/pieces")


def test_total_timeout_begins_with_the_first_byte(proxy, release):
    gateway, _ = proxy(lambda _: release.wait(20) and None, route={"total_timeout": "1s"})
    with gateway.connect() as connection:
        connection.send(b"GET / HTTP/1.1\r\n")
        began = time.monotonic()
        release.wait(0.7)
        connection.send(b"Host: a\r\n\r\n")
        check_error(connection.read_response(), 504, "F50400")
        assert time.monotonic() - began < 1.6


# Connections (RFC 6585 §4, RFC 9110 §10.2.3, §15.6.4).


def refusal(address, status, code, **options):
    with Connection(address, **options) as connection:
        answer = connection.read_response()
        check_error(answer, status, code)
        assert answer.headers.get("Retry-After") == "1"
        assert answer.headers.get("Connection") == "close"
        assert connection.is_closed()


def test_connections_of_a_listener(proxy):
    gateway, _ = proxy(gateway=listeners(public={"max_connections": 3}, other={}), workers=2)
    held = [gateway.connect() for _ in range(3)]
    for connection in held:
        assert connection.request("GET", "/").status == 200
    for _ in range(5):
        refusal(gateway.address, 503, "F50303")
    with Connection(gateway.listener("other")) as connection:
        assert connection.request("GET", "/").status == 200
    for connection in held:
        assert connection.request("GET", "/").status == 200
    held.pop().close()

    def served():
        with gateway.connect() as connection:
            return connection.request("GET", "/").status == 200

    eventually(served, "the place of one that has gone is taken")
    for connection in held:
        connection.close()
    eventually(
        lambda: gateway.metric("gateway_connections_refused_total", limit="max_connections") >= 5,
        "the refusals are counted")


def test_refused_client_may_speak_first(proxy):
    """What it says is read, so that no reset overtakes the answer."""
    gateway, _ = proxy(gateway=listeners(public={"max_connections": 1}, other={}))
    with gateway.connect() as held:
        assert held.request("GET", "/").status == 200
        for _ in range(20):
            with gateway.connect() as connection:
                connection.send_request("POST", "/", body=b"x" * 50_000)
                check_error(connection.read_response(), 503, "F50303")


def test_connections_of_a_client(proxy):
    gateway, _ = proxy(gateway=listeners(public={"max_connections_per_client": 2}, other={}), workers=2)
    held = [gateway.connect(source="127.0.0.2") for _ in range(2)]
    for connection in held:
        assert connection.request("GET", "/").status == 200
    refusal(gateway.address, 429, "F42901", source="127.0.0.2")
    with gateway.connect(source="127.0.0.3") as connection:
        assert connection.request("GET", "/").status == 200
    held.pop().close()

    def served():
        with gateway.connect(source="127.0.0.2") as connection:
            return connection.request("GET", "/").status == 200

    eventually(served, "the place of one that has gone is taken")
    eventually(
        lambda: gateway.metric("gateway_connections_refused_total", limit="max_connections_per_client") >= 1,
        "the refusals are counted")
    held.pop().close()


def test_requests_of_a_connection(proxy):
    gateway, _ = proxy(gateway={"defaults": {"max_requests_per_connection": 3}})
    with gateway.connect() as connection:
        answers = [connection.request("GET", "/") for _ in range(3)]
        assert [answer.headers.get("Connection") for answer in answers] == [None, None, "close"]
        assert connection.is_closed()


def test_reload_changes_open_listeners_and_connections(proxy):
    gateway, _ = proxy()
    big = [("X-Big", "x" * 20_000)]
    with gateway.connect() as connection, gateway.connect() as other:
        assert connection.request("GET", "/").status == other.request("GET", "/").status == 200
        gateway.config.write("limits.yaml", {"gateway": {"defaults": {"max_head_size": "40KiB", "max_connections": 2}}})

        def refused():
            with gateway.connect() as probe:
                return is_answered(probe) and probe.read_response().status == 503

        eventually(refused, "the listener takes no third connection")
        assert connection.request("GET", "/", headers=big).status == 200


def is_answered(connection):
    """Whether an answer comes without a request."""
    connection.socket.settimeout(0.2)
    try:
        return bool(connection.socket.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False
    finally:
        connection.socket.settimeout(20)


def test_admin_address_has_room(proxy):
    gateway, _ = proxy(gateway={
        "admin": {"address": "127.0.0.1:0"}, "defaults": {"max_connections": 1, "max_connections_per_client": 1}})
    admin = gateway.listener("admin")
    with gateway.connect() as held:
        assert held.request("GET", "/").status == 200
        refusal(gateway.address, 503, "F50303")
        for _ in range(3):
            with Connection(admin) as connection:
                assert connection.request("GET", "/health").status == 200
