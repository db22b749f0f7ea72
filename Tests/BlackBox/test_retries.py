"""Requests that are tried again (RFC 9110 §9.2.2): when it is safe and allowed, and not more often than that."""

import json
import socket
import threading

import pytest

from harness.polling import eventually
from harness.wire import make_response
from test_errors import check_error


def hang_up(_):
    return None


def good(request):
    return make_response(body=request.target.encode() + b" " + request.body())


def busy(request):
    request.body()
    return make_response(503, body=b"busy")


@pytest.fixture
def pair(start, upstream):
    """A gateway before an instance that fails and one that does not; returns all three."""

    def make(bad, service=None, **options):
        instances = [upstream(bad), upstream(good)]
        services = {"main": {"instances": [one.instance for one in instances]} | (service or {})}
        gateway = start({"all": {"path_pattern": "/*", "service_name": "main"}}, services, workers=1, **options)
        return gateway, *instances

    return make


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_idempotent_requests_are_tried_elsewhere_after_a_reset(pair, method):
    gateway, bad, _ = pair(hang_up)
    for _ in range(4):
        body = b"kept" if method == "PUT" else None
        assert gateway.fetch("/a", method, body=body).status == 200
    assert bad.requests
    assert gateway.metric("gateway_upstream_retries_total", reason="reset") == len(bad.requests)


@pytest.mark.parametrize("method", ["POST", "PATCH", "BREW"])
def test_others_are_not(pair, method):
    gateway, bad, fine = pair(hang_up)
    answers = [gateway.fetch("/a", method, body=b"once") for _ in range(4)]
    assert sorted(answer.status for answer in answers) == [200, 200, 502, 502]
    assert len(bad.requests) + len(fine.requests) == 4


def test_others_are_when_the_service_says_so(pair):
    gateway, bad, _ = pair(hang_up, {"retry_methods": "any"})
    for number in range(4):
        assert gateway.fetch("/a", "POST", body=b"%d" % number).body == b"/a %d" % number
    assert bad.requests


def test_a_chunked_body_is_sent_again_as_it_was(pair):
    gateway, bad, _ = pair(lambda request: request.body() and None)
    pieces = [b"one", b"two" * 1_000, b"three"]
    for _ in range(4):
        assert gateway.fetch("/a", "PUT", body=iter(pieces)).body == b"/a " + b"".join(pieces)
    assert bad.requests


def test_a_body_that_is_not_kept_is_not_sent_again(pair):
    gateway, bad, fine = pair(lambda request: request.body() and None)
    body = b"x" * 400_000
    statuses = []
    for _ in range(4):
        try:
            statuses.append(gateway.fetch("/a", "PUT", body=body).status)
        except (ConnectionResetError, BrokenPipeError):
            statuses.append(502)
    assert sorted(statuses) == [200, 200, 502, 502]
    assert len(fine.requests) == 2


@pytest.mark.parametrize("dies", [True, False])
def test_a_kept_connection_that_died_costs_no_try(start, upstream, dies):
    """RFC 9112 §9.3.1: the instance may close a connection at any time; `retries: 0` does not change that."""
    answered = threading.Event()

    def answer(request):
        # The second request on a connection is never answered.
        if answered.is_set() and request.connection in served:
            return None
        answered.set()
        served.append(request.connection)
        return good(request)

    served = []
    behind = upstream(answer)
    gateway = start(
        {"all": {"path_pattern": "/*", "service_name": "main"}},
        {"main": {"retries": 0, "instances": [behind.instance]}}, workers=1)
    assert gateway.fetch("/0", "PUT", body=b"0").body == b"/0 0"
    if dies:
        behind.drop_connections()
    assert gateway.fetch("/1", "PUT", body=b"1").body == b"/1 1"
    assert len(served) == 2
    if not dies:
        assert gateway.metric("gateway_upstream_retries_total", reason="stale") == 1


def test_statuses_from_the_list_are_tried_elsewhere(pair):
    gateway, bad, _ = pair(busy, {"retry_on": [502, 503]})
    for _ in range(4):
        assert gateway.fetch("/a").body == b"/a "
    assert gateway.metric("gateway_upstream_retries_total", reason="status") == len(bad.requests) == 2
    # An answer that was dropped as a whole leaves its connection to others.
    assert len(bad.connections) == 1


def test_other_statuses_are_passed_on(pair):
    gateway, _, fine = pair(lambda _: make_response(500, body=b"mine"), {"retry_on": [502, 503]})
    assert sorted(gateway.fetch("/a").status for _ in range(4)) == [200, 200, 500, 500]


def test_the_last_answer_is_passed_on(proxy):
    gateway, behind = proxy(busy, service={"retry_on": 503, "retries": 2}, workers=1)
    answer = gateway.fetch("/")
    assert (answer.status, answer.body) == (503, b"busy")
    assert len(behind.requests) == 3


def test_one_instance_is_tried_again_when_there_is_no_other(proxy):
    tries = []

    def answer(request):
        tries.append(request)
        return good(request) if len(tries) == 3 else None

    gateway, _ = proxy(answer, workers=1)
    assert gateway.fetch("/a").body == b"/a "


def test_no_retries_when_none_are_allowed(proxy):
    gateway, behind = proxy(hang_up, service={"retries": 0})
    check_error(gateway.fetch("/"), 502, "F50200")
    assert len(behind.requests) == 1


def test_a_slow_try_is_given_up(pair):
    release = threading.Event()
    gateway, bad, _ = pair(
        lambda _: release.wait(20) and None, {"try_timeout": "200ms", "retry_on": ["connect", "timeout"]})
    try:
        for _ in range(4):
            assert gateway.fetch("/a").body == b"/a "
        assert len(bad.requests) == 2
        assert gateway.metric("gateway_upstream_retries_total", reason="timeout") == 2
    finally:
        release.set()


def test_a_slow_try_is_the_last_without_timeout_in_the_list(pair):
    release = threading.Event()
    gateway, *_ = pair(lambda _: release.wait(20) and None, {"try_timeout": "200ms"})
    try:
        answers = [gateway.fetch("/a") for _ in range(4)]
        assert sorted(answer.status for answer in answers) == [200, 200, 504, 504]
    finally:
        release.set()


def test_connect_alone_is_tried_for_every_method(start, dead_upstream, upstream):
    fine = upstream(good)
    gateway = start(
        {"all": {"path_pattern": "/*", "service_name": "main"}},
        {"main": {"retry_on": "connect", "retry_budget": "0%", "retry_budget_floor": 0,
                  "instances": [dead_upstream.instance, fine.instance]}}, workers=1)
    for number in range(6):
        assert gateway.fetch("/a", "POST", body=b"%d" % number).body == b"/a %d" % number
    assert gateway.metric("gateway_upstream_retries_total", reason="connect") == 3


def test_the_budget_bounds_what_failures_cost(proxy):
    """Twenty at one time fail; with a floor of one and no percentage, one of them at a time is tried again."""
    barrier = threading.Barrier(20)
    tries = []

    def answer(request):
        tries.append(request.target)
        if tries.count(request.target) == 1:
            barrier.wait(20)
        return None

    gateway, behind = proxy(
        answer, service={"retry_budget": "0%", "retry_budget_floor": 1, "retries": 1}, workers=1)
    statuses = []
    threads = [
        threading.Thread(target=lambda number=number: statuses.append(gateway.fetch(f"/{number}").status))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert statuses == [502] * 20
    made = gateway.metric("gateway_upstream_retries_total", reason="reset")
    denied = gateway.metric("gateway_upstream_retries_denied_total")
    assert made + denied == 20 and made >= 1 and denied >= 1
    assert len(behind.requests) == 20 + made


def test_tries_in_the_access_log(pair):
    gateway, bad, _ = pair(hang_up, gateway={"access_log": {"path": "stdout"}})
    for _ in range(2):
        gateway.fetch("/a")

    def tries():
        lines = [json.loads(line) for line in gateway.output.read_text().splitlines() if '"/a"' in line]
        return len(lines) == 2 and sorted(line.get("tries", 1) for line in lines)

    assert eventually(tries, "two lines") == [1, 2]


def test_the_timeout_of_the_route_is_over_all_tries(proxy):
    release = threading.Event()
    gateway, behind = proxy(
        lambda _: release.wait(20) and None, route={"timeout": "500ms"},
        service={"try_timeout": "200ms", "retry_on": "timeout", "retries": 10}, workers=1)
    try:
        check_error(gateway.fetch("/"), 504, "F50400")
        assert 2 <= len(behind.requests) <= 4
    finally:
        release.set()


def test_a_reset_with_a_body_behind_it_is_no_answer(start, upstream):
    """An instance that reads nothing and resets: what it was sent may not have arrived, and is sent to the other."""

    def reset(request):
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        return None

    bad, fine = upstream(reset), upstream(good)
    gateway = start(
        {"all": {"path_pattern": "/*", "service_name": "main"}},
        {"main": {"instances": [bad.instance, fine.instance]}}, workers=1)
    for _ in range(4):
        assert gateway.fetch("/a", "PUT", body=b"y" * 10_000).status == 200
