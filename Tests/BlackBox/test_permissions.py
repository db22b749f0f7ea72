"""Who may do what, as clients, instances and the access log see it."""

import time

import jwt
import pytest

from harness.polling import eventually

SECRET = "0123456789abcdef" * 4
AUTH = {"auth": {"staff": {"jwt": {"algorithms": ["HS256"], "secret": {"env": "SECRET"}}}}}
RULES = {
    "roles": {"clerk": {}, "manager": {"includes": ["clerk"]}},
    "permissions": {
        "clerks": {"to": {"roles": ["clerk"]}, "grants": ["orders:read"]},
        "own": {"grants": ["orders:read"], "when": 'claims.tenant == query.tenant && client in 127.0.0.0/8'},
        "suspended": {"effect": "deny", "to": {"groups": ["suspended"]}},
    },
}


def bearer(**claims):
    content = {"sub": "alice", "exp": int(time.time()) + 60} | claims
    return [("Authorization", f"Bearer {jwt.encode(content, SECRET, 'HS256')}")]


@pytest.fixture
def ruled(proxy):
    def make(rules=RULES, route=None, gateway=None, **options):
        return proxy(
            route={"permissions": ["orders:read"]} | (route or {}), gateway=gateway, env={"SECRET": SECRET},
            files={"auth.yaml": AUTH, "rules.yaml": rules}, **options)[0]

    return make


def test_rules_decide(ruled):
    gateway = ruled()
    assert gateway.fetch("/").status == 401
    assert gateway.fetch("/", headers=bearer(roles=["clerk"])).status == 200
    assert gateway.fetch("/", headers=bearer(roles=["manager"])).status == 200
    assert gateway.fetch("/?tenant=acme", headers=bearer(tenant="acme")).status == 200
    for claims in ({}, {"roles": ["stranger"]}, {"tenant": "acme"}, {"roles": ["clerk"], "groups": ["suspended"]}):
        answer = gateway.fetch("/", headers=bearer(**claims))
        assert answer.status == 403, claims
        assert answer.json() == {"code": "F40300", "message": "the caller may not do this", "data": None}
    answer = gateway.fetch("/?tenant=globex", headers=bearer(tenant="acme"))
    assert answer.status == 403


def test_the_missing_permission_is_named_on_request(ruled):
    gateway = ruled(gateway={"permission_detail": True})
    answer = gateway.fetch("/", headers=bearer())
    assert answer.json()["message"] == "the permission `orders:read` is missing"
    answer = gateway.fetch("/", headers=bearer(groups=["suspended"]))
    assert answer.json()["message"] == "the caller may not do this"


def test_a_reload_changes_what_a_token_may_do(ruled):
    gateway = ruled()
    headers = bearer(roles=["clerk"])
    assert gateway.fetch("/", headers=headers).status == 200
    rules = {"permissions": {"others": {"to": {"roles": ["boss"]}, "grants": ["orders:read"]}}}
    gateway.config.write("rules.yaml", rules)
    eventually(lambda: gateway.fetch("/", headers=headers).status == 403, "the new rules")


def test_observed_rules_are_counted(ruled):
    rules = {"permissions": {"probation": {"grants": ["orders:read"], "mode": "observe"}}}
    gateway = ruled(rules=rules)
    assert gateway.fetch("/", headers=bearer()).status == 200
    assert gateway.fetch("/").status == 401
    eventually(
        lambda: gateway.metric("gateway_permission_denied_total", mode="observe", route="all") == 1,
        "the count of what is observed")
    assert gateway.metric("gateway_permission_denied_total", mode="enforce", route="all") == 0
