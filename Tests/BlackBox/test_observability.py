"""What the gateway tells: health, metrics, access log, status."""

import json
import re
import signal

import pytest
from prometheus_client.parser import text_string_to_metric_families

from harness.polling import eventually
from harness.wire import make_response


def read_lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def logged(proxy, tmp_path):
    """A gateway with an access log in a file, its upstream, and the log's path."""

    def make(*arguments, **options):
        path = tmp_path / "access.log"
        gateway, behind = proxy(*arguments, gateway={"access_log": {"path": str(path)}}, **options)
        return gateway, behind, path

    return make


def test_health(proxy):
    gateway, _ = proxy()
    answer = gateway.fetch("/health")
    envelope = answer.json()
    assert (answer.status, envelope["code"]) == (200, "S10000")
    assert (envelope["data"]["status"], envelope["data"]["ready"]) == ("ok", True)
    assert envelope["data"]["revision"] == 1
    assert envelope["data"]["reload"]["state"] == "serving"


def test_health_takes_get_and_head_only(proxy):
    gateway, _ = proxy(route={"path_pattern": "/api/*"})
    assert gateway.fetch("/health", "HEAD").status == 200
    assert gateway.fetch("/health", "DELETE").status == 405


def families(gateway):
    answer = gateway.fetch("/metrics")
    assert answer.status == 200
    assert answer.headers.get("Content-Type").startswith("text/plain; version=0.0.4")
    return answer.body.decode()


def test_metrics_have_the_named_families(proxy):
    gateway, _ = proxy()
    gateway.fetch("/")
    found = {family.name: family for family in text_string_to_metric_families(families(gateway))}
    for name, kind in {
        "gateway_requests": "counter", "gateway_errors": "counter", "gateway_active_routes": "gauge",
        "gateway_healthy_instances": "gauge", "gateway_request_duration_seconds": "histogram",
    }.items():
        assert name in found, sorted(found)
        assert found[name].type == kind, (name, found[name].type)
    assert "gateway_response_time_ms" in found
    assert all(family.documentation for family in found.values())


def test_metrics_text_is_well_formed(proxy):
    """What the parser forgives: help and type once and first, one family in one place, no sample twice."""
    gateway, _ = proxy(route={"path_pattern": "/*"})
    for target in ("/", "/a", "/b"):
        gateway.fetch(target)
    seen, closed, current, typed = set(), set(), None, {}
    text = families(gateway)
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# "):
            _, word, name, rest = line.split(" ", 3)
            assert word in ("HELP", "TYPE") and rest
            if word == "TYPE":
                assert name not in typed
                typed[name] = rest
            if name != current:
                assert name not in closed
                closed.add(current)
                current = name
            continue
        match = re.fullmatch(r'([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)*\})? (\S+)', line)
        assert match, line
        assert match[1] == current or re.sub("_(bucket|sum|count)$", "", match[1]) == current, line
        assert current in typed
        assert match[1] + (match[2] or "") not in seen, line
        seen.add(match[1] + (match[2] or ""))
        float(match[3])


def test_counts_are_exact(proxy):
    gateway, _ = proxy(lambda request: make_response(500 if request.target == "/bad" else 200, body=b"x"),
                       route={"path_pattern": "/*", "method": ["GET"]})
    for target in ["/ok"] * 30 + ["/bad"] * 7:
        gateway.fetch(target)
    for _ in range(5):
        gateway.fetch("/", "DELETE")
    eventually(lambda: gateway.metric("gateway_requests_total", route="all") == 37, "all are counted")
    assert gateway.metric("gateway_requests_total", route="all", status="2xx") == 30
    assert gateway.metric("gateway_requests_total", route="all", status="5xx") == 7
    assert gateway.metric("gateway_response_time_ms_count", route="all") == 37
    assert gateway.metric("gateway_request_duration_seconds_count", route="all", status="2xx") == 30
    assert gateway.metric("gateway_request_duration_seconds_count", route="all", status="5xx") == 7
    assert gateway.metric("gateway_request_duration_seconds_bucket", route="all", status="2xx", le="+Inf") == 30
    assert gateway.metric("gateway_errors_total", code="F40500") == 5
    assert gateway.metric("gateway_active_routes") == 1
    assert gateway.metric("gateway_healthy_instances") == 1


def test_histogram_buckets_grow(proxy):
    gateway, _ = proxy()
    for _ in range(20):
        gateway.fetch("/")
    buckets = sorted(
        (float(dict(labels)["le"]), value) for (name, labels), value in gateway.metrics().items()
        if name == "gateway_request_duration_seconds_bucket" and dict(labels).get("route") == "all")
    counts = [value for _, value in buckets]
    assert len(buckets) > 5 and counts == sorted(counts) and buckets[-1][0] == float("inf")


def test_counts_survive_a_reload(proxy):
    gateway, _ = proxy()
    for _ in range(10):
        gateway.fetch("/")
    gateway.config.write("more.yaml", {"routes": {"more": {"path_pattern": "/more", "response": {"body": "m"}}}})
    gateway.await_body("/more", b"m")
    assert gateway.metric("gateway_requests_total", route="all") >= 10


def test_access_log_line(logged):
    gateway, behind, path = logged()
    gateway.fetch("/things?secret=1", "POST", body=b"12345", headers=[("X-Request-Id", "id-1")])
    line = eventually(lambda: path.exists() and read_lines(path), "a line is there")[0]
    assert line["request_id"] == "id-1"
    assert (line["method"], line["path"], line["status"]) == ("POST", "/things", 200)
    assert (line["route"], line["service"], line["instance"]) == ("all", "main", f"127.0.0.1:{behind.port}")
    assert (line["revision"], line["client"]) == (1, "127.0.0.1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z", line["time"])
    assert "secret" not in path.read_text()


def test_access_log_of_an_error(logged):
    gateway, _, path = logged(route={"path_pattern": "/api/*"})
    gateway.fetch("/nowhere")
    line = eventually(lambda: path.exists() and read_lines(path), "a line is there")[0]
    assert (line["status"], line["code"]) == (404, "F40400")


def test_no_line_is_lost_at_shutdown(logged):
    gateway, _, path = logged()
    with gateway.connect() as connection:
        for number in range(2_000):
            connection.request("GET", f"/{number}")
    assert gateway.drain() == 0
    lines = read_lines(path)
    assert [line["path"] for line in lines] == [f"/{number}" for number in range(2_000)]


def test_log_is_reopened(logged):
    """As logrotate does it: rename, then SIGUSR1. Between the two, and after, no line is lost."""
    gateway, _, path = logged()
    rotated = path.with_suffix(".1")
    with gateway.connect() as connection:
        for number in range(300):
            connection.request("GET", f"/{number}")
            if number == 100:
                path.rename(rotated)
                gateway.signal(signal.SIGUSR1)
                eventually(path.exists, "the new file is there")
    gateway.drain()
    lines = read_lines(rotated) + read_lines(path)
    assert [line["path"] for line in lines] == [f"/{number}" for number in range(300)]
    assert len(read_lines(path)) >= 199


def test_hostile_text_stays_inside_its_line(logged):
    gateway, _, path = logged(workers=1)
    gateway.fetch("/%22%0A%7B", headers=[("X-Request-Id", 'a"b\\c')])
    gateway.fetch("/after")
    lines = eventually(lambda: path.exists() and len(read_lines(path)) == 2 and read_lines(path), "both lines")
    assert [line["path"] for line in lines] == ["/%22%0A%7B", "/after"]


def test_log_on_standard_output(proxy):
    gateway, _ = proxy(gateway={"access_log": {"path": "stdout"}})
    gateway.fetch("/here")
    gateway.drain()
    assert [line["path"] for line in read_lines(gateway.output)] == ["/here"]


def test_status(proxy):
    gateway, _ = proxy()
    status = gateway.status()
    assert status["revision"] == 1
    assert status["reload"]["state"] == "serving"
    assert [listener["name"] for listener in status["listeners"]] == ["public"]
    assert status["listeners"][0]["address"] == "%s:%d" % gateway.address
    text = gateway.run("status", "--state", gateway.state)
    assert text.returncode == 0 and "%s:%d" % gateway.address in text.stdout
