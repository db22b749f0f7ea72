"""The log of revisions: what it remembers across restarts, rollbacks and a full disk."""

import json
import os
import signal
import subprocess

import pytest

from harness.polling import eventually
from harness.processes import run
from harness.world import check_active, check_rejected, unnoticed, versions


def accept(gateway, version):
    gateway.config.write("version.yaml", versions(version=version))
    gateway.await_body("/version", version.encode())
    check_active(gateway)
    return gateway.revision()


def test_first_start_records_a_revision(world):
    gateway = world()
    revisions = gateway.log()["revisions"]
    assert [revision["revision"] for revision in revisions] == [1]
    assert revisions[0]["verdict"] == "accepted" and revisions[0]["source"] == "files"
    assert {entry["path"] for entry in revisions[0]["files"]} == {
        "gateway.yaml", "services.yaml", "routes.yaml", "version.yaml"}
    check_active(gateway)


def test_restart_on_the_same_files_is_no_revision(world):
    gateway = world()
    assert gateway.drain() == 0
    again = gateway.restart()
    try:
        check_active(again, 1)
    finally:
        again.stop()


def test_invalid_start_without_a_log(world):
    gateway = world(await_listener=True)
    gateway.stop()
    gateway.config.write("version.yaml", "routes: 1\n")
    result = run("run", gateway.config.path, "--state", gateway.directory / "fresh", cwd=gateway.directory)
    assert result.returncode == 1
    assert "version.yaml:1:9" in result.stderr


def test_invalid_start_with_a_good_revision_in_the_log(world):
    gateway = world()
    good = accept(gateway, "good")
    assert gateway.drain() == 0
    gateway.config.write("version.yaml", "routes: 1\n")
    again = gateway.restart()
    try:
        assert again.fetch("/version").body == b"good"
        check_rejected(again, good)
        with unnoticed(again):
            again.config.write("version.yaml", versions(version="mended"))
            again.await_body("/version", b"mended")
        check_active(again)
    finally:
        again.stop()


def test_missing_directory_with_a_good_revision_in_the_log(world):
    gateway = world()
    gateway.stop()
    aside = gateway.config.path.with_name("aside")
    gateway.config.path.rename(aside)
    again = gateway.restart()
    try:
        assert again.fetch("/version").body == b"1"
        check_rejected(again, 1)
        aside.rename(again.config.path)
        eventually(lambda: again.reload_state() == "serving", "the state is good again")
    finally:
        again.stop()


def rollback(gateway, revision):
    result = gateway.run("rollback", revision, "--state", gateway.state)
    assert result.returncode == 0, result.stderr


def test_rollback_pins(world):
    gateway = world("one")
    accept(gateway, "two")
    with unnoticed(gateway):
        rollback(gateway, 1)
        gateway.await_body("/version", b"one")
    newest = gateway.log()["revisions"][0]
    assert (newest["source"], newest["rollback_of"], newest["verdict"]) == ("rollback", 1, "accepted")
    eventually(lambda: gateway.reload_state() == gateway.status()["reload"]["state"] == "pinned", "it is pinned")

    # What it rolled back from is still on disk, and is not applied again by a signal, a touch or a start.
    gateway.signal(signal.SIGHUP)
    os.utime(gateway.config.path / "version.yaml")
    gateway.config.write("version.yaml", versions(version="two"))
    assert gateway.drain() == 0
    again = gateway.restart()
    try:
        assert again.fetch("/version").body == b"one"
        eventually(lambda: again.revision() == newest["revision"], "the rollback serves")
        with unnoticed(again):
            accept(again, "three")
        check_active(again)
    finally:
        again.stop()


def test_rollback_to_what_is_no_good(world):
    gateway = world()
    gateway.config.write("more.yaml", "routes: 1\n")
    gateway.await_rejection()
    rejected = gateway.log()["revisions"][0]["revision"]
    for revision in (rejected, 99, 0):
        assert gateway.run("rollback", revision, "--state", gateway.state).returncode != 0
    assert gateway.revision() == 1


def test_rollback_without_a_daemon(world):
    gateway = world()
    gateway.stop()
    result = gateway.run("rollback", 1, "--state", gateway.state)
    assert result.returncode == 2
    assert result.stderr


def test_show_and_diff(world):
    gateway = world("one")
    accept(gateway, "two")
    shown = gateway.run("show", 1, "--state", gateway.state)
    assert shown.returncode == 0 and "version.yaml" in shown.stdout
    between = gateway.run("diff", 1, 2, "--state", gateway.state)
    assert between.returncode == 0 and "one" in between.stdout and "two" in between.stdout
    assert "steady" not in between.stdout
    changes = json.loads(gateway.run("diff", 1, 2, "--state", gateway.state, "--format", "json").stdout)
    assert changes
    gateway.config.write("version.yaml", versions(version="broken"))
    gateway.await_body("/version", b"broken")
    disk = gateway.run("diff", 1, "disk", "--state", gateway.state, "--config", gateway.config.path)
    assert "broken" in disk.stdout


def test_second_daemon_on_the_same_state_is_refused(world):
    gateway = world()
    result = run("run", gateway.config.path, "--state", gateway.state, cwd=gateway.directory)
    assert result.returncode == 2
    assert gateway.fetch("/version").body == b"1"


def test_log_verifies_and_shows_damage(world):
    gateway = world("one")
    accept(gateway, "two")
    accept(gateway, "three")
    gateway.stop()
    assert gateway.run("log", "--verify", "--state", gateway.state).returncode == 0
    log = gateway.state / "revisions" / "log"
    whole = log.read_bytes()
    log.write_bytes(whole.replace(b'"actor"', b'"Actor"', 1))
    damaged = gateway.run("log", "--verify", "--state", gateway.state)
    assert damaged.returncode == 1
    log.write_bytes(whole[:-10])
    again = gateway.restart()
    try:
        assert again.fetch("/version").body == b"three"
        assert again.run("log", "--verify", "--state", again.state).returncode == 0
    finally:
        again.stop()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own with 1 MiB."""
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def fill(path):
    with open(path, "wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                pass


def test_full_disk(world, small_disk):
    """What cannot be recorded is not served; once there is room, the change goes through."""
    gateway = world("one", state=small_disk / "state")
    ballast = small_disk / "ballast"
    with unnoticed(gateway):
        fill(ballast)
        gateway.config.write("version.yaml", versions(version="two"))
        eventually(lambda: gateway.reload_state() == "unrecorded", "the state shows the failure")
        assert gateway.health()["status"] == "degraded"
        assert gateway.fetch("/version").body == b"one"
        assert gateway.metric("gateway_config_last_reload_successful") == 0
        assert gateway.run("log", "--verify", "--state", gateway.state).returncode == 0
        ballast.unlink()
        gateway.await_body("/version", b"two")
    check_active(gateway)
    assert gateway.run("log", "--verify", "--state", gateway.state).returncode == 0


def test_start_on_a_full_disk(world, small_disk):
    gateway = world("one", state=small_disk / "state")
    gateway.stop()
    fill(small_disk / "ballast")
    again = gateway.restart()
    try:
        assert again.fetch("/version").body == b"one"
    finally:
        again.stop()
