"""Every setting, read in one place from the environment and `.env`.

Each name stands in `.env.example` with what it does; a test keeps the two equal.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.errors import SettingsError
from bot.vendors import Messenger, Slack, Telegram, Vendors, WhatsApp

ROOT = Path(__file__).resolve().parent.parent
_HIDDEN: Final = re.compile(r"_(TOKEN|SECRET|VERIFY|URL)$")  # names of settings whose values are, or may hold, a secret


@dataclass(frozen=True)
class Settings:
    """Read-only values. Paths are absolute; `origins` are exact origins that may embed the chat. No secret shows in a repr."""

    host: str
    port: int
    review_port: int  # 0: no desk
    database_url: str = field(repr=False)
    secret: str = field(repr=False)
    origins: tuple[str, ...]
    rest_everywhere: bool
    message_characters: int
    messages_per_minute: int
    address_per_minute: int
    proxies: int
    redis_url: str = field(repr=False)  # turns and limits shared by several processes; empty: this process keeps its own
    metrics_token: str = field(repr=False)  # whoever has it may read figures from elsewhere
    log_as_json: bool
    due_per_day: int  # reviews that are due, asked of one learner in a day
    keep_deliveries_days: int  # how long the inbox, and with it the chat page's history, goes back
    keep_words_days: int  # after this, what was said is blanked and statistics stay
    keep_results_years: int  # academic years that answers and practices outlive the one they fell in
    keep_trail_days: int
    vendors: Vendors  # accounts of messaging channels
    home_page: str  # whose accounts and activities exported statements speak of
    root: Path
    var: Path

    @property
    def knowledge(self) -> Path:
        return self.root / "knowledge"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def loopback(self) -> bool:
        return self.host in {"127.0.0.1", "localhost", "::1"}

    @property
    def rest_enabled(self) -> bool:
        """Whether the unauthenticated `rest` channel answers: on loopback always, elsewhere only when asked for."""
        return self.loopback or self.rest_everywhere


def read_settings(environment: Mapping[str, str] | None = None, root: Path = ROOT) -> Settings:
    """Settings from the environment, then `.env`, then defaults. Raises SettingsError naming the variable."""
    from_file = {name: value for name, value in dotenv_values(root / ".env").items() if value}
    values = {**from_file, **(os.environ if environment is None else environment)}
    get = partial(_get, values)
    var = Path(values.get("AFTERCARE_VAR") or root / "var").absolute()
    return Settings(
        host=get("HOST", "127.0.0.1", str),
        port=get("PORT", "5005", _port),
        review_port=get("REVIEW_PORT", "5006", _port_or_none),
        database_url=get("AFTERCARE_DATABASE_URL", f"sqlite:///{var / 'aftercare.db'}", _database),
        secret=values.get("AFTERCARE_SECRET") or _kept_secret(var),
        origins=get("AFTERCARE_ORIGINS", "", _origins),
        rest_everywhere=get("AFTERCARE_REST", "no", _yes_or_no),
        message_characters=get("AFTERCARE_MESSAGE_CHARACTERS", "1000", _length),
        messages_per_minute=get("AFTERCARE_MESSAGES_PER_MINUTE", "30", _rate),
        address_per_minute=get("AFTERCARE_ADDRESS_PER_MINUTE", "1200", _rate),
        proxies=get("AFTERCARE_PROXIES", "0", _count),
        redis_url=get("AFTERCARE_REDIS_URL", "", _redis),
        metrics_token=get("AFTERCARE_METRICS_TOKEN", "", str),
        log_as_json=get("AFTERCARE_LOG", "plain", _log_form) == "json",
        due_per_day=get("AFTERCARE_DUE_PER_DAY", "20", _items),
        keep_deliveries_days=get("AFTERCARE_KEEP_DELIVERIES_DAYS", "90", _days),
        keep_words_days=get("AFTERCARE_KEEP_WORDS_DAYS", "365", _days),
        keep_results_years=get("AFTERCARE_KEEP_RESULTS_YEARS", "1", _years),
        keep_trail_days=get("AFTERCARE_KEEP_TRAIL_DAYS", "1095", _days),
        vendors=_vendors(get),
        home_page=get("AFTERCARE_HOME_PAGE", "http://localhost", _address),
        root=root,
        var=var,
    )


def _get(values: Mapping[str, str], name: str, default: str, convert: Callable[[str], Any]) -> Any:
    text = (values.get(name) or default).strip()
    try:
        return convert(text)
    except ValueError as error:
        shown = name if _HIDDEN.search(name) else f"{name}={text!r}"
        raise SettingsError(f"{shown} cannot be used: {error}. Correct it in the environment or in .env.") from error


def _vendors(get: Callable[..., Any]) -> Vendors:
    """Raises SettingsError for an account that is set in part."""
    telegram = Telegram(
        token=get("AFTERCARE_TELEGRAM_TOKEN", "", str),
        secret=get("AFTERCARE_TELEGRAM_SECRET", "", _header_token),
        api=get("AFTERCARE_TELEGRAM_API", "https://api.telegram.org", _address),
    )
    slack = Slack(
        token=get("AFTERCARE_SLACK_TOKEN", "", str),
        secret=get("AFTERCARE_SLACK_SECRET", "", str),
        api=get("AFTERCARE_SLACK_API", "https://slack.com/api", _address),
    )
    messenger = Messenger(
        token=get("AFTERCARE_MESSENGER_TOKEN", "", str),
        secret=get("AFTERCARE_MESSENGER_SECRET", "", str),
        verify=get("AFTERCARE_MESSENGER_VERIFY", "", str),
        api=get("AFTERCARE_MESSENGER_API", "https://graph.facebook.com/v25.0", _address),
    )
    whatsapp = WhatsApp(
        account=get("AFTERCARE_TWILIO_ACCOUNT", "", str),
        token=get("AFTERCARE_TWILIO_TOKEN", "", str),
        number=get("AFTERCARE_WHATSAPP_NUMBER", "", _number),
        api=get("AFTERCARE_TWILIO_API", "https://api.twilio.com", _address),
    )
    vendors = Vendors(get("AFTERCARE_PUBLIC_URL", "", _address), *(_whole(one) for one in (telegram, slack, messenger, whatsapp)))
    if vendors.whatsapp and not vendors.site:
        raise SettingsError("AFTERCARE_PUBLIC_URL is empty, and Twilio signs with it. Set it to the https address of this server.")
    return vendors


def _whole(account: Any) -> Any:
    """The account, None where nothing of it is set. Raises SettingsError where something is missing."""
    missing = [name for name, value in vars(account).items() if not value]
    if len(missing) == len(vars(account)) - 1:  # the API's address always has a value
        return None
    if missing:
        kind = type(account).__name__
        raise SettingsError(f"{kind} is set in part: its {' and '.join(missing)} are empty. See docs/channels.md, or empty all of it.")
    return account


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError("a port is a whole number from 1 to 65535")
    return number


def _port_or_none(text: str) -> int:
    """0 for none at all."""
    return 0 if text == "0" else _port(text)


def _length(text: str) -> int:
    number = int(text)
    if not 50 <= number <= 10_000:
        raise ValueError("the longest message may be set from 50 to 10000 characters")
    return number


def _rate(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise ValueError("a limit per minute is a whole number from 1 to 1000000")
    return number


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 10:
        raise ValueError("give the number of proxies in front of the server, 0 to 10")
    return number


def _items(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 500:
        raise ValueError("the reviews of a day are a whole number from 1 to 500")
    return number


def _database(text: str) -> str:
    """What SQLAlchemy says of an address that it cannot read shows the password, or half of one that has an @ in it."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        host = make_url(text).host or ""
    except (ArgumentError, ValueError):
        host = "@"
    if "@" in host:
        raise ValueError("give an address such as postgresql://aftercare:PASSWORD@127.0.0.1/aftercare, with %40 for @ in the password")
    return text


def _redis(text: str) -> str:
    """A / or # in a password ends the host for whoever reads the address, and part of the password is then shown as its port."""
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("a Redis address begins with redis://, rediss:// or unix://")
    if not _has_port_or_none(text):
        raise ValueError("give an address such as redis://:PASSWORD@127.0.0.1:6379/0, with %2F for / and %23 for # in the password")
    return text


def _has_port_or_none(address: str) -> bool:
    """Whether what stands where a port would is one."""
    try:
        _ = urlsplit(address).port
    except ValueError:
        return False
    return True


def _log_form(text: str) -> str:
    if text not in {"plain", "json"}:
        raise ValueError("say plain or json")
    return text


def _days(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 3650:
        raise ValueError("give a number of days from 1 to 3650")
    return number


def _years(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 10:
        raise ValueError("give a number of academic years from 0 to 10")
    return number


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        raise ValueError("say yes or no")
    return text.lower() == "yes"


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    if any("*" in origin or not origin.startswith(("https://", "http://")) for origin in origins):
        raise ValueError("give exact origins such as https://college.example, separated by commas; * is not accepted")
    return origins


def _address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s?#]+", text):
        raise ValueError("give an address such as https://tutor.college.example")
    return text.rstrip("/")


def _header_token(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", text):
        raise ValueError("use 16 to 256 letters, digits, - and _")
    return text


def _number(text: str) -> str:
    if text and not re.fullmatch(r"\+\d{6,15}", text):
        raise ValueError("give the number with its country code, such as +441234567890")
    return text


def _kept_secret(var: Path) -> str:
    """The secret made on first start, readable by its owner only."""
    path = var / "secret"
    try:
        if path.exists():
            return path.read_text(encoding="ascii").strip()
        var.mkdir(parents=True, exist_ok=True)
        secret = secrets.token_urlsafe(48)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(f"No secret can be kept in {var} ({error}). Set AFTERCARE_SECRET or make the folder writable.") from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret)
    return secret
