"""Arrays that are made once and kept on disk: a file is there whole or not at all, whoever else makes the same at that moment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import get_ident
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import IndexUnusableError

_GIVEN_UP_SECONDS = 3600.0  # what has been half written for so long, nobody finishes


def keep(path: Path, arrays: Mapping[str, npt.NDArray[Any]], others: str, what: str) -> None:
    """Write the arrays to `path`, in place of all other files of its folder that match the pattern `others`.

    Raises IndexUnusableError, which calls them `what`, when nothing can be written.
    """
    half = path.with_name(f"{path.name}.{os.getpid()}-{get_ident()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with half.open("wb") as file:
            np.savez(file, **arrays)
        half.replace(path)
        for old in (*path.parent.glob(others), *_given_up(path)):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError as error:
        with suppress(OSError):
            half.unlink()
        raise IndexUnusableError(f"{what} cannot be written to {path.parent}: {error.strerror}. Make the folder writable.") from error


def _given_up(path: Path) -> Iterator[Path]:
    """Left beside the file by processes that were killed while they wrote."""
    now = path.stat().st_mtime
    for half in path.parent.glob("*.partial*"):
        with suppress(FileNotFoundError):  # somebody has just finished it
            if now - half.stat().st_mtime > _GIVEN_UP_SECONDS:
                yield half
