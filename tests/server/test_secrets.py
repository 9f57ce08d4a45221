"""No secret, no word of a learner's and nothing that opens a conversation gets into a log or onto a terminal, whatever goes wrong."""

from __future__ import annotations

import base64
import dataclasses
import json
import logging
import os
import traceback
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from dotenv import dotenv_values
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from bot.errors import SettingsError
from bot.settings import ROOT, read_settings
from server.cli import app
from server.launcher import check_database
from tests.conftest import start_server
from tests.databases import ready_database, redis_space
from tests.ports import free_port
from tests.server.channels.conftest import CHANNELS
from tests.server.channels.mishaps import NAME, Mishaps, redis_user, refusal
from tests.server.channels.vendors import TELEGRAM_TOKEN, TWILIO_ACCOUNT, TWILIO_TOKEN, Vendors, vendors

# Settings that have no default and are nobody's secret. Any other without a default is taken for one.
OPEN = {"AFTERCARE_VAR", "AFTERCARE_ORIGINS", "AFTERCARE_PUBLIC_URL", "AFTERCARE_TWILIO_ACCOUNT", "AFTERCARE_WHATSAPP_NUMBER"}
SECRETS = sorted(name for name, value in dotenv_values(ROOT / ".env.example").items() if not value and name not in OPEN)
DATABASE_PASSWORD, REDIS_PASSWORD = "pw-of-the-database-of-these-tests", "pw-of-redis-of-these-tests"
OUR_SECRET, METRICS_TOKEN = "aftercare-secret-of-these-tests", "metrics-token-of-these-tests"


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
    secret = password_of(value) if name.endswith("_URL") else value
    signed_in = base64.b64encode(f"{TWILIO_ACCOUNT}:{TWILIO_TOKEN}".encode()).decode()
    return [secret, quote(secret), quote(secret, safe=""), *([signed_in] if value == TWILIO_TOKEN else [])]


def password_of(address: str) -> str:
    return str(make_url(address).password)


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


@dataclass(frozen=True)
class Told:
    """What happened, and what the server wrote of it."""

    mishaps: Mishaps
    log: str


@pytest.fixture(scope="module")
def told(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("told")
    with (
        redis_space() as secret,
        redis_user(REDIS_PASSWORD) as redis_url,
        ready_database("postgresql", folder) as database,
        vendors() as around,
    ):
        environment = {
            **environment_of(around, with_password(database), redis_url),
            "AFTERCARE_SECRET": secret,
            "AFTERCARE_LOG": "json",  # shows all that the plain one does, and more
        }
        server = start_server(folder / "served", AFTERCARE_MESSAGES_PER_MINUTE="10000", **environment)
        mishaps = Mishaps(server, around, environment)
        try:
            mishaps.befall()
        finally:
            server.stop()
        yield Told(mishaps, server.log.read_text(errors="replace"))


def with_password(address: str) -> str:
    """The same database; as it trusts this machine it takes any password."""
    return make_url(address).set(password=DATABASE_PASSWORD).render_as_string(hide_password=False)


def test_a_server_to_which_everything_happens_logs_no_secret(told: Told) -> None:
    for happened in ("Unauthorized", "invalid_auth", "error 190", "error 21211", "the lock store is away", "the database is away"):
        assert happened in told.log, "the test must have made it happen"
    assert shown_in(told.log, told.mishaps.environment) == []


def test_nor_anything_that_opens_a_conversation(told: Told) -> None:
    assert len(told.mishaps.openings) == 5
    assert [opening for opening in told.mishaps.openings if opening in told.log] == []


def test_nor_what_anybody_said_or_who_they_are(told: Told) -> None:
    assert NAME not in told.log
    assert [writer for writer in (*told.mishaps.writers, "447700900123") if writer in told.log] == []
    assert "Traceback" not in told.log


def test_a_log_for_programs_is_whole_lines_of_json_under_all_of_that(told: Told) -> None:
    first, *lines = told.log.splitlines()
    assert first.startswith("Aftercare is ready"), "said on standard output"
    assert {"time", "level", "message"} <= set.intersection(*(set(json.loads(line)) for line in lines))


# --- commands ---


def run(*arguments: str, **environment: str) -> str:
    """What a command shows until it fails, with the traceback that Python would show of an error that nobody foresaw."""
    settings = {name: None for name in os.environ if name.startswith("AFTERCARE_")}
    ran = CliRunner().invoke(app, arguments, env={**settings, **environment})
    assert ran.exit_code != 0, ran.output
    return ran.output + "".join(traceback.format_exception(*ran.exc_info) if ran.exc_info else ())


def test_asking_vendors_that_refuse_or_are_not_there_shows_no_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with vendors() as serving:
        environment = environment_of(serving)
        common = {**environment, "AFTERCARE_VAR": str(tmp_path), "AFTERCARE_DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}"}
        serving.trouble["telegram"] = deque([refusal("telegram")])
        refused = run("channels", "check", **common)
        # A proxy in between may name the address that was called.
        serving.trouble["telegram"] = deque([(404, {}, {"ok": False, "description": f"Not Found: /bot{TELEGRAM_TOKEN}/getMe"})])
        refused += run("channels", "check", **common)
    away = run("channels", "check", **common) + run("channels", "connect", **common)
    assert refused.count("PROBLEM: Telegram: 40") == 2
    assert away.count("PROBLEM: no connection") == 6, "nobody need be asked about Slack's and WhatsApp's webhooks"
    assert shown_in(refused + away + caplog.text, environment) == []


@pytest.mark.parametrize("command", ["serve", "backup", "retain", "remind", "tutor list"])
def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    model: Path, tmp_path: Path, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    environment = environment_of(Vendors("http://127.0.0.1:1"))
    folder = [str(tmp_path / "copy")] if command == "backup" else []
    shown = run(*command.split(), *folder, AFTERCARE_VAR=str(tmp_path), REVIEW_PORT="0", PORT=str(free_port()), **environment)
    assert "refused" in shown
    assert shown_in(shown + caplog.text, environment) == []


def test_a_backup_shows_no_password_and_writes_none(tmp_path: Path) -> None:
    with ready_database("postgresql", tmp_path) as database:
        environment = {"AFTERCARE_VAR": str(tmp_path), "AFTERCARE_DATABASE_URL": with_password(database), "AFTERCARE_SECRET": OUR_SECRET}
        ran = CliRunner().invoke(app, ["backup", str(tmp_path / "copy")], env=environment, catch_exceptions=False)
    written = b"".join(path.read_bytes() for path in (tmp_path / "copy").iterdir())
    assert "rows are copied" in ran.output
    assert DATABASE_PASSWORD not in ran.output
    assert DATABASE_PASSWORD.encode() not in written


# --- settings ---


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_cannot_be_used_is_not_repeated(name: str, tmp_path: Path) -> None:
    environment = environment_of(Vendors("http://127.0.0.1:1"))
    secret = password_of(environment[name]) if name.endswith("_URL") else environment[name]
    environment[name] = f"~ {environment[name]} ~"
    try:
        check_database(read_settings(environment, tmp_path).database_url)
    except SettingsError as error:
        assert secret not in str(error)


@pytest.mark.parametrize(
    "address", ["postgresql:/u:{}@127.0.0.1/a", "postgresql://u:half@{}@127.0.0.1:1/a", "postgresql://u:half@127.0.0.1:{}/a"]
)
def test_a_mistyped_database_address_is_told_without_its_password(address: str, tmp_path: Path) -> None:
    """An @ in a password ends it for whoever reads the address, and the rest is taken for a host or a port."""
    with pytest.raises(SettingsError, match="AFTERCARE_DATABASE_URL") as raised:
        check_database(read_settings({"AFTERCARE_DATABASE_URL": address.format(DATABASE_PASSWORD)}, tmp_path).database_url)
    assert DATABASE_PASSWORD not in str(raised.value)


@pytest.mark.parametrize("address", ["redis://u:half/{}@127.0.0.1/0", "redis://u:{}#half@127.0.0.1/0", "redis://u:half@127.0.0.1:{}/0"])
def test_a_mistyped_redis_address_is_told_without_its_password(address: str, tmp_path: Path) -> None:
    """A / or # in a password ends the host, and what stands before it is taken for a port."""
    with pytest.raises(SettingsError, match="AFTERCARE_REDIS_URL") as raised:
        read_settings({"AFTERCARE_REDIS_URL": address.format(REDIS_PASSWORD)}, tmp_path)
    assert not any(part in str(raised.value) for part in (REDIS_PASSWORD, "half"))


def test_no_secret_shows_where_the_settings_are_printed(tmp_path: Path) -> None:
    environment = environment_of(Vendors("http://127.0.0.1:1"))
    assert shown_in(repr(read_settings(environment, tmp_path)), environment) == []
