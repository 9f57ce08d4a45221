"""What goes into a learner's evidence pack, read when its turn comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.engine import Engine

from bot.evidence import Gatherer, Versions, page
from bot.exporting.files import in_format
from bot.exporting.pack import Part, marks_csv, packed, transcript_of
from bot.exporting.rows import AttemptRow
from bot.records.access import Viewer
from bot.records.engine import reading
from bot.records.exporting import attempt_rows
from bot.records.marked import PracticeMarks, practices_of
from bot.records.people import person
from bot.records.practices import Practices
from bot.records.selection import selected_learner

_EVER: Final = 1e12  # seconds since 1970: later than anything


@dataclass(frozen=True)
class LearnerPack:
    """`gatherer` makes the evidence page, `versions` are what it names, `now` stands in it and in the archive."""

    engine: Engine
    gatherer: Gatherer
    versions: Versions
    viewer: Viewer
    now: datetime

    def of(self, learner: int) -> Iterator[bytes]:
        """The archive, a piece at a time; of a learner who has done nothing it holds empty tables."""
        return packed(self._parts(learner), self.now)

    def _parts(self, learner: int) -> Iterator[Part]:
        with reading(self.engine) as connection:
            senders = person(connection, learner).senders
            practices = [practice for sender in senders for practice in practices_of(connection, sender)]
        practices.sort(key=lambda practice: (practice.started, practice.id))
        numbered = list(enumerate(practices, 1))
        shown = self._page(senders[0]) if senders else None
        if shown:
            yield Part("evidence.html", [shown])
        for number, practice in numbered:
            yield transcript_of(number, practice, self._title(practice))
        yield marks_csv(numbered)
        rows = attempt_rows(self.engine, self.viewer, selected_learner(learner, 0.0, _EVER))
        yield Part("answers.csv", in_format("csv", AttemptRow, rows))

    def _page(self, sender: str) -> str | None:
        """None where no practice can be shown."""
        try:
            gathered = self.gatherer.gather(sender[-8:], Practices(self.engine).runs(sender), self.versions, self.now.date())
        except ValueError:
            return None
        return page(gathered)

    def _title(self, practice: PracticeMarks) -> str:
        scenario = self.gatherer.debriefer.practice.scenarios.get(practice.played.scenario)
        return scenario.title if scenario else practice.played.scenario
