"""Tests and benchmarks do their sums as the server does (server/cli.py): numpy reads this when it is imported."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
