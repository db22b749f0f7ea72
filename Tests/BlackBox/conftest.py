"""Fixtures: everything that a test starts is stopped when it ends, by its own id."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from harness.processes import BASE, BINARY, ConfigDirectory, Echo, Gateway  # noqa: E402
from harness.upstream import DeadUpstream, DeafUpstream, Nginx, Upstream  # noqa: E402
from harness.wire import make_response  # noqa: E402
from harness.world import versions  # noqa: E402

FIGURE = "figure"


def pytest_configure():
    if not BINARY.exists():
        raise pytest.UsageError(f"{BINARY} is missing: `make build` makes it, GATEWAY names another one")


def pytest_terminal_summary(terminalreporter):
    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    figures = [
        value for report in reports if getattr(report, "when", None) == "call"
        for name, value in report.user_properties if name == FIGURE
    ]
    if figures:
        terminalreporter.section("figures")
        for line in figures:
            terminalreporter.line(line)


@pytest.fixture
def note(record_property):
    """Adds a line to the figures at the end of the run."""
    return lambda line: record_property(FIGURE, line)


@pytest.fixture
def started():
    """Things with a `stop()`, stopped in reverse order."""
    things = []
    yield things
    for thing in reversed(things):
        thing.stop()


@pytest.fixture
def start(started, tmp_path):
    """Starts a gateway on parts of a configuration: `gateway`, `services` and `routes` by name."""

    def start(routes=None, services=None, gateway=None, *, files=None, name="gateway", **options):
        directory = tmp_path / name
        config = ConfigDirectory(directory / "gateway.d")
        config.write("gateway.yaml", {"gateway": BASE | (gateway or {})})
        if services:
            config.write("services.yaml", {"services": services})
        if routes:
            config.write("routes.yaml", {"routes": routes})
        for path, content in (files or {}).items():
            config.write(path, content)
        process = Gateway(directory, config, **options)
        started.append(process)
        return process

    return start


@pytest.fixture
def upstream(started):
    """Makes upstreams with an answer of the test's."""

    def make(*answer):
        started.append(Upstream(*answer))
        return started[-1]

    return make


@pytest.fixture
def deaf_upstream(started):
    started.append(DeafUpstream())
    return started[-1]


@pytest.fixture
def dead_upstream(started):
    started.append(DeadUpstream())
    return started[-1]


@pytest.fixture
def nginx(started, tmp_path):
    started.append(Nginx(tmp_path / "nginx"))
    return started[-1]


@pytest.fixture
def echo(started, tmp_path):
    started.append(Echo(tmp_path / "echo"))
    return started[-1]


@pytest.fixture
def proxy(start, upstream):
    """A gateway that sends everything to one upstream; returns both."""

    def make(answer=None, gateway=None, service=None, route=None, **options):
        behind = upstream(answer) if answer else upstream()
        services = {"main": {"instances": [behind.instance]} | (service or {})}
        routes = {"all": {"path_pattern": "/*", "service_name": "main"} | (route or {})}
        return start(routes, services, gateway, **options), behind

    return make


@pytest.fixture
def world(start, upstream):
    """A gateway with a proxied route for the load and a route that tells the version."""
    behind = upstream(lambda _: make_response(body=b"steady"))

    def make(version="1", **options):
        return start(
            {"steady": {"path_pattern": "/steady", "service_name": "main"}},
            {"main": {"instances": [behind.instance]}},
            files={"version.yaml": versions(version=version), **options.pop("files", {})}, **options)

    return make
