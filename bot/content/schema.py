"""What a content file may hold. Unknown keys are refused, so that a typing slip is an error and not a silent loss."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, constr, validator

STANDARD_FACETS = ("what", "why", "how", "example", "pitfalls", "examiners", "related", "who", "limits", "exceptions", "nations", "history")

LEAST_PHRASINGS = 5

if TYPE_CHECKING:
    Slug = str
    Phrase = str
    SourceTitle = str
    TopicTitle = str
    Gist = str
    Say = str
else:
    Slug = constr(regex=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    Phrase = constr(strip_whitespace=True, min_length=2, max_length=900)
    SourceTitle = constr(min_length=3, max_length=90)
    TopicTitle = constr(min_length=3, max_length=40)
    Gist = constr(min_length=20, max_length=200)
    Say = constr(strip_whitespace=True, min_length=40, max_length=900)


class Strict(BaseModel):
    """Immutable; extra keys are errors."""

    class Config:
        extra = "forbid"
        frozen = True


class Source(Strict):
    """Where facts come from."""

    title: SourceTitle
    url: str | None = None


class Body(Strict):
    """An awarding body and the names that learners use for it."""

    title: str
    names: tuple[str, ...]


class Law(Strict):
    """The Act behind a topic. Dates are ISO; `checked_on` is when the text was last held against the law."""

    act: str
    in_force: date | None = None
    supersedes: str | None = None
    superseded_by: str | None = None
    checked_on: date


class Facet(Strict):
    """One answer, the ways it is asked for and the facts it teaches."""

    ask: tuple[Phrase, ...]
    follow: tuple[Phrase, ...] = ()
    say: Say
    covers: tuple[str, ...] = ()
    body: Literal["biiab", "aofaq"] | None = None
    nation: Literal["scotland", "northern-ireland", "england-wales"] | None = None
    section: str | None = None
    sources: tuple[str, ...] = ()

    @validator("ask")
    def _is_asked_in_several_ways(cls, ask: tuple[str, ...]) -> tuple[str, ...]:  # noqa: N805
        if len(ask) < LEAST_PHRASINGS:
            raise ValueError(f"give at least {LEAST_PHRASINGS} ways to ask")
        return ask


class Topic(Strict):
    """Something that can be asked about, with one facet per distinct question."""

    id: Slug
    title: TopicTitle
    gist: Gist
    aliases: tuple[str, ...] = ()
    shouted: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    bodies: dict[str, str] = {}
    sources: tuple[str, ...]
    law: Law | None = None
    facets: dict[Slug, Facet]

    @validator("sources")
    def _names_a_source(cls, sources: tuple[str, ...]) -> tuple[str, ...]:  # noqa: N805
        if not sources:
            raise ValueError("name at least one source")
        return sources

    @validator("facets")
    def _has_a_first_answer(cls, facets: dict[str, Facet]) -> dict[str, Facet]:  # noqa: N805
        if "what" not in facets:
            raise ValueError("every topic needs the facet `what`")
        return facets


class TopicFile(Strict):
    """One file under knowledge/topics/."""

    topics: tuple[Topic, ...]


class PhrasingFile(Strict):
    """One file under knowledge/phrasings/: more ways of asking, by the id of the answer."""

    phrasings: dict[str, tuple[Phrase, ...]]


class SourceFile(Strict):
    """One file under knowledge/sources/."""

    sources: dict[str, Source]


class BodyFile(Strict):
    """knowledge/bodies.yml."""

    bodies: dict[str, Body]


class CoverageFile(Strict):
    """knowledge/coverage.yml: every fact that must be taught, by area."""

    rows: dict[str, tuple[str, ...]]
