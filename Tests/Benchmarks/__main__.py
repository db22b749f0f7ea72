"""Compares the gateway with other proxies on this machine.

    python3 Tests/Benchmarks [--quick] [--only PARTS] [--peers NAMES] [--docs]

Parts are compared, scaling, latency, idle, clients, reload and profile, with commas between them.

The results stay in .build/bench/results.json.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))

from bench import report, tables  # noqa: E402
from bench.run import QUICK, RESULTS, THOROUGH, Run, find_binary  # noqa: E402

OWN_SESSION = "BENCH_OWN_SESSION"


def names(text):
    return text.split(",")


def run_in_own_session():
    """The scheduler weighs a session as one, and what this one is given must not stay with the user's terminal."""
    child = subprocess.Popen([sys.executable, *sys.argv], env=os.environ | {OWN_SESSION: "1"}, start_new_session=True)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.terminate()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two minutes instead of fifteen; noisier")
    parser.add_argument("--only", type=names, help="parts to measure")
    parser.add_argument("--peers", type=names, help="peers to compare with; default: all that are installed")
    parser.add_argument("--docs", action="store_true", help="write docs/performance.md from the last run instead")
    options = parser.parse_args()
    if options.docs:
        report.write(json.loads(RESULTS.read_text()))
        return 0
    if OWN_SESSION not in os.environ:
        return run_in_own_session()
    # What has been started is stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run = Run(find_binary(), QUICK if options.quick else THOROUGH, options.only, options.peers)
    results = run.measure()
    for title, text in tables.all_of(results):
        print(f"\n{title}\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
