"""Puts a plan into the files, one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ImprovingError
from bot.improving.plan import Plan


@contextmanager
def applying(var: Path) -> Iterator[None]:
    """Held from reading what waits until it is marked as applied. Raises ImprovingError when another process is at it."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "applying.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ImprovingError("Changes are being applied by somebody else at this moment. Try again when that is done.") from error
        yield


def write(plan: Plan, root: Path) -> tuple[Path, ...]:
    """The files that were changed. Each is replaced whole, so that none is ever half written; applying again writes what is left."""
    changed = plan.files
    for name, text in changed.items():
        path = root / name
        partial = path.with_name(f".{path.name}.partial")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
        except OSError as error:
            raise ImprovingError(f"{path} cannot be written: {error.strerror}. Nothing is lost: the changes still wait.") from error
    return tuple(root / name for name in changed)
