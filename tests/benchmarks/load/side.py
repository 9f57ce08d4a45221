"""The two sides: how each is prepared and started, and how it is talked to once it answers."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.settings import ROOT
from tests.benchmarks import stock
from tests.benchmarks.load.conversation import Conversation, Line, RestConversation, WebConversation
from tests.benchmarks.load.messages import Message
from tests.benchmarks.load.process_tree import ProcessTree
from tests.benchmarks.page import BenchmarkError
from tests.benchmarks.stock import PATIENCE
from tests.made import share
from tests.ports import free_port

COMMANDS = Path(sys.executable).parent
NO_LIMIT = "1000000"  # messages a minute, the most that the settings take
FIRST_WAIT = 60  # seconds for one attempt; a request that falls into the start may be lost
FIRST = Message(stock.FIRST_TEXT)


@dataclass(frozen=True)
class Served:
    """A side that answers, and the seconds from the command to its first answer."""

    side: Side
    port: int
    processes: ProcessTree
    start: float


class Side(ABC):
    """`floor` is the path of a request that asks for next to nothing."""

    name: str
    floor: str
    conversation: type[Conversation]

    def __init__(self, run: Path) -> None:
        """`run` is the folder of the whole run; the side gets one of its own in it."""
        self.folder = run / type(self).__name__.lower()
        self.log = self.folder / "log.txt"
        self.environment = stock.environment(run / "bytecode")

    @abstractmethod
    def prepare(self, quick: bool) -> None:
        """Everything that a start needs and that is not counted as part of it."""

    @abstractmethod
    def commands(self, port: int) -> list[list[str]]:
        """What to start so that messages are answered at this port."""

    @contextmanager
    def served(self) -> Iterator[Served]:
        """The side, once it has answered a message. Its processes have ended when the block ends, however it ends."""
        port = free_port()
        commands = self.commands(port)
        with ExitStack() as started:
            begun = time.perf_counter()
            children = [started.enter_context(self._running(command)) for command in commands]
            self._await_answer(port, children)
            yield Served(self, port, ProcessTree(child.pid for child in children), time.perf_counter() - begun)

    @contextmanager
    def _running(self, command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
        with self.log.open("ab") as log:
            child = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=log, stderr=subprocess.STDOUT)
            try:
                yield child
            finally:
                stock.stop(child)

    def run(self, command: Sequence[str]) -> None:
        """Run a command to its end. Raises BenchmarkError with its last words when it fails."""
        with self._running(command) as child:
            if child.wait():
                raise self.complaint(f"{' '.join(command)} failed")

    def _await_answer(self, port: int, children: Sequence[subprocess.Popen[bytes]]) -> None:
        """Ask, each time in a new conversation, until there is a reply."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if any(child.poll() is not None for child in children):
                raise self.complaint("a process stopped")
            with closing(Line(port, FIRST_WAIT)) as line:
                try:
                    if self.conversation(line).say(line, FIRST).text:
                        return
                except (OSError, http.client.HTTPException, BenchmarkError):
                    pass
            time.sleep(0.05)
        raise self.complaint(f"no answer within {PATIENCE} seconds")

    def complaint(self, what: str) -> BenchmarkError:
        tail = "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
        return BenchmarkError(f"{self.name}: {what}. Its last words:\n{tail}")


class Aftercare(Side):
    """`aftercare serve` with SQLite in an empty folder, the limits on messages out of the way."""

    name = "Aftercare"
    floor = "/page.css"
    conversation = WebConversation

    def prepare(self, quick: bool) -> None:
        self.folder.mkdir()
        self.run([str(COMMANDS / "aftercare"), "train"])
        var = self.folder / "var"
        var.mkdir()
        share(var)
        self.environment |= {
            "HOST": "127.0.0.1",
            "REVIEW_PORT": "0",
            "AFTERCARE_VAR": str(var),
            "AFTERCARE_DATABASE_URL": f"sqlite:///{var / 'aftercare.db'}",
            "AFTERCARE_MESSAGES_PER_MINUTE": NO_LIMIT,
            "AFTERCARE_ADDRESS_PER_MINUTE": NO_LIMIT,
        }

    def commands(self, port: int) -> list[list[str]]:
        return [[str(COMMANDS / "aftercare"), "serve", "--port", str(port)]]


class StockRasa(Side):
    """`rasa init`'s pipeline and policies on our data, Rasa's own SQL store on SQLite, and our actions on Rasa's action server."""

    name = "Stock Rasa"
    floor = "/"
    conversation = RestConversation

    def prepare(self, quick: bool) -> None:
        config = stock.one_epoch(stock.stock_config()) if quick else stock.stock_config()
        project = stock.Side(self.name, config, self.folder)
        stock.lay_out(project, _whole_nlu(ROOT / "data" / "nlu"))
        stock.train(project)
        var = self.folder / "var"  # the actions read their index from here
        var.mkdir()
        share(var)
        self.environment |= {"AFTERCARE_VAR": str(var), "SANIC_HOST": "127.0.0.1"}

    def commands(self, port: int) -> list[list[str]]:
        actions = free_port()
        endpoints = {
            "action_endpoint": {"url": f"http://127.0.0.1:{actions}/webhook"},
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "rasa.db"},
        }
        (self.folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
        rasa = [sys.executable, "-m", "rasa", "run"]
        return [[*rasa, "actions", "--port", str(actions)], [*rasa, "-i", "127.0.0.1", "--port", str(port)]]


def _whole_nlu(folder: Path) -> dict[str, object]:
    """Every example, as one training file."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yml"))]
    return {"version": "3.1", "nlu": [entry for file in files for entry in file["nlu"]]}
