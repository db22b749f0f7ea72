#!/usr/bin/env python3
"""How the time and the memory of `gateway validate` grow with the number of routes.

Usage: validate_scale.py [GATEWAY] [--routes 100,1000,10000,100000] [--runs 3]

Prints a table; each figure is the median of the runs. Routes are spread over hosts, services and files as a large
installation has them: 50 routes a file, a template or a wildcard in every path, a method list, a header match in every
tenth route.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time


def write_configuration(directory: pathlib.Path, routes: int) -> int:
    services = max(1, routes // 20)
    lines = ["services:"]
    for number in range(services):
        lines += [f"  service-{number}:", "    instances:"]
        lines += [f"      - {{host: 10.{number // 250 % 250}.{number % 250}.{n + 1}, port: 80}}" for n in range(2)]
    (directory / "services.yaml").write_text("\n".join(lines) + "\n")
    files = 1
    for start in range(0, routes, 50):
        lines = ["routes:"]
        for number in range(start, min(start + 50, routes)):
            tail = "{id}" if number % 2 else "*"
            lines += [
                f"  route-{number}:",
                f"    hosts: [api{number % 7}.example.com, '*.tenant{number % 5}.example.com']",
                f"    path_pattern: /api/v{number % 3}/resource-{number}/{tail}",
                "    method: [GET, POST]",
                f"    service_name: service-{number % services}",
                f"    target_url: /resource-{number}/{tail}",
                "    timeout: 5s",
            ]
            if number % 10 == 0:
                lines.append("    headers: {x-beta: 'yes'}")
        folder = directory / f"team-{start // 50 % 20}"
        folder.mkdir(exist_ok=True)
        (folder / f"routes-{start}.yaml").write_text("\n".join(lines) + "\n")
        files += 1
    return files


def measure(gateway: str, directory: pathlib.Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MiB of one validation."""
    before = time.monotonic()
    process = subprocess.Popen([gateway, "validate", str(directory)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - before
    if status != 0:
        sys.exit(f"validation failed:\n{errors.decode()[:2000]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("gateway", nargs="?", default=".build/release/gateway")
    parser.add_argument("--routes", default="100,1000,10000,100000")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    print("| routes | files | wall s | CPU s | peak MiB | CPU µs per route |\n|---|---|---|---|---|---|")
    for routes in map(int, arguments.routes.split(",")):
        with tempfile.TemporaryDirectory() as scratch:
            directory = pathlib.Path(scratch)
            files = write_configuration(directory, routes)
            runs = [measure(arguments.gateway, directory) for _ in range(arguments.runs)]
        wall, cpu, memory = (statistics.median(column) for column in zip(*runs))
        print(f"| {routes:,} | {files:,} | {wall:.2f} | {cpu:.2f} | {memory:.0f} | {cpu / routes * 1e6:.0f} |", flush=True)


if __name__ == "__main__":
    main()
