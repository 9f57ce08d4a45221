"""Good and bad hours of one server with every channel, on a PostgreSQL and a Redis that want passwords."""

from __future__ import annotations

import re
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

import redis
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from tests.conftest import Server
from tests.databases import POSTGRESQL, REDIS
from tests.server.channels import people
from tests.server.channels.conftest import CHANNELS
from tests.server.channels.people import Person, post
from tests.server.channels.vendors import Vendors
from tests.server.web_client import WebClient, on_bare_socket

NAME = "Quillfeather"  # in everything that anybody types here
_CODE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b")
_PATIENCE_SECONDS = 60


@contextmanager
def redis_user(password: str) -> Iterator[str]:
    """The address of the Redis as a user with that password, who is gone afterwards."""
    name, own = f"aftercare-{uuid.uuid4().hex[:12]}", redis.Redis.from_url(REDIS)
    own.acl_setuser(name, enabled=True, passwords=[f"+{password}"], keys=["*"], commands=["+@all"])
    try:
        yield REDIS.replace("redis://", f"redis://{name}:{password}@", 1)
    finally:
        own.acl_deluser(name)
        own.close()


@dataclass
class Mishaps:
    """`environment` is the server's. `openings` are the tokens and codes that open a conversation, `writers` who wrote."""

    server: Server
    around: Vendors
    environment: dict[str, str]
    openings: list[str] = field(default_factory=list)
    writers: list[str] = field(default_factory=list)

    def befall(self) -> None:
        self._all_is_well()
        self._strangers_try()
        self._vendors_refuse()
        self._vendors_hang_up()
        self._redis_refuses()
        self._database_is_away()

    def _all_is_well(self) -> None:
        writers = {channel: self._somebody(channel) for channel in CHANNELS}
        for writer in writers.values():
            self._heard(writer, f"my neighbour {NAME} wants a refund")
        web = WebClient(self.server.url).begin()
        web.say(f"my name is {NAME}")
        code = web.ask("POST", "/api/codes").json["code"]
        phone = WebClient(self.server.url).begin(code)
        link = _CODE.search(web.say("connect telegram").text)
        assert link
        for said in (f"link {link[0]}", "yes"):
            self._heard(writers["telegram"], said)
        self.openings += [str(web.token), str(phone.token), code, link[0], link[0].replace("-", "")]
        for shown, status in ((self.environment["AFTERCARE_METRICS_TOKEN"], 200), (NAME, 404), ("\u00e9", 404)):
            assert WebClient(self.server.url).ask("GET", "/metrics", authorization=f"Bearer {shown}").status == status

    def _strangers_try(self) -> None:
        web = WebClient(self.server.url)
        web.ask("POST", "/api/sessions", {"code": NAME})
        web.ask("GET", "/api/conversation", authorization=f"Bearer {self.openings[0]}x")
        for word in (self.environment["AFTERCARE_MESSENGER_VERIFY"], NAME):
            web.ask("GET", f"/webhooks/messenger/webhook?hub.mode=subscribe&hub.verify_token={quote(word)}&hub.challenge={NAME}")
        for channel in CHANNELS:
            right = self._somebody(channel).typing(f"{NAME} is here")
            for header in set(right.headers) - {"Content-Type"}:
                for value in ("", NAME, "\u00e9", right.headers[header] + "x"):  # é goes as a byte that is no UTF-8
                    assert post(self.server, replace(right, headers={**right.headers, header: value}))[0] == 403
            head = f"POST /webhooks/{channel}/webhook HTTP/1.1\r\nHost: x\r\nX-Slack-Signature: {NAME}\r\nContent-Length: nine\r\n\r\n"
            on_bare_socket(self.server.url, head.encode())
        post(self.server, people.telegram_update(message={"from": NAME, "chat": [NAME]}, callback_query=NAME))
        post(self.server, people.slack_signed(f'{{"{NAME}'.encode(), "application/json"))
        post(self.server, people.slack_action({"type": NAME, "actions": [NAME]}))
        post(self.server, people.messenger_entries({"sender": NAME}))
        post(self.server, people.whatsapp_form(From=NAME))

    def _vendors_refuse(self) -> None:
        for channel in CHANNELS:
            self.around.trouble[channel] = deque([(500, {}, {"error": NAME}), refusal(channel)])
            for _ in range(2):  # two people, as nobody's second answer goes before their first
                post(self.server, self._somebody(channel).typing(f"{NAME} again"))
        _until(lambda: not any(self.around.trouble.values()))

    def _vendors_hang_up(self) -> None:
        self.around.is_away = True
        for channel in CHANNELS:
            post(self.server, self._somebody(channel).typing(f"{NAME} and nobody"))
        _until(lambda: self.around.hung_up >= len(CHANNELS))
        self.around.is_away = False

    def _redis_refuses(self) -> None:
        """The user's password is another for a while, and whoever was signed in is thrown out."""
        own, url = redis.Redis.from_url(REDIS), make_url(self.environment["AFTERCARE_REDIS_URL"])
        for password in ("another", str(url.password)):
            own.acl_setuser(
                str(url.username), enabled=True, reset_passwords=True, passwords=[f"+{password}"], keys=["*"], commands=["+@all"]
            )
            own.execute_command("CLIENT", "KILL", "USER", str(url.username))
            self._everybody_says("without a queue")
        own.close()

    def _database_is_away(self) -> None:
        name = make_url(self.environment["AFTERCARE_DATABASE_URL"]).database
        main = sa.create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
        with main.connect() as connection:
            connection.execute(sa.text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"))
            connection.execute(sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name})
            try:
                assert self._everybody_says("with nobody to write it down") == {503}
            finally:
                connection.execute(sa.text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"))
        _until(lambda: WebClient(self.server.url).ask("GET", "/readyz").status == 200)

    def _everybody_says(self, words: str) -> set[int]:
        """The statuses that vendors get."""
        WebClient(self.server.url, self.openings[0]).say(f"{NAME} {words}")
        return {post(self.server, self._somebody(channel).typing(f"{NAME} {words}"))[0] for channel in CHANNELS}

    def _somebody(self, channel: str) -> Person:
        person = Person(channel, self.server, self.around)
        self.writers.append(str(person.name))
        return person

    def _heard(self, person: Person, said: str) -> None:
        before = len(person.seen)
        assert post(self.server, person.typing(said))[0] == 200
        _until(lambda: len(person.seen) > before)


def refusal(channel: str) -> tuple[int, dict[str, str], Any]:
    """What a vendor says that takes no message, in its own shape."""
    return {
        "telegram": (401, {}, {"ok": False, "error_code": 401, "description": "Unauthorized"}),
        "slack": (200, {}, {"ok": False, "error": "invalid_auth"}),
        "messenger": (400, {}, {"error": {"code": 190, "message": f"Malformed access token {NAME}"}}),
        "whatsapp": (400, {}, {"code": 21211, "message": f"The number +447700900123 of {NAME} is not valid"}),
    }[channel]


def _until(happened: Callable[[], bool]) -> None:
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.05)
