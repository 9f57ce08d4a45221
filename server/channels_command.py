"""`aftercare channels`: which messaging channels are on, whether their vendors know us, and how they learn where we are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from bot.errors import SettingsError
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from server.channels.channel import MessagingChannel

app = typer.Typer(no_args_is_help=True, help="Messaging channels: Telegram, Slack, Messenger, WhatsApp.")
out = Console()
NAMES = ("telegram", "slack", "messenger", "whatsapp")


@app.command()
def check() -> None:
    """Say which channels are on, and ask their vendors whether they take our tokens."""
    settings = read_settings()
    told = asyncio.run(_ask_all(settings, lambda channel: channel.check()))
    out.print(f"public address: {settings.vendors.site or 'not set (AFTERCARE_PUBLIC_URL)'}", highlight=False, soft_wrap=True)
    for name in NAMES:
        well, words = told.get(name, (True, "off: nothing of it is set"))
        out.print(f"{name}: {'' if well else 'PROBLEM: '}{words}", highlight=False, soft_wrap=True, markup=False)
    if not all(well for well, _ in told.values()):
        raise typer.Exit(1)


@app.command()
def connect() -> None:
    """Tell the vendors that can be told where messages go; say what is to be done by hand for the others."""
    settings = read_settings()
    if not settings.vendors.site.startswith("https://"):
        raise SettingsError("Set AFTERCARE_PUBLIC_URL to the https address of this server first: vendors send to nothing else.")
    told = asyncio.run(_ask_all(settings, lambda channel: channel.connect()))
    for name, (well, words) in told.items():
        out.print(f"{name}: {'' if well else 'PROBLEM: '}{words}", highlight=False, soft_wrap=True, markup=False)
    if not all(well for well, _ in told.values()):
        raise typer.Exit(1)


async def _ask_all(settings: Settings, ask: Callable[[MessagingChannel], Awaitable[str]]) -> dict[str, tuple[bool, str]]:
    """For each channel that is on, whether it went well and what came of it."""
    from server.channels.sending import SendingError
    from server.channels.served import messaging_channels
    from server.database import Database

    told: dict[str, tuple[bool, str]] = {}
    for channel in messaging_channels(settings, Database(settings.database_url)):
        try:
            told[channel.name()] = (True, await ask(channel))
        except SendingError as error:
            told[channel.name()] = (False, str(error))
        finally:
            await channel.line.close()
    return told
