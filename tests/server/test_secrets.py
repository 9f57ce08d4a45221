"""No secret, no word of a learner's and nothing that opens a conversation gets into a log or onto a terminal, whatever goes wrong."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import signal
import subprocess
import time
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import redis
import sqlalchemy as sa
from dotenv import dotenv_values
from sqlalchemy.engine import make_url

from bot.errors import SettingsError
from bot.settings import ROOT, read_settings
from server.launcher import check_database
from tests.conftest import AFTERCARE, Server, start_server
from tests.databases import POSTGRESQL, ready_database
from tests.ports import free_port
from tests.server.channels import people
from tests.server.channels.people import Person, post
from tests.server.channels.vendors import TELEGRAM_TOKEN, TWILIO_ACCOUNT, TWILIO_TOKEN, Vendors, vendors
from tests.server.test_many_processes import REDIS, needs_redis
from tests.server.web_client import WebClient, on_bare_socket

CHANNELS = ("telegram", "slack", "messenger", "whatsapp")
# Settings that have no default and are nobody's secret. Any other without a default is taken for one.
OPEN = {"AFTERCARE_VAR", "AFTERCARE_ORIGINS", "AFTERCARE_PUBLIC_URL", "AFTERCARE_WHATSAPP_NUMBER"}
SECRETS = sorted(name for name, value in dotenv_values(ROOT / ".env.example").items() if not value and name not in OPEN)
DATABASE_PASSWORD, REDIS_PASSWORD = "pw-of-the-database-of-these-tests", "pw-of-redis-of-these-tests"
OUR_SECRET, METRICS_TOKEN = "aftercare-secret-of-these-tests", "metrics-token-of-these-tests"
NAME = "Quillfeather"  # in everything that anybody types here
CODE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b")


def environment_of(serving: Vendors, database: str = "", redis_url: str = "") -> dict[str, str]:
    """A value that can be recognised for every setting that is secret."""
    return {
        **serving.environment,
        "AFTERCARE_SECRET": OUR_SECRET,
        "AFTERCARE_METRICS_TOKEN": METRICS_TOKEN,
        "AFTERCARE_DATABASE_URL": database or f"postgresql://aftercare:{DATABASE_PASSWORD}@127.0.0.1:{free_port()}/nothing",
        "AFTERCARE_REDIS_URL": redis_url or f"redis://aftercare:{REDIS_PASSWORD}@127.0.0.1:{free_port()}/9",
    }


def shown_in(text: str, environment: dict[str, str]) -> list[str]:
    """The settings whose secret is in the text, as it is or as it goes over the wire."""
    return [name for name in SECRETS if any(form in text for form in _forms(name, environment[name]))]


def _forms(name: str, value: str) -> list[str]:
    secret = str(make_url(value).password) if name.endswith("_URL") else value
    signed_in = base64.b64encode(f"{TWILIO_ACCOUNT}:{TWILIO_TOKEN}".encode()).decode()
    return [secret, quote(secret), quote(secret, safe=""), *([signed_in] if value == TWILIO_TOKEN else [])]


def test_every_secret_setting_has_a_value_here_that_would_be_recognised() -> None:
    """A new setting without a default is a secret until it is named among the open ones."""
    environment = environment_of(Vendors("http://127.0.0.1:1"))
    assert [name for name in SECRETS if len(environment.get(name, "")) < 8] == []
    settings = read_settings(environment, ROOT)
    accounts = [account for account in vars(settings.vendors).values() if dataclasses.is_dataclass(account)]
    hidden = [getattr(account, part.name) for account in accounts for part in dataclasses.fields(account) if not part.repr]
    assert len(accounts) == len(CHANNELS)
    assert set(hidden) <= {environment[name] for name in SECRETS}


# --- a server that everything happens to ---


@dataclass
class Told:
    """What the server wrote, and what must not be in it."""

    environment: dict[str, str]
    log: str = ""
    openings: list[str] = field(default_factory=list)  # tokens and codes that open a conversation


@pytest.fixture(scope="module", params=["plain", "json"])
def told(request: pytest.FixtureRequest, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    needs_redis()
    folder = tmp_path_factory.mktemp("told")
    with ready_database("postgresql", folder) as database, redis_user() as redis_url, vendors() as around:
        address = make_url(database).set(password=DATABASE_PASSWORD).render_as_string(hide_password=False)
        told = Told(environment_of(around, address, redis_url))
        limits = {"AFTERCARE_MESSAGES_PER_MINUTE": "10000", "AFTERCARE_ADDRESS_PER_MINUTE": "10000"}
        server = start_server(folder / "served", AFTERCARE_LOG=request.param, **limits, **told.environment)
        try:
            Scene(server, around, told, database).play()
        finally:
            server.process.send_signal(signal.SIGTERM)
            server.process.wait(60)
        told.log = server.log.read_text(errors="replace")
        yield told


@contextmanager
def redis_user() -> Iterator[str]:
    """The address of Redis as a user with a password, who is gone afterwards."""
    name = f"aftercare-{uuid.uuid4().hex[:12]}"
    own = redis.Redis.from_url(REDIS)
    own.acl_setuser(name, enabled=True, passwords=[f"+{REDIS_PASSWORD}"], keys=["*"], commands=["+@all"])
    try:
        yield REDIS.replace("redis://", f"redis://{name}:{REDIS_PASSWORD}@", 1)
    finally:
        own.acl_deluser(name)
        own.close()


@dataclass
class Scene:
    """Good and bad hours of a server with every channel."""

    server: Server
    around: Vendors
    told: Told
    database: str

    def play(self) -> None:
        self._all_is_well()
        self._forgeries()
        self._vendors_fail()
        self._redis_refuses()
        self._database_goes()

    def _all_is_well(self) -> None:
        for channel in CHANNELS:
            self._heard(channel, f"my neighbour {NAME} wants a refund")
        web = WebClient(self.server.url).begin()
        web.say(f"my name is {NAME}")
        code = web.ask("POST", "/api/codes").json["code"]
        phone = WebClient(self.server.url).begin(code)
        link = CODE.search(web.say("connect telegram").text)
        assert link
        self._heard("telegram", f"link {link[0]}")
        self._heard("telegram", "yes")
        self.told.openings += [str(web.token), str(phone.token), code, link[0], link[0].replace("-", "")]
        for shown in (f"Bearer {METRICS_TOKEN}", f"Bearer {NAME}"):
            WebClient(self.server.url).ask("GET", "/metrics", authorization=shown)
        verify = self.told.environment["AFTERCARE_MESSENGER_VERIFY"]
        for word in (verify, NAME):
            query = f"hub.mode=subscribe&hub.verify_token={quote(word)}&hub.challenge={NAME}"
            WebClient(self.server.url).ask("GET", f"/webhooks/messenger/webhook?{query}")

    def _forgeries(self) -> None:
        web = WebClient(self.server.url)
        web.ask("POST", "/api/sessions", {"code": NAME})
        web.ask("GET", "/api/conversation", authorization=f"Bearer {self.told.openings[0]}x")
        for channel in CHANNELS:
            right = self._person(channel).typing(f"{NAME} is here")
            for header in set(right.headers) - {"Content-Type"}:
                for value in ("", NAME, "\u00e9", right.headers[header] + "x"):
                    encoded = replace(right, headers={**right.headers, header: value.encode().decode("latin-1")})
                    assert post(self.server, encoded)[0] == 403
            assert post(self.server, replace(right, body=right.body + NAME.encode()))[0] in (403, 200)  # Telegram signs no bodies
            head = f"POST /webhooks/{channel}/webhook HTTP/1.1\r\nHost: x\r\nX-Slack-Signature: {NAME}\r\nContent-Length: nine\r\n\r\n"
            on_bare_socket(self.server.url, head.encode())
        broken = {"message": {"from": NAME, "chat": [NAME]}, "callback_query": NAME}
        post(self.server, people.telegram_update(**broken))
        post(self.server, people.slack_signed(f'{{"{NAME}'.encode(), "application/json"))
        post(self.server, people.slack_action({"type": NAME, "actions": [NAME]}))
        post(self.server, people.messenger_entries({"sender": NAME}))
        post(self.server, people.whatsapp_form(From=NAME))

    def _vendors_fail(self) -> None:
        for channel in CHANNELS:
            for trouble in (deque([(500, {}, {"error": NAME})]), deque([refusal(channel)])):
                self.around.trouble[channel] = trouble
                post(self.server, self._person(channel).typing(f"{NAME} again"))
                until(lambda gone=trouble: not gone)
        self.around.is_away = True  # whoever calls is hung up on
        for channel in CHANNELS:
            post(self.server, self._person(channel).typing(f"{NAME} and nobody"))
        time.sleep(3)
        self.around.is_away = False

    def _redis_refuses(self) -> None:
        """The user's password is another now, and whoever was signed in is thrown out."""
        own, name = redis.Redis.from_url(REDIS), str(make_url(self.told.environment["AFTERCARE_REDIS_URL"]).username)
        own.acl_setuser(name, enabled=True, reset_passwords=True, passwords=["+another"], keys=["*"], commands=["+@all"])
        own.execute_command("CLIENT", "KILL", "USER", name)
        self._everybody_says("without a queue")
        own.acl_setuser(name, enabled=True, reset_passwords=True, passwords=[f"+{REDIS_PASSWORD}"], keys=["*"], commands=["+@all"])
        own.close()

    def _database_goes(self) -> None:
        url = make_url(self.database)
        main = sa.create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
        with main.connect() as connection:
            connection.execute(sa.text(f"ALTER DATABASE {url.database} WITH ALLOW_CONNECTIONS false"))
            connection.execute(
                sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": url.database}
            )
        assert self._everybody_says("with nobody to write it down") == {503}

    def _everybody_says(self, words: str) -> set[int]:
        """The statuses that vendors get."""
        WebClient(self.server.url, self.told.openings[0]).say(f"{NAME} {words}")
        return {post(self.server, self._person(channel).typing(f"{NAME} {words}"))[0] for channel in CHANNELS}

    def _person(self, channel: str) -> Person:
        return Person(channel, self.server, self.around, 77 if channel == "telegram" else 447_700_900_123)

    def _heard(self, channel: str, text: str) -> None:
        person = self._person(channel)
        before = len(person.seen)
        assert post(self.server, person.typing(text))[0] == 200
        until(lambda: len(person.seen) > before)


def refusal(channel: str) -> tuple[int, dict[str, str], Any]:
    """What a vendor says that takes no message, in its own shape."""
    return {
        "telegram": (401, {}, {"ok": False, "error_code": 401, "description": "Unauthorized"}),
        "slack": (200, {}, {"ok": False, "error": "invalid_auth"}),
        "messenger": (400, {}, {"error": {"code": 190, "message": f"Malformed access token {NAME}"}}),
        "whatsapp": (400, {}, {"code": 21211, "message": f"The number +447700900123 of {NAME} is not valid"}),
    }[channel]


def until(happened: Any, patience: float = 60) -> None:
    give_up = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.05)


def test_a_server_to_which_everything_happens_logs_no_secret(told: Told) -> None:
    for happened in ("no connection", "Unauthorized", "error 190", "error 21211", "the lock store is away", "the database is away"):
        assert happened in told.log, "the test must have made it happen"
    assert shown_in(told.log, told.environment) == []


def test_nor_anything_that_opens_a_conversation(told: Told) -> None:
    assert len(told.openings) == 5
    assert [opening for opening in told.openings if opening in told.log] == []


def test_nor_what_anybody_said_or_who_they_are(told: Told) -> None:
    assert NAME not in told.log
    assert "447700900123" not in told.log
    assert "Traceback" not in told.log


def test_a_log_for_programs_is_whole_lines_of_json_under_all_of_that(told: Told) -> None:
    if not told.log.startswith("{"):
        pytest.skip("this log is for people")
    assert [line for line in told.log.splitlines() if "message" not in json.loads(line)] == []


# --- commands ---


def run(*arguments: str, **environment: str) -> str:
    """What a command shows, on both streams, until it fails."""
    ran = subprocess.run(
        [str(AFTERCARE), *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        check=False,
        timeout=300,
    )
    assert ran.returncode != 0, ran.stdout
    return ran.stdout + ran.stderr


def test_asking_vendors_that_refuse_or_are_not_there_shows_no_secret(tmp_path: Path) -> None:
    with vendors() as serving:
        common = {**environment_of(serving), "AFTERCARE_VAR": str(tmp_path), "AFTERCARE_DATABASE_URL": ""}
        serving.trouble["telegram"] = deque([refusal("telegram")])
        serving.trouble["?messenger"] = deque([refusal("messenger")])
        refused = run("channels", "check", **common)
    away = run("channels", "check", **common) + run("channels", "connect", **common)
    assert "PROBLEM: Telegram: 401" in refused
    assert away.count("PROBLEM: no connection") >= 6
    assert shown_in(refused + away, {**environment_of(serving), "AFTERCARE_VAR": ""}) == []


@pytest.mark.parametrize("command", ["serve", "backup", "retain", "remind", "tutor list"])
def test_a_database_that_cannot_be_reached_is_told_without_its_password(tmp_path: Path, command: str) -> None:
    environment = environment_of(Vendors("http://127.0.0.1:1"))
    folder = [str(tmp_path / "copy")] if command == "backup" else []
    shown = run(*command.split(), *folder, AFTERCARE_VAR=str(tmp_path), **environment)
    assert "refused" in shown
    assert shown_in(shown, environment) == []


def test_a_backup_shows_no_password_and_writes_none_but_the_secret_itself(tmp_path: Path) -> None:
    with ready_database("postgresql", tmp_path) as database:
        address = make_url(database).set(password=DATABASE_PASSWORD).render_as_string(hide_password=False)
        environment = {"AFTERCARE_VAR": str(tmp_path), "AFTERCARE_DATABASE_URL": address, "PATH": "/usr/bin:/bin"}
        command = [str(AFTERCARE), "backup", str(tmp_path / "copy")]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=True, timeout=300)
    assert "rows are copied" in ran.stdout
    written = b"".join(path.read_bytes() for path in (tmp_path / "copy").iterdir())
    assert DATABASE_PASSWORD not in ran.stdout + ran.stderr
    assert DATABASE_PASSWORD.encode() not in written


# --- settings ---


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_cannot_be_used_is_not_repeated(name: str, tmp_path: Path) -> None:
    environment = environment_of(Vendors("http://127.0.0.1:1"))
    environment[name] = f"~ {environment[name]} ~"
    try:
        settings = read_settings(environment, tmp_path)
        check_database(settings.database_url)
    except SettingsError as error:
        assert not any(form in str(error) for form in _plain(environment[name]))


def _plain(value: str) -> list[str]:
    """Of an address that cannot be read as one, too."""
    return [part for part in (DATABASE_PASSWORD, REDIS_PASSWORD, value.strip("~ ")) if part in value]


def test_no_secret_shows_where_the_settings_are_printed(tmp_path: Path) -> None:
    environment = environment_of(Vendors("http://127.0.0.1:1"))
    assert shown_in(repr(read_settings(environment, tmp_path)), environment) == []


def test_a_token_that_a_vendors_answer_repeats_is_not_passed_on(tmp_path: Path) -> None:
    """A proxy or a Bot API server of one's own may name the address that was called, and Telegram's holds the token."""
    with vendors() as serving:
        common = {**environment_of(serving), "AFTERCARE_VAR": str(tmp_path), "AFTERCARE_DATABASE_URL": ""}
        serving.trouble["telegram"] = deque([(404, {}, {"ok": False, "description": f"Not Found: /bot{TELEGRAM_TOKEN}/getMe"})])
        shown = run("channels", "check", **common)
    assert "PROBLEM: Telegram: 404" in shown
    assert TELEGRAM_TOKEN not in shown
