"""The whole content as one value, read once from the folder knowledge/."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.content.files import read
from bot.content.schema import Body, BodyFile, CoverageFile, Facet, PhrasingFile, Source, SourceFile, Topic, TopicFile
from bot.errors import ContentError

# The other files hold words that are said, not compared.
_COMPARED = ("topics/*.yml", "sources/*.yml", "phrasings/*.yml", "bodies.yml", "coverage.yml", "cues.yml", "shorthand.yml")


@dataclass(frozen=True)
class Answerable:
    """A facet in its topic; `id` is `<topic>.<facet>` and is what buttons and logs name."""

    topic: Topic
    name: str
    facet: Facet

    @property
    def id(self) -> str:
        return f"{self.topic.id}.{self.name}"


@dataclass(frozen=True)
class Library:
    """Topics by id in reading order, sources and awarding bodies by key, and the rows that must be covered."""

    topics: Mapping[str, Topic]
    sources: Mapping[str, Source]
    bodies: Mapping[str, Body]
    rows: Mapping[str, tuple[str, ...]]
    phrasings: Mapping[str, tuple[str, ...]]
    fingerprint: str

    @cached_property
    def answerables(self) -> tuple[Answerable, ...]:
        return tuple(Answerable(topic, name, facet) for topic in self.topics.values() for name, facet in topic.facets.items())

    @cached_property
    def by_id(self) -> Mapping[str, Answerable]:
        return {answerable.id: answerable for answerable in self.answerables}


def load_kept(folder: Path, kept: Path) -> Library:
    """The same as `load`, from the file `kept` when that was made from exactly these files: YAML is slow to read."""
    mark = fingerprint(folder)
    try:
        values = json.loads(kept.read_text(encoding="utf-8"))
        if values["fingerprint"] == mark:
            return _from_kept(values)
    except (OSError, ValueError, KeyError):
        pass
    library = load(folder)
    with contextlib.suppress(OSError):  # it only costs time at the next start
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(_to_kept(library), encoding="utf-8")
    return library


def _to_kept(library: Library) -> str:
    files = {
        "topics": TopicFile.construct(topics=tuple(library.topics.values())),
        "sources": SourceFile.construct(sources=library.sources),
        "bodies": BodyFile.construct(bodies=library.bodies),
    }
    plain = {"rows": dict(library.rows), "phrasings": dict(library.phrasings), "fingerprint": library.fingerprint}
    return json.dumps({**{name: file.json() for name, file in files.items()}, **plain})


def _from_kept(values: dict[str, Any]) -> Library:
    topics = TopicFile.parse_raw(values["topics"]).topics
    return Library(
        {topic.id: topic for topic in topics},
        SourceFile.parse_raw(values["sources"]).sources,
        BodyFile.parse_raw(values["bodies"]).bodies,
        {area: tuple(rows) for area, rows in values["rows"].items()},
        {answer: tuple(texts) for answer, texts in values["phrasings"].items()},
        values["fingerprint"],
    )


def load(folder: Path) -> Library:
    """Read and join every file. Raises ContentError listing every problem of every file."""
    problems: list[str] = []
    topics: dict[str, Topic] = {}
    sources: dict[str, Source] = {}
    for path, file in _each(sorted((folder / "sources").glob("*.yml")), SourceFile, problems):
        _merge(sources, file.sources, path, "source", problems)
    for path, file in _each(sorted((folder / "topics").glob("*.yml")), TopicFile, problems):
        _merge(topics, {topic.id: topic for topic in file.topics}, path, "topic", problems)
        problems += [f"{path}: the topic id {topic.id} stands twice" for topic in _repeated(file.topics)]
    phrasings: dict[str, tuple[str, ...]] = {}
    for _, file in _each(sorted((folder / "phrasings").glob("*.yml")), PhrasingFile, problems):
        for answer, texts in file.phrasings.items():
            phrasings[answer] = (*phrasings.get(answer, ()), *texts)
    bodies = dict(_each([folder / "bodies.yml"], BodyFile, problems))
    coverage = dict(_each([folder / "coverage.yml"], CoverageFile, problems))
    if problems:
        raise ContentError(problems)
    return Library(
        topics, sources, bodies[folder / "bodies.yml"].bodies, coverage[folder / "coverage.yml"].rows, phrasings, fingerprint(folder)
    )


def fingerprint(folder: Path) -> str:
    """SHA-256 over names and bytes of every file that questions are compared with: equal exactly when those are."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _COMPARED for path in folder.glob(pattern)):
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _each(paths: list[Path], model: type[Any], problems: list[str]) -> Iterator[tuple[Path, Any]]:
    for path in paths:
        try:
            yield path, read(path, model)
        except ContentError as error:
            problems += error.problems


def _merge(into: dict[str, Any], more: Mapping[str, Any], path: Path, noun: str, problems: list[str]) -> None:
    problems += [f"{path}: the {noun} {key} is already defined in another file" for key in more if key in into]
    into.update(more)


def _repeated(topics: tuple[Topic, ...]) -> list[Topic]:
    seen: set[str] = set()
    return [topic for topic in topics if topic.id in seen or seen.add(topic.id)]  # type: ignore[func-returns-value]
