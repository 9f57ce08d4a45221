"""A learner's conversation, over the web channel of Aftercare or the `rest` channel of stock Rasa."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.load.messages import Message
from tests.benchmarks.page import BenchmarkError

LONGEST_WAIT = 300  # seconds for one answer


@dataclass(frozen=True)
class Answer:
    """The reply's text, empty when there was none, and the seconds from sending to the last byte."""

    text: str
    seconds: float


class Line:
    """One client's connection, kept open from message to message."""

    def __init__(self, port: int, longest_wait: float = LONGEST_WAIT) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=longest_wait)

    def close(self) -> None:
        self._connection.close()

    def get(self, path: str) -> float:
        """The seconds that it took."""
        return self._exchange("GET", path, None, {})[1]

    def post(self, path: str, content: dict[str, Any], **headers: str) -> tuple[Any, float]:
        """What came back, and the seconds that it took."""
        body, seconds = self._exchange("POST", path, json.dumps(content).encode(), {"Content-Type": "application/json", **headers})
        return json.loads(body), seconds

    def _exchange(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[bytes, float]:
        started = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        received = response.read()
        seconds = time.perf_counter() - started
        if response.status >= 300:
            raise BenchmarkError(f"{method} {path}: status {response.status}, {received[:300]!r}")
        return received, seconds


class Conversation(ABC):
    """Begins when it is made; not bound to the line that it began on."""

    @abstractmethod
    def __init__(self, line: Line) -> None: ...

    @abstractmethod
    def say(self, line: Line, message: Message) -> Answer: ...


class WebConversation(Conversation):
    """As the chat page has it: a session, and tokens of pressed buttons beside their label."""

    def __init__(self, line: Line) -> None:
        session, _ = line.post("/api/sessions", {})
        self._token = session["token"]

    def say(self, line: Line, message: Message) -> Answer:
        said = {"press": message.text, "label": "A button"} if message.pressed else {"text": message.text}
        turn, seconds = line.post("/api/messages", {"id": str(uuid.uuid4()), **said}, Authorization=f"Bearer {self._token}")
        return Answer(_text_of(turn["replies"]) if turn["status"] == "answered" else "", seconds)


class RestConversation(Conversation):
    """A sender's name is all it takes; a pressed button's token is sent as a text, as Rasa's clients do with payloads."""

    def __init__(self, line: Line) -> None:
        self._sender = uuid.uuid4().hex

    def say(self, line: Line, message: Message) -> Answer:
        replies, seconds = line.post("/webhooks/rest/webhook", {"sender": self._sender, "message": message.text})
        return Answer(_text_of(replies), seconds)


def _text_of(replies: list[dict[str, Any]]) -> str:
    """All replies' words with single spaces: the two channels divide a reply differently."""
    return " ".join(" ".join(reply.get("text") or "" for reply in replies).split())
