"""Puts words on groups and set work, and reads those of learners."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands import Phrases
from bot.content.files import read
from bot.content.schema import Strict
from bot.groups.catalogue import Catalogue
from bot.groups.record import Group
from bot.groups.work import Progress, SetWork, Status
from bot.reply import Button, Reply

SHORTEST_NAME, LONGEST_NAME = 2, 40
CODE_LENGTH: Final = 6
# Six letters and digits, one digit at least: every code that is given out has one, and English words have none.
_CODE: Final = r"(?P<code>(?=[a-z -]*[0-9])[a-z0-9](?:[ -]?[a-z0-9]){5})"
_HERE: Final = ZoneInfo("Europe/London")
_JOINERS: Final = "\u200c\u200d"  # the two invisible characters that some scripts are written with
_LABEL_CHARACTERS: Final = 75


class GroupFile(Strict):
    """knowledge/groups.yml."""

    commands: dict[str, tuple[str, ...]]
    exact: str
    codes: tuple[str, ...]
    lead_ins: str
    replies: dict[str, str]
    kinds: dict[str, str]
    due: str
    was_due: str
    status: dict[str, str]
    late: str
    labels: dict[str, str]


class GroupWords:
    """The only place where groups become text."""

    def __init__(self, file: GroupFile, catalogue: Catalogue) -> None:
        self._file = file
        self._catalogue = catalogue
        self._commands = Phrases(file.commands)
        self._exact, *self._codes = (re.compile(pattern.replace("{code}", _CODE)) for pattern in (file.exact, *file.codes))
        self._bare = re.compile(_CODE)
        self._lead_in = re.compile(file.lead_ins, re.IGNORECASE)

    @classmethod
    def load(cls, folder: Path, catalogue: Catalogue) -> GroupWords:
        """Raises ContentError."""
        return cls(read(folder / "groups.yml", GroupFile), catalogue)

    # What learners say

    def command(self, text: str) -> str | None:
        """The key of `commands` that the message is, if it is one."""
        return self._commands.read(text)

    def exact_code(self, text: str) -> str | None:
        """The code in a message that does nothing but join, as codes are kept."""
        return _code(self._exact.fullmatch(_plain(text)))

    def code(self, text: str, bare: bool) -> str | None:
        """The code in a message that gives one; with `bare`, the message may be the code alone."""
        plain = re.sub(r" (?:please|pls|thanks)$", "", _plain(text).replace(":", ""))
        patterns = (self._exact, *self._codes, *((self._bare,) if bare else ()))
        return next((found for found in (_code(pattern.fullmatch(plain)) for pattern in patterns) if found), None)

    def name(self, text: str) -> str | None:
        """The name that a message gives; None where it cannot be used as one. Control and invisible characters are no part of names."""
        said = " ".join(text.split())
        led = self._lead_in.match(said)
        name = said[led.end() :] if led and led.end() < len(said) else said
        name = unicodedata.normalize("NFC", name.strip(" \"'“”‘’.,!;:"))
        hidden = any(unicodedata.category(character)[0] == "C" and character not in _JOINERS for character in name)
        letters = any(unicodedata.category(character)[0] == "L" for character in name)
        return name if SHORTEST_NAME <= len(name) <= LONGEST_NAME and letters and not hidden else None

    # What they hear

    def say(self, name: str, /, **values: object) -> str:
        return self._file.replies[name].format(**values)

    def reply(self, name: str, buttons: Sequence[Button] = (), /, **values: object) -> Reply:
        return Reply(f"group_{name}", self.say(name, **values), tuple(buttons))

    def button(self, label: str, token: str, **values: object) -> Button:
        return Button(self._file.labels[label].format(**values)[:_LABEL_CHARACTERS], f"do:{token}")

    def tutors(self, groups: Sequence[Group]) -> str:
        """Their names in a row."""
        names = list(dict.fromkeys(name for group in groups for name in group.tutors))
        return _row(names) if names else self.say("tutors_none")

    def readers(self, groups: Sequence[Group]) -> str:
        """Who can read what."""
        return self.say("readers", tutors=self.tutors(groups)) if groups else self.say("readers_alone")

    def work(self, name: str, told: Sequence[tuple[SetWork, Progress]], buttons: Sequence[Button] = ()) -> Reply:
        """A list of work under the reply of that name, with buttons that start what is not done."""
        lines = "\n".join(f"- {self.line(work, made)}" for work, made in told)
        return Reply(f"group_{name}", f"{self.say(name)}\n{lines}", (*self.starts(told), *buttons))

    def line(self, work: SetWork, made: Progress) -> str:
        """For example: Quiz: Refunds, due Friday 4 December: done, 4 of 5 right."""
        overdue = made.late and made.status is not Status.DONE
        due = f", {(self._file.was_due if overdue else self._file.due).format(day=_day(work.due_at))}" if work.due_at else ""
        return f"{self._title(work)}{due}: {self._status(work, made)}"

    def starts(self, told: Sequence[tuple[SetWork, Progress]], most: int = 4) -> tuple[Button, ...]:
        """Buttons that start what is not done."""
        waiting = [work for work, made in told if made.status is not Status.DONE]
        return tuple(Button(self._title(work)[:_LABEL_CHARACTERS], self._catalogue.token(work)) for work in waiting[:most])

    def _title(self, work: SetWork) -> str:
        return self._file.kinds[work.kind].format(title=self._catalogue.title(work))

    def _status(self, work: SetWork, made: Progress) -> str:
        name = made.status.value.replace(" ", "_")
        told = made.band if work.kind == "scenario" else made.answered if work.kind == "quiz" else None
        words = self._file.status[f"{name}_{work.kind}" if told and f"{name}_{work.kind}" in self._file.status else name]
        words = words.format(right=made.right, answered=made.answered, band=made.band)
        return self._file.late.format(status=words) if made.late else words


def _code(match: re.Match[str] | None) -> str | None:
    return re.sub(r"[ -]", "", match["code"]).upper() if match else None


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split()).strip(" .!\"'“”")


def _row(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _day(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, _HERE)
    return f"{moment:%A} {moment.day} {moment:%B}"
