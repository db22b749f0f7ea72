"""Which instance answers, in numbers. One worker, so that the turns are one sequence."""

import threading
from collections import Counter

import pytest

from harness.polling import eventually
from harness.upstream import Upstream
from harness.wire import make_response


@pytest.fixture
def named(upstream):
    """Upstreams that take the whole request and answer with their name."""

    def serve(name):
        def answer(request):
            request.body()
            return make_response(body=name.encode())

        return upstream(answer)

    return lambda *names: {name: serve(name) for name in names}


def balanced(start, upstreams, strategy, weights=(1, 1, 1), **service):
    instances = [
        {"instance_id": name, **behind.instance, "weight": weight}
        for (name, behind), weight in zip(upstreams.items(), weights, strict=True)
    ]
    return start(
        {"all": {"path_pattern": "/*", "service_name": "main"}},
        {"main": {"load_balancing": strategy, "instances": instances, **service}}, workers=1)


def count(gateway, requests):
    with gateway.connect() as connection:
        return Counter(connection.request("GET", "/").body.decode() for _ in range(requests))


def test_round_robin_is_even(start, named):
    gateway = balanced(start, named("a", "b", "c"), "round_robin")
    assert count(gateway, 300) == {"a": 100, "b": 100, "c": 100}


def test_weighted_follows_the_weights(start, named):
    gateway = balanced(start, named("a", "b", "c"), "weighted", (5, 2, 1))
    assert count(gateway, 800) == {"a": 500, "b": 200, "c": 100}


def test_weighted_is_smooth(start, named):
    gateway = balanced(start, named("a", "b", "c"), "weighted", (5, 1, 1))
    with gateway.connect() as connection:
        order = [connection.request("GET", "/").body for _ in range(7)]
    assert b"aaaa" not in b"".join(order)


@pytest.mark.parametrize("strategy", ["round_robin", "weighted", "least_connections"])
def test_weight_zero_takes_nothing(start, named, strategy):
    gateway = balanced(start, named("a", "b", "c"), strategy, (1, 0, 1))
    assert count(gateway, 100) == {"a": 50, "c": 50}


def test_least_connections_without_load_takes_turns(start, named):
    gateway = balanced(start, named("a", "b", "c"), "least_connections")
    assert count(gateway, 300) == {"a": 100, "b": 100, "c": 100}


def test_least_connections_avoids_the_busy_instance(start, upstream, named):
    release, waiting = threading.Event(), threading.Semaphore(0)

    def slow(request):
        if request.target == "/hold":
            waiting.release()
            release.wait(20)
        return make_response(body=b"slow")

    upstreams = {"slow": upstream(slow)} | named("b", "c")
    gateway = balanced(start, upstreams, "least_connections")
    held = []
    # The slow one gets its turn among three, and then keeps what it got.
    while not waiting.acquire(blocking=False):
        connection = gateway.connect()
        connection.send_request("GET", "/hold")
        held.append(connection)
        eventually(lambda: sum(len(one.requests) for one in upstreams.values()) == len(held), "the request arrives")
    before = len(upstreams["slow"].requests)
    counts = count(gateway, 100)
    release.set()
    assert counts["slow"] == 0 and len(upstreams["slow"].requests) == before
    for connection in held:
        assert connection.read_response().status == 200
        connection.close()


@pytest.mark.parametrize("strategy", ["round_robin", "weighted", "least_connections"])
def test_dead_instance_costs_no_error(start, named, dead_upstream, strategy):
    gateway = balanced(start, named("a", "b") | {"dead": dead_upstream}, strategy)
    counts = count(gateway, 100)
    assert counts["a"] + counts["b"] == 100
    assert counts["a"] > 20 and counts["b"] > 20


def test_body_survives_the_next_try(start, named, dead_upstream):
    """Nothing of it was sent to the instance that refused."""
    upstreams = {"dead": dead_upstream} | named("a", "b")
    gateway = balanced(start, upstreams, "round_robin")
    with gateway.connect() as connection:
        for _ in range(10):
            assert connection.request("POST", "/", body=b"x" * 200_000).status == 200
    taken = upstreams["a"].requests + upstreams["b"].requests
    assert len(taken) == 10 and all(len(request.body()) == 200_000 for request in taken)


def test_retries_bound_the_tries(start, upstream, dead_upstream):
    """With no retry the refusal reaches the client."""
    gateway = balanced(start, {"dead": dead_upstream, "a": upstream(lambda _: make_response(body=b"a"))},
                       "round_robin", (1, 1), retries=0)
    with gateway.connect() as connection:
        statuses = Counter(connection.request("GET", "/").status for _ in range(20))
    assert statuses == {200: 10, 503: 10}


def test_instance_that_comes_back_is_used_again(start, started, named):
    upstreams = named("a", "b", "c")
    gateway = balanced(start, upstreams, "round_robin")
    assert set(count(gateway, 30)) == {"a", "b", "c"}
    port = upstreams["c"].port
    upstreams["c"].stop()
    assert set(count(gateway, 30)) == {"a", "b"}
    started.append(Upstream(lambda _: make_response(body=b"c"), port=port))
    eventually(lambda: "c" in count(gateway, 30), "the instance is used again")
