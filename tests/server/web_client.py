"""A client of the web channel, as a page or a program speaks to it, and bytes on a bare socket."""

from __future__ import annotations

import http.client
import json
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The error's code, for programs."""
        return str(self.json["error"]["code"])

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class WebClient:
    """Keeps its token like a page does, and one connection."""

    url: str
    token: str | None = None
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def ask(self, method: str, path: str, body: object = None, **headers: str | bytes) -> Answer:
        """Objects go as JSON, bytes as they are. `content_type="..."` stands for the header Content-Type."""
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        given: dict[str, str | bytes] = {"Content-Type": "application/json"} if raw is not None else {}
        if self.token is not None:
            given["Authorization"] = f"Bearer {self.token}"
        given.update({name.replace("_", "-").title(): value for name, value in headers.items()})
        try:
            return self._send(method, path, raw, given)
        except (http.client.RemoteDisconnected, ConnectionError):  # the server ends idle connections
            return self._send(method, path, raw, given)

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str | bytes]) -> Answer:
        self._connection = self._connection or http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE_SECONDS)
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except BaseException:
            self._connection.close()
            self._connection = None
            raise

    def begin(self, code: str | None = None) -> WebClient:
        """Opens a session and keeps its token."""
        answer = self.ask("POST", "/api/sessions", {"code": code} if code else {})
        assert answer.status == 201, answer
        self.token = answer.json["token"]
        return self

    def say(self, text: object, number: str | None = None) -> Answer:
        return self.ask("POST", "/api/messages", {"id": number or new_id(), "text": text})

    def press(self, token: object, label: object = "A button", number: str | None = None) -> Answer:
        return self.ask("POST", "/api/messages", {"id": number or new_id(), "press": token, "label": label})

    def turns(self, after: int = 0) -> list[dict[str, Any]]:
        answer = self.ask("GET", f"/api/conversation?after={after}")
        assert answer.status == 200, answer
        return list(answer.json["turns"])


def new_id() -> str:
    return str(uuid.uuid4())


def on_bare_socket(url: str, sent: bytes) -> bytes:
    """Everything the server says to these bytes until it closes the connection."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(sent)
        heard = b""
        while chunk := connection.recv(65536):
            heard += chunk
    return heard
