"""Mixed traffic with reloads every second while instances are killed.

    python3 Tests/Soak [--minutes 30] [--rate 500] [--seed N]

Ends with 1 when an answer was wrong, a failure has no excuse, or memory or descriptors grew.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))

from soak.soak import Soak  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=500, help="requests per second")
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()
    # What has been started is stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="gateway-soak-") as scratch:
        outcome = Soak(Path(scratch), options.minutes * 60, options.rate, options.seed).run()
    print("\n".join(outcome.figures))
    for complaint in outcome.complaints:
        print(f"wrong: {complaint}")
    return 1 if outcome.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
