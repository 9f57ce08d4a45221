"""What a learner arranges about themselves: the group they are in and their data."""

from bot.account.state import ERASED, Account

__all__ = ["ERASED", "Account"]
