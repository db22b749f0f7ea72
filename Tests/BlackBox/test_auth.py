"""Who a request comes from: tokens of a library of others, and what becomes of them on both sides."""

import base64
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from harness.polling import eventually

SECRET = "0123456789abcdef" * 4
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS = {
    "RS256": RSA, "RS384": RSA, "RS512": RSA, "PS256": RSA, "PS384": RSA, "PS512": RSA,
    "ES256": ec.generate_private_key(ec.SECP256R1()), "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()), "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "HS256": SECRET, "HS384": SECRET, "HS512": SECRET,
}


def pem(key):
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def jwk(algorithm, key, **members):
    made = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return {name: value for name, value in made.items() if name != "key_ops"} | members


def sign(algorithm="HS256", key=None, headers=None, **claims):
    content = {"sub": "alice", "exp": int(time.time()) + 60} | claims
    return jwt.encode(content, key or KEYS[algorithm], algorithm, headers=headers)


def bearer(token):
    return [("Authorization", f"Bearer {token}")]


def seen(answer):
    """The fields that the instance got, in lower case."""
    assert answer.status == 200, answer
    return [(name.lower(), value) for name, value in answer.json()["headers"]]


@pytest.fixture
def guarded(proxy):
    """A gateway whose only route asks one scheme of tokens with a secret."""

    def make(jwt=None, route=None, gateway=None, **options):
        policy = {"algorithms": ["HS256"], "secret": {"env": "SECRET"}} | (jwt or {})
        files = {"auth.yaml": {"auth": {"staff": {"jwt": policy}}}} | options.pop("files", {})
        return proxy(
            route={"requires_auth": True} | (route or {}), files=files, gateway=gateway,
            env={"SECRET": SECRET} | options.pop("env", {}), **options)[0]

    return make


@pytest.mark.parametrize("algorithm", KEYS)
def test_tokens_of_another_library(proxy, algorithm):
    key = KEYS[algorithm]
    source = {"secret": {"env": "SECRET"}} if isinstance(key, str) else {"public_key": pem(key)}
    gateway, _ = proxy(
        route={"auth": "staff"}, env={"SECRET": SECRET},
        files={"auth.yaml": {"auth": {"staff": {"jwt": {"algorithms": [algorithm]} | source}}}})
    token = sign(algorithm)
    for _ in range(3):
        assert gateway.fetch("/", headers=bearer(token)).status == 200
    other = token[:-20] + ("A" if token[-20] != "A" else "B") + token[-19:]
    assert gateway.fetch("/", headers=bearer(other)).status == 401
    assert gateway.fetch("/", headers=bearer(token)).status == 200


def test_key_set_in_a_file_is_taken_up_anew(proxy):
    old, new = KEYS["ES256"], ec.generate_private_key(ec.SECP256R1())
    gateway, _ = proxy(
        route={"auth": "staff"},
        files={
            "keys.json": {"keys": [jwk("ES256", old, kid="old")]},
            "auth.yaml": {"auth": {"staff": {"jwt": {"algorithms": ["ES256"], "jwks_file": "keys.json"}}}},
        })
    first = sign("ES256", headers={"kid": "old"})
    second = sign("ES256", new, headers={"kid": "new"})
    assert gateway.fetch("/", headers=bearer(first)).status == 200
    assert gateway.fetch("/", headers=bearer(second)).status == 401
    revision = gateway.revision()
    gateway.config.write("keys.json", {"keys": [jwk("ES256", new, kid="new")]})
    eventually(lambda: gateway.fetch("/", headers=bearer(second)).status == 200, "the new key counts")
    eventually(lambda: gateway.fetch("/", headers=bearer(first)).status == 401, "the old key is gone")
    gateway.config.write("keys.json", "{")
    eventually(lambda: "the keys stay as they were" in gateway.said(), "a warning")
    assert gateway.fetch("/", headers=bearer(second)).status == 200
    assert gateway.revision() == revision


def test_key_file_outside_the_configuration_is_watched(proxy, tmp_path):
    path = tmp_path / "elsewhere" / "login.pem"
    path.parent.mkdir()
    path.write_text(pem(KEYS["EdDSA"]))
    gateway, _ = proxy(
        route={"auth": "staff"},
        files={"auth.yaml": {"auth": {"staff": {"jwt": {
            "algorithms": ["EdDSA"], "public_key": {"file": str(path)}}}}}})
    other = ed25519.Ed25519PrivateKey.generate()
    assert gateway.fetch("/", headers=bearer(sign("EdDSA"))).status == 200
    path.write_text(pem(other))
    eventually(lambda: gateway.fetch("/", headers=bearer(sign("EdDSA", other))).status == 200, "the new key counts")


@pytest.mark.parametrize("missing", ["env", "file"])
def test_without_keys_there_is_no_start(start, missing):
    secret = {"env": "NOT_SET"} if missing == "env" else {"file": "not-there"}
    gateway = start(
        {"all": {"path_pattern": "/", "response": {}, "auth": "staff"}},
        files={"auth.yaml": {"auth": {"staff": {"jwt": {"algorithms": ["HS256"], "secret": secret}}}}},
        await_listener=False)
    assert gateway.wait() != 0
    assert "scheme `staff`: " in gateway.said()


def test_short_secret_is_refused(start):
    gateway = start(
        {"all": {"path_pattern": "/", "response": {}, "auth": "staff"}},
        files={"auth.yaml": {"auth": {"staff": {"jwt": {"algorithms": ["HS256"], "secret": {"env": "SECRET"}}}}}},
        env={"SECRET": "short"}, await_listener=False)
    assert gateway.wait() != 0
    assert "a secret of 5 bytes, where the algorithms need at least 32" in gateway.said()


def check_refused(answer, error):
    assert answer.status == 401
    assert answer.json()["code"] == "F40100"
    suffix = ', error="invalid_token"' if error else ""
    assert answer.headers.get("WWW-Authenticate") == f'Bearer realm="staff"{suffix}'


def test_answers_say_no_more_than_the_standard(guarded, tmp_path):
    log = tmp_path / "access.log"
    gateway = guarded(
        {"issuer": "me", "audience": "here"}, gateway={"access_log": {"path": str(log)}})
    good = {"iss": "me", "aud": "here"}
    forged = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    cases = {
        "no credential": None, "expired": sign(**good, exp=1), "wrong issuer": sign(iss="you", aud="here"),
        "wrong audience": sign(iss="me"), "algorithm not accepted": sign("HS512", **good),
        "wrong signature": sign(key="f" * 64, **good), "token without three parts": "abc",
        "not valid yet": sign(**good, nbf=int(time.time()) + 3_600),
        "token too large": sign(**good, filler="x" * 9_000),
        "token is not canonical base64url": sign(**good) + "=",
    }
    cases["algorithm not accepted"] = f"{forged}.{sign(**good).split('.')[1]}.AAAA"
    bodies = set()
    for reason, token in cases.items():
        answer = gateway.fetch("/", headers=bearer(token) if token else ())
        check_refused(answer, token)
        bodies.add(answer.body)
        assert reason.encode() not in answer.body
    assert len(bodies) == 1
    assert gateway.fetch("/", headers=bearer(sign(**good))).status == 200

    def logged():
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        return len(lines) == len(cases) + 1 and lines

    lines = eventually(logged, "the lines of the log")
    assert sorted(line["reason"] for line in lines if line.get("code") == "F40100") == sorted(cases)
    known, = [line for line in lines if line["status"] == 200]
    assert (known["auth"], known["subject"]) == ("staff", "alice") and "reason" not in known
    assert gateway.metric("gateway_auth_total", result="expired") == 1
    assert gateway.metric("gateway_auth_total", result="known") == 1


def test_two_credentials_are_one_too_many(guarded):
    gateway = guarded()
    token = sign()
    check_refused(gateway.fetch("/", headers=bearer(token) + bearer(token)), True)


def test_a_token_that_ends_is_dropped_from_the_cache(guarded):
    gateway = guarded({"leeway": "0s"})
    token = sign(exp=int(time.time()) + 2)
    assert gateway.fetch("/", headers=bearer(token)).status == 200
    eventually(lambda: gateway.fetch("/", headers=bearer(token)).status == 401, "the token ends")


def test_a_reload_that_changes_the_scheme_judges_anew(guarded):
    gateway = guarded()
    token = sign(iss="me")
    assert gateway.fetch("/", headers=bearer(token)).status == 200
    policy = {"algorithms": ["HS256"], "secret": {"env": "SECRET"}, "issuer": "you"}
    gateway.config.write("auth.yaml", {"auth": {"staff": {"jwt": policy}}})
    eventually(lambda: gateway.fetch("/", headers=bearer(token)).status == 401, "the issuer counts")


def test_instances_see_claims_and_no_token(guarded):
    gateway = guarded({
        "from": ["authorization", {"header": "X-Token"}, {"cookie": "session"}, {"query": "access_token"}],
        "forward": {"claims": {"sub": "X-User", "roles": "x-roles", "n": "x-number", "no": "x-no", "bad": "x-bad"}},
    })
    token = sign(roles=["a", "b"], n=7, bad="a\nb")
    forged = [("x-user", "root"), ("X_User", "root"), ("X-Roles", "admin"), ("X-NO", "1"), ("x-bad", "2"), ("Cookie", "a=1")]
    sent = {
        "authorization": ("/p?b=1", bearer(token)), "header": ("/p?b=1", [("X-Token", token)]),
        "cookie": ("/p?b=1", [("Cookie", f"x=1; session={token}; y=2")]),
        "query": (f"/p?access_token={token}&b=1", []), "last in the query": (f"/p?b=1&access_token={token}", []),
    }
    for place, (target, fields) in sent.items():
        answer = gateway.fetch(target, headers=forged + fields)
        found = seen(answer)
        assert token not in json.dumps(answer.json()), place
        assert [value for name, value in found if name == "x-user"] == ["alice"]
        assert [value for name, value in found if name == "x-roles"] == ["a,b"]
        assert [value for name, value in found if name == "x-number"] == ["7"]
        assert not [name for name, _ in found if name in ("x_user", "x-no", "x-bad", "authorization", "x-token")]
        cookies = [value for name, value in found if name == "cookie"]
        assert cookies == (["a=1", "x=1; y=2"] if place == "cookie" else ["a=1"])
        assert answer.json()["target"] == "/p?b=1", place


def test_the_token_passes_when_asked_to(guarded):
    gateway = guarded({"forward": {"token": True}})
    token = sign()
    found = seen(gateway.fetch("/", headers=bearer(token)))
    assert ("authorization", f"Bearer {token}") in found


def test_forwarded_names_do_not_pass_on_open_routes_either(start, upstream):
    behind = upstream()
    gateway = start(
        {
            "open": {"path_pattern": "/open", "service_name": "main"},
            "guarded": {"path_pattern": "/guarded", "service_name": "main", "auth": "staff"},
        },
        {"main": {"instances": [behind.instance]}}, env={"SECRET": SECRET},
        files={"auth.yaml": {"auth": {"staff": {"jwt": {
            "algorithms": ["HS256"], "secret": {"env": "SECRET"}, "forward": {"claims": {"sub": "x-user"}}}}}}})
    found = seen(gateway.fetch("/open", headers=[("X-User", "root"), ("X-Other", "1")]))
    assert "x-user" not in dict(found) and ("x-other", "1") in found


def test_optional_means_nobody_or_somebody_real(guarded):
    gateway = guarded(
        {"forward": {"claims": {"sub": "x-user"}}},
        route={"requires_auth": True, "auth": {"schemes": "staff", "optional": True}})
    assert "x-user" not in dict(seen(gateway.fetch("/")))
    assert ("x-user", "alice") in seen(gateway.fetch("/", headers=bearer(sign())))
    check_refused(gateway.fetch("/", headers=bearer(sign(exp=1))), True)


def test_schemes_are_asked_in_order(start):
    def scheme(name, **more):
        return {"jwt": {"algorithms": ["HS256"], "secret": {"env": name}} | more}

    other = "f" * 64
    gateway = start(
        {"both": {"path_pattern": "/both", "response": {}, "auth": ["a", "b"]},
         "one": {"path_pattern": "/one", "response": {}, "auth": "b"}},
        files={"auth.yaml": {"auth": {"a": scheme("A"), "b": scheme("B")}}}, env={"A": SECRET, "B": other})
    for _ in range(3):
        assert gateway.fetch("/both", headers=bearer(sign())).status == 200
        assert gateway.fetch("/both", headers=bearer(sign(key=other))).status == 200
        assert gateway.fetch("/one", headers=bearer(sign())).status == 401
        assert gateway.fetch("/one", headers=bearer(sign(key=other))).status == 200
    answer = gateway.fetch("/both")
    assert answer.headers.all("WWW-Authenticate") == ['Bearer realm="a"', 'Bearer realm="b"']


def test_a_refused_body_keeps_the_connection(guarded):
    gateway = guarded()
    with gateway.connect() as connection:
        assert connection.request("POST", "/", body=b"x" * 1_000).status == 401
        assert connection.request("POST", "/", body=b"x", headers=bearer(sign())).status == 200


def test_trailers_do_not_carry_forwarded_names(guarded):
    gateway = guarded({"forward": {"claims": {"sub": "x-user"}}})
    token = sign()
    with gateway.connect() as connection:
        connection.send(
            f"POST / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n\r\n"
            "1\r\nx\r\n0\r\nX-User: root\r\nX_User: root\r\n\r\n".encode())
        answer = connection.read_response("POST")
    assert [value for name, value in seen(answer) if name in ("x-user", "x_user")] == ["alice"]
