"""What in a conversation needs a tutor, and how much."""

from bot.triage.signs import NEVER, WEIGHTS, Done, Facts, Message, Played, Sign, due_at, need_of, signs_of
from bot.triage.words import DeskFile, ReasonWords

__all__ = [
    "NEVER",
    "WEIGHTS",
    "DeskFile",
    "Done",
    "Facts",
    "Message",
    "Played",
    "ReasonWords",
    "Sign",
    "due_at",
    "need_of",
    "signs_of",
]
