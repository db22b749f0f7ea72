"""The parts of `make bench` that a change elsewhere can break: the gateway's configuration, the programs in C."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

if not shutil.which("cc") or len(os.sched_getaffinity(0)) < 2:
    pytest.skip("the benchmarks want a C compiler and two CPUs", allow_module_level=True)

sys.path.insert(0, str(Path(__file__).parents[1] / "Benchmarks"))

from bench import pacer, programs, reload, scenario, targets  # noqa: E402
from bench.target import Running  # noqa: E402
from bench.upstream import Upstream  # noqa: E402

from harness.processes import BINARY  # noqa: E402

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return programs.build(tmp_path_factory.mktemp("programs"))


def test_targets_do_the_job(built, tmp_path):
    upstream = Upstream(built, tmp_path)
    try:
        for target in (targets.Gateway(BINARY), targets.Nginx(), targets.Relay(built)):
            running = Running(target, tmp_path, upstream.ports, routes=scenario.COMPARED[0].routes)
            try:
                running.check()
            finally:
                running.stop()
    finally:
        upstream.stop()


def test_a_reload_under_the_constant_rate_client(built, tmp_path):
    figures = reload.measure(built, tmp_path, targets.Gateway(BINARY), routes=100, rate=200, reloads=1)
    assert figures["failed"] == 0
    assert figures["requests"] > 100


def test_a_latency_counts_from_when_the_request_was_due(built, tmp_path):
    """A server that stands still cannot hide the requests that were due meanwhile, not even those never sent."""
    upstream = Upstream(built, tmp_path)
    try:
        client = pacer.Pacer(built, tmp_path, upstream.ports[0], rate=500, seconds=1.5)
        time.sleep(0.5)
        upstream.process.handle.send_signal(signal.SIGSTOP)
        time.sleep(0.5)
        upstream.process.handle.send_signal(signal.SIGCONT)
        requests = client.requests()
    finally:
        upstream.stop()
    assert len(requests) == 750
    assert pacer.failures(requests) == 0
    assert sum(request.latency_ms > 100 for request in requests) > 150
