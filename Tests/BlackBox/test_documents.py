"""What the repository shows to people is true: configurations, examples, schema, README."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.processes import BINARY, ROOT, ConfigDirectory, Gateway, clean_environment, run

SCHEMA = ROOT / "schemas/gateway.schema.json"
CONFIGURATIONS = sorted(
    path for folder in ("gateway.d", "examples") for path in (ROOT / folder).rglob("*.y*ml"))
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/README.md"))


def name(path):
    return str(path.relative_to(ROOT))


def test_there_is_something_to_check():
    assert CONFIGURATIONS and EXAMPLES


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=name)
def test_file_names_its_schema(path):
    first = path.read_text().splitlines()[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match, first
    assert (path.parent / match[1]).resolve() == SCHEMA


def check_schema(*arguments):
    return subprocess.run(
        [Path(sys.executable).parent / "check-jsonschema", *arguments], capture_output=True, text=True, timeout=60)


def test_schema_is_a_schema():
    result = check_schema("--check-metaschema", SCHEMA)
    assert result.returncode == 0, result.stdout


def test_every_file_passes_a_real_validator():
    result = check_schema("--schemafile", SCHEMA, *CONFIGURATIONS)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("text", [
    "routes: {a: {path_pattern: /a, servise: x}}", "services: {a: {instances: []}}", "gateway: {drain_timeout: 30}",
    "routes: {a: {path_pattern: a, service: x}}", "unknown: {}",
    "services: {a: {instances: [{host: h, port: 70000}]}}", "services: {a: {load_balancing: random, instances: []}}",
])
def test_schema_refuses_what_the_gateway_refuses(text, tmp_path):
    (tmp_path / "bad.yaml").write_text(text)
    assert check_schema("--schemafile", SCHEMA, tmp_path / "bad.yaml").returncode == 1
    assert run("validate", tmp_path).returncode == 1


def test_served_configuration_is_valid():
    result = run("validate", ROOT / "gateway.d")
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


def shell_blocks(document):
    """Blocks marked `console`: commands after `$ `, followed by what they print."""
    for block in re.findall(r"^```console\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def shell(command, directory):
    """Runs a line of a document with the gateway of this build on the path."""
    path = f"{BINARY.parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command], cwd=directory, env=clean_environment({"PATH": path}), capture_output=True, text=True,
        timeout=60, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_example_gives_its_stated_answer(example):
    """Every name in the first sentence that begins with `The answer` is in what the command prints."""
    result = run("validate", example / "gateway.d")
    assert result.returncode == 0, result.stdout + result.stderr
    text = (example / "README.md").read_text()
    command = re.search(r"^```\w*\n(gateway match .*)\n```$", text, re.MULTILINE)[1]
    answer = re.search(r"^The answer .*?(?=\. |\.?$)", text, re.MULTILINE)[0]
    result = shell(command, ROOT)
    assert result.returncode == 0, result.stderr
    stated = re.findall(r"`([^`]+)`|(\d+) %", answer)
    assert stated
    for word in (name or f"{percent}" for name, percent in stated):
        assert word in result.stdout, word


def test_readme_shows_what_happens(tmp_path):
    """Its configuration is valid, and its commands, run one after another, print what it says."""
    readme = ROOT / "README.md"
    configuration = re.search(r"^```yaml\n# (\S+)\n(.*?)^```", readme.read_text(), re.MULTILINE | re.DOTALL)
    path = tmp_path / configuration[1]
    path.parent.mkdir()
    path.write_text(f"# {configuration[1]}\n{configuration[2]}")
    valid = shell("gateway validate", tmp_path)
    assert (valid.returncode, valid.stderr) == (0, ""), valid.stdout
    blocks = list(shell_blocks(readme))
    assert len(blocks) == 2
    for command, output in blocks:
        result = shell(command, tmp_path)
        assert lines(result.stdout + result.stderr) == lines(output), command


def lines(text):
    return [line.rstrip() for line in text.strip().splitlines()]


def make_targets():
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("Sources/*.md")]),
                         ids=name)
def test_document_names_what_exists(document):
    text = document.read_text()
    for target in re.findall(r"`make ([a-z]+)", text):
        assert target in make_targets(), target
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (document.parent / link).exists(), link


def test_readme_leads_with_the_two_commands():
    block = re.search(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)[1]
    commands = [shlex.split(line, comments=True) for line in block.splitlines()]
    assert commands == [["make", "run"], ["make", "test"]]


TRIED = [example for example in EXAMPLES if "$ curl" in (example / "README.md").read_text()]


@pytest.mark.parametrize("example", TRIED, ids=name)
def test_example_can_be_tried(example, tmp_path, started, echo):
    """Its commands, run one after another in one shell, print what it says; ports are those of this test."""
    directory = tmp_path / "gateway.d"
    shutil.copytree(example / "gateway.d", directory)
    for path in directory.iterdir():
        path.write_text(path.read_text().replace("port: 9001", f"port: {echo.port}"))
    (directory / "listener.yaml").write_text(
        "gateway: {listeners: {public: {host: 127.0.0.1, port: 0}}, access_log: {path: off}}\n")
    gateway = Gateway(tmp_path, ConfigDirectory(directory))
    started.append(gateway)
    blocks = list(shell_blocks(example / "README.md"))
    marker = "----- next -----"
    script = f"\necho '{marker}'\n".join(command for command, _ in blocks)
    result = shell(script.replace("127.0.0.1:8080", "%s:%d" % gateway.address), ROOT)
    printed = result.stdout.split(f"{marker}\n")
    assert len(printed) == len(blocks), result.stderr
    for (command, output), text in zip(blocks, printed, strict=True):
        assert lines(text) == lines(output), command
