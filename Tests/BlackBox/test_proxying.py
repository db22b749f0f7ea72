"""Messages pass through whole, and changed only where HTTP says so."""

import hashlib
import random
import re
import socket
import struct
import subprocess
import threading

import pytest

from harness.polling import eventually
from harness.wire import Connection, chunked, exchange, make_response

MEGABYTE = 1 << 20


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def pieces(data, size):
    return (data[start:start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_method_passes(proxy, method):
    gateway, _ = proxy()
    assert gateway.fetch("/things?x=1", method).json()["method"] == method


@pytest.mark.parametrize("target", ["/", "/a/b?x=1&y=%20", "/a%20b", "/caf%C3%A9", "/a;b=1/c", "/a?", "/a?b?c=/d"])
def test_target_passes(proxy, target):
    gateway, _ = proxy()
    assert gateway.fetch(target).json()["target"] == target


@pytest.mark.parametrize("size", [0, 1, 100, 16_384, 65_536, 1_000_001, 20 * MEGABYTE])
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_request_body(proxy, size, framing):
    gateway, _ = proxy()
    data = noise(size)
    with gateway.connect() as connection:
        body = data if framing == "length" else pieces(data, 50_000)
        seen = connection.request("POST", "/upload", body=body).json()
        assert (seen["length"], seen["sha256"]) == (size, digest(data))
        assert connection.request("GET", "/after").status == 200


@pytest.mark.parametrize("size", [0, 1, 100, 16_384, 65_536, 1_000_001, 20 * MEGABYTE])
@pytest.mark.parametrize("framing", ["length", "chunked", "until close"])
def test_response_body(proxy, size, framing):
    data = noise(size)

    def answer(request):
        if framing == "length":
            return make_response(body=data)
        if framing == "chunked":
            return [make_response(headers=[("Transfer-Encoding", "chunked")]), *chunked(pieces(data, 70_000))]
        request.keep = False
        return [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", data]

    gateway, _ = proxy(answer)
    with gateway.connect() as connection:
        for _ in range(2):
            assert digest(connection.request("GET", "/download").body) == digest(data)


def test_body_arrives_byte_by_byte(proxy):
    gateway, _ = proxy()
    raw = b"POST /drip HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    raw += b"5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nT: 1\r\n\r\n"
    with gateway.connect() as connection:
        for index in range(len(raw)):
            connection.send(raw[index:index + 1])
        assert connection.read_response().json()["sha256"] == digest(b"hello world")


def test_body_streams_before_it_is_whole(proxy):
    """Neither direction is gathered first: each piece is answered before the next one is sent."""

    def answer(request):
        yield make_response(headers=[("Transfer-Encoding", "chunked")])
        for piece in request.pieces():
            yield b"%x\r\n%s\r\n" % (len(piece), piece.upper())
        yield b"0\r\n\r\n"

    gateway, _ = proxy(answer)
    with gateway.connect() as connection:
        connection.send(b"POST /talk HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.send(b"3\r\none\r\n")
        status, headers = connection.read_head()
        reply = connection.read_body(status, headers)
        assert next(reply) == b"ONE"
        connection.send(b"3\r\ntwo\r\n")
        assert next(reply) == b"TWO"
        connection.send(b"0\r\n\r\n")
        assert list(reply) == []


def test_answer_that_comes_before_the_end_of_the_request(proxy):
    """The client's connection stays good for the next request, unless the answer says that it ends."""
    gateway, _ = proxy(lambda _: make_response(body=b"early"))
    with gateway.connect() as connection:
        connection.send_request("POST", "/", headers=[("Content-Length", "400000")])
        connection.send(bytes(200_000))
        answer = connection.read_response()
        assert (answer.status, answer.body) == (200, b"early")
        if answer.headers.get("Connection") == "close":
            return
        connection.send(bytes(200_000))
        assert connection.request("GET", "/").body == b"early"


def test_connections_are_kept_on_both_sides(proxy):
    gateway, behind = proxy(workers=1)
    with gateway.connect() as connection:
        for number in range(50):
            assert connection.request("GET", f"/{number}").status == 200
    assert len(behind.requests) == 50
    assert len(behind.connections) == 1


def test_pipelined_requests_are_answered_in_order(proxy):
    gateway, _ = proxy()
    with gateway.connect() as connection:
        connection.send(b"".join(
            b"POST /%d HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" % number for number in range(20)))
        answers = [connection.read_response().json() for _ in range(20)]
    assert [answer["target"] for answer in answers] == [f"/{number}" for number in range(20)]
    assert {answer["length"] for answer in answers} == {3}


def test_client_may_close(proxy):
    gateway, _ = proxy()
    with gateway.connect() as connection:
        assert connection.request("GET", "/", headers=[("Connection", "close")]).headers.get("Connection") == "close"
        assert connection.is_closed()


def test_http_1_0_client(proxy):
    gateway, behind = proxy(lambda _: [
        make_response(headers=[("Transfer-Encoding", "chunked")]), *chunked([b"hello ", b"world"])])
    with gateway.connect() as connection:
        connection.send(b"GET /old HTTP/1.0\r\nHost: a\r\n\r\n")
        answer = connection.read_response()
        assert answer.body == b"hello world"
        assert "Transfer-Encoding" not in answer.headers
        assert connection.is_closed()
    assert behind.requests[0].version == "HTTP/1.1"


def test_head_has_a_length_and_no_body(proxy):
    gateway, _ = proxy(lambda _: make_response(headers=[("Content-Length", "1234")]))
    with gateway.connect() as connection:
        for _ in range(3):
            answer = connection.request("HEAD", "/")
            assert (answer.headers.get("Content-Length"), answer.body) == ("1234", b"")


@pytest.mark.parametrize("status, reason", [(204, "No Content"), (304, "Not Modified")])
def test_answers_without_a_body(proxy, status, reason):
    gateway, _ = proxy(lambda _: make_response(status, [("ETag", '"1"')], reason=reason))
    with gateway.connect() as connection:
        for _ in range(3):
            answer = connection.request("GET", "/")
            assert (answer.status, answer.body, answer.headers.get("ETag")) == (status, b"", '"1"')
            assert "Transfer-Encoding" not in answer.headers


@pytest.mark.parametrize("status", [201, 206, 301, 400, 404, 418, 500, 503])
def test_statuses_pass_with_their_body(proxy, status):
    gateway, _ = proxy(lambda _: make_response(status, body=b"mine", reason="Reason"))
    answer = gateway.fetch("/")
    assert (answer.status, answer.body) == (status, b"mine")


def test_large_headers_pass(proxy):
    gateway, _ = proxy(lambda request: make_response(headers=[("X-Back", request.headers.get("X-Large"))]))
    value = "v" * 8_000
    assert gateway.fetch("/", headers=[("X-Large", value)]).headers.get("X-Back") == value


def test_repeated_fields_keep_their_order(proxy):
    gateway, _ = proxy(lambda _: make_response(headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2; Path=/")]))
    assert gateway.fetch("/").headers.all("Set-Cookie") == ["a=1", "b=2; Path=/"]


def test_expect_continue(proxy):
    gateway, _ = proxy()
    with gateway.connect() as connection:
        connection.send_request("POST", "/", headers=[("Expect", "100-continue"), ("Content-Length", "5")])
        status, _ = connection.read_head()
        assert status == 100
        connection.send(b"hello")
        assert connection.read_response().json()["length"] == 5


def test_expectation_that_an_instance_does_not_meet(proxy):
    """RFC 9110 §10.1.1: the final answer comes without a 100, and the body is never sent."""
    gateway, behind = proxy(lambda _: make_response(401, body=b"no"))
    with gateway.connect() as connection:
        connection.send_request("POST", "/", headers=[("Expect", "100-continue"), ("Content-Length", "5")])
        answer = connection.read_response()
        assert answer.status == 401 and answer.interim == [] and answer.headers.get("Connection") == "close"
    assert behind.requests[0].headers.get("Expect") == "100-continue"


def test_trailers_both_ways(proxy):
    """RFC 9112 §7.1.2, RFC 9110 §6.5.1: what may stand behind a body passes, what frames or routes does not."""
    seen = {}

    def answer(request):
        stream, seen["head"] = request._stream, request.headers
        assert stream.readline() == b"3\r\n" and stream.readline() == b"abc\r\n" and stream.readline() == b"0\r\n"
        seen["trailers"] = list(iter(stream.readline, b"\r\n"))
        return (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                b"2\r\nhi\r\n0\r\nX-Sum: 7\r\nSet-Cookie: a=b\r\n\r\n")

    gateway, _ = proxy(answer)
    with gateway.connect() as connection:
        connection.send(
            b"POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTrailer: X-Check\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nabc\r\n0\r\nX-Check: 1\r\nHost: evil\r\n\r\n")
        status, headers = connection.read_head()
        assert status == 200 and headers.get("Trailer") == "X-Sum"
        assert connection.stream.read(len(b"2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n")) == b"2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n"
    assert seen["trailers"] == [b"X-Check: 1\r\n"]
    assert seen["head"].get("Trailer") == "X-Check" and seen["head"].get("TE") == "trailers"


def test_interim_answers_of_the_instance(proxy):
    """RFC 9110 §15.2: they pass."""
    gateway, _ = proxy(lambda _: b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + make_response(body=b"done"))
    with gateway.connect() as connection:
        answer = connection.request("GET", "/")
        assert answer.body == b"done" and answer.interim == [103]
        assert connection.request("GET", "/").body == b"done"


HOP_BY_HOP = [
    ("Connection", "close-not, X-Private"), ("X-Private", "1"), ("Keep-Alive", "timeout=5"),
    ("Proxy-Connection", "keep-alive"), ("TE", "trailers"), ("Upgrade", "h2c"), ("Trailer", "X-After"),
]


def test_hop_by_hop_request_fields_stay_here(proxy):
    gateway, behind = proxy()
    gateway.fetch("/", headers=[*HOP_BY_HOP, ("X-Public", "2")])
    names = {name.lower() for name, _ in behind.requests[0].headers.fields}
    assert "x-public" in names
    assert not names & {"x-private", "keep-alive", "proxy-connection", "upgrade", "trailer"}
    assert behind.requests[0].headers.get("TE") == "trailers", "asked for anew, as trailers pass (RFC 9110 §10.1.4)"
    assert "X-Private" not in behind.requests[0].headers.get("Connection", "")


def test_hop_by_hop_response_fields_stay_here(proxy):
    gateway, _ = proxy(lambda _: make_response(headers=[
        ("Connection", "X-Private"), ("X-Private", "1"), ("Keep-Alive", "timeout=5"), ("X-Public", "2")], body=b"x"))
    answer = gateway.fetch("/")
    assert answer.headers.get("X-Public") == "2"
    assert "X-Private" not in answer.headers and "Keep-Alive" not in answer.headers


def seen_headers(behind):
    return behind.requests[-1].headers


def test_x_forwarded(proxy):
    gateway, behind = proxy()
    gateway.fetch("/", host="shop.example:8080")
    seen = seen_headers(behind)
    assert seen.get("Host") == "shop.example:8080"
    assert seen.get("X-Forwarded-For") == "127.0.0.1"
    assert seen.get("X-Forwarded-Proto") == "http"
    assert seen.get("X-Forwarded-Host") == "shop.example:8080"
    assert seen.get("X-Forwarded-Port") == str(gateway.address[1])
    assert "Forwarded" not in seen and "Via" not in seen


def test_x_forwarded_off(proxy):
    gateway, behind = proxy(gateway={"forwarding": {"x_forwarded": False}})
    gateway.fetch("/")
    assert not [name for name, _ in seen_headers(behind).fields if name.lower().startswith("x-forwarded")]


def test_forwarded(proxy):
    gateway, behind = proxy(gateway={"forwarding": {"forwarded": True, "x_forwarded": False}})
    gateway.fetch("/", host="shop.example")
    assert seen_headers(behind).get("Forwarded") .replace('"', "") == "for=127.0.0.1;host=shop.example;proto=http"


def test_forwarded_quotes_a_port(proxy):
    gateway, behind = proxy(gateway={"forwarding": {"forwarded": True}})
    gateway.fetch("/", host="shop.example:81")
    assert 'host="shop.example:81"' in seen_headers(behind).get("Forwarded")


def test_via(proxy):
    gateway, behind = proxy(gateway={"forwarding": {"via": "edge"}})
    gateway.fetch("/", headers=[("Via", "1.0 before")])
    assert ", ".join(seen_headers(behind).all("Via")) == "1.0 before, 1.1 edge"


def test_request_id_is_made(proxy):
    gateway, behind = proxy()
    answers = [gateway.fetch("/") for _ in range(2)]
    ids = [answer.headers.get("X-Request-Id") for answer in answers]
    assert ids == [request.headers.get("X-Request-Id") for request in behind.requests]
    assert ids[0] != ids[1] and all(re.fullmatch(r"[0-9A-Za-z-]{16,64}", one) for one in ids)


def test_request_id_is_passed_on(proxy):
    gateway, behind = proxy()
    answer = gateway.fetch("/", headers=[("X-Request-Id", "from-the-client-1")])
    assert answer.headers.get("X-Request-Id") == "from-the-client-1"
    assert behind.requests[0].headers.get("X-Request-Id") == "from-the-client-1"


@pytest.mark.parametrize("setting, expected", [("preserve", "client.example"), ("inner.example", "inner.example")])
def test_host_header(proxy, setting, expected):
    gateway, behind = proxy(service={"host_header": setting})
    gateway.fetch("/", host="client.example")
    assert behind.requests[0].headers.get("Host") == expected


def test_host_header_of_the_instance(proxy):
    gateway, behind = proxy(service={"host_header": "instance"})
    gateway.fetch("/", host="client.example")
    assert behind.requests[0].headers.get("Host") == f"127.0.0.1:{behind.port}"


@pytest.mark.parametrize("pattern, target, request_path, expected", [
    ("/api/v1/users/*", "/users/*", "/api/v1/users/42/orders?x=1", "/users/42/orders?x=1"),
    ("/api/v1/users/*", "/users/*", "/api/v1/users", "/users"),
    ("/u/{id}/f/{rest*}", "/files/{rest}/of/{id}", "/u/7/f/a/b", "/files/a/b/of/7"),
    ("~/v(?<version>[0-9]+)/.*", "/version/{version}", "/v12/abc", "/version/12"),
    ("/fixed", "/other", "/fixed?a=b", "/other?a=b"),
])
def test_target_url(proxy, pattern, target, request_path, expected):
    gateway, _ = proxy(route={"path_pattern": pattern, "target_url": target})
    assert gateway.fetch(request_path).json()["target"] == expected


def test_redirect_and_direct_response(start):
    gateway = start({
        "moved": {"path_pattern": "/old/{rest*}", "redirect": {"url": "https://{host}/new/{rest}", "status": 301}},
        "robots": {"path_pattern": "/robots.txt", "response": {"body": "User-agent: *\n"}},
        "gone": {"path_pattern": "/gone", "response": {
            "status": 410, "content_type": "application/json", "body": '{"gone":true}'}},
    })
    moved = gateway.fetch("/old/a/b?q=1", host="shop.example")
    assert (moved.status, moved.headers.get("Location")) == (301, "https://shop.example/new/a/b?q=1")
    robots = gateway.fetch("/robots.txt")
    assert (robots.status, robots.body) == (200, b"User-agent: *\n")
    assert robots.headers.get("Content-Type") == "text/plain; charset=utf-8"
    gone = gateway.fetch("/gone")
    assert (gone.status, gone.headers.get("Content-Type"), gone.json()) == (410, "application/json", {"gone": True})


def test_real_server_and_real_client(start, nginx, tmp_path):
    """curl through the gateway to nginx: a compressed answer, a range, a conditional request, a missing file."""
    text = b"the quick brown fox\n" * 10_000
    (nginx.files / "fox.txt").write_bytes(text)
    gateway = start(
        {"files": {"path_pattern": "/*", "service_name": "nginx"}}, {"nginx": {"instances": [nginx.instance]}})
    base = "http://%s:%d" % gateway.address

    def curl(*arguments):
        return subprocess.run(["curl", "--silent", "--show-error", *arguments], capture_output=True, check=True).stdout

    assert curl("--compressed", f"{base}/fox.txt") == text
    assert curl("--range", "4-8", f"{base}/fox.txt") == b"quick"
    assert curl(f"{base}/who").decode().split()[1:3] == ["GET", "/who"]
    head = curl("--head", f"{base}/fox.txt").decode()
    assert f"Content-Length: {len(text)}" in head
    tag = re.search("ETag: (.*)\r", head)[1]
    assert curl("--output", "/dev/null", "--write-out", "%{http_code}", "--header", f"If-None-Match: {tag}",
                f"{base}/fox.txt") == b"304"
    assert curl("--output", "/dev/null", "--write-out", "%{http_code}", f"{base}/none") == b"404"


def test_stale_upstream_connection_is_noticed(proxy):
    """An instance that closed its idle connections costs no error."""
    gateway, behind = proxy(workers=1)
    with gateway.connect() as connection:
        for _ in range(20):
            assert connection.request("GET", "/").status == 200
            behind.drop_connections()


def test_client_that_resets_frees_the_instance(proxy):
    """Nobody is left to answer, so the instance sees its connection close."""
    gone = threading.Event()

    def answer(request):
        request.connection.settimeout(20)
        try:
            if request.connection.recv(1) == b"":
                gone.set()
        except ConnectionResetError:
            gone.set()
        return None

    gateway, behind = proxy(answer)
    connection = gateway.connect()
    connection.send_request("GET", "/slow")
    eventually(lambda: behind.requests, "the request reaches the instance")
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    eventually(gone.is_set, "the instance sees the end")
    assert gateway.fetch("/health").status == 200


def test_client_that_ends_its_sending_side_gets_its_answer(proxy):
    release = threading.Event()

    def answer(_):
        release.wait(20)
        return make_response(body=b"still here")

    gateway, behind = proxy(answer)
    with gateway.connect() as connection:
        connection.send_request("GET", "/slow")
        connection.socket.shutdown(socket.SHUT_WR)
        eventually(lambda: behind.requests, "the request reaches the instance")
        release.set()
        assert connection.read_response().body == b"still here"
        assert connection.is_closed()


def test_connections_and_descriptors_come_back(proxy):
    gateway, _ = proxy()
    gateway.fetch("/")
    before = gateway.descriptors()
    clients = [gateway.connect() for _ in range(200)]
    for client in clients:
        assert client.request("GET", "/").status == 200
    for client in clients:
        client.close()
    # The pools may have grown by a connection or two.
    eventually(lambda: gateway.descriptors() <= before + 8, "the clients' descriptors come back")
    assert exchange(gateway.address, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").status == 200


def test_idle_client_is_let_go(proxy):
    gateway, _ = proxy(gateway={"idle_timeout": "300ms"})
    with Connection(gateway.address) as connection:
        assert connection.request("GET", "/").status == 200
        assert connection.is_closed()
