"""Starting, listening, draining, ending."""

import os
import signal
import socket
import stat
import threading
from pathlib import Path

import pytest

from harness.polling import eventually
from harness.processes import BASE, free_port, run
from harness.wire import fetch, make_response
from harness.world import unnoticed, versions


def refuses(address):
    try:
        socket.create_connection(address, 2).close()
    except ConnectionRefusedError:
        return True
    return False


def test_drain_finishes_what_is_in_flight(proxy):
    release = threading.Event()

    def answer(_):
        release.wait(20)
        return make_response(body=b"whole")

    gateway, behind = proxy(answer)
    with gateway.connect() as busy, gateway.connect() as idle:
        assert idle.request("GET", "/health").status == 200
        busy.send_request("GET", "/")
        eventually(lambda: behind.requests, "the request is in flight")
        gateway.signal(signal.SIGTERM)
        eventually(lambda: refuses(gateway.address), "the listeners are closed")
        assert idle.is_closed()
        assert gateway.process.poll() is None
        release.set()
        response = busy.read_response()
        assert (response.status, response.body) == (200, b"whole")
        assert response.headers.get("Connection") == "close"
        assert busy.is_closed()
    assert gateway.wait() == 0


def test_drain_has_a_deadline(proxy):
    release = threading.Event()
    gateway, behind = proxy(lambda _: release.wait(60) and None, gateway={"drain_timeout": "200ms"})
    with gateway.connect() as busy:
        busy.send_request("GET", "/")
        eventually(lambda: behind.requests, "the request is in flight")
        assert gateway.drain() == 0
        with pytest.raises((EOFError, ConnectionResetError)):
            busy.read_response()
    release.set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_idle_gateway_ends_at_once(world, number):
    gateway = world()
    with gateway.connect() as idle:
        assert idle.request("GET", "/version").status == 200
        gateway.signal(number)
        assert gateway.wait() == 0
        assert idle.is_closed()


def test_control_socket_is_private_and_goes_away(world):
    gateway = world()
    control = gateway.state / "control.sock"
    assert stat.S_IMODE(control.stat().st_mode) == 0o600
    gateway.stop()
    result = gateway.run("status", "--state", gateway.state)
    assert result.returncode == 2 and result.stderr


def test_workers(world):
    gateway = world(workers=3)
    assert gateway.status()["workers"] == 3
    assert len(os.listdir(f"/proc/{gateway.pid}/task")) >= 4


def test_requests_come_before_what_is_left_to_the_first_thread(world):
    gateway = world()

    def nice(thread):
        return int((thread / "stat").read_text().rpartition(")")[2].split()[16])

    threads = Path(f"/proc/{gateway.pid}/task")
    eventually(lambda: nice(threads / str(gateway.pid)) == 19, "the first thread gives way")
    others = [thread for thread in threads.iterdir() if thread.name != str(gateway.pid)]
    helping = [thread for thread in others if (thread / "comm").read_text().strip() == "passwords"]
    assert helping and {nice(thread) for thread in helping} == {6}
    assert {nice(thread) for thread in others if thread not in helping} == {os.getpriority(os.PRIO_PROCESS, 0)}


def test_listener_is_added_and_removed(world):
    gateway = world()
    public = {"host": "127.0.0.1", "port": 0}
    with unnoticed(gateway):
        gateway.config.write("gateway.yaml", {"gateway": BASE | {"listeners": {"public": public, "second": public}}})
        second = gateway.listener("second")
        eventually(lambda: fetch(second, "/version").body == b"1", "the new listener serves")
        gateway.config.write("gateway.yaml", {"gateway": BASE})
        eventually(lambda: refuses(second), "the old listener is closed")


def test_listener_that_cannot_be_had_is_refused(world):
    """The revision is not activated by halves: what needs the address does not serve either."""
    gateway = world()
    with socket.create_server(("127.0.0.1", 0)) as taken, unnoticed(gateway):
        second = {"host": "127.0.0.1", "port": taken.getsockname()[1]}
        gateway.config.write("gateway.yaml", {
            "gateway": BASE | {"listeners": BASE["listeners"] | {"second": second}}} | versions(extra="yes"))
        gateway.await_rejection()
        assert gateway.fetch("/extra").status == 404
        assert gateway.revision() == 1


def test_address_in_use_at_the_start(world):
    gateway = world()
    gateway.stop()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = {"host": "127.0.0.1", "port": taken.getsockname()[1]}
        gateway.config.write("gateway.yaml", {"gateway": BASE | {"listeners": {"public": address}}})
        result = run("run", gateway.config.path, "--state", gateway.directory / "fresh", cwd=gateway.directory)
    assert result.returncode == 2
    assert str(address["port"]) in result.stderr


def test_admin_address(start):
    gateway = start({"any": {"path_pattern": "/*", "response": {"body": "any"}}},
                    gateway={"admin": {"address": "127.0.0.1:0"}})
    admin = gateway.listener("admin")
    assert b"gateway_requests_total" in fetch(admin, "/metrics").body
    assert fetch(admin, "/health").json()["code"] == "S10000"
    assert fetch(admin, "/any").status == 404
    assert gateway.fetch("/metrics").body == b"any"
    assert gateway.fetch("/health").json()["code"] == "S10000"


def test_endpoints_can_move_and_be_turned_off(start):
    gateway = start({"any": {"path_pattern": "/*", "response": {"body": "any"}}},
                    gateway={"endpoints": {"health": "/alive", "metrics": "off"}})
    assert gateway.fetch("/alive").json()["code"] == "S10000"
    assert gateway.fetch("/health").body == b"any"
    assert gateway.fetch("/metrics").body == b"any"


def test_environment_gives_defaults(start):
    port = free_port()
    gateway = start(
        {"any": {"path_pattern": "/*", "response": {"body": "any"}}},
        files={"gateway.yaml": {"gateway": {"access_log": {"path": "off"}}}},
        env={"SERVER_HOST": "127.0.0.1", "SERVER_PORT": str(port)}, await_listener=False)
    assert gateway.listener("default") == ("127.0.0.1", port)
    assert fetch(("127.0.0.1", port), "/").body == b"any"


def test_reload_command_says_what_became_of_the_files(world):
    gateway = world()
    told = gateway.run("reload", "--state", gateway.state)
    assert (told.returncode, told.stderr) == (0, "")
    gateway.config.write("more.yaml", "routes: 1\n")
    told = gateway.run("reload", "--state", gateway.state)
    assert told.returncode == 1 and "more.yaml:1:9" in told.stderr
    gateway.config.write("more.yaml", versions(more="here"))
    assert gateway.run("reload", "--state", gateway.state).returncode == 0
    gateway.await_body("/more", b"here")
    gateway.stop()
    assert gateway.run("reload", "--state", gateway.state).returncode == 2


def test_listener_on_ipv6(start):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 loopback here")
    gateway = start({"any": {"path_pattern": "/*", "response": {"body": "any"}}},
                    gateway={"listeners": {"public": {"host": "::1", "port": 0}}}, await_listener=False)
    host, port = gateway.listener()
    with socket.create_connection((host, port), 10) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: [::1]\r\nConnection: close\r\n\r\n")
        assert client.makefile("rb").read().endswith(b"any")
