"""Instances by name: the DNS is asked on the side, its answers are followed, its failures are not."""

import time

import pytest
from harness.load import SteadyLoad
from harness.names import NameServer
from harness.polling import eventually
from harness.upstream import Upstream
from harness.wire import make_response

NAME = "app.test"


@pytest.fixture
def names(started):
    started.append(NameServer())
    return started[-1]


@pytest.fixture
def pair(started):
    """Two upstreams on one port of two addresses, which tell them apart."""
    first = Upstream(lambda _: make_response(body=b"127.0.0.1"))
    started.append(first)
    second = Upstream(lambda _: make_response(body=b"127.0.0.2"), port=first.port, host="127.0.0.2")
    started.append(second)
    return first, second


@pytest.fixture
def serve(start, names):
    """A gateway that asks the test's server for the names of its instances."""

    def serve(port, *hosts, resolver=None, **options):
        services = {host: {"instances": [{"host": host, "port": port}]} for host in hosts}
        routes = {host: {"path_pattern": f"/{host}/*", "service_name": host} for host in hosts}
        settings = {"servers": [names.address]} | (resolver or {})
        return start(routes, services, {"resolver": settings}, **options)

    return serve


def test_a_new_address_is_followed_under_load(names, pair, serve, note):
    names.records = {NAME: ["127.0.0.1"]}
    gateway = serve(pair[0].port, NAME)
    assert gateway.fetch(f"/{NAME}/").body == b"127.0.0.1"
    with SteadyLoad(gateway.address, f"/{NAME}/") as load:
        eventually(lambda: min(load.answered) > 5, "the load runs")
        names.records = {NAME: ["127.0.0.2"]}
        changed = time.monotonic()
        eventually(lambda: pair[1].requests, "the new address is used", within=10)
        note(f"a new address was used {time.monotonic() - changed:.2f} s after a change, at a time to live of 1 s")
        after = [count + 20 for count in load.answered]
        eventually(lambda: all(now > then for now, then in zip(load.answered, after, strict=True)), "the load goes on")
        settled = len(pair[0].requests)
        after = [count + 20 for count in load.answered]
        eventually(lambda: all(now > then for now, then in zip(load.answered, after, strict=True)), "the load goes on")
        assert len(pair[0].requests) == settled, "the old address is used on"


@pytest.mark.parametrize("trouble", ["silent", "failing", "gone", "unknown"])
def test_the_last_addresses_outlive_their_server(names, pair, serve, trouble):
    names.records = {NAME: ["127.0.0.1"]}
    gateway = serve(pair[0].port, NAME, resolver={"timeout": "500ms"})
    with SteadyLoad(gateway.address, f"/{NAME}/", b"127.0.0.1"):
        match trouble:
            case "gone": names.stop()
            case "unknown": names.records = {}
            case _: setattr(names, trouble, True)
        eventually(lambda: gateway.metric("gateway_resolver_failures_total") >= 2, "lookups fail")
    resolver = gateway.status()["resolver"]
    assert resolver["names"] == resolver["stale"] == 1
    failing = resolver["failing"][0]
    assert failing["name"] == NAME and failing["addresses"] == 1 and failing["answered_seconds_ago"] >= 0
    assert gateway.metric("gateway_resolver_stale_names") == 1
    assert gateway.metric("gateway_healthy_instances", service=NAME) == 1
    if trouble != "gone":
        names.silent = names.failing = False
        names.records = {NAME: ["127.0.0.2"]}
        eventually(lambda: gateway.fetch(f"/{NAME}/").body == b"127.0.0.2", "the answers count again")
        assert gateway.metric("gateway_resolver_failing_names") == 0


def test_a_name_that_appears_later_is_found(names, pair, serve):
    gateway = serve(pair[0].port, NAME)
    assert gateway.fetch(f"/{NAME}/").status == 503
    failing = gateway.status()["resolver"]["failing"]
    assert [(name["name"], name["reason"]) for name in failing] == [(NAME, "no such name")]
    names.records = {NAME: ["127.0.0.1"]}
    eventually(lambda: gateway.fetch(f"/{NAME}/").body == b"127.0.0.1", "the name is found")


def test_a_server_that_does_not_answer_holds_nothing_up(names, pair, serve):
    names.silent = True
    began = time.monotonic()
    gateway = serve(pair[0].port, NAME, "127.0.0.1")
    assert time.monotonic() - began < 5
    assert gateway.fetch("/127.0.0.1/").body == b"127.0.0.1"
    assert gateway.fetch(f"/{NAME}/").status == 503
    names.records, names.silent = {NAME: ["127.0.0.2"]}, False
    eventually(lambda: gateway.fetch(f"/{NAME}/").body == b"127.0.0.2", "the name is found", within=30)


def test_an_answer_that_is_cut_short_is_asked_for_over_tcp(names, pair, serve):
    names.truncates = True
    names.records = {NAME: ["127.0.0.1"]}
    gateway = serve(pair[0].port, NAME)
    assert gateway.fetch(f"/{NAME}/").body == b"127.0.0.1"
    assert names.over_tcp > 0


def test_both_kinds_of_addresses_are_asked_for(names, pair, serve, started):
    six = Upstream(lambda _: make_response(body=b"::1"), host="::1")
    started.append(six)
    names.records = {"six.test": ["::1"], "both.test": ["::1", "127.0.0.1"]}
    gateway = serve(six.port, "six.test", "both.test")
    assert gateway.fetch("/six.test/").body == b"::1"
    # The first address that takes a connection serves.
    assert gateway.fetch("/both.test/").body == b"::1"
    assert {kind for name, kind in names.asked if name == "six.test"} == {1, 28}


def test_the_hosts_file_is_read_and_numbers_are_not_asked_for(names, pair, serve):
    gateway = serve(pair[0].port, "localhost", "127.0.0.1")
    assert gateway.fetch("/localhost/").body == gateway.fetch("/127.0.0.1/").body == b"127.0.0.1"
    assert not any("127" in name for name, _ in names.asked)
    assert gateway.status()["resolver"]["names"] == 1


def test_the_time_to_live_has_bounds(names, pair, serve):
    names.records = {NAME: ["127.0.0.1"], "long.test": ["127.0.0.1"]}
    names.ttl = 0
    gateway = serve(pair[0].port, NAME, resolver={"min_ttl": "2s", "max_ttl": "2s"})
    names.ttl = 86_400
    asked = len(names.asked)
    eventually(lambda: len(names.asked) >= asked + 4, "an answer for a day is asked for again")
    began = time.monotonic()
    asked = len(names.asked)
    eventually(lambda: len(names.asked) >= asked + 4, "and again")
    assert time.monotonic() - began > 1.5
    assert gateway.metric("gateway_resolver_oldest_answer_seconds") <= 3


def test_other_servers_count_at_once(names, pair, serve, started):
    other = NameServer({NAME: ["127.0.0.2"]})
    started.append(other)
    names.records, names.ttl = {NAME: ["127.0.0.1"]}, 300
    gateway = serve(pair[0].port, NAME)
    assert gateway.fetch(f"/{NAME}/").body == b"127.0.0.1"
    text = (gateway.config.path / "gateway.yaml").read_text()
    gateway.config.write("gateway.yaml", text.replace(names.address, other.address))
    eventually(lambda: gateway.fetch(f"/{NAME}/").body == b"127.0.0.2", "the other server's answer counts")
