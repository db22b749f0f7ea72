"""What the repository shows to people is true: configurations, examples, schema, README."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from harness.processes import BINARY, ROOT, clean_environment, run

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


@pytest.mark.parametrize("directory", [ROOT / "gateway.d"], ids=name)
def test_served_configuration_is_valid(directory):
    result = run("validate", directory)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


def shell_blocks(document):
    """Blocks marked `console`: commands after `$ `, followed by what they print."""
    for block in re.findall(r"^```console\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def gateway_blocks(document):
    return [(command, output) for command, output in shell_blocks(document) if command.startswith("gateway ")]


def shell(command, directory):
    """Runs a line of a document with the gateway of this build on the path."""
    path = f"{BINARY.parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command], cwd=directory, env=clean_environment({"PATH": path}), capture_output=True, text=True,
        timeout=60, stdin=subprocess.DEVNULL)


def squeeze(text):
    return [line.rstrip() for line in text.strip().splitlines()]


def check_blocks(document, directory):
    blocks = gateway_blocks(document)
    assert blocks, f"{document} shows no command"
    for command, output in blocks:
        result = shell(command, directory)
        assert result.returncode in (0, 1, 3), result.stderr
        assert squeeze(result.stdout + result.stderr) == squeeze(output), command


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


def test_readme_commands_print_what_it_says():
    check_blocks(ROOT / "README.md", ROOT)


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
    commands = [command for block in re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(),
                                                re.MULTILINE | re.DOTALL)[:1] for command in block.splitlines()]
    assert [shlex.split(command, comments=True) for command in commands] == [["make", "run"], ["make", "test"]]
