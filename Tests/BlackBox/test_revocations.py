"""Revocations: callers that were known stop at the reload, and nobody else does."""

import hashlib
import json
import time

import jwt
import pytest

from harness.polling import eventually
from harness.wire import fetch

SECRET = "0123456789abcdef" * 4
KEY = "gwk_" + "k" * 43


def sign(**claims):
    content = {"sub": "alice", "exp": int(time.time()) + 600, "iat": int(time.time()) - 100, "jti": "1"} | claims
    return [("Authorization", "Bearer " + jwt.encode(content, SECRET, "HS256"))]


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


@pytest.fixture
def guarded(start):
    def make(revocations=None, **options):
        token = {"jwt": {"algorithms": ["HS256"], "secret": {"env": "SECRET"}}}
        key = {"api_key": {"keys": {"first": {
            "hash": "sha256:" + hashlib.sha256(KEY.encode()).hexdigest(), "owner": "acme"}}}}
        return start(
            {name: {"path_pattern": f"/{name}", "response": {}, "auth": name} for name in ("staff", "robots", "keys")},
            files={"auth.yaml": {"auth": {"staff": token, "robots": token, "keys": key}},
                   "revocations.yaml": {"revocations": revocations or {}}},
            env={"SECRET": SECRET}, **options)

    return make


def revoke(gateway, **entries):
    revision = gateway.revision()
    gateway.config.write("revocations.yaml", {"revocations": entries})
    gateway.await_revision(revision)


def test_a_known_caller_stops_at_the_reload(guarded, tmp_path):
    log = tmp_path / "access.log"
    gateway = guarded(gateway={"access_log": {"path": str(log)}}, workers=1)
    alice, bob = sign(), sign(sub="bob", jti="2")
    with gateway.connect() as connection:
        def ask(headers, path="/staff"):
            return connection.request("GET", path, headers=headers).status

        assert [ask(alice), ask(bob), ask(alice, "/robots")] == [200, 200, 200]
        revoke(gateway, lost={"scheme": "staff", "jti": "1"})
        eventually(lambda: ask(alice) == 401, "the token is revoked")
        assert [ask(alice), ask(bob), ask(alice, "/robots")] == [401, 200, 200]
        revoke(gateway)
        eventually(lambda: ask(alice) == 200, "the token counts again")

    def reasons():
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        return {line["reason"] for line in lines if line["status"] == 401}

    assert eventually(reasons, "the lines of the log") == {"revoked"}
    assert gateway.metric("gateway_auth_total", result="revoked") >= 2


@pytest.mark.parametrize("entry, stopped", [
    ({"jti": "1"}, {"alice"}), ({"sub": "alice"}, {"alice", "alice's other"}), ({"sub": "acme"}, {"key"}),
    ({"jti": "first"}, {"key"}), ({"scheme": "robots", "sub": "alice"}, set()),
    ({"scheme": "staff", "issued_before": stamp(time.time() - 1_000)}, set()),
    ({"scheme": "staff", "issued_before": stamp(time.time() - 50)}, {"alice", "alice's other", "bob"}),
    ({"issued_before": stamp(time.time() - 50)}, {"alice", "alice's other", "bob", "key"}),
    ({"sub": "alice", "issued_before": stamp(time.time() - 50)}, {"alice", "alice's other"}),
])
def test_what_an_entry_stops(guarded, entry, stopped):
    callers = {
        "alice": ("/staff", sign()), "alice's other": ("/staff", sign(jti="3")),
        "bob": ("/staff", sign(sub="bob", jti="2")), "new": ("/staff", sign(sub="carol", jti="4", iat=int(time.time()))),
        "key": ("/keys", [("X-Api-Key", KEY)]),
    }
    gateway = guarded({"one": entry})
    for _ in range(2):
        refused = {name for name, (path, fields) in callers.items() if gateway.fetch(path, headers=fields).status == 401}
        assert refused == stopped


def test_an_entry_that_has_ended_stops_nobody_and_is_told(guarded):
    gateway = guarded({"old": {"sub": "alice", "expires": "2020-01-01T00:00:00Z"}})
    assert gateway.fetch("/staff", headers=sign()).status == 200
    assert "warning[GW1234]: revocation `old` ended at 2020-01-01T00:00:00Z" in gateway.said()
    result = gateway.run("validate", gateway.config.path)
    assert result.returncode == 0 and "GW1234" in result.stdout + result.stderr


def test_tokens_of_operators_can_be_revoked(guarded):
    gateway = guarded(gateway={"admin": {"address": "127.0.0.1:0"}})
    admin = gateway.listener("admin")
    token = gateway.run("token", "--state", gateway.state, "--subject", "ann").stdout.strip()

    def ask():
        return fetch(admin, "/admin/status", headers=[("Authorization", f"Bearer {token}")]).status

    assert ask() == 200
    revoke(gateway, lost={"scheme": "staff", "sub": "ann"})
    assert ask() == 200
    revoke(gateway, lost={"sub": "ann"})
    eventually(lambda: ask() == 401, "the token is revoked")
