"""A running tutor that can be killed and started again on the same port and data. Stopped when its block is left."""

from __future__ import annotations

import subprocess
import time
import urllib.request
from pathlib import Path

from tests.conftest import start_server
from tests.faults.forked import Forked, serve_forked
from tests.faults.learner import Learner
from tests.ports import free_port

# Test clients are quicker than people.
NO_LIMITS = {"AFTERCARE_MESSAGES_PER_MINUTE": "1000000", "AFTERCARE_ADDRESS_PER_MINUTE": "1000000"}


class Served:
    """`database` and `redis` are addresses; without the first, SQLite in the folder. `forked` saves most of the time of a start."""

    def __init__(self, var: Path, database: str = "", forked: bool = False, redis: str = "") -> None:
        self.database = database or f"sqlite:///{var / 'aftercare.db'}"
        self._var, self._port, self._forked = var, free_port(), forked
        addresses = {"AFTERCARE_DATABASE_URL": database, "AFTERCARE_REDIS_URL": redis}
        self._environment = {**NO_LIMITS, "AFTERCARE_SECRET": "s" * 40, **addresses}
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def kill(self) -> None:
        """At once, without a chance to tidy up."""
        self._process.kill()
        self._process.wait()

    def start(self) -> None:
        self._process = self._started()

    def _started(self) -> Forked | subprocess.Popen[bytes]:
        if self._forked:
            return serve_forked(self._var, self._port, self._environment)
        return start_server(self._var, self._port, **self._environment).process

    def __enter__(self) -> Served:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """A server is stopped as people stop it; one in a test that failed is got rid of."""
        if kind:
            self.kill()
            return
        self._process.terminate()
        assert self._process.wait(30) == 0, "SIGTERM must stop the server cleanly"

    def check_health(self) -> None:
        """Somebody new is answered, and the page comes."""
        assert self._process.poll() is None, "the process is still the one that was started"
        newcomer = Learner(self.url)
        newcomer.insist(5)
        assert newcomer.messages[0].turn and newcomer.messages[0].turn["status"] == "answered"
        assert self.page_seconds() < 2

    def page_seconds(self) -> float:
        """How long the page's stylesheet takes."""
        started = time.monotonic()
        urllib.request.urlopen(f"{self.url}/page.css", timeout=20).close()
        return time.monotonic() - started
