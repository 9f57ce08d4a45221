"""Local stand-ins for the vendors' APIs, written after their documentation: they take what the vendors take and refuse the rest."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TELEGRAM_TOKEN, TELEGRAM_SECRET = "123456:AAF-telegram-token-of-the-tests", "telegram-secret-of-the-tests"
SLACK_TOKEN, SLACK_SECRET = "xoxb-slack-token-of-the-tests", "slack signing secret of the tests"
MESSENGER_TOKEN, MESSENGER_SECRET, MESSENGER_VERIFY = "EAAG-page-token-of-the-tests", "app secret of the tests", "our own word"
TWILIO_ACCOUNT, TWILIO_TOKEN, NUMBER = "AC0123456789abcdef0123456789abcdef", "twilio auth token of the tests", "+441234567890"


class WrongError(Exception):
    """What the vendor would refuse, and why."""


@dataclass(frozen=True)
class Got:
    """A message that a vendor took: to which address, its text, what can be pressed (label, value)."""

    channel: str
    address: str
    text: str
    presses: tuple[tuple[str, str], ...] = ()


@dataclass
class Vendors:
    """`got` is what was sent, in order. `wrong` is what a vendor would have refused. `trouble` are answers to give instead, by channel.

    While `is_away`, whoever calls is hung up on; `hung_up` counts them.
    """

    url: str
    got: list[Got] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    trouble: dict[str, deque[tuple[int, dict[str, str], Any]]] = field(default_factory=dict)
    is_away: bool = False
    hung_up: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """Settings of a server that has all four channels."""
        return {
            "AFTERCARE_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
            "AFTERCARE_TELEGRAM_SECRET": TELEGRAM_SECRET,
            "AFTERCARE_TELEGRAM_API": self.url,
            "AFTERCARE_SLACK_TOKEN": SLACK_TOKEN,
            "AFTERCARE_SLACK_SECRET": SLACK_SECRET,
            "AFTERCARE_SLACK_API": f"{self.url}/api",
            "AFTERCARE_MESSENGER_TOKEN": MESSENGER_TOKEN,
            "AFTERCARE_MESSENGER_SECRET": MESSENGER_SECRET,
            "AFTERCARE_MESSENGER_VERIFY": MESSENGER_VERIFY,
            "AFTERCARE_MESSENGER_API": f"{self.url}/v25.0",
            "AFTERCARE_TWILIO_ACCOUNT": TWILIO_ACCOUNT,
            "AFTERCARE_TWILIO_TOKEN": TWILIO_TOKEN,
            "AFTERCARE_WHATSAPP_NUMBER": NUMBER,
            "AFTERCARE_TWILIO_API": self.url,
            "AFTERCARE_PUBLIC_URL": "https://tutor.college.example",
        }

    def to(self, channel: str, address: str) -> list[Got]:
        return [got for got in self.got if (got.channel, got.address) == (channel, address)]

    def take(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], Any]:
        for pattern, channel, taken in _CALLS:
            found = re.fullmatch(pattern, urlsplit(path).path)
            if found and method == ("GET" if channel.startswith("?") else "POST"):
                queued = self.trouble.get(channel)
                if queued:
                    return queued.popleft()
                try:
                    return taken(self, found, path, headers, body)
                except WrongError as error:
                    self.wrong.append(f"{channel}: {error}")
                    return 400, {}, {"ok": False, "error": "invalid_arguments", "description": str(error)}
        self.wrong.append(f"{method} {urlsplit(path).path}: there is no such method")
        return 404, {}, {"ok": False}


@contextmanager
def vendors() -> Iterator[Vendors]:
    """All four on one loopback port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if serving.is_away:
                serving.hung_up += 1
                self.close_connection = True
                return
            status, headers, value = serving.take(self.command, self.path, self.headers, body)
            data = json.dumps(value).encode()
            self.send_response(status)
            for name, text in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = answer  # noqa: N815 - the names are http.server's

        def log_message(self, *_: Any) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = Vendors(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()  # it looks so often whether it is over
    yield serving
    server.shutdown()
    server.server_close()


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def need(true: object, why: str) -> None:
    if not true:
        raise WrongError(why)


def _json_of(headers: Any, body: bytes) -> dict[str, Any]:
    need((headers.get("Content-Type") or "").startswith("application/json"), "not JSON")
    value = json.loads(body)
    need(isinstance(value, dict), "no object")
    return value


def _only(value: dict[str, Any], required: set[str], allowed: set[str]) -> None:
    need(required <= value.keys(), f"missing: {sorted(required - value.keys())}")
    need(value.keys() <= required | allowed, f"unknown: {sorted(value.keys() - required - allowed)}")


def check_telegram(body: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What can be pressed. https://core.telegram.org/bots/api#sendmessage"""
    _only(body, {"chat_id", "text"}, {"entities", "link_preview_options", "reply_markup"})
    need(isinstance(body["chat_id"], int), "chat_id is a number")
    need(isinstance(body["text"], str) and 1 <= units(body["text"]) <= 4096 and body["text"].strip(), "text has 1 to 4096 characters")
    for entity in body.get("entities", ()):
        _only(entity, {"type", "offset", "length"}, set())
        need(entity["offset"] >= 0 and entity["length"] > 0 and entity["offset"] + entity["length"] <= units(body["text"]), "entity")
    rows = body.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"]
    need("reply_markup" not in body or (rows and all(rows)), "an empty keyboard")
    for button in (button for row in rows for button in row):
        _only(button, {"text", "callback_data"}, set())
        need(button["text"], "a button needs a text")
        need(1 <= len(button["callback_data"].encode()) <= 64, "callback_data has 1 to 64 bytes")
    need(sum(map(len, rows)) <= 100, "too many buttons")
    return tuple((button["text"], button["callback_data"]) for row in rows for button in row)


def check_slack(body: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """https://docs.slack.dev/reference/methods/chat.postMessage and /reference/block-kit/blocks"""
    _only(body, {"channel", "text", "blocks"}, {"thread_ts", "unfurl_links", "unfurl_media"})
    need(re.fullmatch(r"[CDG][A-Z0-9]+", body["channel"]), "a channel")
    need(1 <= len(body["blocks"]) <= 50, "1 to 50 blocks")
    presses: list[tuple[str, str]] = []
    for block in body["blocks"]:
        if block["type"] == "section":
            _only(block["text"], {"type", "text"}, {"verbatim"})
            need(block["text"]["type"] == "mrkdwn" and 1 <= units(block["text"]["text"]) <= 3000, "a section has 1 to 3000 characters")
            bare = re.sub(r"&(?:amp|lt|gt);", "", block["text"]["text"])
            need(not re.search(r"[<>&]", bare), "&, < and > are escaped")
            continue
        need(block["type"] == "actions" and 1 <= len(block["elements"]) <= 25, "1 to 25 elements")
        need(len({element["action_id"] for element in block["elements"]}) == len(block["elements"]), "action_ids differ")
        for element in block["elements"]:
            _only(element, {"type", "action_id", "text", "value"}, set())
            need(element["text"]["type"] == "plain_text" and 1 <= len(element["text"]["text"]) <= 75, "a button's text has 75 characters")
            need(1 <= len(element["value"]) <= 2000 and len(element["action_id"]) <= 255, "value and action_id")
            presses.append((element["text"]["text"], element["value"]))
    return tuple(presses)


def check_messenger(body: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """https://developers.facebook.com/docs/messenger-platform/reference/send-api"""
    _only(body, {"recipient", "messaging_type", "message"}, set())
    need(body["messaging_type"] == "RESPONSE" and body["recipient"].keys() == {"id"}, "a response to somebody")
    message = body["message"]
    if "attachment" in message:
        _only(message, {"attachment"}, set())
        payload = message["attachment"]["payload"]
        _only(payload, {"template_type", "text", "buttons"}, set())
        need(message["attachment"]["type"] == "template" and payload["template_type"] == "button", "a button template")
        need(1 <= units(payload["text"]) <= 640, "text above buttons has 640 characters")
        need(1 <= len(payload["buttons"]) <= 3, "1 to 3 buttons")
        for button in payload["buttons"]:
            _only(button, {"type", "title", "payload"}, set())
            need(button["type"] == "postback" and 1 <= len(button["title"]) <= 20 and len(button["payload"]) <= 1000, "a postback button")
        return tuple((button["title"], button["payload"]) for button in payload["buttons"])
    _only(message, {"text"}, {"quick_replies"})
    need(1 <= units(message["text"]) <= 2000, "text has 1 to 2000 characters")
    need("quick_replies" not in message or 1 <= len(message["quick_replies"]) <= 13, "1 to 13 quick replies")
    for quick in message.get("quick_replies", ()):
        _only(quick, {"content_type", "title", "payload"}, set())
        need(quick["content_type"] == "text" and 1 <= len(quick["title"]) <= 20 and len(quick["payload"]) <= 1000, "a quick reply")
    return tuple((quick["title"], quick["payload"]) for quick in message.get("quick_replies", ()))


def check_whatsapp(form: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """https://www.twilio.com/docs/messaging/api/message-resource"""
    _only(form, {"From", "To", "Body"}, set())
    need(form["From"] == f"whatsapp:{NUMBER}" and re.fullmatch(r"whatsapp:\+\d{6,15}", form["To"]), "both are WhatsApp numbers")
    need(1 <= units(form["Body"]) <= 1600, "Body has 1 to 1600 characters")
    return ()


def _telegram(vendors: Vendors, found: re.Match[str], _: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], Any]:
    need(found[1] == TELEGRAM_TOKEN, "the bot's token")
    fields = _json_of(headers, body)
    vendors.calls.append((f"telegram.{found[2]}", fields))
    if found[2] == "sendMessage":
        presses = check_telegram(fields)
        vendors.got.append(Got("telegram", str(fields["chat_id"]), fields["text"], presses))
        return 200, {}, {"ok": True, "result": {"message_id": len(vendors.got), "chat": {"id": fields["chat_id"]}}}
    if found[2] == "answerCallbackQuery":
        _only(fields, {"callback_query_id"}, set())
    elif found[2] == "setWebhook":
        _only(fields, {"url", "secret_token", "allowed_updates"}, set())
        need(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", fields["secret_token"]) and fields["url"].startswith("https://"), "a webhook")
    elif found[2] == "getMe":
        return 200, {}, {"ok": True, "result": {"id": 1, "is_bot": True, "username": "AftercareBot"}}
    elif found[2] == "getWebhookInfo":
        return 200, {}, {"ok": True, "result": {"url": "https://tutor.college.example/webhooks/telegram/webhook"}}
    else:
        raise WrongError(f"no method {found[2]}")
    return 200, {}, {"ok": True, "result": True}


def _slack(vendors: Vendors, found: re.Match[str], _: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], Any]:
    if headers.get("Authorization") != f"Bearer {SLACK_TOKEN}":
        return 200, {}, {"ok": False, "error": "invalid_auth"}
    fields = _json_of(headers, body)
    vendors.calls.append((f"slack.{found[1]}", fields))
    if found[1] == "auth.test":
        return 200, {}, {"ok": True, "user": "aftercare", "team": "College"}
    need(found[1] == "chat.postMessage", f"no method {found[1]}")
    presses = check_slack(fields)
    text = fields["blocks"][0]["text"]["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    address = f"{fields['channel']}/{fields['thread_ts']}" if "thread_ts" in fields else fields["channel"]
    vendors.got.append(Got("slack", address, text, presses))
    return 200, {}, {"ok": True, "channel": fields["channel"], "ts": f"1700000000.{len(vendors.got):06d}"}


def _messenger(vendors: Vendors, found: re.Match[str], path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], Any]:
    need(parse_qs(urlsplit(path).query) == {"access_token": [MESSENGER_TOKEN]}, "the page's token")
    fields = _json_of(headers, body)
    vendors.calls.append((f"messenger.{found[1]}", fields))
    if found[1] == "messages":
        presses = check_messenger(fields)
        message = fields["message"]
        text = message.get("text") or message["attachment"]["payload"]["text"]
        vendors.got.append(Got("messenger", fields["recipient"]["id"], text, presses))
    return 200, {}, {"recipient_id": "1", "message_id": f"m_{len(vendors.got)}"}


def _messenger_name(*_: Any) -> tuple[int, dict[str, str], Any]:
    return 200, {}, {"id": "1", "name": "College tutor"}


def _signed_in(headers: Any) -> None:
    signed = base64.b64encode(f"{TWILIO_ACCOUNT}:{TWILIO_TOKEN}".encode()).decode()
    need(headers.get("Authorization") == f"Basic {signed}", "account and token")


def _whatsapp(vendors: Vendors, found: re.Match[str], _: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], Any]:
    need(found[1] == TWILIO_ACCOUNT, "the account")
    _signed_in(headers)
    need((headers.get("Content-Type") or "").startswith("application/x-www-form-urlencoded"), "a form")
    form = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    check_whatsapp(form)
    vendors.got.append(Got("whatsapp", form["To"], form["Body"]))
    return 201, {}, {"sid": f"SM{len(vendors.got):032x}", "status": "queued"}


def _twilio_account(_: Vendors, __: re.Match[str], ___: str, headers: Any, ____: bytes) -> tuple[int, dict[str, str], Any]:
    _signed_in(headers)
    return 200, {}, {"friendly_name": "College", "status": "active"}


Taken = Callable[[Vendors, re.Match[str], str, Any, bytes], tuple[int, dict[str, str], Any]]
_CALLS: tuple[tuple[str, str, Taken], ...] = (
    (r"/bot([^/]+)/(\w+)", "telegram", _telegram),
    (r"/api/([\w.]+)", "slack", _slack),
    (r"/v25\.0/me/(messages|messenger_profile)", "messenger", _messenger),
    (r"/v25\.0/me", "?messenger", _messenger_name),
    (r"/2010-04-01/Accounts/(\w+)/Messages\.json", "whatsapp", _whatsapp),
    (r"/2010-04-01/Accounts/\w+\.json", "?whatsapp", _twilio_account),
)
