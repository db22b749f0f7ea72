"""Instances that do not work: found out by checks, or by what they answer, and left out until they work again."""

import os
import signal
import threading
import time
from collections import Counter

import pytest

from harness.polling import eventually
from harness.upstream import Nginx
from harness.wire import Connection, make_response
from test_errors import check_error

CHECK = {"path": "/health", "interval": "100ms", "timeout": "100ms", "healthy_threshold": 2, "unhealthy_threshold": 2}


class Switch:
    """An upstream's answers: its name, and a check that passes while it is on."""

    def __init__(self, name):
        self.name, self.check, self.answer = name, make_response(body=b"ready"), make_response(body=name.encode())
        self.checks = []

    def __call__(self, request):
        if request.target.startswith("/health"):
            self.checks.append(request)
            return self.check
        request.body()
        return self.answer


@pytest.fixture
def several(start, upstream):
    """A gateway before instances with switches, by name."""

    def make(names="abc", service=None, **options):
        switches = {name: Switch(name) for name in names}
        behind = {name: upstream(switch) for name, switch in switches.items()}
        instances = [{"instance_id": name, **one.instance} for name, one in behind.items()]
        gateway = start(
            {"all": {"path_pattern": "/*", "service_name": "main"}},
            {"main": {"instances": instances, **(service or {})}}, **options)
        return gateway, switches, behind

    return make


def state(gateway, name):
    return next(row for row in gateway.status()["watched"] if row["instance"] == name)


def await_state(gateway, **states):
    for name, wanted in states.items():
        eventually(lambda: state(gateway, name)["state"] == wanted, f"{name} is {wanted}")


def shares(gateway, requests=60):
    with gateway.connect() as connection:
        return Counter(connection.request("GET", "/").body.decode() for _ in range(requests))


def test_an_instance_that_fails_its_checks_gets_nothing_until_it_passes_them(several):
    gateway, switches, _ = several(service={"health_check": CHECK}, workers=2)
    await_state(gateway, a="healthy", b="healthy", c="healthy")
    assert gateway.metric("gateway_healthy_instances", service="main") == 3
    switches["b"].check = make_response(503)
    await_state(gateway, b="unhealthy")
    assert state(gateway, "b")["failure"] == "status 503"
    assert set(shares(gateway)) == {"a", "c"}
    assert gateway.metric("gateway_healthy_instances", service="main") == 2
    assert gateway.metric("gateway_instance_health", instance="b", state="unhealthy") == 1
    gateway.find(r"instance `b` of service `main` is unhealthy: status 503")
    switches["b"].check = make_response()
    await_state(gateway, b="healthy")
    assert set(shares(gateway)) == {"a", "b", "c"}
    assert gateway.metric("gateway_health_checks_total", instance="b", result="failed") >= 2


def test_what_a_check_asks(several):
    check = CHECK | {"path": "/health?deep=1", "host": "probe.internal"}
    gateway, switches, _ = several("a", {"health_check": check})
    await_state(gateway, a="healthy")
    request = switches["a"].checks[0]
    assert (request.method, request.target) == ("GET", "/health?deep=1")
    assert request.headers.get("Host") == "probe.internal" and request.headers.get("Connection") == "close"


@pytest.mark.parametrize(("expected", "answer", "passes"), [
    ({}, make_response(204), True),
    ({}, make_response(302), False),
    ({"expect_status": [302, "400-404"]}, make_response(401), True),
    ({"expect_status": [302, "400-404"]}, make_response(200), False),
    ({"expect_body": "ready"}, make_response(body=b"not yet: ready"), True),
    ({"expect_body": "ready"}, make_response(body=b"starting"), False),
    ({"expect_body": "ready"}, [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nrea\r\n", b"2\r\ndy\r\n0\r\n\r\n"], True),
    ({"expect_body": "ready"}, [b"HTTP/1.1 103 Early Hints\r\n\r\n", b"HTTP/1.0 200 OK\r\n\r\nrea", b"dy"], True),
    ({}, b"SSH-2.0-OpenSSH\r\n", False),
    ({}, None, False),
])
def test_what_passes(several, expected, answer, passes):
    gateway, switches, _ = several("a", {"health_check": CHECK | {"interval": "1s", "timeout": "900ms"} | expected})
    switches["a"].check = answer
    eventually(lambda: state(gateway, "a")["state"] != "unknown" and switches["a"].checks, "it was checked")
    switches["a"].check = answer
    await_state(gateway, a="healthy" if passes else "unhealthy")


def test_none_left_is_told_at_once(several):
    gateway, switches, _ = several("ab", {"health_check": CHECK})
    for switch in switches.values():
        switch.check = make_response(500)
    await_state(gateway, a="unhealthy", b="unhealthy")
    answer = gateway.fetch("/")
    check_error(answer, 503, "F50300")
    assert answer.headers.get("Retry-After") == "1"
    assert gateway.metric("gateway_healthy_instances", service="main") == 0


def test_in_a_panic_all_are_used(several):
    gateway, switches, _ = several("ab", {"health_check": CHECK, "panic_threshold": "50%"})
    for switch in switches.values():
        switch.check = make_response(500)
    await_state(gateway, a="unhealthy", b="unhealthy")
    assert set(shares(gateway)) == {"a", "b"}


def test_a_new_instance_waits_for_its_first_check(several, upstream):
    gateway, _, behind = several("a", {"health_check": CHECK | {"unhealthy_threshold": 10}})
    await_state(gateway, a="healthy")
    release = threading.Event()

    def slow(request):
        if request.target == "/health":
            release.wait(20)
            return make_response()
        return make_response(body=b"new")

    new = upstream(slow)
    instances = [{"instance_id": "a", **behind["a"].instance}, {"instance_id": "new", **new.instance}]
    check = CHECK | {"timeout": "20s", "interval": "20s"}
    gateway.config.write("services.yaml", {"services": {"main": {"health_check": check, "instances": instances}}})
    gateway.await_revision(1)
    assert state(gateway, "a")["state"] == "healthy", "what is known outlives the reload"
    assert state(gateway, "new")["state"] == "unknown"
    assert set(shares(gateway)) == {"a"}
    release.set()
    await_state(gateway, new="healthy")
    assert set(shares(gateway)) == {"a", "new"}


def test_a_sick_instance_stays_sick_over_a_reload(several):
    gateway, switches, behind = several("ab", {"health_check": CHECK})
    switches["b"].check = make_response(503)
    await_state(gateway, a="healthy", b="unhealthy")
    instances = [{"instance_id": name, **one.instance} for name, one in behind.items()]
    slower = CHECK | {"interval": "10s"}
    gateway.config.write(
        "services.yaml", {"services": {"main": {"health_check": slower, "retries": 1, "instances": instances}}})
    gateway.await_revision(1)
    assert state(gateway, "b")["state"] == "unhealthy"
    assert set(shares(gateway)) == {"a"}


def test_a_connection_is_enough_for_tcp(several, dead_upstream):
    gateway, switches, behind = several("a", {"health_check": {"tcp": True, "interval": "100ms"}})
    await_state(gateway, a="healthy")
    assert not behind["a"].requests
    behind["a"].stop()
    await_state(gateway, a="unhealthy")
    assert "refused" in state(gateway, "a")["failure"]


def test_an_instance_that_answers_with_failures_is_ejected(several):
    outliers = {"consecutive_errors": 5, "ejection_time": "1s"}
    gateway, switches, behind = several(service={"outlier_detection": outliers}, workers=2)
    switches["b"].answer = make_response(503, body=b"b")
    shares(gateway, 60)
    assert len(behind["b"].requests) == 5, "the limit is of all workers together"
    assert set(shares(gateway)) == {"a", "c"}
    assert state(gateway, "b")["ejected_seconds_left"] == 1
    assert gateway.metric("gateway_ejected_instances", service="main") == 1
    assert gateway.metric("gateway_ejections_total", instance="b") == 1
    switches["b"].answer = make_response(body=b"b")
    eventually(lambda: "b" in shares(gateway, 6), "it is back")


def test_ejections_outlive_a_reload(several):
    gateway, switches, behind = several("ab", {"outlier_detection": {"consecutive_errors": 1, "ejection_time": "1m"}})
    switches["b"].answer = make_response(500)
    shares(gateway, 4)
    instances = [{"instance_id": name, **one.instance} for name, one in behind.items()]
    gateway.config.write("services.yaml", {"services": {"main": {
        "outlier_detection": {"consecutive_errors": 1}, "retries": 1, "instances": instances}}})
    gateway.await_revision(1)
    assert set(shares(gateway)) == {"a"}
    assert len(behind["b"].requests) == 1


def test_clients_that_leave_eject_nobody(several):
    gateway, _, behind = several("ab", {"outlier_detection": {"consecutive_errors": 1}})
    gate = threading.Event()
    for one in behind.values():
        one.answer = lambda _: gate.wait(10) and make_response()
    for _ in range(6):
        connection = Connection(gateway.address)
        connection.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.close()
    gate.set()
    eventually(lambda: len(behind["a"].requests) + len(behind["b"].requests) >= 6, "they have come")
    assert gateway.metric("gateway_ejected_instances", service="main") == 0


class Stream:
    """Clients that ask without a pause; what they got, and when."""

    def __init__(self, address, clients=4):
        self.address, self.answers, self.ending = address, [], threading.Event()
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(clients)]

    def _run(self):
        while not self.ending.is_set():
            try:
                with Connection(self.address) as connection:
                    while not self.ending.is_set():
                        answer = connection.request("GET", "/who")
                        self.answers.append((time.monotonic(), answer.status))
                        time.sleep(0.002)
            except (OSError, EOFError, AssertionError, ValueError) as error:
                self.answers.append((time.monotonic(), repr(error)))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        eventually(lambda: len(self.answers) > 100, "the load runs")
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join(20)


@pytest.fixture
def three_nginx(started, tmp_path):
    for number in range(3):
        started.append(Nginx(tmp_path / f"nginx-{number}"))
    return started[-3:]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
@pytest.mark.parametrize("checked", [True, False], ids=["checked", "unchecked"])
def test_nobody_notices_the_death_of_one_of_three(start, three_nginx, note, number, checked):
    """A death costs idempotent requests nothing but time."""
    instances = [one.instance for one in three_nginx]
    service = {"instances": instances, "retry_on": ["connect", "reset", "timeout"], "try_timeout": "300ms"}
    # All clients may meet the stopped one at the same moment.
    service["retry_budget_floor"] = 10
    service |= {"outlier_detection": {"consecutive_errors": 3, "consecutive_connect_errors": 3, "ejection_time": "1m"}}
    if checked:
        service["health_check"] = {
            "path": "/who", "interval": "200ms", "timeout": "200ms", "unhealthy_threshold": 2}
    gateway = start({"all": {"path_pattern": "/*", "service_name": "main"}}, {"main": service})
    if checked:
        eventually(lambda: gateway.metric("gateway_healthy_instances", service="main") == 3, "all are healthy")
    victim = three_nginx[0]
    children = workers_of(victim)
    with Stream(gateway.address) as stream:
        before = gateway.metric("gateway_upstream_retries_total")
        death = time.monotonic()
        # The master first: it would replace its workers.
        for pid in [victim.process.pid, *children]:
            os.kill(pid, number)
        eventually(lambda: gateway.metric("gateway_healthy_instances", service="main") == 2, "it is left out")
        found = time.monotonic() - death
        time.sleep(1)
        retries = gateway.metric("gateway_upstream_retries_total") - before
        last = time.monotonic()
    if number == signal.SIGSTOP:
        for pid in [victim.process.pid, *children]:
            os.kill(pid, signal.SIGCONT)
    failures = [status for when, status in stream.answers if status != 200]
    how = "killed" if number == signal.SIGKILL else "stopped"
    note(
        f"1 of 3 nginx {how} under load, {'checks and outliers' if checked else 'outliers alone'}: left out after "
        f"{found * 1000:.0f} ms, {retries:.0f} tries, {len(failures)} of "
        f"{sum(1 for when, _ in stream.answers if death <= when <= last)} requests failed")
    assert not failures, Counter(failures)


def workers_of(nginx):
    path = f"/proc/{nginx.process.pid}/task/{nginx.process.pid}/children"
    return [int(pid) for pid in open(path).read().split()]

