"""Consistency of the content beyond its schema: what a tutor is told before learners see a mistake."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from bot.content.library import Answerable, Library

LAW_REVIEW_DAYS = 365
COPIED_RUN = 8

Runs = Mapping[tuple[str, ...], str]


@dataclass(frozen=True)
class Report:
    """Errors stop a release; warnings do so only when the check is strict. `covered` and `required` count rows."""

    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    covered: int
    required: int


def check(library: Library, today: date, originals: Path | None = None) -> Report:
    """Everything that is wrong or due. `originals` is a folder of texts whose wording must not be repeated."""
    required = set(chain.from_iterable(library.rows.values()))
    covered = {row for answerable in library.answerables for row in answerable.facet.covers}
    errors = [
        *(f"coverage: the row {row} is taught by no answer" for row in sorted(required - covered)),
        *_unknown_rows(library, required),
        *_unknown_references(library),
        *(f"phrasings: the answer {answer} does not exist" for answer in library.phrasings if answer not in library.by_id),
        *_repeated_phrasings(library),
        *_shared_aliases(library),
        *_law_without_section(library),
        *(copied_runs(library, originals) if originals else ()),
    ]
    return Report(tuple(errors), tuple(_overdue_law(library, today)), len(required & covered), len(required))


def _unknown_rows(library: Library, required: set[str]) -> Iterator[str]:
    for answerable in library.answerables:
        for row in answerable.facet.covers:
            if row not in required:
                yield f"{answerable.id}: covers the row {row}, which is not in coverage.yml"


def _unknown_references(library: Library) -> Iterator[str]:
    for topic in library.topics.values():
        for other in (*topic.related, *topic.bodies.values()):
            if other not in library.topics:
                yield f"{topic.id}: related topic {other} does not exist"
        named = chain(topic.sources, *(facet.sources for facet in topic.facets.values()))
        yield from (f"{topic.id}: source {key} does not exist" for key in sorted(set(named)) if key not in library.sources)


def _repeated_phrasings(library: Library) -> Iterator[str]:
    owners: dict[str, set[str]] = defaultdict(set)
    for answerable in library.answerables:
        for phrase in (*answerable.facet.ask, *library.phrasings.get(answerable.id, ())):
            owners[" ".join(re.findall(r"[a-z0-9']+", phrase.lower()))].add(answerable.id)
    yield from (f"the phrasing “{phrase}” stands under {', '.join(sorted(ids))}" for phrase, ids in owners.items() if len(ids) > 1)


def _shared_aliases(library: Library) -> Iterator[str]:
    owners: dict[str, set[str]] = defaultdict(set)
    for topic in library.topics.values():
        for alias in chain(topic.aliases, topic.shouted):
            owners[alias.lower()].add(topic.id)
    yield from (f"the alias “{alias}” names {', '.join(sorted(ids))}" for alias, ids in owners.items() if len(ids) > 1)


def _law_without_section(library: Library) -> Iterator[str]:
    for answerable in library.answerables:
        if answerable.facet.section and not answerable.topic.law:
            yield f"{answerable.id}: has a section but its topic names no Act under `law`"


def _overdue_law(library: Library, today: date) -> Iterator[str]:
    for topic in library.topics.values():
        if topic.law and (today - topic.law.checked_on).days > LAW_REVIEW_DAYS:
            yield f"{topic.id}: the law was last checked on {topic.law.checked_on.isoformat()}, over 12 months ago"


def copied_runs(library: Library, originals: Path) -> Iterator[str]:
    """Answers that share eight words in a row with a text in the folder `originals`."""
    runs = runs_of(originals)
    for answerable in library.answerables:
        yield from repeated_runs(answerable.id, _words_shown(answerable), runs)


def runs_of(originals: Path) -> Runs:
    """Every run of eight words of the texts in a folder, with the name of its file."""
    return {run: path.name for path in sorted(originals.iterdir()) if path.is_file() for run in _runs(path.read_text(encoding="utf-8"))}


def repeated_runs(name: str, texts: Iterable[str], runs: Runs) -> Iterator[str]:
    """One line for each of the `texts` of `name` that holds one of the runs."""
    for text in texts:
        found = next((run for run in _runs(text) if run in runs), None)
        if found:
            yield f"{name}: repeats “{' '.join(found)}” from {runs[found]}"


def _words_shown(answerable: Answerable) -> tuple[str, ...]:
    return (answerable.facet.say, answerable.topic.gist, *answerable.facet.ask)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower().replace("\u2019", "'"))
    return {tuple(words[i : i + COPIED_RUN]) for i in range(len(words) - COPIED_RUN + 1)}
