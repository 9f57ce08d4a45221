"""What is made once is on disk whole, whoever makes it at the same time, and takes the place of what was there before."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.errors import IndexUnusableError
from bot.kept_arrays import keep

NUMBERS = np.arange(100_000)


def test_several_that_make_the_same_at_once_all_succeed(tmp_path: Path) -> None:
    path = tmp_path / "index" / "vectors-a.npz"

    def make(_: int) -> bool:
        keep(path, {"numbers": NUMBERS}, "vectors-*.npz", "The search index")
        with np.load(path) as file:
            return bool((file["numbers"] == NUMBERS).all())

    with ThreadPoolExecutor(4) as makers:
        assert all(makers.map(make, range(40)))
    assert [path.name for path in path.parent.iterdir()] == ["vectors-a.npz"]


def test_it_takes_the_place_of_what_was_there_and_of_what_nobody_finishes(tmp_path: Path) -> None:
    for name in (
        "vectors-old.npz",
        "vectors-old.npz.17-1.partial",
        "vectors-b.partial.npz",
        "vectors-now.npz.18-1.partial",
        "index-old.npz",
    ):
        (tmp_path / name).touch()
    long_ago = time.time() - 7200
    for name in ("vectors-old.npz.17-1.partial", "vectors-b.partial.npz"):
        os.utime(tmp_path / name, (long_ago, long_ago))
    keep(tmp_path / "vectors-new.npz", {"numbers": NUMBERS}, "vectors-*.npz", "The search index")
    assert {path.name for path in tmp_path.iterdir()} == {"vectors-new.npz", "vectors-now.npz.18-1.partial", "index-old.npz"}


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "index").touch()
    with pytest.raises(IndexUnusableError, match=r"The search index cannot be written to .*index: .*Make the folder writable"):
        keep(tmp_path / "index" / "vectors-a.npz", {"numbers": NUMBERS}, "vectors-*.npz", "The search index")
