"""What changes are held against: what is taught already, and what must stay unseen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from bot.content import Library
from bot.improving.reviewed import merged
from bot.improving.wording import plain

HELD_OUT: Final = ("questions.jsonl", "out_of_scope.jsonl")
# Given by buttons or by the classifier's doubt, never by what somebody means.
_NOT_MEANT: Final = frozenset({"press", "nlu_fallback"})


@dataclass(frozen=True)
class Ground:
    """`examples` and `phrasings` say what a text in its plain form stands under; `held_out` are the benchmark's, in that form."""

    intents: tuple[str, ...]
    answers: Set[str]
    examples: Mapping[str, Set[str]]
    phrasings: Mapping[str, Set[str]]
    held_out: Set[str]

    @classmethod
    def read(cls, root: Path, library: Library) -> Ground:
        """From a checkout's files and its content. Takes some hundred milliseconds."""
        return cls(
            intents_of(root),
            library.by_id.keys(),
            merged(_examples(root / "data" / "nlu")),
            merged(_phrasings(library)),
            frozenset(map(plain, _held_out(root / "tests" / "benchmarks"))),
        )


def intents_of(root: Path) -> tuple[str, ...]:
    """The intents that a typed message can have, as the domain lists them."""
    domain = yaml.safe_load((root / "domain.yml").read_text(encoding="utf-8"))
    return tuple(intent for intent in domain["intents"] if intent not in _NOT_MEANT)


def _examples(folder: Path) -> Iterator[tuple[str, str]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=loader)["nlu"] or ():  # noqa: S506 - the safe loader, in C where there is one
            yield from ((block["intent"], line[2:]) for line in block["examples"].splitlines() if line.startswith("- "))


def _phrasings(library: Library) -> Iterator[tuple[str, str]]:
    for answerable in library.answerables:
        yield from ((answerable.id, text) for text in (*answerable.facet.ask, *library.phrasings.get(answerable.id, ())))


def _held_out(folder: Path) -> Iterator[str]:
    """An installation without the benchmark's files has nothing to keep unseen."""
    for name in HELD_OUT:
        if (folder / name).exists():
            yield from (json.loads(line)["text"] for line in (folder / name).read_text(encoding="utf-8").splitlines() if line.strip())
