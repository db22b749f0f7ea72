"""Errors of the gateway's own: one envelope, one code for each blame, never an empty or an HTML answer."""

import pytest

from harness.wire import exchange, make_response

HOST = b"Host: a\r\n"


def check_error(answer, status, code):
    assert answer.status == status, answer
    assert answer.headers.get("Content-Type") == "application/json"
    assert answer.headers.get("X-Request-Id")
    envelope = answer.json()
    assert list(envelope) == ["code", "message", "data"]
    assert envelope["code"] == code
    assert envelope["message"] and envelope["data"] is None


@pytest.fixture
def gateway(proxy):
    return proxy(route={"path_pattern": "/api/*", "method": ["GET", "POST"]})[0]


def test_no_route(gateway):
    check_error(gateway.fetch("/nowhere"), 404, "F40400")


def test_no_route_for_head_has_no_body(gateway):
    with gateway.connect() as connection:
        answer = connection.request("HEAD", "/nowhere")
        assert (answer.status, answer.body) == (404, b"")
        assert connection.request("GET", "/api/x").status == 200


def test_options_of_the_server_as_a_whole(gateway):
    """RFC 9110 section 9.3.7: `*` asks what the server can do, and is no path that a route could take."""
    answer = gateway.fetch("*", method="OPTIONS")
    assert answer.status == 204 and answer.body == b""
    allowed = answer.headers.get("Allow").split(", ")
    assert "OPTIONS" in allowed and "GET" in allowed and not {"TRACE", "CONNECT"} & set(allowed)
    assert "Content-Length" not in answer.headers


def test_method_not_allowed_names_the_methods(gateway):
    answer = gateway.fetch("/api/x", "DELETE")
    check_error(answer, 405, "F40500")
    assert sorted(answer.headers.get("Allow").replace(" ", "").split(",")) == ["GET", "HEAD", "POST"]


def test_connection_survives_an_error_without_a_fault(gateway):
    with gateway.connect() as connection:
        check_error(connection.request("GET", "/nowhere"), 404, "F40400")
        check_error(connection.request("POST", "/nowhere", body=b"x" * 5_000), 404, "F40400")
        assert connection.request("GET", "/api/x").status == 200


MALFORMED = {
    "no method": b" /api HTTP/1.1\r\n" + HOST + b"\r\n",
    "two spaces": b"GET  /api HTTP/1.1\r\n" + HOST + b"\r\n",
    "no host": b"GET /api HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /api HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "bad host": b"GET /api HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "space before the colon": b"GET /api HTTP/1.1\r\n" + HOST + b"X : 1\r\n\r\n",
    "folded line": b"GET /api HTTP/1.1\r\n" + HOST + b"X: 1\r\n 2\r\n\r\n",
    "NUL in a value": b"GET /api HTTP/1.1\r\n" + HOST + b"X: 1\x002\r\n\r\n",
    "bare LF": b"GET /api HTTP/1.1\n" + HOST + b"\n",
    "two lengths": b"POST /api HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "signed length": b"POST /api HTTP/1.1\r\n" + HOST + b"Content-Length: +1\r\n\r\na",
    "length and coding":
        b"POST /api HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunk size": b"POST /api HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "huge chunk": b"POST /api HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n",
    "climb above the root": b"GET /api/../../x HTTP/1.1\r\n" + HOST + b"\r\n",
    "encoded slash": b"GET /api/a%2fb HTTP/1.1\r\n" + HOST + b"\r\n",
    "broken encoding": b"GET /api/%zz HTTP/1.1\r\n" + HOST + b"\r\n",
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_malformed_request(gateway, fault):
    answer = exchange(gateway.address, MALFORMED[fault])
    check_error(answer, 400, "F40000")
    assert answer.headers.get("Connection") == "close"
    assert gateway.fetch("/api/x").status == 200


@pytest.mark.parametrize("request_line, extra", [
    (b"TRACE /api HTTP/1.1", b""), (b"CONNECT a:443 HTTP/1.1", b""),
    (b"GET /api HTTP/2.0", b""), (b"POST /api HTTP/1.1", b"Transfer-Encoding: gzip\r\n"),
])
def test_unsupported(gateway, request_line, extra):
    answer = exchange(gateway.address, request_line + b"\r\n" + HOST + extra + b"\r\n")
    assert answer.status in (400, 405, 501, 505)
    assert answer.json()["code"].startswith(f"F{answer.status}")


def test_target_too_long(gateway):
    check_error(gateway.fetch("/api/" + "x" * 9_000), 414, "F41400")


@pytest.mark.parametrize("headers", [
    [("X-Large", "v" * 20_000)], [(f"X-{number}", "v") for number in range(150)],
    [(f"X-{number}", "v" * 1_000) for number in range(40)],
])
def test_head_too_large(gateway, headers):
    check_error(gateway.fetch("/api/x", headers=headers), 431, "F43100")


def test_refused_upstream(start, dead_upstream):
    gateway = start({"all": {"path_pattern": "/*", "service_name": "dead"}},
                    {"dead": {"instances": [dead_upstream.instance]}})
    with gateway.connect() as connection:
        check_error(connection.request("GET", "/"), 503, "F50300")
        check_error(connection.request("POST", "/", body=b"x" * 100_000), 503, "F50300")


def hang_up(_):
    return None


ANSWERS = {
    "hangs up": hang_up,
    "no HTTP": lambda _: b"hello, this is another protocol\r\n\r\n",
    "short of HTTP": lambda _: b"hello\r\n\r\n",
    "two lengths": lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and coding": lambda _: make_response(
        headers=[("Content-Length", "5"), ("Transfer-Encoding", "chunked")], body=b"0\r\n\r\n"),
    "half a head": lambda request: setattr(request, "keep", False) or b"HTTP/1.1 200 OK\r\nConte",
    "huge head": lambda _: make_response(headers=[("X", "v" * 100_000)]),
}


@pytest.mark.parametrize("fault", ANSWERS)
def test_bad_answer_of_the_instance(proxy, fault):
    gateway, _ = proxy(ANSWERS[fault])
    check_error(gateway.fetch("/"), 502, "F50200")
    check_error(gateway.fetch("/", "POST", body=b"once"), 502, "F50200")


def test_post_is_not_sent_twice(proxy):
    """An instance that took a request and hung up may have acted on it."""
    gateway, behind = proxy(hang_up)
    check_error(gateway.fetch("/", "POST", body=b"once"), 502, "F50200")
    assert len(behind.requests) == 1


def test_answer_cut_short_is_cut_for_the_client_too(proxy):
    """Half a body must not look whole."""

    def answer(request):
        request.keep = False
        return b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"

    gateway, _ = proxy(answer)
    with pytest.raises((EOFError, ConnectionResetError)):
        gateway.fetch("/")


def test_chunked_answer_cut_short_is_cut_for_the_client_too(proxy):
    def answer(request):
        request.keep = False
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"

    gateway, _ = proxy(answer)
    with pytest.raises((EOFError, ConnectionResetError)):
        gateway.fetch("/")


def test_request_id_of_the_client_is_in_the_error(gateway):
    assert gateway.fetch("/nowhere", headers=[("X-Request-Id", "mine-1")]).headers.get("X-Request-Id") == "mine-1"
