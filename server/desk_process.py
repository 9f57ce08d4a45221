"""Runs the tutors' desk beside the learners' server: a process of its own, started again should it fall."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading

from bot.settings import Settings

logger = logging.getLogger("aftercare")
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


class DeskProcess:
    """The desk lives as long as its standard input is open, so that it never outlives this process however that ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        threading.Thread(target=self._keep_up, name="desk", daemon=True).start()

    def stop(self, patience_seconds: float = 5.0) -> None:
        self._stopping.set()
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            process.kill()

    def _keep_up(self) -> None:
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            self._process = self._begin()
            code = self._process.wait()
            if self._stopping.wait(0.1):
                return
            logger.error("the desk stopped with code %s; it is started again in %.0f seconds", code, pause)
            self._stopping.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _begin(self) -> subprocess.Popen[bytes]:
        settings = self._settings
        told = {
            "HOST": settings.host,
            "REVIEW_PORT": str(settings.review_port),
            "AFTERCARE_VAR": str(settings.var),
            "AFTERCARE_DATABASE_URL": settings.database_url,
            "AFTERCARE_SECRET": settings.secret,
        }
        command = [sys.executable, "-m", "review", "--attached"]
        return subprocess.Popen(command, cwd=settings.root, env={**os.environ, **told}, stdin=subprocess.PIPE)  # noqa: S603 - our own command, no shell
