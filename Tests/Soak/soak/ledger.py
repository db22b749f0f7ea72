"""What became of each exchange, and whether that may be.

A wrong answer is never allowed. A failure is allowed when an instance was killed while the exchange went on, and then
only if the gateway could not have helped: an answer that had begun and was cut, or a request that must not be sent
twice.
"""

import time
from bisect import bisect_left
from collections import Counter

# A kept connection to a killed instance may be used before the gateway has seen it end.
TOLERANCE_SECONDS = 1.0
# A status that says that the instance broke, and answers that end too early. Nothing else comes from a kill.
EXCUSABLE = {"502", "cut", "cut without a sign"}
SHOWN = 10


class Wrong(Exception):
    """An answer that no disturbance explains."""


class Failed(Exception):
    """An exchange without a whole answer. `has_begun`: some of the answer was there."""

    def __init__(self, what, has_begun=False):
        super().__init__(what)
        self.what, self.has_begun = what, has_begun


class Ledger:
    def __init__(self):
        self.answered = Counter()
        self.excused = Counter()
        self.complaints = []
        self.complaint_count = 0
        self._kills = []

    def note_kill(self):
        self._kills.append(time.monotonic())

    def note_answer(self, kind, count=1):
        self.answered[kind] += count

    def note_failure(self, kind, failure, began, may_repeat):
        """`may_repeat`: a request that the gateway may send again, so only its begun answer may be cut."""
        could_be_helped = may_repeat and not failure.has_begun
        if failure.what in EXCUSABLE and self._was_killed(began) and not could_be_helped:
            self.excused[f"{kind}: {failure.what}"] += 1
        else:
            self.complain(f"{kind}: {failure.what}, begun {time.monotonic() - began:.3f} s before; "
                          f"last kill {self._last_kill()}")

    def complain(self, text):
        self.complaint_count += 1
        if len(self.complaints) < SHOWN:
            self.complaints.append(text)

    def _was_killed(self, began):
        """Whether an instance was killed since a moment before."""
        return bisect_left(self._kills, began - TOLERANCE_SECONDS) < len(self._kills)

    def _last_kill(self):
        return f"{time.monotonic() - self._kills[-1]:.3f} s before" if self._kills else "none"

    @property
    def kills(self):
        return len(self._kills)
