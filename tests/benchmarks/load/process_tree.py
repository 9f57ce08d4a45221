"""What processes and everything that they started use together, as Linux accounts for it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class ProcessTree:
    """A side's processes, by the numbers of those that were started directly."""

    def __init__(self, roots: Iterable[int]) -> None:
        self._roots = tuple(roots)

    def memory(self) -> float:
        """MiB in memory; pages that several processes share are divided among them (PSS)."""
        return sum(_kibibytes(folder) for folder in self._folders()) / 1024

    def processor_seconds(self) -> float:
        """Seconds on the processors since they started, children that have ended included."""
        return sum(_ticks(folder) for folder in self._folders()) / TICKS

    def _folders(self) -> list[Path]:
        found = list(self._roots)
        for number in found:  # grows while it is walked
            for path in Path(f"/proc/{number}/task").glob("*/children"):
                with suppress(OSError):  # the thread has ended meanwhile
                    found += map(int, path.read_text(encoding="ascii").split())
        return [Path(f"/proc/{number}") for number in found]


def _kibibytes(folder: Path) -> int:
    with suppress(OSError):
        return int((folder / "smaps_rollup").read_text(encoding="ascii", errors="replace").partition("\nPss:")[2].split()[0])
    return 0


def _ticks(folder: Path) -> int:
    with suppress(OSError):
        after_name = (folder / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return sum(map(int, after_name[11:15]))  # its own and its ended children's, in user and in kernel mode
    return 0
