"""The disk with the data (and the log) is full."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import pytest

from tests.faults.books import Books
from tests.faults.conftest import Record, long_only
from tests.faults.crowd import Crowd
from tests.faults.served import Served
from tests.faults.small_disk import SmallDisk, may_mount

TIMES = 5


@long_only
def test_a_full_disk_is_told_and_loses_nothing(model: Path, tmp_path: Path, record: Record) -> None:
    if not may_mount(tmp_path / "try"):
        pytest.skip("this account may not mount a small disk")
    with SmallDisk(tmp_path / "disk", megabytes=24) as disk, Served(disk.folder) as served:
        record(f"Disk full, {TIMES} times", fill_and_free(disk, served))


def fill_and_free(disk: SmallDisk, served: Served) -> str:
    with Crowd(served.url) as crowd:
        for _ in range(TIMES):
            crowd.wait_for(10)
            before = len(crowd.told())
            disk.fill()
            ends = time.monotonic() + 60
            while len(crowd.told()) < before + 20:  # SQLite goes on for a while in the room that its log has
                assert time.monotonic() < ends, "a full disk is noticed"
                time.sleep(0.1)
                disk.fill()
            assert served.page_seconds() < 1
            disk.free()
            crowd.wait_for(10)
    told = crowd.told()
    kept = Books(served.database).check(crowd.learners)
    failed = sum(1 for learner in crowd.learners for message in learner.messages if message.turn and message.turn["status"] == "failed")
    served.check_health()
    assert told[-1] < 3, f"told after {told[-1]:.1f} seconds"
    return (
        f"{len(told)} refusals, told after {median(told):.3f} s (median; worst {told[-1]:.2f} s), {failed} apologies. "
        f"{kept} messages acknowledged: 0 lost, 0 doubled"
    )
