"""What the made-up tutors have done at the desk by now: read, commented, decided, marked a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from sqlalchemy.engine import Engine

from bot.debrief import Debriefer, Played
from bot.demo.material import Material
from bot.records.access import Viewer
from bot.records.comments import Place, add_comment, add_tag
from bot.records.engine import reading
from bot.records.inbox import conversation
from bot.records.marked import PracticeMarks, contested_of, practice_of
from bot.records.marking import Criterion, Ruling, change_criterion, decide_appeal
from bot.records.reader import catch_up
from bot.records.second_marks import Waiting, keep_second_marks, queue
from bot.records.triage import Change, change

_TWICE_MARKED: Final = 24
_DISPUTED: Final = "prevent"  # on which the tutors do not agree
_HOUR: Final = 3600.0
_STATUSES: Final = ("in_progress", "done", "waiting", "flagged", "done", "in_progress", "done")
_DECIDED: Final = "appeal"


@dataclass(frozen=True)
class DeskWork:
    """`tutors` are numbers of accounts by name, the lead last. `now` in seconds since 1970."""

    engine: Engine
    debriefer: Debriefer
    material: Material
    tutors: Mapping[str, int]
    dice: Random
    now: float

    def do(self, planted: Mapping[str, Sequence[str]]) -> None:
        """Some of everything; most of the planted problems are left for whoever looks."""
        while catch_up(self.engine, self.now, 5.0):
            pass
        self._mark_twice()
        self._decide(planted.get(_DECIDED, ())[1:])
        self._change_marks()
        self._remark([sender for senders in planted.values() for sender in senders[1:]])
        catch_up(self.engine, self.now, 5.0)

    def _mark_twice(self) -> None:
        """The lead and one tutor, the same practices."""
        first, second = next(iter(self.tutors)), self._lead
        for waiting in self._practices(self.tutors[second], _TWICE_MARKED):
            with reading(self.engine) as connection:
                practice = practice_of(connection, waiting.practice)
            if practice is None:
                continue
            for tutor in (first, second):
                with self.engine.begin() as connection:
                    keep_second_marks(connection, practice.id, self.tutors[tutor], self._given(practice), self.now - 30 * _HOUR)

    def _practices(self, tutor: int, most: int) -> tuple[Waiting, ...]:
        with reading(self.engine) as connection:
            return queue(connection, Viewer(tutor, True), most)

    def _given(self, practice: PracticeMarks) -> dict[str, bool | None]:
        """Mostly what the assessor gave."""
        marks: dict[str, bool | None] = {}
        for marked in practice.marks:
            differs = marked.assessed is not None and self.dice.random() < (0.4 if marked.criterion == _DISPUTED else 0.02)
            marks[marked.criterion] = not marked.assessed if differs else marked.assessed
        return marks

    def _decide(self, senders: Sequence[str]) -> None:
        """One appeal is upheld; the other waits."""
        for sender in senders:
            with reading(self.engine) as connection:
                contested = contested_of(connection, sender)
            for answer in contested:
                if answer.appeal:
                    ruling = Ruling(self._lead, self.material.tutors.appeal, self.now - 20 * _HOUR)
                    decide_appeal(self.engine, answer.appeal.id, True, ruling)

    def _change_marks(self) -> None:
        """A few criteria, each for a reason."""
        for waiting, reason in zip(self._practices(0, 3), self.material.tutors.reasons, strict=False):
            with reading(self.engine) as connection:
                practice = practice_of(connection, waiting.practice)
            marked = next((one for one in practice.marks if one.mark is not None), None) if practice else None
            if practice and marked:
                seen = Criterion(practice.id, marked.criterion, marked.version)
                change_criterion(self.engine, seen, not marked.mark, Ruling(self._lead, reason, self.now - 10 * _HOUR), self._band)

    def _remark(self, senders: Sequence[str]) -> None:
        """Comments, tags, and where conversations stand."""
        lines = self.material.tutors
        for at, sender in enumerate(dict.fromkeys(senders)):
            when = self.now - (at + 2) * _HOUR
            with self.engine.begin() as connection:
                add_comment(connection, Place(sender), lines.comments[at % len(lines.comments)], self._lead, when)
                add_tag(connection, Place(sender), lines.tags[at % len(lines.tags)], self._lead, when)
                found = conversation(connection, Viewer(self.tutors[self._lead], True), sender)
                if found and at < len(_STATUSES):
                    wanted = Change(found.version, found.seen, _STATUSES[at], self.tutors[self._lead])
                    change(connection, sender, wanted, self.now)

    def _band(self, played: Played) -> str | None:
        known = played.scenario in self.debriefer.practice.scenarios
        return self.debriefer.debrief(played).band if known and played.turns else None

    @property
    def _lead(self) -> str:
        return list(self.tutors)[-1]
