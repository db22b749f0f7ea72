"""What a caller may do, asked before it is tried: POST /permissions/check, GET /permissions/me and their like."""

import json
import time
from collections import Counter
from random import Random

import httpx
import jwt
import pytest

from harness.polling import eventually
from harness.wire import Connection, fetch

SECRET = "0123456789abcdef" * 4
AUTH = {"auth": {"staff": {"jwt": {"algorithms": ["HS256"], "secret": {"env": "SECRET"}}}}}
RULES = {"permissions": {
    "clerks": {"to": {"roles": ["clerk"]}, "grants": ["orders:read"]},
    "own": {"grants": ["orders:write"], "when": "claims.tenant == path.tenant"},
    "suspended": {"effect": "deny", "to": {"groups": ["suspended"]}},
    "vault": {"effect": "deny", "on": {"routes": ["vault"]}, "when": 'header.x-seal != "wax"'},
}}
ROUTES = {
    "read": {"path_pattern": "/{tenant}/orders/*", "service_name": "s", "method": ["GET"],
             "permissions": ["orders:read"]},
    "write": {"path_pattern": "/{tenant}/orders/*", "service_name": "s", "method": ["POST"],
              "permissions": ["orders:read", "orders:write"]},
    "vault": {"path_pattern": "/vault", "service_name": "s", "requires_auth": True},
    "free": {"path_pattern": "/free", "service_name": "s", "method": ["GET"]},
}


def bearer(**claims):
    content = {"sub": "ann", "exp": int(time.time()) + 600} | claims
    return [("Authorization", f"Bearer {jwt.encode(content, SECRET, 'HS256')}")]


@pytest.fixture
def asked(start, upstream_free):
    def make(gateway=None, rules=RULES):
        endpoints = {"endpoints": {"permissions": "/permissions"}}
        return start(
            ROUTES, services={"s": {"instances": [{"host": "127.0.0.1", "port": upstream_free}]}},
            gateway=endpoints | (gateway or {}), env={"SECRET": SECRET},
            files={"auth.yaml": AUTH, "rules.yaml": rules})

    return make


@pytest.fixture
def upstream_free():
    """A port that nobody listens on: whatever reaches for an instance fails."""
    return 1


def check(gateway, *checks, headers=(), **options):
    body = json.dumps({"checks": [{"method": c[0], "url": c[1]} if isinstance(c, tuple) else c for c in checks]})
    return gateway.fetch("/permissions/check", method="POST", headers=list(headers), body=body.encode(), **options)


def verdicts(answer):
    assert answer.status == 200, answer.body
    content = answer.json()
    assert content["code"] == "S10000"
    assert content["data"]["revision"] == 1
    return [(r["verdict"], r["reason"], r["missing"]) for r in content["data"]["results"]]


def test_each_request_gets_its_verdict(asked):
    gateway = asked()
    requests = [
        ("GET", "/acme/orders/1"), ("HEAD", "/acme/orders/1"), ("POST", "/acme/orders/1"), ("POST", "/globex/orders/1"),
        ("DELETE", "/acme/orders/1"), ("GET", "/nowhere"), ("GET", "/free"), ("GET", "/vault"),
        {"method": "GET", "url": "/vault", "headers": {"x-seal": "wax"}}, ("GET", "/%zz"),
        ("GET", "http://example.com/acme/orders/1?x=1"),
    ]
    answer = check(gateway, *requests, headers=bearer(roles=["clerk"], tenant="acme"))
    assert verdicts(answer) == [
        ("allow", "allowed", []), ("allow", "allowed", []), ("allow", "allowed", []),
        ("deny", "permission_missing", ["orders:write"]), ("deny", "method_not_allowed", []), ("deny", "no_route", []),
        ("allow", "allowed", []), ("unknown", "input_missing", []), ("allow", "allowed", []),
        ("deny", "malformed", []), ("allow", "allowed", []),
    ]
    assert answer.json()["data"]["results"][7]["lacks"] == "header.x-seal"
    assert answer.headers.get("cache-control") == "no-store"
    assert verdicts(check(gateway, *requests[:2], headers=bearer())) == [
        ("deny", "permission_missing", ["orders:read"])] * 2
    denied = check(gateway, *requests[:1], headers=bearer(roles=["clerk"], groups=["suspended"]))
    assert verdicts(denied) == [("deny", "denied", [])]
    assert verdicts(check(gateway, *requests[:1], ("GET", "/free"))) == [
        ("deny", "unauthenticated", []), ("allow", "allowed", [])]


def test_names_of_rules_stay_inside(asked):
    gateway = asked()
    answer = check(gateway, ("GET", "/acme/orders/1"), headers=bearer(groups=["suspended"]))
    assert b"suspended" not in answer.body


def test_a_wrong_credential_is_refused(asked):
    gateway = asked()
    answer = check(gateway, ("GET", "/free"), headers=[("Authorization", "Bearer x.y.z")])
    assert answer.status == 401
    assert answer.json()["code"] == "F40100"


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"{}", b'{"checks": []}', b'{"checks": {}}', b'{"checks": [1]}', b'{"checks": [{"method": "GET"}]}',
    b'{"checks": [{"method": 1, "url": "/"}]}', b'{"checks": [{"method": "GET", "url": "/", "x": 1}]}',
    b'{"checks": [{"method": "GET", "url": "/a\\nb"}]}', b'{"checks": [{"method": "GET", "url": "/"}], "claims": {}}',
    b'{"checks": [{"method": "GET", "url": "/", "headers": {"a": 1}}]}', b"\xff\xfe", b"[" * 10_000,
    json.dumps({"checks": [{"method": "GET", "url": "/"}] * 101}).encode(),
])
def test_hostile_bodies_are_refused(asked, body):
    gateway = asked()
    answer = gateway.fetch("/permissions/check", method="POST", body=body)
    assert answer.status == 400, answer.body
    assert answer.json()["code"] == "F40000"
    assert gateway.fetch("/health").status == 200


def test_large_bodies_are_refused(asked):
    gateway = asked()
    answer = gateway.fetch("/permissions/check", method="POST", body=b" " * 70_000)
    assert answer.status == 413
    chunks = b"".join(b"1000\r\n" + b" " * 4096 + b"\r\n" for _ in range(20)) + b"0\r\n\r\n"
    with Connection(gateway.address) as client:
        client.send(b"POST /permissions/check HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
        assert client.read_response().status == 413


def test_bodies_come_in_pieces(asked):
    gateway = asked()
    body = b'{"checks": [{"method": "GET", "url": "/free"}]}'
    head = b"POST /permissions/check HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body)
    with Connection(gateway.address) as client:
        for _ in range(2):
            client.send(head)
            for index in range(0, len(body), 7):
                client.send(body[index:index + 7])
                time.sleep(0.002)
            assert client.read_response().status == 200
        chunked = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 9]), body[i:i + 9]) for i in range(0, len(body), 9))
        client.send(b"POST /permissions/check HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunked + b"0\r\n\r\n")
        assert client.read_response().status == 200


def test_a_body_may_wait_to_be_asked_for(asked):
    """RFC 9110 §10.1.1"""
    gateway = asked()
    body = b'{"checks": [{"method": "GET", "url": "/free"}]}'
    with Connection(gateway.address) as client:
        client.send(b"POST /permissions/check HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(body))
        assert client.read_head()[0] == 100
        client.send(body)
        assert client.read_response().status == 200


def test_a_body_that_never_comes_is_given_up(asked):
    gateway = asked(gateway={"listeners": {"public": {"host": "127.0.0.1", "port": 0, "body_timeout": "300ms"}}})
    head = b"POST /permissions/check HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{"
    with Connection(gateway.address) as client:
        client.send(head)
        assert client.read_response().status == 408
    with Connection(gateway.address) as client:
        client.send(head)
    assert gateway.fetch("/permissions/me").status == 200


def test_me_lists_routes_and_methods(asked):
    gateway = asked()
    answer = gateway.fetch("/permissions/me", headers=bearer(roles=["clerk"], tenant="acme"))
    assert answer.status == 200
    data = answer.json()["data"]
    rows = {(row["path"], tuple(row["methods"])): row["methods"] for row in data["routes"]}
    assert data["complete"] is False and data["subject"] == "ann"
    assert rows[("/{tenant}/orders/*", ("GET", "HEAD"))] == {"GET": "allow", "HEAD": "allow"}
    assert rows[("/{tenant}/orders/*", ("POST",))] == {"POST": "depends"}
    assert rows[("/free", ("GET", "HEAD"))] == {"GET": "allow", "HEAD": "allow"}
    assert rows[("/vault", ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))]["GET"] == "depends"
    nobody = gateway.fetch("/permissions/me").json()["data"]
    assert nobody["complete"] is True and nobody["subject"] is None
    suspended = gateway.fetch("/permissions/me", headers=bearer(roles=["clerk"], groups=["suspended"])).json()["data"]
    assert suspended["complete"] is True
    assert {v for row in suspended["routes"] if row["path"] != "/free" for v in row["methods"].values()} == {"deny"}


def test_me_knows_what_the_client_has(asked):
    gateway = asked()
    headers = bearer(roles=["clerk"])
    tag = gateway.fetch("/permissions/me", headers=headers).headers.get("etag")
    same = gateway.fetch("/permissions/me", headers=headers + [("If-None-Match", f'"x", W/{tag}')])
    assert same.status == 304 and same.body == b"" and same.headers.get("etag") == tag
    other = gateway.fetch("/permissions/me", headers=bearer(roles=[]) + [("If-None-Match", tag)])
    assert other.status == 200 and other.headers.get("etag") != tag
    gateway.config.write("rules.yaml", {"permissions": {"all": {"grants": ["*"]}}})
    eventually(lambda: gateway.fetch("/permissions/me", headers=headers + [("If-None-Match", tag)]).status == 200,
               "the new rules")


def test_nothing_is_answered_unless_asked_for(asked):
    gateway = asked(gateway={"endpoints": {}})
    assert gateway.fetch("/permissions/me").status == 404
    assert check(gateway, ("GET", "/free")).status == 404


def test_operators_ask_for_others(asked):
    gateway = asked(gateway={"admin": {"address": "127.0.0.1:0"}})
    admin = gateway.listener("admin")
    body = {"claims": {"sub": "ann", "groups": ["suspended"]}, "checks": [{"method": "GET", "url": "/acme/orders/1"}]}
    content = json.dumps(body).encode()
    assert fetch(admin, "/admin/permissions/check", method="POST", body=content).status == 401
    made = gateway.run("token", "--state", gateway.state)
    headers = [("Authorization", f"Bearer {made.stdout.strip()}")]
    answer = eventually(
        lambda: (lambda a: a if a.status == 200 else None)(
            fetch(admin, "/admin/permissions/check", method="POST", body=content, headers=headers)), "the secret")
    result = answer.json()["data"]["results"][0]
    assert (result["verdict"], result["reason"], result["route"]) == ("deny", "denied", "read")
    assert result["rule"]["name"] == "suspended"
    token = jwt.encode({"sub": "ann", "roles": ["clerk"]}, "any other key at all, of any length", "HS256")
    for content, status in [
        ({"token": token, "client": "10.0.0.1"}, 200), ({"token": token, "claims": {}}, 400), ({"token": "x"}, 400),
        ({"claims": {}, "scheme": "none"}, 400), ({"claims": {}, "client": "x"}, 400), ({"claims": []}, 400),
    ]:
        content["checks"] = body["checks"]
        answer = fetch(admin, "/admin/permissions/check", method="POST", body=json.dumps(content).encode(),
                       headers=headers)
        assert answer.status == status, content
        if status == 200:
            assert answer.json()["data"]["results"][0]["verdict"] == "allow"


NAMES = ["orders:read", "orders:write", "pay:all"]


def drawn(random):
    """Routes and rules by chance."""
    routes = {}
    for index in range(10):
        route = {"path_pattern": ["/a", "/a/*", "/{tenant}/b", "/c/*", "/*"][index % 5], "response": {"status": 204}}
        route |= random.choice([{}, {"method": ["GET"]}, {"method": ["POST", "DELETE"]}])
        if index >= 5:
            route |= random.choice([{"host": "h.test"}, {"headers": {"x-seal": "wax"}}, {"query": {"q": "1"}}])
        route |= random.choice([
            {}, {"requires_auth": True}, {"permissions": random.sample(NAMES, 1)},
            {"permissions": random.sample(NAMES, 2)},
            {"permissions": random.sample(NAMES, 1), "auth": {"schemes": ["staff"], "optional": True}},
        ])
        route |= random.choice([{}, {}, {"ip_deny": ["127.0.0.0/8"]}, {"ip_allow": ["127.0.0.1"]}])
        routes[f"r{index}"] = route
    rules = {}
    for index in range(6):
        rule = random.choice([{"effect": "deny"}] + [{"grants": random.sample(NAMES, 2)}] * 3)
        rule = rule | random.choice([{"to": {"roles": ["clerk"]}}, {"to": {"groups": ["g"]}}, {}, {}])
        when = random.choice([
            None, None, "claims.n > 3", 'header.x-seal == "wax"', 'method == "GET"', "client in 127.0.0.0/8",
            'path starts_with "/a"', 'query.q == "1" || has(claims.n)', 'host == "h.test"', '!("clerk" in roles)',
        ])
        rule |= {"when": when} if when else {"on": {"paths": [random.choice(["/a/*", "/c/*"])]}}
        rule |= random.choice([{}, {}, {"mode": "observe"}])
        rules[f"p{index}"] = rule
    return routes, rules


@pytest.mark.parametrize("seed", range(8))
def test_checks_agree_with_traffic(start, seed):
    random = Random(seed)
    routes, rules = drawn(random)
    gateway = start(
        routes, gateway={"endpoints": {"permissions": "/permissions"}}, env={"SECRET": SECRET},
        files={"auth.yaml": AUTH, "rules.yaml": {"permissions": rules}})
    requests = [
        {"method": method, "url": url, "headers": headers}
        for method in ("GET", "HEAD", "POST", "DELETE")
        for url in ("/a", "/a/x", "/t/b", "/c/", "/c/y?q=1", "/z", "/u/v/w", "/a/%2e%2e/c/x", "/permissions/me")
        for headers in ({}, {"x-seal": "wax"}, {"host": "h.test"})
    ]
    seen = Counter()
    with httpx.Client(base_url="http://%s:%d" % gateway.address) as client:
        for claims in (None, {}, {"roles": ["clerk"], "n": 2}, {"groups": ["g"], "n": 9}, {"roles": ["clerk"]}):
            client.headers = dict(bearer(**claims)) if claims is not None else {}
            asked = random.sample(requests, 60)
            answer = client.post("/permissions/check", json={"checks": asked})
            assert answer.status_code == 200, answer.text
            for request, result in zip(asked, answer.json()["data"]["results"], strict=True):
                status = client.request(request["method"], request["url"], headers=request["headers"]).status_code
                expected = {
                    "allowed": (200, 204), "permission_missing": (403,), "denied": (403,), "input_missing": (403,),
                    "unauthenticated": (401,), "address": (403,), "no_route": (404,), "method_not_allowed": (405,),
                }[result["reason"]]
                assert status in expected, (seed, claims, request, result, status, routes, rules)
                seen[result["verdict"]] += 1
    assert seen["allow"] > 5 and seen["deny"] > 5, seen


@pytest.mark.parametrize("seed", range(8))
def test_what_is_listed_agrees_with_checks(start, seed):
    random = Random(100 + seed)
    _, rules = drawn(random)
    # Each route has paths of its own, so that no other takes what it lists.
    routes = {
        name: {"path_pattern": f"/{name}/*", "response": {"status": 204}} | random.choice([
            {"permissions": random.sample(NAMES, 1)}, {"permissions": random.sample(NAMES, 2)},
            {"permissions": ["pay:all"], "method": ["GET", "POST"]}, {"requires_auth": True}, {},
        ]) for name in ("a", "c", "d", "e")
    }
    gateway = start(
        routes, gateway={"endpoints": {"permissions": "/permissions"}}, env={"SECRET": SECRET},
        files={"auth.yaml": AUTH, "rules.yaml": {"permissions": rules}})
    with httpx.Client(base_url="http://%s:%d" % gateway.address) as client:
        for claims in (None, {}, {"roles": ["clerk"], "n": 2}, {"groups": ["g"], "n": 9}):
            client.headers = dict(bearer(**claims)) if claims is not None else {}
            rows = client.get("/permissions/me").json()["data"]["routes"]
            asked = [
                ({"method": method, "url": row["path"].replace("*", rest), "headers": headers}, prospect)
                for row in rows for method, prospect in row["methods"].items() if prospect != "depends"
                for rest in ("", "x?q=1") for headers in ({"x-seal": "wax", "host": "h.test"}, {})
            ]
            asked = random.sample(asked, min(100, len(asked)))
            if not asked:
                continue
            results = client.post("/permissions/check", json={"checks": [a for a, _ in asked]}).json()["data"]["results"]
            for (request, prospect), result in zip(asked, results, strict=True):
                verdict = "deny" if result["verdict"] == "unknown" else result["verdict"]
                assert verdict == prospect, (seed, claims, request, result, prospect, routes, rules)


def test_requests_without_a_host_mean_the_one_that_is_asked(start):
    routes = {name: {"path_pattern": "/x", "host": f"{name}.test", "response": {"status": 200}} for name in ("a", "b")}
    routes["b"] |= {"permissions": ["pay:all"], "auth": {"schemes": ["staff"], "optional": True}}
    gateway = start(
        routes, gateway={"endpoints": {"permissions": "/permissions"}}, env={"SECRET": SECRET},
        files={"auth.yaml": AUTH, "rules.yaml": {"permissions": {"no": {"grants": ["pay:all"], "to": {"roles": ["x"]}}}}})
    requests = [{"method": "GET", "url": "/x"}, {"method": "GET", "url": "http://a.test/x"}]
    found = {}
    with httpx.Client(base_url="http://%s:%d" % gateway.address) as client:
        for host in ("a.test", "b.test", "c.test"):
            results = client.post(
                "/permissions/check", json={"checks": requests}, headers={"Host": host}).json()["data"]["results"]
            found[host] = [(r["verdict"], r["reason"], r["missing"]) for r in results]
    allowed = ("allow", "allowed", [])
    assert found == {
        "a.test": [allowed, allowed], "b.test": [("deny", "permission_missing", ["pay:all"]), allowed],
        "c.test": [("deny", "no_route", []), allowed],
    }


def test_defaults_hold_for_questions(asked):
    origin = "https://app.example.com"
    gateway = asked(gateway={"defaults": {
        "cors": {"origins": [origin]}, "ip_deny": ["192.0.2.0/24"],
        "request_headers": {"set": {"x-method": "{method}"}}, "response_headers": {"set": {"x-own": "1"}}},
        "trusted_proxies": ["127.0.0.0/8"]})
    with httpx.Client(base_url="http://%s:%d" % gateway.address, headers={"Origin": origin}) as client:
        preflight = client.options(
            "/permissions/check", headers={"Access-Control-Request-Method": "POST",
                                           "Access-Control-Request-Headers": "authorization"})
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == origin
        body = {"checks": [{"method": "GET", "url": "/free"}]}
        answer = client.post("/permissions/check", json=body)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == origin and answer.headers["x-own"] == "1"
        assert client.get("/permissions/me").headers["access-control-allow-origin"] == origin
        other = client.get("/permissions/me", headers={"Origin": "https://evil.example"})
        assert other.status_code == 200 and "access-control-allow-origin" not in other.headers
        assert client.get("/permissions/me", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
        assert client.get("/health").status_code == 200
