"""A learner whose chat does what the widget does: each message has an id of its own and is sent again under it until it is answered."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from enum import Enum
from itertools import cycle
from typing import Any

QUESTIONS = (
    "What does LATER stand for?",
    "how long does a customer have to reject a faulty toaster?",
    "150 replies, 96 happy. What is the CSAT?",
    "what is an SLA?",
    "thanks",
    "what is a KPI?",
)


class Outcome(Enum):
    """What came of sending a message once."""

    ANSWERED = "answered"
    WAITING = "taken, not answered yet"
    AWAY = "told that the records are away"
    NOBODY = "no answer at all"


class NoAnswerError(Exception):
    """The connection was refused, broken off or silent."""


@dataclass
class Message:
    """`text` as typed, or the token of a button that is pressed. `turn` once the server has acknowledged it.

    `told` holds the seconds after which each refusal came.
    """

    id: str
    text: str
    pressed: bool = False
    turn: dict[str, Any] | None = None
    told: list[float] = field(default_factory=list)

    def body(self) -> dict[str, str]:
        """As the web channel takes it."""
        return {"id": self.id, **({"press": self.text, "label": "A button"} if self.pressed else {"text": self.text})}


class Learner:
    """One conversation, its messages in order; the last is open until it has its turn.

    Several addresses are taken in turn, the next at every try, as behind a proxy.
    """

    def __init__(self, *urls: str) -> None:
        self._urls = cycle(urls)
        self.url = next(self._urls)
        self.token: str | None = None
        self.messages: list[Message] = []
        self.given_up: list[Message] = []
        self.in_flight: str | None = None

    @property
    def open(self) -> Message | None:
        """The message that still needs its answer."""
        return self.messages[-1] if self.messages and self.messages[-1].turn is None else None

    def begin(self) -> None:
        """Have a token. Raises NoAnswerError."""
        self.token = self.token or str(post(self.url, "/api/sessions", {})[1]["token"])

    def step(self) -> Outcome:
        """Send the open message again, or a new one, once."""
        message = self.open
        if message is None:
            message = self.next_message()
            self.messages.append(message)
        return self.send(message)

    def next_message(self) -> Message:
        """What is said next."""
        return Message(str(uuid.uuid4()), QUESTIONS[len(self.messages) % len(QUESTIONS)])

    def send(self, message: Message) -> Outcome:
        started = time.monotonic()
        self.in_flight = message.id
        try:
            self.begin()
            status, body = post(self.url, "/api/messages", message.body(), self.token)
        except NoAnswerError:
            return Outcome.NOBODY
        finally:
            self.in_flight = None
            self.url = next(self._urls)
        if status == 503 and body["error"]["code"] == "records_away":
            message.told.append(time.monotonic() - started)
            return Outcome.AWAY
        assert status == 200, f"{status}: {body}"
        if body["status"] == "waiting":
            return Outcome.WAITING
        assert body["replies"], "an answered message has a reply"
        message.turn = body
        return Outcome.ANSWERED

    def insist(self, seconds: float = 45) -> None:
        """Send the open message again until it is answered."""
        ends = time.monotonic() + seconds
        while self.step() is not Outcome.ANSWERED:
            assert time.monotonic() < ends, f"no answer for {seconds:.0f} seconds"
            time.sleep(0.25)

    def give_up(self) -> None:
        """Forget the open message, as somebody does who closes the page."""
        if self.open:
            self.given_up.append(self.messages.pop())


def post(url: str, path: str, body: dict[str, Any], token: str | None = None, timeout: float = 40) -> tuple[int, dict[str, Any]]:
    """Status and body. Raises NoAnswerError."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(url + path, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswerError from error
