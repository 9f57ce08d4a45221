"""What one turn of the skill gives."""

from __future__ import annotations

from dataclasses import dataclass

from bot.account import Account
from bot.linking.record import LinkRecord
from bot.reply import Reply


@dataclass(frozen=True)
class Step:
    """`holds` when a quiz or practice in progress is to wait from now on, `ends` when it is over with this turn."""

    replies: tuple[Reply, ...]
    account: Account
    records: tuple[LinkRecord, ...] = ()
    holds: bool = False
    ends: bool = False
