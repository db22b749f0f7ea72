"""Waiting, with a deadline."""

import os
import time

# A slow build of the gateway, or a busy machine, takes more patience.
PATIENCE = float(os.environ.get("GATEWAY_TEST_PATIENCE", "1"))
DEADLINE = 20.0 * PATIENCE
INTERVAL = 0.01


def eventually(check, what, within=DEADLINE):
    """Asks until the answer is true, and returns it. An exception of `check` counts as not yet, until the deadline."""
    deadline = time.monotonic() + within
    problem = None
    while True:
        try:
            answer = check()
            if answer:
                return answer
            problem = None
        except (AssertionError, OSError, EOFError, LookupError, ValueError) as error:
            problem = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what}") from problem
        time.sleep(INTERVAL)


def steady(read, what, looks=30, within=DEADLINE):
    """Reads until the same answer has come so many times in a row, and returns it."""
    last, count = None, 0

    def check():
        nonlocal last, count
        value = read()
        count = count + 1 if value == last else 0
        last = value
        return count >= looks

    eventually(check, what, within)
    return last
