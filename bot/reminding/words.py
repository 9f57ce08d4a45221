"""Puts words on reminders, and reads those of learners."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from bot.calculate.dates import read_days
from bot.commands import Phrases
from bot.content.files import read
from bot.content.schema import Strict
from bot.reminding.due import HERE
from bot.reply import Button, Reply

KIND: Final = "remind_"  # begins the kind of each of its replies
_DAYS_AHEAD: Final = 366


class ReminderFile(Strict):
    """knowledge/reminders.yml."""

    commands: dict[str, tuple[str, ...]]
    holiday: str
    replies: dict[str, str]
    labels: dict[str, str]


class ReminderWords:
    """The only place where this becomes text."""

    def __init__(self, file: ReminderFile) -> None:
        self._file = file
        self._commands = Phrases(file.commands)
        self._holiday = re.compile(file.holiday)

    @classmethod
    def load(cls, folder: Path) -> ReminderWords:
        """Raises ContentError."""
        return cls(read(folder / "reminders.yml", ReminderFile))

    def command(self, text: str) -> str | None:
        """The key of `commands` that the message is, or `holiday`."""
        return "holiday" if self._holiday.fullmatch(_plain(text)) else self._commands.read(text)

    def until(self, text: str, now: datetime) -> datetime | None:
        """The beginning of the day that a message about a holiday names; None where it names none that is to come within a year."""
        said = re.sub(r"\b(?:until|till|til|to)\b", "on", _plain(text))
        today = now.astimezone(HERE).date()
        for mention in read_days(said):
            day = mention.day
            for year in (day.year,) if day.year else (today.year, today.year + 1):
                found = _date(year, day.month, day.day)
                if found and timedelta(0) < found - today <= timedelta(days=_DAYS_AHEAD):
                    return datetime.combine(found, time(), HERE)
        return None

    def names_day(self, text: str) -> bool:
        """Whether a message about a holiday says until when."""
        return bool(re.search(r"\b(?:until|till|til|to)\b", _plain(text)))

    def reply(self, name: str, buttons: Sequence[Button] = (), /, **values: object) -> Reply:
        return Reply(f"{KIND}{name}", self._file.replies[name].format(**values), tuple(buttons))

    def day(self, moment: datetime) -> str:
        here = moment.astimezone(HERE)
        return f"{here:%A} {here.day} {here:%B}"

    def due(self, count: int) -> Reply:
        """The reminder itself."""
        buttons = (Button(self._file.labels["due"], "quiz:due"), Button(self._file.labels["off"], "do:remind_off"))
        return self.reply("due", buttons, items="One quiz question is" if count == 1 else f"{count} quiz questions are")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split()).strip(" .!")
