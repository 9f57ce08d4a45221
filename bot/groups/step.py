"""What one turn of the skill gives."""

from __future__ import annotations

from dataclasses import dataclass

from bot.account import Account
from bot.groups.record import GroupRecord
from bot.reply import Reply


@dataclass(frozen=True)
class Step:
    """`holds` when a quiz or practice in progress is to wait from now on."""

    replies: tuple[Reply, ...]
    account: Account | None
    records: tuple[GroupRecord, ...] = ()
    holds: bool = False
