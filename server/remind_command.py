"""`aftercare remind`: reminds learners who asked for it of quiz questions that are due. For cron or a systemd timer."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone
from typing import Annotated

import typer
from rich.console import Console

out = Console()


def remind(dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, and queue nothing.")] = False) -> None:
    """Queue reminders for whoever asked for them and has something due. Run it every quarter of an hour; the server sends them."""
    from bot.quiz import Bank
    from bot.records import migrate, open_engine
    from bot.records.reminders import Round
    from bot.reminding.due import Remind
    from bot.reminding.words import ReminderWords
    from bot.settings import read_settings

    settings = read_settings()
    engine = open_engine(settings.database_url)
    migrate(engine)
    vendors, items = settings.vendors, frozenset(Bank.load(settings.knowledge).items)
    accounts = {"telegram": vendors.telegram, "slack": vendors.slack, "messenger": vendors.messenger, "whatsapp": vendors.whatsapp}
    channels = {name for name, account in accounts.items() if account}
    say = ReminderWords.load(settings.knowledge).due
    considered = Round(engine, datetime.now(timezone.utc), channels, items, say).queue(dry_run)
    engine.dispose()
    queued = sum(isinstance(one.decision, Remind) for one in considered)
    out.print(f"{queued} reminders {'would be queued' if dry_run else 'queued'}.", highlight=False)
    reasons = Counter(one.decision.value for one in considered if not isinstance(one.decision, Remind))
    for reason, count in sorted(reasons.items()):
        out.print(f"{count} not reminded: {reason}", highlight=False)
