"""The small C programs of the benchmark, built when their source is newer."""

import subprocess
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "native"


def build(directory):
    """Builds all of them into a directory, and returns it."""
    directory.mkdir(parents=True, exist_ok=True)
    for source in sorted(SOURCES.glob("*.c")):
        program = directory / source.stem
        if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(
                ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(program), str(source)], check=True)
    return directory
