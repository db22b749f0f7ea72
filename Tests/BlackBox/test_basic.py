"""Names and passwords: verified beside the workers, kept by a mark, bounded, and refused without a word of why."""

import base64
import json
import os
import pty
import re
import subprocess
import threading
import time

import httpx
import pytest

from harness.polling import eventually
from harness.processes import BINARY, clean_environment, run

ALICE, BOB = "correct horse", "größe: 7"
# By password and options, since each takes a while.
HASHES = {}


def hashed(password, *options):
    key = (password, options)
    if key not in HASHES:
        result = run("hash-password", *options, input=password + "\n")
        assert result.returncode == 0, result.stderr
        HASHES[key] = result.stdout.strip()
    return HASHES[key]


def users():
    return {
        "alice": {"password_hash": hashed(ALICE, "--method", "bcrypt", "--cost", "10"), "roles": ["operator"],
                  "claims": {"tenant": "north"}},
        "bob": {"password_hash": hashed(BOB, "--iterations", "100000")},
    }


def basic(user, password, word="Basic"):
    return [("Authorization", f"{word} " + base64.b64encode(f"{user}:{password}".encode()).decode())]


def seen(answer):
    assert answer.status == 200, answer
    return {name.lower(): value for name, value in answer.json()["headers"]}


@pytest.fixture
def guarded(proxy):
    """A gateway whose only route asks for a name and a password."""

    def make(section=None, route=None, **options):
        basic = {"realm": "operations", "users": users()} | (section or {})
        if "users_file" in basic:
            del basic["users"]
        files = {"auth.yaml": {"auth": {"ops": {"basic": basic}}}} | options.pop("files", {})
        return proxy(route={"auth": "ops"} | (route or {}), files=files, **options)[0]

    return make


def check_refused(answer):
    assert (answer.status, answer.json()["code"]) == (401, "F40100"), answer
    assert answer.headers.all("WWW-Authenticate") == ['Basic realm="operations", charset="UTF-8"']


def test_a_real_client_gets_through(guarded):
    gateway = guarded()
    with httpx.Client(base_url="http://{}:{}".format(*gateway.address)) as client:
        for _ in range(3):
            assert client.get("/", auth=("alice", ALICE)).status_code == 200
            assert client.get("/", auth=("bob", BOB.encode())).status_code == 200
            assert client.get("/", auth=("alice", BOB.encode())).status_code == 401
            assert client.post("/", auth=("alice", ALICE), content=b"x" * 100_000).status_code == 200
            assert client.get("/").status_code == 401


def test_the_word_is_read_in_any_case(guarded):
    gateway = guarded()
    assert gateway.fetch("/", headers=basic("alice", ALICE, "bAsIC")).status == 200
    check_refused(gateway.fetch("/", headers=basic("alice", ALICE, "Bearer")))


def test_refusals_say_nothing_and_the_log_says_why(guarded, tmp_path):
    log = tmp_path / "access.log"
    gateway = guarded(gateway={"access_log": {"path": str(log)}})

    def raw(text):
        return [("Authorization", f"Basic {text}")]

    cases = [
        ("no credential", ()), ("wrong password", basic("alice", "wrong")), ("wrong password", basic("alice", "")),
        ("unknown credential", basic("carol", ALICE)), ("unknown credential", basic("", "")),
        ("name and password malformed", raw("YWxpY2U=")), ("name and password malformed", raw("!")),
        ("name and password malformed", raw("YWxpY2U6eA")), ("name and password malformed", basic("alice", "a\x07")),
        ("token too large", basic("alice", "x" * 1_000)),
        ("more than one credential", basic("alice", ALICE) + basic("alice", ALICE)),
    ]
    bodies = set()
    for _, fields in cases:
        answer = gateway.fetch("/", headers=fields)
        check_refused(answer)
        bodies.add(answer.body)
    assert len(bodies) == 1
    assert gateway.fetch("/", headers=basic("alice", ALICE)).status == 200

    def logged():
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        return len(lines) == len(cases) + 1 and lines

    lines = eventually(logged, "the lines of the log")
    assert sorted(line["reason"] for line in lines if "reason" in line) == sorted(reason for reason, _ in cases)
    known, = [line for line in lines if line["status"] == 200]
    assert (known["auth"], known["subject"]) == ("ops", "alice")
    assert ALICE not in log.read_text() and base64.b64encode(ALICE.encode()).decode() not in log.read_text()


def test_instances_see_who_it_is_and_no_password(guarded):
    gateway = guarded({"forward": {"claims": {"sub": "x-user", "tenant": "x-tenant", "roles": "x-roles"}}})
    for _ in range(2):
        found = seen(gateway.fetch("/", headers=basic("alice", ALICE) + [("X-User", "root"), ("X-Other", "1")]))
        assert "authorization" not in found and found["x-other"] == "1"
        assert (found["x-user"], found["x-tenant"], found["x-roles"]) == ("alice", "north", "operator")
    passing = guarded({"forward": {"token": True}}, name="passing")
    assert seen(passing.fetch("/", headers=basic("alice", ALICE)))["authorization"] == basic("alice", ALICE)[0][1]


def test_what_follows_a_request_that_waits_is_not_lost(guarded):
    gateway = guarded()
    head = f"Host: a\r\nAuthorization: {basic('alice', ALICE)[0][1]}\r\n"
    with gateway.connect() as connection:
        connection.send(
            f"POST /1 HTTP/1.1\r\n{head}Content-Length: 5\r\n\r\nhello"
            f"POST /2 HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            f"GET /3 HTTP/1.1\r\nHost: a\r\n\r\nGET /4 HTTP/1.1\r\n{head}\r\n".encode())
        answers = [connection.read_response(method) for method in ("POST", "POST", "GET", "GET")]
    assert [answer.status for answer in answers] == [200, 200, 401, 200]
    assert [answer.json()["target"] for answer in answers if answer.status == 200] == ["/1", "/2", "/4"]
    assert [answer.json()["length"] for answer in answers if answer.status == 200] == [5, 3, 0]


def test_a_body_that_comes_while_the_password_is_verified(guarded):
    gateway = guarded()
    with gateway.connect() as connection:
        connection.send(
            f"POST / HTTP/1.1\r\nHost: a\r\nAuthorization: {basic('alice', ALICE)[0][1]}\r\n"
            "Content-Length: 20000\r\n\r\n".encode())
        for _ in range(20):
            connection.send(b"x" * 1_000)
            time.sleep(0.005)
        assert connection.read_response("POST").json()["length"] == 20_000


def test_clients_that_go_while_they_wait_leave_nothing(guarded):
    gateway = guarded()
    for number in range(30):
        connection = gateway.connect()
        connection.send(
            f"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: {basic('alice', f'no {number % 3}')[0][1]}\r\n\r\n".encode())
        connection.close()
    assert gateway.fetch("/", headers=basic("alice", ALICE)).status == 200
    eventually(lambda: gateway.metric("gateway_connections_active") <= 1, "no connection is left")


def test_one_hash_answers_all_that_ask_at_once(guarded):
    slow = {"alice": {"password_hash": hashed(ALICE, "--iterations", "600000")}}
    gateway = guarded({"users": slow})
    before = gateway.processor_seconds()
    assert gateway.fetch("/", headers=basic("alice", "first")).status == 401
    one = gateway.processor_seconds() - before
    statuses = []

    def ask():
        statuses.append(gateway.fetch("/", headers=basic("alice", ALICE)).status)

    before = gateway.processor_seconds()
    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == [200] * 20
    assert gateway.processor_seconds() - before < 4 * one + 0.5
    before = gateway.processor_seconds()
    for _ in range(50):
        assert gateway.fetch("/", headers=basic("alice", ALICE)).status == 200
    assert gateway.processor_seconds() - before < one + 0.2


def test_too_many_that_wait_are_answered_and_others_are_served(guarded):
    slow = {"alice": {"password_hash": hashed(ALICE, "--iterations", "600000")}}
    gateway = guarded({"users": slow})
    assert gateway.fetch("/", headers=basic("alice", ALICE)).status == 200
    waiting = []
    for number in range(200):
        connection = gateway.connect()
        connection.send(
            f"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: {basic('alice', f'guess {number}')[0][1]}\r\n\r\n".encode())
        waiting.append(connection)
    eventually(lambda: gateway.metric("gateway_errors_total", code="F50304") >= 100, "most are answered at once")
    # Who was known before is not held up by them.
    started = time.monotonic()
    assert gateway.fetch("/", headers=basic("alice", ALICE)).status == 200
    assert time.monotonic() - started < 2
    answers = [connection.read_response("GET") for connection in waiting[-5:]]
    assert {answer.status for answer in answers} <= {401, 503}
    for answer in answers:
        assert answer.status == 401 or answer.headers.get("Retry-After") == "1"
    for connection in waiting:
        connection.close()


def test_nobody_learns_which_names_there_are_by_waiting(guarded):
    """A name that nobody has costs what one costs that somebody has."""
    costly = {name: {"password_hash": hashed(ALICE, "--iterations", "600000")} for name in ("alice", "bob")}
    gateway = guarded({"users": costly})

    def cost(user, password):
        before = gateway.processor_seconds()
        assert gateway.fetch("/", headers=basic(user, password)).status == 401
        return gateway.processor_seconds() - before

    known = min(cost("alice", f"no {number}") for number in range(3))
    unknown = min(cost("nobody", f"no {number}") for number in range(3))
    assert 0.5 * known - 0.05 <= unknown <= 2 * known + 0.05


def test_a_file_of_users_is_taken_up_anew(guarded):
    all_users = users()
    gateway = guarded({"users_file": "ops.users"}, files={"ops.users": {"alice": all_users["alice"]}})
    assert gateway.fetch("/", headers=basic("alice", ALICE)).status == 200
    check_refused(gateway.fetch("/", headers=basic("bob", BOB)))
    gateway.config.write("ops.users", {"bob": all_users["bob"]})
    eventually(lambda: gateway.fetch("/", headers=basic("bob", BOB)).status == 200, "the new user counts")
    eventually(lambda: gateway.fetch("/", headers=basic("alice", ALICE)).status == 401, "the old user is gone")
    gateway.config.write("ops.users", {"a:b": {"password_hash": "plain"}})
    eventually(lambda: "the keys stay as they were" in gateway.said(), "a warning")
    assert "GW1165" in gateway.said() or "GW1166" in gateway.said()
    assert gateway.fetch("/", headers=basic("bob", BOB)).status == 200


def test_a_new_password_ends_the_old_one(guarded):
    gateway = guarded()
    assert gateway.fetch("/", headers=basic("alice", ALICE)).status == 200
    changed = users() | {"alice": {"password_hash": hashed("new", "--iterations", "100000")}}
    gateway.config.write("auth.yaml", {"auth": {"ops": {"basic": {"realm": "operations", "users": changed}}}})
    eventually(lambda: gateway.fetch("/", headers=basic("alice", ALICE)).status == 401, "the old password has ended")
    eventually(lambda: gateway.fetch("/", headers=basic("alice", "new")).status == 200, "the new one counts")


def test_a_revoked_user_stops(guarded):
    gateway = guarded()
    assert gateway.fetch("/", headers=basic("alice", ALICE)).status == 200
    gateway.config.write("revocations.yaml", {"revocations": {"left": {"scheme": "ops", "sub": "alice"}}})
    eventually(lambda: gateway.fetch("/", headers=basic("alice", ALICE)).status == 401, "the user is revoked")
    check_refused(gateway.fetch("/", headers=basic("alice", ALICE)))
    assert gateway.fetch("/", headers=basic("bob", BOB)).status == 200


def test_a_drain_finishes_what_waits(guarded):
    slow = {"alice": {"password_hash": hashed(ALICE, "--iterations", "600000")}}
    gateway = guarded({"users": slow})
    with gateway.connect() as connection:
        connection.send(
            f"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: {basic('alice', ALICE)[0][1]}\r\n\r\n".encode())
        time.sleep(0.05)
        gateway.signal(15)
        assert connection.read_response("GET").status == 200
    assert gateway.wait() == 0


SECRET = "0123456789abcdef" * 4
KEY = "gwk_" + "k" * 43


def several(start, **route):
    """A route that asks for a token, a key or a password."""
    import hashlib
    schemes = {
        "staff": {"jwt": {"algorithms": ["HS256"], "secret": {"env": "SECRET"}}},
        "partners": {"api_key": {"keys": {"acme": {"hash": "sha256:" + hashlib.sha256(KEY.encode()).hexdigest()}}}},
        "ops": {"basic": {"users": users()}},
    }
    return start(
        {"all": {"path_pattern": "/", "response": {}} | route}, files={"auth.yaml": {"auth": schemes}},
        env={"SECRET": SECRET})


def challenges(answer):
    assert answer.status == 401
    return answer.headers.all("WWW-Authenticate")


def test_several_schemes_on_one_route(start):
    import jwt
    gateway = several(start, auth=["staff", "partners", "ops"])
    token = [("Authorization", "Bearer " + jwt.encode({"sub": "a", "exp": time.time() + 60}, SECRET, "HS256"))]
    key = [("X-Api-Key", KEY)]
    wrong = [("X-Api-Key", "wrong")]
    for _ in range(2):
        for fields in (token, key, basic("alice", ALICE), basic("alice", ALICE) + wrong, token + wrong):
            assert gateway.fetch("/", headers=fields).status == 200
    plain = ['Bearer realm="staff"', 'ApiKey realm="partners"', 'Basic realm="ops", charset="UTF-8"']
    assert challenges(gateway.fetch("/")) == plain
    # Only a bearer token that was refused is called so (RFC 6750 §3).
    assert challenges(gateway.fetch("/", headers=basic("alice", "wrong"))) == plain
    assert challenges(gateway.fetch("/", headers=wrong)) == plain
    refused = ['Bearer realm="staff", error="invalid_token"', *plain[1:]]
    assert challenges(gateway.fetch("/", headers=[("Authorization", "Bearer wrong")])) == refused


def test_optional_lets_nobody_pass_or_somebody_real(start):
    gateway = several(start, auth={"schemes": ["ops", "partners"], "optional": True})
    assert gateway.fetch("/").status == 200
    assert gateway.fetch("/", headers=basic("alice", ALICE)).status == 200
    assert len(challenges(gateway.fetch("/", headers=basic("alice", "wrong")))) == 2
    assert len(challenges(gateway.fetch("/", headers=[("X-Api-Key", "wrong")]))) == 2


def type_password(*lines, options=()):
    """What `hash-password` shows on a terminal, and how it ends."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [str(BINARY), "hash-password", *options], stdin=follower, stdout=subprocess.PIPE, stderr=follower,
        env=clean_environment())
    os.close(follower)
    shown = b""
    for line in lines:
        prompts = shown.count(b": ")
        deadline = time.monotonic() + 20
        while shown.count(b": ") <= prompts and time.monotonic() < deadline:
            shown += os.read(leader, 1_000)
        os.write(leader, line)
    output = process.communicate(timeout=30)[0]
    try:
        while piece := os.read(leader, 1_000):
            shown += piece
    except OSError:
        pass
    os.close(leader)
    return process.returncode, output.decode(), shown.decode()


def test_a_password_is_typed_unseen_and_twice():
    code, output, shown = type_password(b"hidden one\n", b"hidden one\n", options=["--iterations", "100000"])
    assert code == 0 and re.fullmatch(r"\$pbkdf2-sha256\$i=100000\$[\w+/]{22}\$[\w+/]{43}\n", output)
    assert "hidden" not in shown and "password: " in shown and "again: " in shown
    code, output, shown = type_password(b"hidden one\n", b"hidden two\n")
    assert code == 2 and output == "" and "the two are not the same" in shown
    code, output, shown = type_password(b"hid\x03")
    assert code == 2 and output == "" and "cannot be read" in shown


@pytest.mark.parametrize("options, text, reason", [
    ((), "", "there is no password"), ((), "a\x01b", "control characters"),
    (("--method", "bcrypt"), "x" * 73, "bcrypt reads 72"), (("--cost", "12"), "x", "--cost"),
    (("--method", "bcrypt", "--cost", "9"), "x", "--cost"), (("--iterations", "1000"), "x", "--iterations"),
    (("--method", "md5"), "x", "md5"),
])
def test_what_cannot_be_hashed(options, text, reason):
    result = run("hash-password", *options, input=text)
    assert result.returncode == 2 and result.stdout == "" and reason in result.stderr
