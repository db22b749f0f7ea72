"""kill -9 at random moments of 200 reloads: nothing that was active is lost, and what was half done is gone."""

import random
import threading
import time
from collections import Counter

import pytest
from harness.polling import INTERVAL
from harness.processes import BASE, ConfigDirectory, Gateway, run
from harness.world import versions

KILLS = 200
LANES = 2
SEED = 20_261_123
WARM_UP = 3


class Lane:
    """One daemon that is killed again and again. Each death is followed by a start on files that are no good."""

    def __init__(self, directory, seed, kills):
        self.directory, self.kills = directory, kills
        self.random = random.Random(seed)
        self.config = ConfigDirectory(directory / "gateway.d")
        self.config.write("gateway.yaml", {"gateway": BASE})
        self.config.write("version.yaml", versions(version="0"))
        self.counts, self.latencies, self.failure = Counter(), [], None
        self.active = 0
        self.gateway = Gateway(directory, self.config, workers=1)

    def run(self):
        try:
            for number in range(1, WARM_UP + 1):
                self.reload(number)
            for number in range(WARM_UP + 1, WARM_UP + 1 + self.kills):
                self.reload_and_kill(number)
                self.restart(number)
        except BaseException as error:  # noqa: B902 - told to the test's own thread
            self.failure = error
        finally:
            self.gateway.stop()

    def reload(self, number):
        begun = time.monotonic()
        self.config.write("version.yaml", versions(version=str(number)))
        self.gateway.await_body("/version", b"%d" % number)
        self.latencies.append(time.monotonic() - begun)
        self.active = number

    def reload_and_kill(self, number):
        """Changes the files, and kills at a moment up to half as long again after the usual end of a reload."""
        moment = self.random.uniform(0, 1.5 * max(self.latencies))
        begun = time.monotonic()
        self.config.write("version.yaml", versions(version=str(number)))
        while time.monotonic() - begun < moment:
            if self.gateway.fetch("/version").body == b"%d" % number:
                self.active = number
            time.sleep(INTERVAL / 10)
        self.gateway.kill()

    def restart(self, number):
        """The files are of no use now, so what serves comes out of the log."""
        self.config.write("version.yaml", "routes: [\n")
        self.gateway = Gateway(self.directory, self.config, workers=1)
        served = int(self.gateway.fetch("/version").body)
        assert served in (self.active, number), f"{served} serves after {self.active} was, and {number} was written"
        verified = run("log", "--verify", "--state", self.gateway.state)
        assert verified.returncode == 0, verified.stdout + verified.stderr
        if self.active == number:
            self.counts["after it was active"] += 1
        elif served == number:
            self.counts["between the record and the first answer"] += 1
        else:
            self.counts["before the record was whole"] += 1
        self.active = served


@pytest.mark.heavy
def test_200_kills(tmp_path, note):
    lanes = [Lane(tmp_path / f"lane{index}", SEED + index, KILLS // LANES) for index in range(LANES)]
    threads = [threading.Thread(target=lane.run) for lane in lanes]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for lane in lanes:
        if lane.failure:
            raise lane.failure
    counts = sum((lane.counts for lane in lanes), Counter())
    assert counts.total() == KILLS
    told = ", ".join(f"{count} {moment}" for moment, count in sorted(counts.items()))
    note(f"kill -9 in {KILLS} reloads (seed {SEED}, {time.monotonic() - begun:.0f} s): {told}; every log verified")
