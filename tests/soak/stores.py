"""Where a soaked server keeps its records and its turns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine.url import make_url

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Stores:
    """Addresses; empty ones for SQLite in the run's folder, and for turns that need no Redis."""

    database: str = ""
    redis: str = ""

    def address(self, folder: Path) -> str:
        return self.database or f"sqlite:///{folder / 'aftercare.db'}"

    @property
    def names(self) -> list[str]:
        """Addresses hold passwords: pages say these."""
        kind = make_url(self.database).get_backend_name() if self.database else "sqlite"
        return [NAMES.get(kind, kind), *(["Redis"] if self.redis else [])]
