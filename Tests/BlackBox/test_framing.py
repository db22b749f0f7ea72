"""What is ambiguous is refused whole: one 4xx, the end of the connection, and nothing of it at an instance."""

import pytest

from harness.polling import eventually
from harness.wire import Connection, make_response

HOST = b"Host: a\r\n"
# A second request, which is only seen by somebody who reads the first one otherwise.
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"


def post(*fields, body=b""):
    return b"POST / HTTP/1.1\r\n" + HOST + b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


HEADS = {
    # RFC 9112 §6.3: the length of a message is said once.
    "6.3 length and coding": post(b"Content-Length: 4", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
    "6.3 coding and length": post(b"Transfer-Encoding: chunked", b"Content-Length: 4", body=b"0\r\n\r\n"),
    "6.3 two lengths": post(b"Content-Length: 0", b"Content-Length: 44"),
    "6.3 the same length twice": post(b"Content-Length: 0", b"Content-Length: 0"),
    "6.3 a list of lengths": post(b"Content-Length: 0, 44"),
    "8.6 a sign": post(b"Content-Length: +0"),
    "8.6 a leading zero": post(b"Content-Length: 00"),
    "8.6 a fraction": post(b"Content-Length: 0.0"),
    "8.6 hexadecimal": post(b"Content-Length: 0x0"),
    "8.6 more than any integer": post(b"Content-Length: 18446744073709551616"),
    "8.6 nothing": post(b"Content-Length: "),
    # RFC 9112 §6.1: one coding, spelled as it is.
    "6.1 identity": post(b"Transfer-Encoding: identity"),
    "6.1 a coding before": post(b"Transfer-Encoding: gzip, chunked"),
    "6.1 a coding behind": post(b"Transfer-Encoding: chunked, identity"),
    "6.1 twice": post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
    "6.1 quoted": post(b'Transfer-Encoding: "chunked"'),
    "6.1 a vertical tab": post(b"Transfer-Encoding: \x0bchunked"),
    "6.1 in HTTP/1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    # RFC 9112 §2.2 and §5: lines and names.
    "2.2 LF alone": b"GET / HTTP/1.1\nHost: a\n\n",
    "2.2 LF in a field": post(b"A: b\nContent-Length: 44"),
    "2.2 CR in a field": post(b"A: b\rContent-Length: 44"),
    "2.2 CR at the end of a value": post(b"A: b\r", b"C: d"),
    "2.2 a space before the first field": b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    "5.1 a space before the colon": post(b"Content-Length : 44"),
    "5.1 a tab before the colon": post(b"Transfer-Encoding\t: chunked"),
    "5.1 no name": post(b": b"),
    "5.2 folded": post(b"A: b", b" c"),
    "5.2 a folded coding": post(b"Transfer-Encoding:", b" chunked"),
    "5.6.2 a control in a name": post(b"Content\x00-Length: 44"),
    "5.6.2 a bracket in a name": post(b"[A]: b"),
    "5.5 NUL": post(b"A: \x00"),
    "5.5 a control": post(b"A: \x1b[0m"),
    "5.5 DEL": post(b"A: \x7f"),
    # RFC 9112 §3: the request line, the four forms of a target, the host.
    "3 no version": b"GET /\r\n" + HOST + b"\r\n",
    "3 a space in the target": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "3 another protocol": b"GET / ICAP/1.0\r\n" + HOST + b"\r\n",
    "3 lower case": b"GET / http/1.1\r\n" + HOST + b"\r\n",
    "3 two digits": b"GET / HTTP/1.10\r\n" + HOST + b"\r\n",
    "3.1 a method that is no token": b"G@T / HTTP/1.1\r\n" + HOST + b"\r\n",
    "3.2.1 no slash": b"GET users HTTP/1.1\r\n" + HOST + b"\r\n",
    "3.2.2 another scheme": b"GET ftp://a/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "3.2.2 user information": b"GET http://me@a/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "3.2.2 no host": b"GET http:///x HTTP/1.1\r\n" + HOST + b"\r\n",
    "3.2.3 authority form": b"GET a:80 HTTP/1.1\r\n" + HOST + b"\r\n",
    "3.2.4 an asterisk for GET": b"GET * HTTP/1.1\r\n" + HOST + b"\r\n",
    "3.2 a fragment": b"GET /#a HTTP/1.1\r\n" + HOST + b"\r\n",
    "3.2 no host": b"GET / HTTP/1.1\r\n\r\n",
    "3.2 two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    "3.2 a path in the host": b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "3.2 a bad host beside an absolute target": b"GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n",
    "3.2 two hosts in one": b"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
    # RFC 9110 §9.3.6, §9.3.8.
    "9.3.6 CONNECT": b"CONNECT a:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "9.3.8 TRACE": b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n",
    "10.1.1 an unknown expectation": post(b"Expect: 200-ok"),
}

CHUNKS = {
    # RFC 9112 §7.1.
    "a size that overflows": b"10000000000000000\r\n",
    "a negative size": b"-1\r\n",
    "a prefix": b"0x1\r\na\r\n0\r\n\r\n",
    "a space": b"1 \r\na\r\n0\r\n\r\n",
    "LF alone": b"1\na\r\n0\r\n\r\n",
    "more data than said": b"1\r\nab\r\n0\r\n\r\n",
    "a control in an extension": b"1;\x01\r\na\r\n0\r\n\r\n",
    "endless extensions": b"1;" + b"a" * 9_000 + b"\r\n",
    "a folded trailer": b"0\r\nA: b\r\n c\r\n\r\n",
    "a trailer without a colon": b"0\r\nA\r\n\r\n",
    "endless trailers": b"0\r\n" + b"A: b\r\n" * 3_000 + b"\r\n",
    "LF at the end": b"0\r\n\n",
}


@pytest.fixture
def refusing(proxy):
    """Sends bytes with a smuggled request behind them; the one answer must be an error and the last."""
    gateway, behind = proxy()

    def send(raw):
        with Connection(gateway.address) as connection:
            connection.send(raw + SMUGGLED)
            answer = connection.read_response()
            assert 400 <= answer.status < 600 and answer.status != 500, answer
            assert answer.json()["code"].startswith(f"F{answer.status}")
            assert answer.headers.get("Connection") == "close"
            assert connection.is_closed(), "the connection goes on behind an ambiguous message"
        return behind

    return send


@pytest.mark.parametrize("rule", HEADS)
def test_heads_that_are_refused(refusing, rule):
    assert refusing(HEADS[rule]).requests == []


@pytest.mark.parametrize("rule", CHUNKS)
def test_chunks_that_are_refused(refusing, rule):
    """The head may be at the instance already, but no whole request and nothing behind it."""
    behind = refusing(CHUNKED + CHUNKS[rule])
    assert all(request.target == "/" for request in behind.requests)
    eventually(lambda: all(request.connection.fileno() < 0 for request in behind.requests), "its connection ends")


def test_what_is_forwarded_is_written_anew(proxy):
    """Odd but clear spellings reach the instance in one form only."""
    gateway, behind = proxy()
    with gateway.connect() as connection:
        connection.send(
            b"\r\nPOST http://B.example:80/a/%7e/../c?q HTTP/1.1\r\nhost:\t a \r\nX-ODD:b\t \r\ntransfer-encoding:ChunkeD"
            b"\r\n\r\n0003;x=y\r\nabc\r\n00\r\n\r\n")
        assert connection.read_response().status == 200
    request = behind.requests[0]
    assert (request.method, request.target) == ("POST", "/a/c?q")
    assert request.headers.all("Host") == ["B.example:80"] and request.headers.get("X-ODD") == "b"
    assert request.headers.all("Transfer-Encoding") == ["chunked"]


SPELLINGS = [
    "/admin/x", "//admin/x", "/./admin/x", "/a/../admin/x", "/%61dmin/x", "/admin//x", "/admin/./x", "/a/%2e%2e/admin/x",
    "/%2e/admin/x", "/a/.%2E/admin/x", "/admin%2fx", "/admin%2Fx", "/admin%5cx", "/admin\\x", "/%2fadmin/x", "/..%2fadmin/x",
    "/a/..%5cadmin/x", "/a/..;/admin/x", "/admin;a=b/x", "/admin/%78", "/admin%00/x", "http://a/admin/x", "http://a//admin/x",
    "/admin/x?", "/admin/x?/../y", "/%25%36%31dmin/x", "/%c0%afadmin/x", "/admin%20/x", "/ADMIN/x",
]


def test_no_spelling_reaches_around_a_route(start, upstream):
    """What the instance sees is never under /admin by any reading that a server might have."""
    behind = upstream()
    gateway = start(
        {"admin": {"path_pattern": "/admin/*", "response": {"status": 403, "body": "no"}},
         "all": {"path_pattern": "/*", "service_name": "svc", "encoded_slashes": "keep"}},
        {"svc": {"instances": [behind.instance]}})
    for spelling in SPELLINGS:
        with gateway.connect() as connection:
            connection.send(f"GET {spelling} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            assert connection.read_response().status in (200, 400, 403), spelling
    for request in behind.requests:
        path = request.target.split("?")[0]
        assert not path.startswith("/admin/") and "/../" not in path and "//" not in path, path
    reached = sorted(request.target for request in behind.requests)
    # Other paths by every standard: a parameter, an encoded percent sign, kept slashes, a space, capitals.
    assert reached == [
        "/%2561dmin/x", "/%2Fadmin/x", "/%C0%AFadmin/x",
        "/ADMIN/x", "/admin%20/x", "/admin%2Fx", "/admin%2Fx", "/admin%5Cx", "/admin;a=b/x"]


def test_raw_paths(proxy):
    """An instance that wants the client's spelling gets it, without dot segments."""
    gateway, behind = proxy(route={"path_pattern": "/*", "raw_path": True, "encoded_slashes": "keep"})
    for target in ["/%7Eme//x%2fy?q=%41", "/a%41"]:
        assert gateway.fetch(target).status == 200
        assert behind.requests[-1].target == target
    for target in ["/a/../b", "/a/%2e/b", "/a%2f..%2fb"]:
        assert gateway.fetch(target).status == 400


ANSWERS = {
    "6.3 two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "6.3 length and coding": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "6.1 another coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    "4 a status of two digits": b"HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
    "4 a status of four digits": b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    "4 another version": b"HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "4 a control in the reason": b"HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n",
    "2.2 LF alone": b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
    "5.1 a space before the colon": b"HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n",
    "5.2 folded": b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n",
    "5.5 NUL": b"HTTP/1.1 200 OK\r\nA: \x00\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("rule", ANSWERS)
def test_answers_that_are_refused(proxy, rule):
    gateway, _ = proxy(lambda _: ANSWERS[rule])
    answer = gateway.fetch("/")
    assert answer.status == 502 and answer.json()["code"] == "F50200"


def test_a_chunked_answer_that_turns_bad_is_cut_off(proxy):
    gateway, _ = proxy(
        lambda _: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n")
    with pytest.raises((EOFError, ConnectionResetError)):
        gateway.fetch("/")


def test_a_reset_content_has_none(proxy):
    """RFC 9110 §15.3.6."""
    gateway, _ = proxy(lambda _: make_response(205, headers=[("Content-Length", "0")]))
    with gateway.connect() as connection:
        for _ in range(2):
            answer = connection.request("GET", "/")
            assert (answer.status, answer.body, answer.headers.get("Content-Length")) == (205, b"", "0")
