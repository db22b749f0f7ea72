"""The command line on files alone: no daemon, no network."""

import json
import os
import pty
import re
import subprocess

import pytest

from harness.processes import BINARY, ROOT, ConfigDirectory, run

GOOD = """\
services:
  users:
    load_balancing: weighted
    instances:
      - {instance_id: users-1, host: 127.0.0.1, port: 9001, weight: 3}
      - {instance_id: users-2, host: 127.0.0.1, port: 9002}
routes:
  users:
    path_pattern: /api/v1/users/*
    service_name: users
    target_url: /users/*
  one-user:
    path_pattern: /api/v1/users/{id}
    method: GET
    service_name: users
    target_url: /user/{id}
  docs:
    hosts: docs.example.com
    path_pattern: /{rest*}
    redirect: {url: "https://new.example.com/{rest}", status: 301}
"""
UNKNOWN_SERVICE = """\
services:
  orders: {instances: [{host: 127.0.0.1, port: 9001}]}
routes:
  orders-v2:
    path_pattern: /orders/*
    service: ordres
"""


@pytest.fixture
def config(tmp_path):
    directory = ConfigDirectory(tmp_path / "gateway.d")
    directory.write("all.yaml", GOOD)
    return directory


@pytest.fixture
def invalid(tmp_path):
    directory = ConfigDirectory(tmp_path / "gateway.d")
    directory.write("shop/orders.yaml", UNKNOWN_SERVICE)
    return directory


def gateway(config, *arguments, **options):
    return run(*arguments, cwd=config.path.parent, **options)


def test_validate_good(config):
    result = gateway(config, "validate")
    assert (result.returncode, result.stderr) == (0, "")
    assert gateway(config, "validate", config.path).returncode == 0
    assert gateway(config, "validate", "--config", config.path).returncode == 0


def test_validate_shows_the_place_and_a_way_out(invalid):
    result = gateway(invalid, "validate")
    said = result.stdout + result.stderr
    assert result.returncode == 1
    assert re.search(r"^error\[GW\d{4}\]: ", said, re.MULTILINE)
    assert "gateway.d/shop/orders.yaml:6:14" in said
    assert "did you mean `orders`?" in said and "gateway.d/shop/orders.yaml:2:3" in said
    assert "\x1b" not in said


def test_validate_without_a_directory(tmp_path):
    result = run("validate", tmp_path / "nowhere")
    assert result.returncode in (1, 2)
    assert "nowhere" in result.stdout + result.stderr


def test_wrong_usage_could_not_run(config):
    for arguments in (["validate", "--no-such-flag"], ["no-such-command"], ["match"], ["validate", "--format", "xml"]):
        result = gateway(config, *arguments)
        assert result.returncode == 2, arguments
        assert result.stderr and not result.stdout


def test_validate_json(invalid):
    result = gateway(invalid, "validate", "--format", "json")
    assert result.returncode == 1
    found = json.loads(result.stdout)
    assert "ordres" in json.dumps(found)
    assert json.loads(gateway(invalid, "validate", "--format", "json").stdout) == found


def test_validate_sarif(invalid):
    result = gateway(invalid, "validate", "--format", "sarif")
    assert result.returncode == 1
    document = json.loads(result.stdout)
    assert document["version"] == "2.1.0" and "sarif" in document["$schema"]
    tool, results = document["runs"][0]["tool"]["driver"], document["runs"][0]["results"]
    assert tool["name"] == "gateway"
    assert {result["ruleId"] for result in results} == {rule["id"] for rule in tool["rules"]}
    [error] = [result for result in results if result["level"] == "error"]
    place = error["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "gateway.d/shop/orders.yaml"
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (6, 14)


def test_validate_github(invalid):
    result = gateway(invalid, "validate", "--format", "github")
    assert result.returncode == 1
    assert re.search(r"^::error file=gateway\.d/shop/orders\.yaml,line=6,", result.stdout, re.MULTILINE)


def test_color_is_for_terminals(invalid):
    """A pseudo-terminal gets colour, unless NO_COLOR is set."""
    def on_terminal(**environment):
        master, slave = pty.openpty()
        process = subprocess.Popen(
            [BINARY, "validate"], cwd=invalid.path.parent, stdout=slave, stderr=slave, stdin=slave,
            env={"PATH": os.environ["PATH"], "TERM": "xterm", **environment})
        os.close(slave)
        said = b""
        while True:
            try:
                piece = os.read(master, 65_536)
            except OSError:
                break
            if not piece:
                break
            said += piece
        os.close(master)
        assert process.wait(20) == 1
        return said

    assert b"\x1b[" in on_terminal()
    assert b"\x1b[" not in on_terminal(NO_COLOR="1")


def test_all_errors_in_one_pass_in_order(tmp_path):
    config = ConfigDirectory(tmp_path / "gateway.d")
    config.write("b.yaml", "routes:\n  x: {path_pattern: /x, service: none}\n  y: {path_patern: /y, service: none}\n")
    config.write("a.yaml", "services:\n  s: {instances: []}\n")
    result = gateway(config, "validate")
    found = re.findall(r"--> (\S+):(\d+):(\d+)", result.stdout + result.stderr)
    places = [(file, int(line), int(column)) for file, line, column in found]
    assert result.returncode == 1
    assert len(places) >= 3 and places == sorted(places)


def test_explain(config):
    result = gateway(config, "explain", "GW1203")
    assert result.returncode == 0 and len(result.stdout.splitlines()) > 3
    assert gateway(config, "explain", "GW0000").returncode == 2


def test_explain_knows_what_validate_says(invalid):
    result = gateway(invalid, "validate")
    code = re.search(r"GW\d{4}", result.stdout + result.stderr)[0]
    assert code in gateway(invalid, "explain", code).stdout


def match(config, *arguments):
    result = gateway(config, "match", *arguments, "--format", "json")
    return result.returncode, json.loads(result.stdout)


def test_match(config):
    code, decision = match(config, "GET", "http://any.example/api/v1/users/42?x=1")
    assert code == 0
    assert decision["route"]["name"] == "one-user"
    assert decision["route"]["origin"] == {
        "kind": "declared", "file": "gateway.d/all.yaml", "line": 12, "column": 3}
    assert decision["route"]["captures"] == {"id": "42"}
    assert decision["upstream"]["url"] == "http://127.0.0.1:9001/user/42?x=1"
    assert [(one["instance_id"], one["share"]) for one in decision["upstream"]["instances"]] == [
        ("users-1", 0.75), ("users-2", 0.25)]


def test_match_goes_by_method(config):
    result = gateway(config, "match", "DELETE", "/api/v1/users/42")
    assert result.returncode == 0
    assert "/users/42" in result.stdout and "one-user" not in result.stdout.splitlines()[0]


def test_match_redirect(config):
    result = gateway(config, "match", "GET", "http://docs.example.com/a/b")
    assert result.returncode == 0 and "https://new.example.com/a/b" in result.stdout


def test_match_nothing(config):
    result = gateway(config, "match", "GET", "/elsewhere")
    assert result.returncode == 3


def test_match_explain_names_the_rule_and_the_runners_up(config):
    result = gateway(config, "match", "--explain", "GET", "/api/v1/users/42")
    assert result.returncode == 0
    assert "one-user" in result.stdout and "`users`" in result.stdout or " users" in result.stdout
    assert "path" in result.stdout


def test_match_rand_chooses_the_instance(config):
    chosen = [gateway(config, "match", "GET", "/api/v1/users/42", "--rand", rand).stdout for rand in ("0.1", "0.99")]
    assert chosen[0] != chosen[1]
    assert gateway(config, "match", "GET", "/api/v1/users/42", "--rand", "0.1").stdout == chosen[0]


def test_match_on_an_invalid_configuration(invalid):
    assert gateway(invalid, "match", "GET", "/").returncode == 1


def test_match_live_agrees_with_match(world):
    daemon = world()
    offline = daemon.run("match", "GET", "/steady?x=1", "--config", daemon.config.path, "--format", "json")
    live = daemon.run("match", "GET", "/steady?x=1", "--live", "--state", daemon.state, "--format", "json")
    assert live.returncode == offline.returncode == 0, live.stderr
    assert json.loads(live.stdout)["route"] == json.loads(offline.stdout)["route"]
    assert daemon.run("match", "GET", "/none", "--live", "--state", daemon.state).returncode == 3


def test_match_live_without_a_daemon(config):
    assert gateway(config, "match", "GET", "/", "--live", "--state", config.path.parent / "none").returncode == 2


def test_log_without_a_state_directory(config):
    result = gateway(config, "log", "--state", config.path.parent / "none")
    assert result.returncode in (0, 2)


def test_diff_of_directories(config, tmp_path):
    other = ConfigDirectory(tmp_path / "other")
    other.write("renamed.yaml", GOOD.replace("weight: 3", "weight: 5"))
    same = ConfigDirectory(tmp_path / "same")
    same.write("renamed.yaml", "# a comment\n" + GOOD)
    changed = gateway(config, "diff", config.path, other.path)
    assert changed.returncode == 0
    assert "weight" in changed.stdout and "3" in changed.stdout and "5" in changed.stdout
    assert "path" not in changed.stdout.replace("path/", "")
    assert not json.loads(gateway(config, "diff", config.path, same.path, "--format", "json").stdout or "[]")


def test_schema_is_what_the_repository_has(config):
    assert gateway(config, "schema").stdout == (ROOT / "schemas/gateway.schema.json").read_text()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions(config, shell):
    result = gateway(config, "--generate-completion-script", shell)
    assert result.returncode == 0 and "validate" in result.stdout


def test_help_and_version(config):
    help_text = gateway(config, "--help")
    assert help_text.returncode == 0
    for command in "run validate schema explain echo status match log show diff rollback reload".split():
        assert re.search(rf"^\s+{command}\b", help_text.stdout, re.MULTILINE), command
    assert re.match(r"\d+\.\d+\.\d+", gateway(config, "--version").stdout)
