"""A Redis of its own, which keeps nothing on disk: killed and started again, it is empty."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time

import redis

from tests.ports import free_port


def program() -> str | None:
    """The installed server, or None."""
    return shutil.which("redis-server")


class RedisServer:
    """Runs until `kill`."""

    def __init__(self) -> None:
        self._port = free_port()
        self.address = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        found = program()
        assert found, "see `program`"
        options = {"--port": str(self._port), "--bind": "127.0.0.1", "--save": "", "--appendonly": "no"}
        arguments = [found, *(word for option in options.items() for word in option)]
        self._process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self._await_answer()

    def _await_answer(self) -> None:
        client, ends = redis.Redis.from_url(self.address), time.monotonic() + 10
        while time.monotonic() < ends:
            assert self._process.poll() is None, "redis-server stopped"
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.02)
        else:
            raise AssertionError("redis-server did not answer")
        client.close()

    def kill(self) -> None:
        """At once; what it held is gone."""
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """It keeps its connections and says nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)
