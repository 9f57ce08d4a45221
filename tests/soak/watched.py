"""A running server from outside: its memory, what it holds open, and its database. Needs Linux, for /proc."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.url import make_url

from tests.benchmarks.load.process_tree import ProcessTree
from tests.benchmarks.page import BenchmarkError

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Reading:
    """At a moment in seconds from the beginning. Sizes are MiB; `processor` is seconds since the server was started.

    `memory` is PSS: pages that several processes share are divided among them. `own` is the part of it that no file holds, which does not
    change when another process maps the same libraries, and in which whatever leaks lies.
    """

    at: float
    memory: float
    own: float
    descriptors: int
    connections: int
    database: float
    processor: float


class Watched:
    def __init__(self, process: int, database: str) -> None:
        """`database` is an address, of SQLite or PostgreSQL."""
        self._database = make_url(database)
        self._tree, self._folder = ProcessTree([process]), Path(f"/proc/{process}")

    def read(self, at: float) -> Reading:
        """Raises BenchmarkError when the server has stopped."""
        try:
            open_now = self._open()
            own = self._kibibytes("Pss_Anon") / 1024
        except OSError as error:
            raise BenchmarkError(f"The server stopped after {at:.0f} seconds.") from error
        return Reading(
            at=at,
            memory=self._tree.memory(),
            own=own,
            descriptors=len(open_now),
            connections=sum(name.startswith("socket:") for name in open_now),
            database=self._database_bytes() / MEBIBYTE,
            processor=self._tree.processor_seconds(),
        )

    def _kibibytes(self, name: str) -> int:
        rollup = (self._folder / "smaps_rollup").read_text(encoding="ascii", errors="replace")
        return int(rollup.partition(f"\n{name}:")[2].split()[0])

    def _open(self) -> list[str]:
        """What each descriptor stands for."""
        names = []
        for descriptor in (self._folder / "fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                names.append(os.readlink(descriptor))
        return names

    def _database_bytes(self) -> int:
        """SQLite's log of what is not yet in the file counts too."""
        if self._database.get_backend_name() == "sqlite":
            file = Path(self._database.database or "")
            return sum(path.stat().st_size for path in file.parent.glob(f"{file.name}*"))
        engine = sa.create_engine(self._database, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            return int(connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())
