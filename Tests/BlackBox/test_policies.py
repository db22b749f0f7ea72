"""Who may call by address and origin, and what becomes of header fields."""

import json
import socket

import pytest

from harness.polling import eventually
from harness.wire import Connection, make_response
from test_errors import check_error
from test_proxying import seen_headers

LOOPBACK = ["127.0.0.0/8"]


@pytest.fixture
def clients(tmp_path):
    """The clients of the access log, in order, once there are so many."""

    def read(count):
        lines = [json.loads(line) for line in (tmp_path / "access.log").read_text().splitlines()]
        return len(lines) >= count and [line["client"] for line in lines]

    return lambda count: eventually(lambda: read(count), f"{count} lines in the access log")


@pytest.fixture
def logged(proxy, tmp_path):
    """A gateway with an access log in a file, and its upstream."""

    def make(gateway=None, **options):
        return proxy(gateway={"access_log": {"path": str(tmp_path / "access.log")}} | (gateway or {}), **options)

    return make


def listening(**options):
    return {"listeners": {"public": {"host": "127.0.0.1", "port": 0} | options}}


# Clients behind proxies.


def test_what_a_client_claims_of_itself_is_not_passed_on(logged, clients):
    gateway, behind = logged()
    claims = [("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "other.example"),
              ("X-Forwarded-Port", "1")]
    assert gateway.fetch("/", headers=claims, host="shop.example").status == 200
    seen = seen_headers(behind)
    assert seen.all("X-Forwarded-For") == ["127.0.0.1"]
    assert seen.all("X-Forwarded-Proto") == ["http"]
    assert seen.all("X-Forwarded-Host") == ["shop.example"]
    assert seen.all("X-Forwarded-Port") == [str(gateway.address[1])]
    assert clients(1)[-1] == "127.0.0.1"


def test_what_a_trusted_proxy_says_is_passed_on(logged, clients):
    gateway, behind = logged(gateway={"trusted_proxies": LOOPBACK})
    claims = [("X-Forwarded-For", "203.0.113.7, 192.0.2.1"), ("X-Forwarded-Proto", "https"),
              ("X-Forwarded-Host", "shop.example"), ("X-Forwarded-Port", "443")]
    assert gateway.fetch("/", headers=claims).status == 200
    seen = seen_headers(behind)
    assert seen.get("X-Forwarded-For") == "203.0.113.7, 192.0.2.1, 127.0.0.1"
    assert seen.get("X-Forwarded-Proto") == "https"
    assert seen.get("X-Forwarded-Host") == "shop.example"
    assert seen.get("X-Forwarded-Port") == "443"
    assert clients(1)[-1] == "192.0.2.1"


def test_forwarded_of_a_trusted_proxy(logged, clients):
    gateway, behind = logged(gateway={
        "trusted_proxies": LOOPBACK, "client_address": "forwarded", "forwarding": {"forwarded": True}})
    claims = [("Forwarded", 'for="[2001:db8::7]:4711"'), ("X-Forwarded-For", "192.0.2.66")]
    assert gateway.fetch("/", headers=claims).status == 200
    assert seen_headers(behind).get("Forwarded").startswith('for="[2001:db8::7]:4711", for=127.0.0.1;')
    assert clients(1)[-1] == "2001:db8::7"


# The PROXY protocol.


def version_two(address, port):
    source = socket.inet_aton(address) + socket.inet_aton("127.0.0.1")
    ports = port.to_bytes(2, "big") + (80).to_bytes(2, "big")
    return b"\r\n\r\n\0\r\nQUIT\n" + b"\x21\x11" + len(source + ports).to_bytes(2, "big") + source + ports


@pytest.mark.parametrize("header", [
    b"PROXY TCP4 192.0.2.1 127.0.0.1 4711 80\r\n", version_two("192.0.2.1", 4711)])
def test_proxy_protocol(logged, clients, header):
    gateway, behind = logged(gateway={"trusted_proxies": LOOPBACK} | listening(proxy_protocol=True))
    request = b"GET /a HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.1\r\n\r\n"
    for cut in (0, 5, len(header) - 1, len(header), len(header) + 3):
        with gateway.connect() as connection:
            whole = header + request
            connection.send(whole[:cut])
            connection.send(whole[cut:])
            assert connection.read_response().status == 200
            # The connection keeps its client.
            assert connection.request("GET", "/b").status == 200
    assert set(clients(10)) == {"192.0.2.1"}
    # The client is no trusted proxy, so what it says of itself is dropped.
    assert seen_headers(behind).get("X-Forwarded-For") == "192.0.2.1"


def test_a_proxy_that_speaks_for_itself(logged, clients):
    gateway, _ = logged(gateway={"trusted_proxies": LOOPBACK} | listening(proxy_protocol=True))
    with gateway.connect() as connection:
        connection.send(b"PROXY UNKNOWN\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert connection.read_response().status == 200
    assert clients(1)[-1] == "127.0.0.1"


def test_a_connection_without_the_protocol_is_refused(proxy):
    gateway, behind = proxy(gateway={"trusted_proxies": LOOPBACK} | listening(proxy_protocol=True))
    with gateway.connect() as connection:
        connection.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        check_error(connection.read_response(), 400, "F40000")
        assert connection.is_closed()
    assert not behind.requests


def test_only_trusted_proxies_may_introduce_clients(proxy):
    address = {"host": "127.0.0.1", "port": 0}
    gateway, behind = proxy(gateway={
        "trusted_proxies": ["10.0.0.0/8"],
        "listeners": {"public": address, "proxied": address | {"proxy_protocol": True}}})
    with Connection(gateway.listener("proxied")) as connection:
        check_error(connection.read_response(), 403, "F40301")
        assert connection.is_closed()
    assert not behind.requests
    assert gateway.metric("gateway_connections_refused_total", limit="trusted_proxies") == 1


def test_connections_per_client_count_the_client_behind_the_proxy(proxy):
    options = listening(proxy_protocol=True, max_connections_per_client=1)
    gateway, _ = proxy(gateway={"trusted_proxies": LOOPBACK} | options)
    request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    with gateway.connect() as one, gateway.connect() as two, gateway.connect() as third:
        one.send(b"PROXY TCP4 192.0.2.1 127.0.0.1 1 80\r\n" + request)
        assert one.read_response().status == 200
        two.send(b"PROXY TCP4 192.0.2.2 127.0.0.1 1 80\r\n" + request)
        assert two.read_response().status == 200
        third.send(b"PROXY TCP4 192.0.2.1 127.0.0.1 2 80\r\n" + request)
        check_error(third.read_response(), 429, "F42901")


# Addresses.


def test_ip_rules(proxy):
    gateway, behind = proxy(
        gateway={"trusted_proxies": LOOPBACK},
        route={"ip_allow": ["192.0.2.0/24", "2001:db8::/32"], "ip_deny": ["192.0.2.66"]})

    def ask(client):
        return gateway.fetch("/", headers=[("X-Forwarded-For", client)])

    for client in ("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"):
        assert ask(client).status == 200, client
    for client in ("192.0.2.66", "::ffff:192.0.2.66", "203.0.113.1", "2001:db9::1"):
        check_error(ask(client), 403, "F40301")
    # Nobody gets further by leaving the field out.
    check_error(gateway.fetch("/"), 403, "F40301")
    assert len(behind.requests) == 3


def test_a_refused_body_is_not_forwarded(proxy):
    gateway, behind = proxy(route={"ip_deny": "127.0.0.1"})
    with gateway.connect() as connection:
        check_error(connection.request("POST", "/", body=b"x" * 1_000), 403, "F40301")
        check_error(connection.request("GET", "/"), 403, "F40301")
    assert not behind.requests


def test_heads_of_a_route(proxy):
    gateway, behind = proxy(route={"max_head_size": "512B"})
    with gateway.connect() as connection:
        assert connection.request("GET", "/", headers=[("X-Big", "x" * 300)]).status == 200
        check_error(connection.request("GET", "/", headers=[("X-Big", "x" * 600)]), 431, "F43100")
        # The message was understood, so the connection goes on.
        assert connection.request("GET", "/").status == 200
    assert len(behind.requests) == 2


# Pages of other origins (Fetch Standard, CORS protocol).

PAGE = "https://app.example.com"
CORS = {"origins": [PAGE, "https://*.example.org"], "credentials": True, "expose": ["x-id"], "max_age": "1h"}


def preflight(gateway, origin=PAGE, method="PUT", headers="x-a, x-b", target="/"):
    fields = [("Origin", origin), ("Access-Control-Request-Method", method)]
    if headers:
        fields.append(("Access-Control-Request-Headers", headers))
    return gateway.fetch(target, method="OPTIONS", headers=fields)


def vary(answer):
    return {name.strip().lower() for line in answer.headers.all("Vary") for name in line.split(",")}


def test_preflight(proxy):
    gateway, behind = proxy(route={"cors": CORS, "method": ["GET", "PUT"]})
    for origin in (PAGE, "https://a.b.example.org"):
        answer = preflight(gateway, origin)
        assert (answer.status, answer.body) == (204, b"")
        assert answer.headers.all("Access-Control-Allow-Origin") == [origin]
        assert answer.headers.all("Access-Control-Allow-Credentials") == ["true"]
        assert answer.headers.get("Access-Control-Allow-Methods") == "GET, PUT"
        assert answer.headers.get("Access-Control-Allow-Headers") == "x-a, x-b"
        assert answer.headers.get("Access-Control-Max-Age") == "3600"
        assert vary(answer) == {"origin", "access-control-request-method", "access-control-request-headers"}
    assert not behind.requests


@pytest.mark.parametrize("origin", [
    "https://app.example.com.evil.net", "http://app.example.com", "https://example.org", "null", "https://APP.example.com",
    "https://.example.org", "https://evil.net/.example.org", "https://evil.net?.example.org", "https://app.example.com:444"])
def test_preflight_of_another_origin(proxy, origin):
    gateway, behind = proxy(route={"cors": CORS})
    answer = preflight(gateway, origin)
    check_error(answer, 403, "F40302")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "origin" in vary(answer)
    assert not behind.requests


def test_a_preflight_elsewhere_is_the_services(proxy):
    gateway, behind = proxy()
    assert preflight(gateway).status == 200
    assert behind.requests[-1].method == "OPTIONS"


def test_a_preflight_is_about_the_route_of_its_method(start, upstream):
    behind = upstream()
    route = {"path_pattern": "/*", "service_name": "main"}
    gateway = start(
        services={"main": {"instances": [behind.instance]}},
        routes={"read": route | {"method": "GET", "cors": {"origins": "*"}}, "rest": route})
    answer = preflight(gateway, method="GET")
    assert (answer.status, answer.headers.get("Access-Control-Allow-Origin")) == (204, "*")
    assert "origin" not in vary(answer)
    assert preflight(gateway, method="PUT").status == 200
    assert len(behind.requests) == 1


def test_answers_to_pages(proxy):
    said = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "x"), ("Vary", "Accept")]
    gateway, _ = proxy(lambda _: make_response(headers=said, body=b"hello"), route={"cors": CORS})
    answer = gateway.fetch("/", headers=[("Origin", PAGE)])
    assert answer.status == 200
    assert answer.headers.all("Access-Control-Allow-Origin") == [PAGE]
    assert answer.headers.all("Access-Control-Allow-Credentials") == ["true"]
    assert answer.headers.get("Access-Control-Expose-Headers") == "x-id"
    assert "Access-Control-Allow-Methods" not in answer.headers
    assert vary(answer) == {"accept", "origin"}
    for headers in ([("Origin", "https://evil.net")], []):
        answer = gateway.fetch("/", headers=headers)
        assert answer.status == 200
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert vary(answer) == {"accept", "origin"}


def test_pages_can_read_errors(start, upstream):
    behind = upstream()
    behind.stop()
    gateway = start(
        services={"main": {"instances": [behind.instance]}},
        routes={"all": {"path_pattern": "/*", "service_name": "main", "cors": CORS}})
    answer = gateway.fetch("/", headers=[("Origin", PAGE)])
    check_error(answer, 502, "F50200") if answer.status == 502 else check_error(answer, 503, "F50300")
    assert answer.headers.all("Access-Control-Allow-Origin") == [PAGE]


# Header fields.


def test_request_fields(proxy):
    gateway, behind = proxy(route={
        "path_pattern": "/orders/{id}/*",
        "request_headers": {
            "set": {"x-order": "{id}-{method}", "x-tail": "{*}", "x-where": "{host} {client} {{}}", "x-id": "{request_id}"},
            "add": {"x-many": "last"}, "remove": ["x-debug", "Cookie"]}})
    sent = [("X-Order", "forged"), ("x-ORDER", "twice"), ("X-Many", "first"), ("X-DEBUG", "1"), ("Cookie", "a=b"),
            ("X-Other", "stays"), ("X-Request-Id", "abc")]
    assert gateway.fetch("/orders/a%20b/c/d", headers=sent, host="shop.example:81").status == 200
    seen = seen_headers(behind)
    assert seen.all("x-order") == ["a%20b-GET"]
    assert seen.all("x-tail") == ["c/d"]
    assert seen.all("x-where") == ["shop.example 127.0.0.1 {}"]
    assert seen.all("x-id") == ["abc"]
    assert seen.all("x-many") == ["first", "last"]
    assert seen.get("x-other") == "stays"
    assert "x-debug" not in seen and "cookie" not in seen


@pytest.mark.parametrize("forged", ["X_Order", "x-Order", "x_order"])
def test_nothing_passes_for_a_field_of_the_gateway(proxy, forged):
    """RFC 3875 §4.1.18: servers that make variables of names read `_` and `-` alike. RFC 9110 §6.5: trailers count."""
    trailers = []

    def answer(request):
        assert [request._stream.readline() for _ in range(3)] == [b"1\r\n", b"a\r\n", b"0\r\n"]
        trailers.extend(iter(request._stream.readline, b"\r\n"))
        request.was_read = True
        return make_response()

    gateway, behind = proxy(answer, route={"request_headers": {"set": {"x-order": "7"}, "remove": ["x-debug"]}})
    own = [("X_Forwarded_For", "192.0.2.1"), ("X-Forwarded_Host", "evil"), ("X_Request-Id", "1"), ("X_Debug", "1")]
    with gateway.connect() as connection:
        connection.send_request("POST", "/", headers=[(forged, "8"), ("Transfer-Encoding", "chunked"), *own])
        connection.send(b"1\r\na\r\n0\r\n%s: 9\r\nX-Kept: 1\r\nX_Debug: 1\r\n\r\n" % forged.encode())
        assert connection.read_response().status == 200
    seen = seen_headers(behind)
    names = [name for name, _ in seen.fields]
    assert seen.all("x-order") == ["7"]
    assert not [name for name in names if "_" in name]
    assert "x-debug" not in [name.lower() for name in names]
    assert trailers == [b"X-Kept: 1\r\n"]


def test_a_field_without_its_part_is_left_out(proxy):
    gateway, behind = proxy(route={
        "path_pattern": "/a/*", "request_headers": {"set": {"x-tail": "{*}", "x-user": "{claims.sub}", "x-last": "1"}}})
    forged = [("X-User", "root"), ("X-Tail", "forged")]
    assert gateway.fetch("/a", headers=forged).status == 200
    seen = seen_headers(behind)
    assert "x-user" not in seen and "x-tail" not in seen
    assert seen.get("x-last") == "1"


def test_a_head_that_rules_make_too_large_is_refused(proxy):
    rules = {f"x-{number}": "{id}{id}{id}{id}" for number in range(8)}
    gateway, behind = proxy(route={"path_pattern": "/{id}", "request_headers": {"set": rules}})
    assert gateway.fetch("/" + "a" * 100).status == 200
    check_error(gateway.fetch("/" + "a" * 8_000), 431, "F43100")
    assert len(behind.requests) == 1


def test_response_fields(proxy):
    said = [("Server", "origin"), ("X-Powered-By", "php"), ("Cache-Control", "public"), ("X-Kept", "1")]
    gateway, _ = proxy(lambda _: make_response(headers=said, body=b"hello"), route={
        "response_headers": {
            "set": {"cache-control": "no-store", "x-new": "{{literal}}"}, "add": {"x-kept": "2"},
            "remove": ["server", "x-powered-by"]}})
    answer = gateway.fetch("/")
    assert answer.body == b"hello"
    assert answer.headers.all("Cache-Control") == ["no-store"]
    assert answer.headers.all("X-New") == ["{literal}"]
    assert answer.headers.all("X-Kept") == ["1", "2"]
    assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers


def test_security_fields(start, upstream):
    behind = upstream(lambda _: make_response(headers=[("X-Frame-Options", "SAMEORIGIN")], body=b"page"))
    route = {"path_pattern": "/*", "service_name": "main"}
    gateway = start(
        gateway={"defaults": {"security_headers": True}},
        services={"main": {"instances": [behind.instance]}},
        routes={"pages": route, "own": {"path_pattern": "/own", "response": {"body": "hi"}},
                "raw": {"path_pattern": "/raw", "service_name": "main", "security_headers": False}})
    page = gateway.fetch("/").headers
    # What the service says of itself stays.
    assert page.all("X-Frame-Options") == ["SAMEORIGIN"]
    assert page.all("X-Content-Type-Options") == ["nosniff"]
    assert page.all("Referrer-Policy") == ["no-referrer"]
    assert page.all("Cross-Origin-Opener-Policy") == ["same-origin"]
    assert gateway.fetch("/own").headers.all("X-Frame-Options") == ["DENY"]
    assert "X-Content-Type-Options" not in gateway.fetch("/raw").headers


def test_policies_change_with_a_reload(proxy):
    gateway, _ = proxy(route={"ip_deny": "127.0.0.1"})
    with gateway.connect() as connection:
        check_error(connection.request("GET", "/"), 403, "F40301")
        before = gateway.revision()
        gateway.config.write("routes.yaml", {"routes": {"all": {"path_pattern": "/*", "service_name": "main"}}})
        gateway.await_revision(before)
        assert connection.request("GET", "/").status == 200
