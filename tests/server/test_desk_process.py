"""The desk beside the learners' server: it comes up, comes back, and never stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings
from server.desk_process import DeskProcess
from tests.ports import free_port

ALONE = """
import sys, time
from dataclasses import replace
from pathlib import Path
from bot.settings import read_settings
from server.desk_process import DeskProcess
var = Path(sys.argv[2])
DeskProcess(replace(read_settings(), review_port=int(sys.argv[1]), var=var, database_url=f"sqlite:///{var / 'aftercare.db'}")).start()
time.sleep(60)
"""


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=2) as page:
            return b"Sign in to the desk" in page.read()
    except OSError:
        return False


def becomes(wanted: bool, port: int, seconds: float = 40) -> bool:
    give_up = time.monotonic() + seconds
    while answers(port) is not wanted and time.monotonic() < give_up:
        time.sleep(0.2)
    return answers(port) is wanted


@pytest.fixture
def desk(elsewhere: Callable[..., Settings], tmp_path: Path) -> Iterator[DeskProcess]:
    made = DeskProcess(elsewhere(review_port=free_port(), database_url=f"sqlite:///{tmp_path / 'aftercare.db'}"))
    made.start()
    yield made
    made.stop()


def test_the_desk_comes_back_when_it_falls_and_goes_when_it_is_stopped(desk: DeskProcess) -> None:
    port = desk._settings.review_port
    assert becomes(True, port)
    assert desk._process
    first = desk._process.pid
    os.kill(first, signal.SIGKILL)
    assert becomes(False, port, 5) and becomes(True, port)
    assert desk._process.pid != first
    desk.stop()
    assert becomes(False, port, 5)


def test_the_desk_does_not_outlive_a_server_that_was_killed(tmp_path: Path) -> None:
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", ALONE, str(port), str(tmp_path)], cwd=ROOT)
    try:
        assert becomes(True, port)
    finally:
        server.kill()
        server.wait(10)
    assert becomes(False, port, 10)


def test_the_desk_knows_nothing_of_rasa() -> None:
    code = "import sys, review.serve; print([m for m in ('rasa', 'tensorflow', 'sanic', 'actions', 'server') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert shown.strip() == "[]"
