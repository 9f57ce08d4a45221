"""Every setting, read in one place from the environment and `.env`.

Each name stands in `.env.example` with what it does; a test keeps the two equal.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Read-only values. Paths are absolute; `origins` are exact origins that may embed the chat."""

    host: str
    port: int
    review_port: int
    database_url: str
    secret: str
    origins: tuple[str, ...]
    rest_everywhere: bool
    message_characters: int
    messages_per_minute: int
    address_per_minute: int
    proxies: int
    due_per_day: int  # reviews that are due, asked of one learner in a day
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
        review_port=get("REVIEW_PORT", "5006", _port),
        database_url=get("AFTERCARE_DATABASE_URL", f"sqlite:///{var / 'aftercare.db'}", str),
        secret=values.get("AFTERCARE_SECRET") or _kept_secret(var),
        origins=get("AFTERCARE_ORIGINS", "", _origins),
        rest_everywhere=get("AFTERCARE_REST", "no", _yes_or_no),
        message_characters=get("AFTERCARE_MESSAGE_CHARACTERS", "1000", _length),
        messages_per_minute=get("AFTERCARE_MESSAGES_PER_MINUTE", "30", _rate),
        address_per_minute=get("AFTERCARE_ADDRESS_PER_MINUTE", "1200", _rate),
        proxies=get("AFTERCARE_PROXIES", "0", _count),
        due_per_day=get("AFTERCARE_DUE_PER_DAY", "20", _items),
        root=root,
        var=var,
    )


def _get(values: Mapping[str, str], name: str, default: str, convert: Callable[[str], Any]) -> Any:
    text = (values.get(name) or default).strip()
    try:
        return convert(text)
    except ValueError as error:
        raise SettingsError(f"{name}={text!r} cannot be used: {error}. Correct it in the environment or in .env.") from error


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError("a port is a whole number from 1 to 65535")
    return number


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


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        raise ValueError("say yes or no")
    return text.lower() == "yes"


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    if any("*" in origin or not origin.startswith(("https://", "http://")) for origin in origins):
        raise ValueError("give exact origins such as https://college.example, separated by commas; * is not accepted")
    return origins


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
