"""Rows as text, a piece at a time: CSV that spreadsheets open safely, JSON lines, and a JSON array."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.exporting.rows import Row, Value, columns, values

_PIECE: Final = 200  # rows in one piece
_BOM: Final = "\ufeff"  # tells spreadsheets that it is UTF-8
# A cell that a spreadsheet would take for a formula, however many blanks (of any kind) stand before the sign.
_FORMULA: Final = re.compile(r"^[\s\u200b\u2060\ufeff]*[=+\-@\uff0b\uff0d\uff1d\uff20]|^[\t\r\n]")

Rows = Iterable[Mapping[str, Value]]


@dataclass(frozen=True)
class Format:
    """How a file is written, the end of its name, and its media type."""

    ending: str
    media: str
    write: Callable[[Sequence[str], Rows], Iterator[str]]


def safe(value: Value) -> str:
    """The cell of a value: numbers as they are, words so that no spreadsheet runs them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return str(value)
    text = value.replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text) else text


def csv_text(names: Sequence[str], rows: Rows) -> Iterator[str]:
    """RFC 4180, with a byte order mark."""
    yield _BOM + _csv([names])
    for piece in _pieces(rows):
        yield _csv([[safe(row[name]) for name in names] for row in piece])


def json_lines(_: Sequence[str], rows: Rows) -> Iterator[str]:
    """One object a line."""
    for piece in _pieces(rows):
        yield "".join(f"{_json(row)}\n" for row in piece)


def json_array(_: Sequence[str], rows: Rows) -> Iterator[str]:
    """One array of objects, one a line."""
    yield "["
    before = "\n"
    for piece in _pieces(rows):
        yield before + ",\n".join(map(_json, piece))
        before = ",\n"
    yield "\n]\n"


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format("csv", "text/csv; charset=utf-8", csv_text),
    "jsonl": Format("jsonl", "application/x-ndjson; charset=utf-8", json_lines),
    "json": Format("json", "application/json; charset=utf-8", json_array),
}


def in_format(name: str, kind: type[Row], rows: Iterable[Row]) -> Iterator[str]:
    """The file's text. Raises KeyError for an unknown format."""
    return FORMATS[name].write(columns(kind), map(values, rows))


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _json(row: Mapping[str, Value]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _pieces(rows: Rows) -> Iterator[list[Mapping[str, Value]]]:
    waiting = iter(rows)
    while piece := list(islice(waiting, _PIECE)):
        yield piece
