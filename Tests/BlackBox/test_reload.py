"""Changes of the files reach the daemon whole, or not at all, and no client notices."""

import os
import random
import shutil
import signal
import subprocess
import threading
import time

import pytest
from harness.polling import eventually, steady
from harness.wire import make_response
from harness.world import check_active, check_rejected, unnoticed, versions


def test_edit(world):
    gateway = world("1")
    first = gateway.revision()
    with unnoticed(gateway):
        gateway.config.write("version.yaml", versions(version="2"))
        gateway.await_body("/version", b"2")
    check_active(gateway, first + 1)


def test_edit_in_place(world):
    gateway = world("1")
    with unnoticed(gateway), open(gateway.config.path / "version.yaml", "r+") as file:
        text = file.read()
        file.seek(0)
        file.write(text.replace('"1"', '"2"'))
        file.flush()
        gateway.await_body("/version", b"2")
    check_active(gateway)


def test_add_and_delete(world):
    gateway = world()
    with unnoticed(gateway):
        gateway.config.write("more.yml", versions(more="here"))
        gateway.await_body("/more", b"here")
        gateway.config.remove("more.yml")
        eventually(lambda: gateway.fetch("/more").status == 404, "the route is gone")
    assert gateway.fetch("/version").body == b"1"
    check_active(gateway)


def test_rename(world):
    """Another name for the same content means the same; a change under the new name is seen."""
    gateway = world()
    before = gateway.revision()
    with unnoticed(gateway):
        (gateway.config.path / "version.yaml").rename(gateway.config.path / "renamed.yaml")
        gateway.config.write("renamed.yaml", versions(version="2"))
        gateway.await_body("/version", b"2")
    check_active(gateway, before + 1)


def test_files_that_do_not_count(world):
    gateway = world()
    before = gateway.revision()
    for name in (".hidden.yaml", "notes.txt", "version.yaml~", "#version.yaml#"):
        (gateway.config.path / name).write_text("no: [yaml")
    gateway.config.write("more.yaml", versions(more="here"))
    gateway.await_body("/more", b"here")
    check_active(gateway, before + 1)


def test_same_content_is_no_revision(world):
    gateway = world()
    before = gateway.revision()
    for name in ("version.yaml", "routes.yaml"):
        text = (gateway.config.path / name).read_text()
        gateway.config.write(name, text)
    gateway.signal(signal.SIGHUP)
    gateway.config.write("more.yaml", versions(more="here"))
    gateway.await_body("/more", b"here")
    check_active(gateway, before + 1)


def test_new_nested_directory(world):
    gateway = world()
    with unnoticed(gateway):
        gateway.config.write("team/shop/a/routes.yaml", versions(deep="1"))
        gateway.await_body("/deep", b"1")
        gateway.config.write("team/shop/a/routes.yaml", versions(deep="2"))
        gateway.await_body("/deep", b"2")
        shutil.rmtree(gateway.config.path / "team")
        eventually(lambda: gateway.fetch("/deep").status == 404, "the directory is gone")
    check_active(gateway)


def test_directory_that_moves_in(world, tmp_path):
    gateway = world()
    outside = tmp_path / "outside"
    (outside / "x").mkdir(parents=True)
    (outside / "x" / "routes.yaml").write_text(str(versions(moved="1")).replace("'", '"'))
    with unnoticed(gateway):
        outside.rename(gateway.config.path / "inside")
        gateway.await_body("/moved", b"1")
        gateway.config.write("inside/x/routes.yaml", versions(moved="2"))
        gateway.await_body("/moved", b"2")
    check_active(gateway)


def test_config_map_swap(start, upstream, tmp_path):
    """As a Kubernetes volume does it: names link into `..data`, which is swapped in one step."""
    behind = upstream(lambda _: make_response(body=b"steady"))
    volume = tmp_path / "gateway" / "gateway.d"
    volume.mkdir(parents=True)

    def fill(generation):
        target = volume / f"..generation_{generation}"
        target.mkdir()
        (target / "version.yaml").write_text(str(versions(version=str(generation))).replace("'", '"'))
        (volume / "..data_tmp").symlink_to(target.name)
        (volume / "..data_tmp").rename(volume / "..data")

    fill(1)
    (volume / "version.yaml").symlink_to("..data/version.yaml")
    gateway = start(
        {"steady": {"path_pattern": "/steady", "service_name": "main"}}, {"main": {"instances": [behind.instance]}})
    with unnoticed(gateway):
        for generation in range(2, 12):
            fill(generation)
            shutil.rmtree(volume / f"..generation_{generation - 1}")
            gateway.await_body("/version", b"%d" % generation)
    check_active(gateway)


def test_git_checkout_of_200_files(start, upstream, tmp_path):
    """Each state that becomes active is one of the two commits, never a mixture."""
    behind = upstream(lambda _: make_response(body=b"steady"))
    repository = tmp_path / "gateway"
    config = repository / "gateway.d"
    config.mkdir(parents=True)

    def git(*arguments):
        subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@example", *arguments], cwd=repository, check=True,
            capture_output=True)

    def commit(version):
        for number in range(200):
            route = {f"r{number}": {"path_pattern": f"/r{number}", "response": {"body": version}}}
            (config / f"r{number}.yaml").write_text(str({"routes": route}).replace("'", '"'))
        git("add", "gateway.d/r*")
        git("commit", "--quiet", "--message", version)
        git("branch", version)

    git("init", "--quiet")
    commit("one")
    commit("two")
    gateway = start(
        {"steady": {"path_pattern": "/steady", "service_name": "main"}}, {"main": {"instances": [behind.instance]}})
    with unnoticed(gateway):
        for version in ["one", "two"] * 5:
            git("checkout", "--quiet", version)
            for number in random.Random(7).sample(range(200), 20):
                gateway.await_body(f"/r{number}", version.encode())
    revisions = [revision for revision in gateway.log()["revisions"] if revision["verdict"] == "accepted"]
    assert len({revision["files_digest"] for revision in revisions}) == 2
    assert not [revision for revision in gateway.log()["revisions"] if revision["verdict"] != "accepted"]
    check_active(gateway)


def test_half_written_file(world):
    """What an editor has written so far is refused; what it ends with is served."""
    gateway = world()
    before = gateway.revision()
    text = "routes:\n  version: {path_pattern: /version, response: {body: 'two'}}\n"
    with unnoticed(gateway), open(gateway.config.path / "version.yaml", "w") as file:
        file.write(text[:45])
        file.flush()
        gateway.await_rejection()
        check_rejected(gateway, before)
        assert gateway.fetch("/version").body == b"1"
        file.write(text[45:])
        file.flush()
        gateway.await_body("/version", b"two")
    check_active(gateway)


def test_invalid_change(world):
    gateway = world()
    before = gateway.revision()
    with unnoticed(gateway):
        gateway.config.write("more.yaml", "routes:\n  broken:\n    path_pattern: /x\n    service: stedy\n")
        gateway.await_rejection()
        check_rejected(gateway, before)
        assert gateway.fetch("/version").body == b"1"
        assert gateway.fetch("/x").status == 404
    assert "more.yaml:4:14" in gateway.said()
    newest = gateway.log()["revisions"][0]
    assert newest["verdict"] == "rejected" and "more.yaml:4:14" in newest["errors"][0]
    with unnoticed(gateway):
        gateway.config.remove("more.yaml")
        eventually(lambda: gateway.reload_state() == "serving", "the state is good again")
    check_active(gateway, before)


def test_directory_that_vanishes(world):
    """A deploy that removes everything first costs nothing."""
    gateway = world()
    before = gateway.revision()
    aside = gateway.config.path.with_name("aside")
    with unnoticed(gateway):
        gateway.config.path.rename(aside)
        gateway.await_rejection()
        check_rejected(gateway, before)
        aside.rename(gateway.config.path)
        eventually(lambda: gateway.reload_state() == "serving", "the state is good again")
        gateway.config.write("version.yaml", versions(version="2"))
        gateway.await_body("/version", b"2")
    check_active(gateway)


def test_hangup_reads_what_no_watch_saw(world, tmp_path):
    """A write through another hard link tells the directory nothing."""
    gateway = world()
    outside = tmp_path / "outside.yaml"
    os.link(gateway.config.path / "version.yaml", outside)
    text = outside.read_text().replace('"1"', '"2"')
    with unnoticed(gateway), open(outside, "r+") as file:
        file.write(text)
        file.flush()
        gateway.signal(signal.SIGHUP)
        gateway.await_body("/version", b"2")
    check_active(gateway)


def test_many_quick_changes_settle_on_the_last(world):
    gateway = world()
    with unnoticed(gateway):
        for number in range(200):
            gateway.config.write("version.yaml", versions(version=f"v{number}"))
        gateway.await_body("/version", b"v199")
    last = steady(gateway.revision, "the revision settles")
    assert gateway.fetch("/version").body == b"v199"
    assert gateway.revision() == last
    check_active(gateway)


def test_request_keeps_the_revision_it_began_with(start, upstream):
    """A route that is removed under a request in flight still finishes it."""
    release = threading.Event()

    def answer(_):
        release.wait(20)
        return make_response(body=b"finished")

    behind = upstream(answer)
    gateway = start(
        {"held": {"path_pattern": "/held", "service_name": "main"}}, {"main": {"instances": [behind.instance]}})
    with gateway.connect() as connection:
        connection.send_request("GET", "/held")
        eventually(lambda: behind.requests, "the request is in flight")
        gateway.config.remove("services.yaml")
        gateway.config.write("routes.yaml", versions(other="new"))
        gateway.await_body("/other", b"new")
        release.set()
        assert connection.read_response().body == b"finished"
        eventually(lambda: connection.request("GET", "/held").status == 404, "the next request is of the new revision")
        assert connection.request("GET", "/other").body == b"new"


def test_instances_change_under_load(start, upstream):
    """Connections to instances that stay are kept; the new one is used, the old one is left."""
    first = upstream(lambda _: make_response(body=b"steady"))
    second = upstream(lambda _: make_response(body=b"steady"))
    gateway = start(
        {"steady": {"path_pattern": "/steady", "service_name": "main"}}, {"main": {"instances": [first.instance]}})
    with unnoticed(gateway):
        gateway.config.write("services.yaml", {"services": {"main": {"instances": [second.instance]}}})
        eventually(lambda: second.requests, "the new instance is used")
        left = steady(lambda: len(first.requests), "the old instance is left")
    assert len(first.requests) == left
    check_active(gateway)


@pytest.mark.heavy
def test_10000_routes_reload_under_load(world, note):
    gateway = world()
    routes = {f"r{number}": {"path_pattern": f"/r/{number}/*", "service_name": "main"} for number in range(10_000)}
    with unnoticed(gateway):
        begun = time.monotonic()
        gateway.config.write("many.yaml", {"routes": routes})
        eventually(lambda: gateway.fetch("/r/9999/x").status == 200, "the last of 10,000 routes is served")
        note(f"10,000 routes in one new file are served {time.monotonic() - begun:.2f} s after the write, under load")
    check_active(gateway)
