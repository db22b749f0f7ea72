"""What is under /admin/ on the admin address: closed but for holders of tokens from the local secret."""

import json
import os
import stat
import time

import jwt
import pytest

from harness.polling import eventually
from harness.processes import run
from harness.wire import fetch


@pytest.fixture
def guarded(start):
    def make(**options):
        gateway = start({"all": {"path_pattern": "/*", "response": {"body": "public"}}},
                        gateway={"admin": {"address": "127.0.0.1:0"}} | options.pop("gateway", {}), **options)
        return gateway, gateway.listener("admin")

    return make


def secret_of(gateway):
    return gateway.state / "secret"


def ask_for_token(gateway, *options):
    return gateway.run("token", "--state", gateway.state, *options)


def reload(gateway):
    assert gateway.run("reload", "--state", gateway.state).returncode == 0


def token(gateway, *options):
    result = ask_for_token(gateway, *options)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def bearer(token):
    return [("Authorization", f"Bearer {token}")]


def closed(admin, token):
    """The answer when it says that nobody can be verified: workers take up another secret one by one."""
    answer = fetch(admin, "/admin/status", headers=bearer(token))
    return answer.status == 503 and answer


def check_refused(answer, error=True):
    assert (answer.status, answer.json()["code"]) == (401, "F40100")
    suffix = ', error="invalid_token"' if error else ""
    assert answer.headers.all("WWW-Authenticate") == [f'Bearer realm="admin"{suffix}']


def test_a_token_of_the_local_secret_opens_it(guarded, tmp_path):
    log = tmp_path / "access.log"
    gateway, admin = guarded(gateway={"access_log": {"path": str(log)}})
    answer = fetch(admin, "/admin/status", headers=bearer(token(gateway, "--role", "admin", "--subject", "ann")))
    assert answer.status == 200
    assert answer.json()["revision"] == 1
    line = eventually(lambda: [json.loads(line) for line in log.read_text().splitlines()], "a line")[0]
    assert (line["auth"], line["subject"]) == ("admin", "ann")


def test_without_one_nothing_is_there_to_see(guarded):
    gateway, admin = guarded()
    for path in ["/admin/status", "/admin/nothing", "/admin/", "/admin", "/a/../admin/status", "/%61dmin/status"]:
        check_refused(fetch(admin, path), error=False)
    assert fetch(admin, "/admin/nothing", headers=bearer(token(gateway))).status == 404
    assert fetch(admin, "/administration").status == 404


def test_health_and_metrics_stay_open(guarded):
    _, admin = guarded()
    assert fetch(admin, "/health").status == 200
    assert fetch(admin, "/metrics").status == 200


def test_the_public_listener_has_none_of_it(guarded):
    gateway, _ = guarded()
    assert gateway.fetch("/admin/status").body == b"public"


def test_another_role_is_not_enough(guarded):
    gateway, admin = guarded()
    answer = fetch(admin, "/admin/status", headers=bearer(token(gateway, "--role", "auditor")))
    assert (answer.status, answer.json()["code"]) == (403, "F40300")
    both = token(gateway, "--role", "auditor", "--role", "admin")
    assert fetch(admin, "/admin/status", headers=bearer(both)).status == 200


def test_other_tokens_are_refused(guarded):
    gateway, admin = guarded()
    secret = bytes.fromhex(secret_of(gateway).read_text())
    now = int(time.time())
    good = {"iss": "gateway", "aud": "gateway-admin", "sub": "ann", "roles": ["admin"], "iat": now, "exp": now + 60}

    def ask(key=secret, algorithm="HS256", **claims):
        content = {name: value for name, value in (good | claims).items() if value is not None}
        return fetch(admin, "/admin/status", headers=bearer(jwt.encode(content, key, algorithm)))

    assert ask().status == 200
    for answer in [ask(iss="you"), ask(aud="gateway"), ask(exp=now - 1), ask(exp=None), ask(iat=now + 60),
                   ask(key=b"f" * 32), ask(algorithm="HS512"), ask(roles="admin x", iss=None)]:
        check_refused(answer)


def test_a_token_ends(guarded):
    gateway, admin = guarded()
    claims = jwt.decode(token(gateway, "--ttl", "90s"), options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 90
    assert claims["roles"] == ["admin"] and len(claims["jti"]) == 16
    for ttl in ["5s", "721h", "1d", "-1h", "soon"]:
        result = ask_for_token(gateway, "--ttl", ttl)
        assert result.returncode == 2 and result.stdout == ""


def test_the_secret_is_made_once_and_for_its_owner_alone(guarded, started):
    gateway, admin = guarded()
    path = secret_of(gateway)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [name for name in os.listdir(path.parent) if name.startswith("secret")] == ["secret"]
    before = path.read_bytes()
    made = token(gateway)
    gateway.stop()
    again = gateway.restart()
    started.append(again)
    assert path.read_bytes() == before
    assert fetch(again.listener("admin"), "/admin/status", headers=bearer(made)).status == 200


def test_a_secret_that_others_may_read_closes_it(guarded):
    gateway, admin = guarded()
    path = secret_of(gateway)
    made = token(gateway)
    path.chmod(0o640)
    result = ask_for_token(gateway)
    assert result.returncode == 2
    assert "its mode is 0640" in result.stderr and "chmod 600" in result.stderr
    reload(gateway)
    answer = eventually(lambda: closed(admin, made), "it is closed")
    assert answer.json()["code"] == "F50304"
    assert "what is under `/admin/` is closed" in gateway.said() and "chmod 600" in gateway.said()
    assert gateway.fetch("/").status == 200
    path.chmod(0o600)
    reload(gateway)
    eventually(lambda: not closed(admin, made), "it is open again")


@pytest.mark.parametrize("change", [lambda path: path.write_text("short\n"), lambda path: path.write_bytes(b"\xff" * 64)])
def test_what_is_no_secret_closes_it(guarded, change):
    gateway, admin = guarded()
    made = token(gateway)
    change(secret_of(gateway))
    reload(gateway)
    eventually(lambda: closed(admin, made), "it is closed")
    result = ask_for_token(gateway)
    assert result.returncode == 2 and "is no secret of the gateway's" in result.stderr


def test_a_new_secret_ends_all_tokens(guarded):
    gateway, admin = guarded()
    old = token(gateway)
    assert fetch(admin, "/admin/status", headers=bearer(old)).status == 200
    secret_of(gateway).unlink()
    result = ask_for_token(gateway)
    assert result.returncode == 2 and "there is no secret" in result.stderr
    reload(gateway)
    eventually(lambda: fetch(admin, "/admin/status", headers=bearer(old)).status == 401, "the old token has ended")
    new = bearer(token(gateway))
    eventually(lambda: fetch(admin, "/admin/status", headers=new).status == 200, "the new one counts")


def test_a_state_directory_without_a_gateway_has_no_secret(tmp_path):
    result = run("token", "--state", tmp_path / "none")
    assert result.returncode == 2
    assert "there is no secret" in result.stderr and "`gateway run` makes one" in result.stderr
