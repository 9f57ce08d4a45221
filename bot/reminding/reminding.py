"""Asking for reminders, stopping them and pausing them: the learner's side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.quiz.learner import Learner
from bot.reminding.record import Arranged, ReminderSet
from bot.reminding.words import ReminderWords
from bot.reply import Reply

SHOUTED: Final = "STOP"  # always stops reminders
_HOLIDAY: Final = timedelta(days=14)  # where none says until when


@dataclass(frozen=True)
class Step:
    """What one turn of the skill gives."""

    reply: Reply
    record: ReminderSet | None = None


class Reminding:
    """Immutable and free of any learner's state: safe to share. Where nothing is kept, as in the terminal, it hears nothing."""

    def __init__(self, words: ReminderWords) -> None:
        self.words = words

    def leads(self, text: str) -> bool:
        """Whether the message is for this skill by its words alone."""
        return self.words.command(text) in ("on", "off")

    def hear(self, text: str, learner: Learner, in_role: bool, busy: bool) -> Step | None:
        """The turn for what was typed; None for what is for other skills.

        STOP in capitals always stops reminders that are on. `in_role` while a customer is being talked to, and `busy` while a question of
        a quiz is open, "stop" is for these.
        """
        if learner.reminders is None:
            return None
        shouted = text.strip() == SHOUTED
        command = "stop" if shouted else self.words.command(text)
        if command is None or (in_role and not shouted) or (busy and command in ("stop", "holiday", "back") and not shouted):
            return None
        arranged = learner.reminders.arranged(learner.sender)
        if not arranged.is_on and command in ("stop", "holiday", "back"):
            return None
        return self._do(command, text, arranged, learner)

    def press(self, name: str, learner: Learner) -> Step | None:
        """The turn for a button; `name` is its token after `do:`. None for buttons of other skills."""
        if learner.reminders is None or name not in ("remind_on", "remind_off"):
            return None
        return self._do(name.removeprefix("remind_"), "", learner.reminders.arranged(learner.sender), learner)

    def _do(self, command: str, text: str, arranged: Arranged, learner: Learner) -> Step:
        if command in ("off", "stop"):
            return Step(self.words.reply("off"), ReminderSet(False, None, learner.now))
        if command == "holiday":
            return self._paused(text, learner)
        if command == "which":
            return Step(self._which(arranged, learner))
        if not arranged.reachable:
            return Step(self.words.reply("unreachable"))
        return Step(self.words.reply("on"), ReminderSet(True, None, learner.now))

    def _paused(self, text: str, learner: Learner) -> Step:
        until = self.words.until(text, learner.now)
        if until is None and self.words.names_day(text):
            return Step(self.words.reply("which_day"))
        until = until or learner.now + _HOLIDAY
        return Step(self.words.reply("paused", day=self.words.day(until)), ReminderSet(True, until, learner.now))

    def _which(self, arranged: Arranged, learner: Learner) -> Reply:
        if not arranged.is_on:
            return self.words.reply("is_off" if arranged.reachable else "unreachable")
        if arranged.paused_until and arranged.paused_until > learner.now:
            return self.words.reply("is_paused", day=self.words.day(arranged.paused_until))
        return self.words.reply("is_on")
