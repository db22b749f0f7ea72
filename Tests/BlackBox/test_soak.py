"""The short form of `make soak`."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "Soak"))

from soak.soak import Soak  # noqa: E402

SECONDS = 16
RATE = 150


@pytest.mark.heavy
def test_a_short_soak(tmp_path, note):
    outcome = Soak(tmp_path, SECONDS, RATE).run()
    for line in outcome.figures:
        note(line)
    assert not outcome.complaints, "\n".join([*outcome.figures, *outcome.complaints])
