"""Consistency of practice scenarios beyond their schema: what an author is told before a learner meets the customer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from bot.content.check import COPIED_RUN
from bot.content.library import Library
from bot.content.scenarios import LineFile, Scenario, all_said

LATER = ("listen", "apologise", "thank", "empathise", "explain", "resolve")
_LEAST = {"opening": 2, "facts": 5, "questions": 2, "remedies": 4}
_LEAST_LAST_WORDS = 2
_SITUATIONS_OF_ITS_OWN = ("need_heard", "need_reason", "need_remedy")
_LEAST_OF_THEM = 2
_OF_VOICES = re.compile(
    r"\b(voice|you sound|do i sound|sounds? like|sounded|very quiet|listening|shout\w*|echo|my mouth|on the phone|"
    r"(?:did|not) hear|hear (?:me|you|a word)|heard (?:me|you|it)|walks? in|counter|desk|behind you)\b",
    re.IGNORECASE,
)

Rehearse = Callable[[Scenario], Iterable[str]]


def check_scenarios(
    scenarios: Mapping[str, Scenario],
    library: Library,
    shared: LineFile,
    rehearse: Rehearse | None = None,
    originals: Path | None = None,
) -> tuple[list[str], list[str]]:
    """Errors and warnings. `rehearse` plays a scenario and tells what went wrong; `originals` are texts not to be repeated."""
    errors = [
        *chain.from_iterable(_references(scenario, library) for scenario in scenarios.values()),
        *chain.from_iterable(_scripts(scenario) for scenario in scenarios.values()),
        *_repeated_lines(scenarios, shared),
        *_out_of_place(shared),
        *chain.from_iterable(_copied(scenario, originals) for scenario in scenarios.values() if originals),
        *chain.from_iterable(rehearse(scenario) for scenario in scenarios.values() if rehearse),
    ]
    return errors, [*chain.from_iterable(_thin(scenario) for scenario in scenarios.values())]


def _references(scenario: Scenario, library: Library) -> Iterator[str]:
    rows = set(chain.from_iterable(library.rows.values()))
    for topic in sorted({*scenario.topics, *(owed.topic for owed in scenario.owed)} - set(library.topics)):
        yield f"{scenario.id}: the topic {topic} does not exist"
    yield from (f"{scenario.id}: covers the row {row}, which is not in coverage.yml" for row in scenario.covers if row not in rows)


def _scripts(scenario: Scenario) -> Iterator[str]:
    moves = set(chain.from_iterable(line.moves for line in scenario.model))
    wanted = (*LATER, "follow_up", "check", *(() if scenario.identity.kind != "account" else ("verify",)))
    yield from (f"{scenario.id}: no line of the model makes the move {move}" for move in wanted if move not in moves)


def _repeated_lines(scenarios: Mapping[str, Scenario], shared: LineFile) -> Iterator[str]:
    owners: dict[str, list[str]] = {}
    for line in shared.all():
        owners.setdefault(_bare(line), []).append("lines.yml")
    for scenario in scenarios.values():
        for line in (*scenario.opening, *scenario.lines()):
            owners.setdefault(_bare(line), []).append(scenario.id)
    for line, ids in owners.items():
        if len(ids) > 1:
            where = ", ".join(f"{id} ({count} times)" if count > 1 else id for id, count in Counter(ids).items())
            yield f"the line “{line}” stands in {where}"


def _out_of_place(shared: LineFile) -> Iterator[str]:
    """Lines for any channel that speak of voices or of a counter."""
    for line in chain(all_said(shared.lines), *map(all_said, shared.tempers.values())):
        found = _OF_VOICES.search(line)
        if found:
            yield f"lines.yml: “{line}” says “{found[0]}”, which does not fit a chat: move it to `spoken` or `face_to_face`"


def _thin(scenario: Scenario) -> Iterator[str]:
    """Where there is less to say than a conversation needs."""
    spoken = {} if scenario.writing else _LEAST
    for name, least in spoken.items():
        if len(getattr(scenario, name)) < least:
            yield f"{scenario.id}: fewer than {least} under `{name}`"
    for remedy in scenario.remedies:
        if remedy.worth in ("full", "partial") and len(remedy.lines) < _LEAST_LAST_WORDS and not scenario.writing:
            yield f"{scenario.id}: the remedy {remedy.id} has one line; it can be offered twice"
    for ending, lines in scenario.endings.items():
        if len(lines) < _LEAST_LAST_WORDS and ending != "unsafe":
            yield f"{scenario.id}: one line for the ending {ending}; replays will sound alike"
    for situation in () if scenario.writing else _SITUATIONS_OF_ITS_OWN:
        if len(list(all_said({situation: scenario.says.get(situation, ())}))) < _LEAST_OF_THEM:  # type: ignore[call-overload]
            yield f"{scenario.id}: fewer than {_LEAST_OF_THEM} lines of its own for `{situation}`"
    if not scenario.writing and not any(fact.needed for fact in scenario.facts):
        yield f"{scenario.id}: no fact is `needed`"


def _copied(scenario: Scenario, originals: Path) -> Iterator[str]:
    """Words that share eight in a row with a text in the folder `originals`."""
    runs = {run: path.name for path in sorted(originals.iterdir()) if path.is_file() for run in _runs(path.read_text(encoding="utf-8"))}
    owed = (part.says for part in scenario.owed)
    said = (line.say for line in (*scenario.model, *scenario.defensive))
    for text in (*scenario.opening, *scenario.lines(), scenario.brief.role, *scenario.brief.policy, *owed, *said):
        found = next((run for run in _runs(text) if run in runs), None)
        if found:
            yield f"{scenario.id}: repeats “{' '.join(found)}” from {runs[found]}"


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _bare(text).split()
    return {tuple(words[i : i + COPIED_RUN]) for i in range(len(words) - COPIED_RUN + 1)}


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9'{}]+", text.lower().replace("\u2019", "'")))
