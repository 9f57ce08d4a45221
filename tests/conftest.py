"""Real parts, each made once a session: the tutor on the project's content, the trained model, a running server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as example_settings
from playwright.sync_api import Browser, expect, sync_playwright

from bot.content import Library, load
from bot.opening import open_tutor
from bot.settings import ROOT, Settings, read_settings
from bot.tutor import Tutor
from tests.browser import ARGUMENTS, CHROMIUM, PATIENCE_MS
from tests.made import share
from tests.ports import free_port

AFTERCARE = Path(sys.executable).with_name("aftercare")

# That a busy machine is slow to make examples says nothing of the code. CI takes the same examples each time, so that a red run can
# be repeated; anywhere else they are new each time.
example_settings.register_profile(
    "ours", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
example_settings.load_profile("ours")

SLOW_FIRST = ("soak", "faults", "server", "review", "benchmarks")  # else one process is left alone with them in the end


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with servers and browsers begin; everything else keeps its order."""

    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        return SLOW_FIRST.index(folder) if folder in SLOW_FIRST else len(SLOW_FIRST)

    items.sort(key=rank)


@pytest.fixture(scope="session")
def settings() -> Settings:
    return read_settings()


@pytest.fixture(scope="session")
def library(settings: Settings) -> Library:
    return load(settings.knowledge)


@pytest.fixture(scope="session")
def tutor(settings: Settings) -> Tutor:
    return open_tutor(settings)


@pytest.fixture(scope="session")
def model(settings: Settings) -> Path:
    """The up-to-date model, trained now when it is missing."""
    from server.model import train

    return train(settings)


@dataclass(frozen=True)
class Server:
    """A running server and how to talk to it."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def post(self, body: bytes, path: str = "/webhooks/rest/webhook", **headers: str) -> tuple[int, Any]:
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def say(self, message: str, sender: str = "someone") -> str:
        """The reply's text to a message."""
        status, replies = self.post(json.dumps({"sender": sender, "message": message}).encode())
        assert status == 200, replies
        return "\n".join(reply["text"] for reply in replies)

    def stop(self) -> None:
        """As people stop it."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0, "SIGTERM must stop the server cleanly"


def start_server(var: Path, port: int | None = None, **environment: str) -> Server:
    """`aftercare serve` on the port or a free one, with data of its own, once it answers."""
    port = port or free_port()
    var.mkdir(parents=True, exist_ok=True)
    share(var)
    log = var / "server.log"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AFTERCARE_")}
    process = subprocess.Popen(
        [str(AFTERCARE), "serve", "--port", str(port)],
        cwd=ROOT,
        env={**clean, "AFTERCARE_VAR": str(var), "REVIEW_PORT": "0", **environment},
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(240):
        if process.poll() is not None:
            raise AssertionError(f"the server stopped: {log.read_text()}")
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return Server(url, log, process)
        except OSError:
            time.sleep(0.5)
    process.kill()
    raise AssertionError(f"the server did not answer: {log.read_text()}")


@pytest.fixture(scope="session")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("served"))
    yield running
    running.stop()


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Callable[..., Settings]:
    """The settings with some values changed and an empty folder for data."""
    return lambda **changes: replace(settings, var=tmp_path, **changes)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """For one module at a time: while it runs, no other test may run an event loop of its own."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, timeout=2 * PATIENCE_MS)
        yield browser
        browser.close()
    expect.set_options(timeout=5_000)
