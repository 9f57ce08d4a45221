"""People who write through a vendor: requests in the vendors' own shapes, signed as they sign them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import re
import sqlite3
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.conftest import Server
from tests.server.channels.vendors import (
    MESSENGER_SECRET,
    NUMBER,
    SLACK_SECRET,
    TELEGRAM_SECRET,
    TWILIO_ACCOUNT,
    TWILIO_TOKEN,
    Got,
    Vendors,
)

SITE = "https://tutor.college.example"
numbers = itertools.count(7_310_000_001)  # of people, deliveries and messages; no time looks like one


@dataclass(frozen=True)
class Request:
    """What a vendor posts to us."""

    channel: str
    body: bytes
    headers: dict[str, str]

    def without(self, header: str) -> Request:
        return Request(self.channel, self.body, {name: value for name, value in self.headers.items() if name != header})

    def having(self, **headers: str) -> Request:
        return Request(self.channel, self.body, {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}})


def post(server: Server, request: Request) -> tuple[int, str]:
    """Status and body of our answer."""
    url = f"{server.url}/webhooks/{request.channel}/webhook"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, request.body, request.headers), timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def rows(server: Server, query: str, *values: object) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(server.log.parent / "aftercare.db", timeout=10)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def wait_until_sent(server: Server, patience: float = 60) -> None:
    """Until every answer has gone."""
    give_up = time.monotonic() + patience
    while rows(server, "SELECT 1 FROM sendings WHERE ended_at IS NULL LIMIT 1"):
        assert time.monotonic() < give_up, "an answer is still to be sent"
        time.sleep(0.05)


def telegram_update(**update: Any) -> Request:
    body = json.dumps({"update_id": next(numbers), **update}).encode()
    return Request("telegram", body, {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET})


def slack_signed(body: bytes, kind: str, at: float | None = None) -> Request:
    stamp = str(int(at or time.time()))
    signed = hmac.new(SLACK_SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return Request("slack", body, {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signed}"})


def slack_event(at: float | None = None, **event: Any) -> Request:
    envelope = {
        "token": "unused",
        "team_id": "T061EG9R6",
        "api_app_id": "A0PNCHHK2",
        "event": {"ts": f"{next(numbers)}.000200", "event_ts": "1", **event},
        "type": "event_callback",
        "event_id": f"Ev{next(numbers)}",
        "event_time": int(time.time()),
    }
    return slack_signed(json.dumps(envelope).encode(), "application/json; charset=utf-8", at)


def slack_action(payload: dict[str, Any]) -> Request:
    return slack_signed(urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded")


def messenger_entries(*messaging: dict[str, Any]) -> Request:
    entry = {"id": "1906385232743451", "time": int(time.time() * 1000), "messaging": list(messaging)}
    body = json.dumps({"object": "page", "entry": [entry]}).encode()
    signed = hmac.new(MESSENGER_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return Request("messenger", body, {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signed}"})


def messenger_event(person: str, **event: Any) -> dict[str, Any]:
    return {"sender": {"id": person}, "recipient": {"id": "1906385232743451"}, "timestamp": int(time.time() * 1000), **event}


def whatsapp_form(url: str = f"{SITE}/webhooks/whatsapp/webhook", **fields: str) -> Request:
    form = {
        "SmsMessageSid": "SM1",
        "NumMedia": "0",
        "ProfileName": "Zebedee Quillfeather",
        "MessageType": "text",
        "WaId": "447700900123",
        "To": f"whatsapp:{NUMBER}",
        "AccountSid": TWILIO_ACCOUNT,
        "ApiVersion": "2010-04-01",
        "MessageSid": f"SM{next(numbers):032d}",
        **fields,
    }
    signed = url + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(TWILIO_TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    kind = "application/x-www-form-urlencoded; charset=UTF-8"
    return Request("whatsapp", urlencode(form).encode(), {"Content-Type": kind, "X-Twilio-Signature": signature})


@dataclass
class Person:
    """Somebody on a channel. `say` and `choose` give the text of what came back."""

    channel: str
    server: Server
    vendors: Vendors
    name: int = field(default_factory=lambda: next(numbers))

    @property
    def address(self) -> str:
        return {
            "telegram": str(self.name),
            "slack": f"D{self.name}",
            "messenger": str(self.name),
            "whatsapp": f"whatsapp:+44{self.name}",
        }[self.channel]

    @property
    def seen(self) -> list[Got]:
        return self.vendors.to(self.channel, self.address)

    def typing(self, text: str) -> Request:
        """The request that brings what they type."""
        if self.channel == "telegram":
            return telegram_update(message={**self._telegram_message(), "text": text})
        if self.channel == "slack":
            return slack_event(type="message", channel_type="im", channel=self.address, user=f"U{self.name}", text=_slack_text(text))
        if self.channel == "messenger":
            return messenger_entries(messenger_event(self.address, message={"mid": f"m_{next(numbers)}", "text": text}))
        return whatsapp_form(From=self.address, Body=text)

    def pressing(self, title: str, value: str) -> Request:
        """The request that brings a press; `seen` last had that button."""
        if self.channel == "telegram":
            keyboard = {"inline_keyboard": [[{"text": title, "callback_data": value}]]}
            message = {**self._telegram_message(), "text": "...", "reply_markup": keyboard, "from": {"id": 1, "is_bot": True}}
            query = {"id": str(next(numbers)), "from": {"id": self.name, "is_bot": False}, "message": message, "data": value}
            return telegram_update(callback_query={**query, "chat_instance": "1"})
        if self.channel == "slack":
            action = {"type": "button", "action_id": "press-0", "value": value, "action_ts": f"{next(numbers)}.1"}
            person = {"id": f"U{self.name}", "team_id": "T061EG9R6"}
            payload = {"type": "block_actions", "user": person, "team": {"id": "T061EG9R6"}, "channel": {"id": self.address}}
            container = {"type": "message", "message_ts": "1700000000.000100", "channel_id": self.address}
            text = {"type": "plain_text", "text": title}
            return slack_action({**payload, "container": container, "trigger_id": "1.2.3", "actions": [{**action, "text": text}]})
        number = f"m_{next(numbers)}"
        if len(self.seen[-1].presses) <= 3:
            return messenger_entries(messenger_event(self.address, postback={"mid": number, "title": title, "payload": value}))
        return messenger_entries(messenger_event(self.address, message={"mid": number, "text": title, "quick_reply": {"payload": value}}))

    def say(self, text: str) -> str:
        return self._heard_after(self.typing(text))

    def choose(self, label: str) -> str:
        """Press the newest button of that label, or what stands for it: its number, or the label typed."""
        presses = {title: value for got in self.seen[-4:] for title, value in got.presses}
        if label in presses:
            return self._heard_after(self.pressing(label, presses[label]))
        numbered = re.findall(rf"(?m)^(\d+)\. {re.escape(label)}$", "\n".join(got.text for got in self.seen[-4:]))
        if numbered and numbered[-1] in presses:
            return self._heard_after(self.pressing(numbered[-1], presses[numbered[-1]]))
        return self.say(numbered[-1] if numbered else label)

    def _heard_after(self, request: Request) -> str:
        before = len(self.seen)
        status, _ = post(self.server, request)
        assert status == 200
        wait_until_sent(self.server)
        assert self.vendors.wrong == []
        return "\n".join(got.text for got in self.seen[before:])

    def _telegram_message(self) -> dict[str, Any]:
        person = {"id": self.name, "is_bot": False, "first_name": "Zebedee", "username": "quillfeather", "language_code": "en"}
        chat = {"id": self.name, "first_name": "Zebedee", "username": "quillfeather", "type": "private"}
        return {"message_id": next(numbers), "from": person, "chat": chat, "date": int(time.time())}


def _slack_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
