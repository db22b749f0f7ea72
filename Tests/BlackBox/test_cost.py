"""What a proxied request costs, in instructions and allocations."""

import pytest

from harness.callgrind import CountedGateway
from harness.processes import BASE, ConfigDirectory
from harness.wire import make_response

# User instructions for one request and its answer, with an access log in JSON and metrics, as they are by default.
INSTRUCTIONS_MAX = 12_200
CLIENTS = 8
ROUNDS = 60
REQUEST = b"GET /api/items/42 HTTP/1.1\r\nHost: gateway.example\r\n\r\n"


@pytest.fixture
def counted(started, upstream, tmp_path):
    """Makes a gateway of so many routes under Callgrind, and a function that sends it rounds of requests."""
    behind = upstream(lambda _: make_response(
        headers=[("Server", "origin"), ("Content-Type", "text/plain")], body=b"x" * 1024))

    def make(routes=1):
        directory = tmp_path / f"routes-{routes}"
        config = ConfigDirectory(directory / "config" / "gateway.d")
        config.write("gateway.yaml", {"gateway": BASE | {"access_log": {"path": str(directory / "access.log")}}})
        config.write("services.yaml", {"services": {"main": {"instances": [behind.instance]}}})
        config.write("routes.yaml", {"routes": {
            "items": {"path_pattern": "/api/items/*", "service_name": "main"},
            **{f"r{number}": {"path_pattern": f"/api/r{number}/*", "service_name": "main"}
               for number in range(1, routes)}}})
        gateway = CountedGateway(directory, config)
        started.append(gateway)
        clients = [gateway.connect() for _ in range(CLIENTS)]

        def send(rounds=ROUNDS):
            for _ in range(rounds):
                for client in clients:
                    client.send(REQUEST)
                for client in clients:
                    assert client.read_response().status == 200

        # Connections, buffers and tables are made by the first requests.
        send()
        return gateway, send

    return make


def test_requests_cost_few_instructions_and_no_allocation(counted, note):
    gateway, send = counted()
    counts = gateway.count(CLIENTS * ROUNDS, send)
    note(f"one proxied request: {counts.per_request:,.0f} user instructions")
    assert counts.per_request <= INSTRUCTIONS_MAX
    # What is left are the clock's texts, made anew each second, and the log's thread.
    assert counts.allocations / counts.requests < 0.5


@pytest.mark.timeout(300)
def test_a_route_among_100000_is_found_as_fast_as_one_alone(counted, note):
    costs = []
    for routes in (1, 100_000):
        gateway, send = counted(routes)
        costs.append(gateway.count(CLIENTS * ROUNDS, send).per_request)
        gateway.kill()
    note(f"a request with 1 and with 100,000 routes: {costs[0]:,.0f} and {costs[1]:,.0f} user instructions")
    assert costs[1] <= 1.1 * costs[0]
