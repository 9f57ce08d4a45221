"""`aftercare backup` and `aftercare restore`."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.settings import read_settings

out = Console()


def backup(
    folder: Annotated[Path | None, typer.Argument(help="A folder that is not there yet; default backups/ and the time.")] = None,
) -> None:
    """Copy the database and the secret into a folder, while everything runs."""
    from bot.records.backup import back_up

    settings, now = read_settings(), datetime.now(timezone.utc)
    target = folder or settings.root / "backups" / f"{now:%Y-%m-%dT%H%M%SZ}"
    made = back_up(settings.database_url, target, now.isoformat(timespec="seconds"), settings.var / "secret")
    out.print(
        f"{sum(made.rows.values())} rows are copied to {target}. Keep it as safe as the database: it holds the same.", highlight=False
    )


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder that `aftercare backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of conversations that are there.")] = False,
) -> None:
    """Bring a backup back. Stop every server first."""
    from bot.records import migrate, open_engine
    from bot.records.backup import SECRET
    from bot.records.backup import restore as bring_back

    settings = read_settings()
    made = bring_back(settings.database_url, folder, replace)
    migrate(open_engine(settings.database_url))
    out.print(f"{sum(made.rows.values())} rows from {made.made_at} are back.", highlight=False)
    kept = folder / SECRET
    if kept.exists() and kept.read_text(encoding="ascii").strip() != settings.secret:
        told = f"The backup's secret differs from the one in use: learners' devices know their conversations by it. Copy {kept} to"
        out.print(f"{told} {settings.var / 'secret'}, or set AFTERCARE_SECRET to what is in it.", highlight=False)
