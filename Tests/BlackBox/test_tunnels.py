"""Connections that change their protocol (RFC 9110 §7.8, RFC 6455), and streams of events."""

import asyncio
import socket
import threading
import time

import pytest
import websockets.asyncio.client as ws_client
import websockets.asyncio.server as ws_server
from websockets.exceptions import ConnectionClosed, InvalidStatus

from harness.polling import eventually
from harness.wire import make_response

SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: WebSocket\r\nX-Kept: 1\r\n\r\n"
ASK = [("Connection", "keep-alive, Upgrade"), ("Upgrade", "websocket")]


class WebSocketServer:
    """The websockets library's server, echoing messages, on a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.started = threading.Event()
        self.thread = threading.Thread(target=self.loop.run_until_complete, args=(self._run(),), daemon=True)
        self.thread.start()
        assert self.started.wait(10)

    async def _run(self):
        self.stopped = asyncio.Event()

        async def echo(connection):
            async for message in connection:
                await connection.send(message)

        async with ws_server.serve(echo, "127.0.0.1", 0, max_size=1 << 24) as server:
            self.port = server.sockets[0].getsockname()[1]
            self.started.set()
            await self.stopped.wait()

    @property
    def instance(self):
        return {"host": "127.0.0.1", "port": self.port}

    def stop(self):
        self.loop.call_soon_threadsafe(self.stopped.set)
        self.thread.join(10)


@pytest.fixture
def tunnel(start, upstream):
    """A gateway before an upstream that answers each request with a function of the test's."""

    def make(answer, **route):
        behind = upstream(answer)
        services = {"svc": {"instances": [behind.instance]}}
        return start({"all": {"path_pattern": "/*", "service_name": "svc"} | route}, services), behind

    return make


def talk(request):
    """Changes the protocol and echoes bytes until the client ends."""
    request.keep = False
    yield SWITCH
    while piece := request.connection.recv(1 << 16):
        yield piece


def switched(gateway, **options):
    connection = gateway.connect(**options)
    connection.send_request("GET", "/chat", ASK)
    status, headers = connection.read_head()
    assert status == 101
    return connection, headers


def test_websocket_clients_and_servers_meet(start, started):
    started.append(WebSocketServer())
    gateway = start(
        {"chat": {"path_pattern": "/chat", "service_name": "chat"}}, {"chat": {"instances": [started[-1].instance]}})

    async def converse():
        url = f"ws://{gateway.address[0]}:{gateway.address[1]}/chat"
        async with ws_client.connect(url, max_size=1 << 24) as one, ws_client.connect(url) as two:
            for message in ["hello", b"\x00" * 100_000, "ä" * 70_000, b"x" * 3_000_000]:
                await one.send(message)
                await two.send("in between")
                assert await one.recv() == message
                assert await two.recv() == "in between"
            await one.ping()
        with pytest.raises(ConnectionClosed):
            await one.send("over")

    asyncio.run(converse())
    eventually(lambda: gateway.metric("gateway_requests_total", route="chat", status="1xx") == 2, "both were counted")


def test_heads_of_a_change(tunnel):
    """RFC 9110 §7.8: the protocol is asked for anew, and the answer names it."""
    gateway, behind = tunnel(talk)
    connection, headers = switched(gateway)
    with connection:
        assert headers.get("Upgrade") == "websocket" and headers.get("Connection") == "Upgrade"
        assert headers.get("X-Kept") == "1" and "Content-Length" not in headers and "X-Request-Id" in headers
        asked = behind.requests[0].headers
        assert asked.get("Upgrade") == "websocket" and asked.get("Connection") == "Upgrade"


def test_bytes_that_come_with_the_head_pass_after_the_change(tunnel):
    gateway, _ = tunnel(talk)
    with gateway.connect() as connection:
        connection.send(
            b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nfirst words")
        assert connection.read_head()[0] == 101
        assert connection.stream.read(11) == b"first words"


def test_bytes_that_come_with_the_answer_pass(tunnel):
    gateway, _ = tunnel(lambda request: [SWITCH + b"greetings"])
    connection, _ = switched(gateway)
    with connection:
        assert connection.stream.read(9) == b"greetings"


def test_each_side_may_end_first(tunnel):
    gateway, _ = tunnel(talk)
    connection, _ = switched(gateway)
    with connection:
        connection.send(b"last words")
        connection.socket.shutdown(socket.SHUT_WR)
        assert connection.stream.read() == b"last words"


def test_an_instance_that_ends_first_is_heard_out(tunnel):
    def speak(request):
        request.keep = False
        return [SWITCH, b"y" * 500_000]

    gateway, _ = tunnel(speak)
    connection, _ = switched(gateway)
    with connection:
        assert connection.stream.read() == b"y" * 500_000


def test_slow_readers_hold_the_other_side(tunnel):
    """Back-pressure: what nobody reads stays with its sender, and nothing of it is lost."""
    sent = []

    def flood(request):
        request.keep = False
        yield SWITCH
        for _ in range(800):
            sent.append(1)
            yield b"z" * 65_536

    gateway, _ = tunnel(flood)
    connection, _ = switched(gateway)
    with connection:
        before = gateway.resident_kilobytes()
        last = -1
        while last != len(sent):
            last = len(sent)
            time.sleep(0.5)
        assert last < 400, "the instance was not held"
        assert gateway.resident_kilobytes() - before < 4_000
        assert len(connection.stream.read()) == 800 * 65_536


def test_protocols_that_a_route_does_not_allow_are_not_asked_for(tunnel):
    gateway, behind = tunnel(lambda _: make_response(body=b"plain"), upgrade="off")
    assert gateway.fetch("/", headers=ASK).body == b"plain"
    assert gateway.fetch("/", headers=[("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c")]).status == 200
    assert all("Upgrade" not in request.headers for request in behind.requests)


def test_protocols_of_the_route_are_picked_from_the_client_s(tunnel):
    gateway, behind = tunnel(lambda _: make_response(), upgrade=["chat", "websocket"])
    gateway.fetch("/", headers=[("Connection", "upgrade"), ("Upgrade", "h2c, Chat , websocket")])
    assert behind.requests[0].headers.get("Upgrade") == "Chat"


def test_an_answer_that_is_no_change_is_an_answer(tunnel):
    gateway, _ = tunnel(lambda _: make_response(426, headers=[("Upgrade", "websocket")], body=b"no"))
    with gateway.connect() as connection:
        assert connection.request("GET", "/", ASK).status == 426
        assert connection.request("GET", "/", ASK).body == b"no"


@pytest.mark.parametrize("answer", [
    b"HTTP/1.1 101 Fine\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
    b"HTTP/1.1 101 Fine\r\nConnection: upgrade\r\n\r\n",
    b"HTTP/1.1 101 Fine\r\nUpgrade: websocket\r\n\r\n",
])
def test_a_change_to_something_else_is_refused(tunnel, answer):
    gateway, _ = tunnel(lambda _: [answer])
    assert gateway.fetch("/", headers=ASK).json()["code"] == "F50200"


def test_a_change_that_nobody_asked_for_is_refused(tunnel):
    gateway, _ = tunnel(lambda _: [SWITCH])
    assert gateway.fetch("/").json()["code"] == "F50200"


def test_a_body_makes_it_an_ordinary_request(tunnel):
    gateway, behind = tunnel(lambda _: make_response())
    assert gateway.fetch("/", "POST", headers=ASK, body=b"abc").status == 200
    assert "Upgrade" not in behind.requests[0].headers


def test_silent_tunnels_end(tunnel):
    gateway, _ = tunnel(talk, stream_timeout="400ms")
    connection, _ = switched(gateway)
    with connection:
        for _ in range(4):
            time.sleep(0.2)
            connection.send(b"tick")
            assert connection.stream.read(4) == b"tick"
        assert connection.stream.read() == b""


def test_tunnels_outlive_reloads_and_end_with_the_drain(tunnel):
    gateway, behind = tunnel(talk)
    connection, _ = switched(gateway)
    with connection:
        revision = gateway.revision()
        gateway.config.write("routes.yaml", {"routes": {"all": {"path_pattern": "/new", "response": {"body": "x"}}}})
        gateway.config.remove("services.yaml")
        gateway.await_revision(revision)
        connection.send(b"still here")
        assert connection.stream.read(10) == b"still here"


def test_events_pass_as_they_come(tunnel):
    """Each event reaches the client before the next is made, and silence between them may last."""
    go_on = threading.Semaphore(0)

    def events(request):
        request.keep = False
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"
        for number in range(5):
            yield b"data: %d\n\n" % number
            assert go_on.acquire(timeout=10)

    behind = None
    gateway, behind = tunnel(events, stream_timeout="5s")
    with gateway.connect() as connection:
        connection.send_request("GET", "/events")
        status, headers = connection.read_head()
        assert status == 200 and headers.get("Transfer-Encoding") == "chunked"
        for number, piece in enumerate(connection.read_body(status, headers)):
            assert piece == b"data: %d\n\n" % number
            go_on.release()
    assert behind.requests


def test_events_are_under_their_own_timeout(start, upstream):
    def events(request):
        yield b"HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream\r\nContent-Length: 2\r\n\r\na"
        time.sleep(0.8)
        yield b"b"

    service = {"instances": [upstream(events).instance], "response_timeout": "200ms"}
    gateway = start({"all": {"path_pattern": "/*", "service_name": "svc"}}, {"svc": service})
    assert gateway.fetch("/").body == b"ab"


def test_a_cut_off_answer_of_unknown_length_is_reset(tunnel):
    """RFC 9112 §9.8: an HTTP/1.0 client must not take what it has for the whole."""
    def break_off(request):
        request.keep = False
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhal"

    gateway, _ = tunnel(break_off)
    with gateway.connect() as connection:
        connection.send(b"GET / HTTP/1.0\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            while connection.socket.recv(1_000):
                pass
