"""`python -m review`: the desk alone, as on a machine of its own. `--attached` is how `aftercare serve` starts it."""

from __future__ import annotations

import signal
import sys

from bot.errors import AftercareError
from bot.settings import read_settings
from review.serve import serve


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        serve(read_settings(), until_input_ends="--attached" in sys.argv)
    except AftercareError as error:
        sys.exit(f"error: {error}")


main()
