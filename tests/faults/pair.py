"""Two servers on one database, and on one Redis where its address is given, as behind a load balancer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.served import Served

Pair = tuple[Served, Served]


@contextmanager
def two_servers(folder: Path, database: str, redis: str = "", forked: bool = False) -> Iterator[Pair]:
    """Both can answer somebody new when the block is left."""
    with Served(folder / "one", database, forked, redis) as one, Served(folder / "two", database, forked, redis) as two:
        yield one, two
        one.check_health()
        two.check_health()
