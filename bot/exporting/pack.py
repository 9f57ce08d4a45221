"""A learner's evidence pack: one ZIP archive, made file by file."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.exporting.files import csv_text
from bot.exporting.rows import Value, iso
from bot.records.marked import PracticeMarks

_MODE: Final = 0o600 << 16
_MARKS: Final = ("practice", "scenario", "criterion", "mark", "assessed", "changed_at", "by", "old", "new", "reason")
_NAMED: Final = {True: "met", False: "not met", None: "not applicable"}


@dataclass(frozen=True)
class Part:
    """A file of the pack; its pieces are made when it is written."""

    name: str
    pieces: Iterable[str]


def packed(parts: Iterable[Part], now: datetime) -> Iterator[bytes]:
    """The archive's bytes as they come to be; no more than one file's piece is held."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            entry = zipfile.ZipInfo(part.name, now.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _MODE
            with archive.open(entry, "w") as file:
                for piece in part.pieces:
                    file.write(piece.encode("utf-8", "replace"))
                    yield from sink.taken()
            yield from sink.taken()
    yield from sink.taken()


def transcript_of(number: int, practice: PracticeMarks, title: str) -> Part:
    """A practice line by line."""
    return Part(f"practices/{number:02d}-{_in_a_name(practice.played.scenario)}.txt", _lines(practice, title))


def marks_csv(practices: Iterable[tuple[int, PracticeMarks]]) -> Part:
    """Every criterion with the mark that counts, and each change of it in a row of its own."""
    return Part("marks.csv", csv_text(_MARKS, _marks(practices)))


def _lines(practice: PracticeMarks, title: str) -> Iterator[str]:
    ended = f"ended {iso(practice.ended)}" if practice.ended else "not ended"
    yield f"{title}\nBegun {iso(practice.started)}, {ended}. Band: {practice.band or 'none'}.\n\n"
    for line in practice.played.lines:
        who = "Learner" if line.who == "agent" else "Customer"
        yield f"{line.turn:>2} {who}: {' '.join(line.text.split())}\n"


def _marks(practices: Iterable[tuple[int, PracticeMarks]]) -> Iterator[dict[str, Value]]:
    for number, practice in practices:
        for marked in practice.marks:
            known: dict[str, Value] = {
                "practice": number,
                "scenario": practice.played.scenario,
                "criterion": marked.criterion,
                "mark": _NAMED[marked.mark],
                "assessed": _NAMED[marked.assessed],
            }
            yield {**dict.fromkeys(_MARKS), **known}
            for change in marked.changes:
                yield {
                    **known,
                    "changed_at": iso(change.at),
                    "by": change.by,
                    "old": change.old,
                    "new": change.new,
                    "reason": change.reason,
                }


def _in_a_name(text: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter == "-") else "-" for letter in text) or "practice"


class _Sink:
    """What the archive is written to: it cannot be gone back in, and gives up what it has."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._held.append(bytes(data))
        return len(data)

    def close(self) -> None:
        """Nothing is open."""

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def taken(self) -> Iterator[bytes]:
        held, self._held = self._held, []
        if held:
            yield b"".join(held)
