"""API keys: known by their hash alone, found among many, taken up anew, and kept from instances and logs."""

import hashlib
import json
import re

import httpx
import pytest

from harness.polling import eventually
from harness.processes import run

KEY = "gwk_" + "k" * 43


def hashed(key):
    return "sha256:" + hashlib.sha256(key.encode()).hexdigest()


def shown(key, name="X-Api-Key"):
    return [(name, key)]


def seen(answer):
    assert answer.status == 200, answer
    return [(name.lower(), value) for name, value in answer.json()["headers"]]


@pytest.fixture
def keyed(proxy):
    """A gateway whose only route asks for an API key."""

    def make(api_key=None, route=None, **options):
        section = {"keys": {"first": {"hash": hashed(KEY), "owner": "acme"}}} | (api_key or {})
        if "keys_file" in section and "keys" not in (api_key or {}):
            del section["keys"]
        files = {"auth.yaml": {"auth": {"partners": {"api_key": section}}}} | options.pop("files", {})
        return proxy(route={"auth": "partners"} | (route or {}), files=files, **options)[0]

    return make


def check_refused(answer):
    assert answer.status == 401
    assert answer.json()["code"] == "F40100"
    assert answer.headers.all("WWW-Authenticate") == ['ApiKey realm="partners"']


def test_a_new_key_opens_the_route(keyed):
    made = run("hash-key")
    key, hash = re.fullmatch(r"key   (gwk_[A-Za-z0-9_-]{43})\nhash  (sha256:[0-9a-f]{64})\n", made.stdout).groups()
    assert hash == hashed(key)
    assert key not in run("hash-key").stdout
    gateway = keyed({"keys": {"new": {"hash": hash}}})
    with httpx.Client(base_url="http://{}:{}".format(*gateway.address)) as client:
        for _ in range(3):
            assert client.get("/", headers={"x-api-key": key}).status_code == 200
            assert client.get("/", headers={"x-api-key": key[:-1]}).status_code == 401
            assert client.get("/").status_code == 401


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_hash_of_a_key_that_one_has(end):
    result = run("hash-key", "--stdin", input=KEY + end)
    assert (result.stdout, result.stderr) == (hashed(KEY) + "\n", "")
    weak = run("hash-key", "--stdin", "--format", "json", input="short" + end)
    assert json.loads(weak.stdout) == {"hash": hashed("short")}
    assert "the key has 5 bytes" in weak.stderr


@pytest.mark.parametrize("text, reason", [
    ("", "there is no key"), ("\n", "there is no key"), ("two words", "spaces"), ("a\nb", "line ends"),
    ("x" * 600, "at most 512"), ("x" * 9_000, "longer than any key"),
])
def test_what_is_no_key_has_no_hash(text, reason):
    result = run("hash-key", "--stdin", input=text)
    assert result.returncode == 2 and reason in result.stderr and result.stdout == ""


def test_refusals_say_nothing_and_the_log_says_why(keyed, tmp_path):
    log = tmp_path / "access.log"
    gateway = keyed(
        {"keys": {"first": {"hash": hashed(KEY), "owner": "acme"},
                  "old": {"hash": hashed("o" * 40), "expires": "2020-01-01"}}},
        gateway={"access_log": {"path": str(log)}})
    cases = {"no credential": None, "unknown credential": "u" * 40, "expired": "o" * 40, "token too large": "x" * 600}
    bodies = set()
    for key in cases.values():
        answer = gateway.fetch("/", headers=shown(key) if key else ())
        check_refused(answer)
        bodies.add(answer.body)
    assert len(bodies) == 1
    check_refused(gateway.fetch("/", headers=shown(KEY) + shown(KEY)))
    assert gateway.fetch("/", headers=shown(KEY)).status == 200

    def logged():
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        return len(lines) == len(cases) + 2 and lines

    lines = eventually(logged, "the lines of the log")
    assert sorted(line["reason"] for line in lines if "reason" in line) == sorted(
        [*cases, "more than one credential"])
    known, = [line for line in lines if line["status"] == 200]
    assert (known["auth"], known["subject"]) == ("partners", "acme")
    text = log.read_text() + gateway.said()
    assert not [key for key in cases.values() if key and key in text] and KEY not in text
    assert gateway.metric("gateway_auth_total", result="unknownCredential") == 1


@pytest.mark.parametrize("source, target, fields", [
    ({"header": "X-Key"}, "/?b=1", [("x-key", KEY)]),
    ({"query": "key"}, f"/?key={KEY}&b=1", []),
    ({"cookie": "key"}, "/?b=1", [("Cookie", f"key={KEY}")]),
    ("authorization", "/?b=1", [("Authorization", f"Bearer {KEY}")]),
])
def test_instances_see_who_it_is_and_no_key(keyed, source, target, fields):
    gateway = keyed({
        "from": source,
        "keys": {"first": {"hash": hashed(KEY), "owner": "acme", "scopes": ["a", "b"], "claims": {"tenant": "north"}}},
        "forward": {"claims": {
            "sub": "x-user", "jti": "x-key-name", "tenant": "x-tenant", "scope": "x-scopes", "roles": "x-roles"}},
    })
    answer = gateway.fetch(target, headers=[("X-User", "root"), ("X-Roles", "admin"), *fields])
    found = seen(answer)
    assert KEY not in json.dumps(answer.json())
    assert answer.json()["target"] == "/?b=1"
    assert {name: value for name, value in found if name.startswith("x-") and "forwarded" not in name
            and name != "x-request-id"} == {
        "x-user": "acme", "x-key-name": "first", "x-tenant": "north", "x-scopes": "a,b"}


def test_the_key_passes_when_asked_to(keyed):
    gateway = keyed({"forward": {"token": True}})
    assert ("x-api-key", KEY) in seen(gateway.fetch("/", headers=shown(KEY)))


def test_rights_of_a_key_count_like_those_of_a_token(start):
    def key(name, **rights):
        return {"hash": hashed(name * 40)} | rights

    keys = {
        "a": key("a", permissions=["orders:*"]), "b": key("b", roles=["clerk"]), "c": key("c", scopes=["orders"]),
        "d": key("d", claims={"tenant": "north"}), "e": key("e"),
    }
    gateway = start(
        {"orders": {"path_pattern": "/orders", "response": {}, "auth": "partners", "permissions": ["orders:read"]}},
        files={"auth.yaml": {
            "auth": {"partners": {"api_key": {"keys": keys}}},
            "permissions": {
                "clerks": {"to": {"roles": ["clerk"]}, "grants": ["orders:read"]},
                "scopes": {"to": {"scopes": ["orders"]}, "grants": ["orders:read"]},
                "north": {"when": "claims.tenant == \"north\"", "grants": ["orders:read"]},
            }}})
    statuses = {name: gateway.fetch("/orders", headers=shown(name * 40)).status for name in keys}
    assert statuses == {"a": 200, "b": 200, "c": 200, "d": 200, "e": 403}


def test_a_file_of_keys_is_taken_up_anew(keyed):
    other = "o" * 40
    gateway = keyed({"keys_file": "partners.keys"}, files={"partners.keys": {"first": {"hash": hashed(KEY)}}})
    assert gateway.fetch("/", headers=shown(KEY)).status == 200
    check_refused(gateway.fetch("/", headers=shown(other)))
    revision = gateway.revision()
    gateway.config.write("partners.keys", {"second": {"hash": hashed(other)}})
    eventually(lambda: gateway.fetch("/", headers=shown(other)).status == 200, "the new key counts")
    eventually(lambda: gateway.fetch("/", headers=shown(KEY)).status == 401, "the old key is gone")
    gateway.config.write("partners.keys", {"second": {"hash": "sha256:00"}, "third": {}})
    eventually(lambda: "the keys stay as they were" in gateway.said(), "a warning")
    assert "error[GW1160]" in gateway.said() and "partners.keys:3:" in gateway.said()
    assert gateway.fetch("/", headers=shown(other)).status == 200
    assert gateway.revision() == revision


def test_a_key_that_is_gone_stops_at_the_reload(keyed):
    gateway = keyed()
    with gateway.connect() as connection:
        assert connection.request("GET", "/", headers=shown(KEY)).status == 200
        keys = {"other": {"hash": hashed("o" * 40)}}
        gateway.config.write("auth.yaml", {"auth": {"partners": {"api_key": {"keys": keys}}}})
        # Workers take up a reload each at its time, and the connection is with one of them.
        eventually(lambda: connection.request("GET", "/", headers=shown(KEY)).status == 401, "the key is gone")
        eventually(lambda: gateway.fetch("/", headers=shown(KEY)).status == 401, "the key is gone")


def test_expired_keys_of_a_file_are_told(keyed):
    gateway = keyed(
        {"keys_file": "partners.keys"},
        files={"partners.keys": {"first": {"hash": hashed(KEY), "expires": "2020-01-01T00:00:00Z"}}})
    check_refused(gateway.fetch("/", headers=shown(KEY)))
    assert "scheme `partners`: keys that have expired: `first`" in gateway.said()


def test_without_its_file_there_is_no_start(start):
    gateway = start(
        {"all": {"path_pattern": "/", "response": {}, "auth": "partners"}},
        files={"auth.yaml": {"auth": {"partners": {"api_key": {"keys_file": "not-there"}}}}}, await_listener=False)
    assert gateway.wait() != 0
    assert "scheme `partners`: cannot read `not-there`" in gateway.said()
