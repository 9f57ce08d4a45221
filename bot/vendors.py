"""Accounts with the vendors of messaging channels. A channel is on where its account is set; secrets never show in a repr."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Telegram:
    """`token` is the bot's, `secret` what Telegram sends along with every update."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    api: str


@dataclass(frozen=True)
class Slack:
    """`token` is the bot's (xoxb-...), `secret` signs what Slack sends."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    api: str


@dataclass(frozen=True)
class Messenger:
    """`token` is the page's, `secret` the app's, `verify` what Meta sends when the webhook is set up."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    verify: str = field(repr=False)
    api: str


@dataclass(frozen=True)
class WhatsApp:
    """`account` and `token` are Twilio's; `number` is ours, such as +441234567890."""

    account: str
    token: str = field(repr=False)
    number: str
    api: str


@dataclass(frozen=True)
class Vendors:
    """`site` is the address under which the world reaches this server, without a slash at its end."""

    site: str = ""
    telegram: Telegram | None = None
    slack: Slack | None = None
    messenger: Messenger | None = None
    whatsapp: WhatsApp | None = None
