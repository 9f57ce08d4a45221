"""`aftercare serve` in a process forked from one that has every module loaded: four fifths of a start are imports.

For experiments that start hundreds of servers; the others start the command itself.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
import urllib.request
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.made import share

_MODULES = ["rasa.core.run", "rasa.server", "rasa.model_training", "rasa_sdk.executor", "server.cli", "server.launcher"]
_MODULES += ["server.web_channel", "server.intent_classifier", "server.sentence_vectors", "server.button_tokens", "server.tracker_store"]


class Forked:
    """Such a process, with the handles that subprocess gives."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.kill, self.terminate = process.kill, process.terminate

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode


def serve_forked(var: Path, port: int, environment: dict[str, str]) -> Forked:
    """Once it answers."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_MODULES)
    log = var / "server.log"
    var.mkdir(parents=True, exist_ok=True)
    share(var)
    process = context.Process(target=_serve, args=(log, port, {"AFTERCARE_VAR": str(var), "REVIEW_PORT": "0", **environment}))
    process.start()
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        assert process.exitcode is None, f"the server stopped: {log.read_text()}"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}", timeout=2).close()
            return Forked(process)
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError(f"the server did not answer: {log.read_text()}")


def _serve(log: Path, port: int, environment: dict[str, str]) -> None:
    from server.cli import main

    os.environ.update(environment)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["aftercare", "serve", "--port", str(port)]
    main()
