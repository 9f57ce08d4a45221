"""Everything that a message is compared with, built from the content and kept on disk by its fingerprint.

Arrays only: phrasings are grouped by answerable (`starts` are the group boundaries), so that the best phrasing of every
answerable is one `maximum.reduceat`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from bot.answer.lexicon import Lexicon
from bot.answer.terms import Terms
from bot.answer.vectors import VectorStore
from bot.answer.wording import Reader, Speller, word_counts
from bot.content import Answerable, Library
from bot.encoder import Tokeniser, Vector

_NAMES_PER_TOPIC = 3
ROUGH = 96
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n+")


@dataclass(frozen=True)
class Phrasing:
    """One way of asking, in the reader's plain form. `follow` ones count only inside their topic."""

    text: str
    answerable: int
    follow: bool = False


@dataclass(frozen=True)
class Index:
    """The content in comparable form. Rows of `vectors`, `words` and `letters` follow `phrasings`; `answers*` follow the library.

    The `rough` ones hold vectors along the `axes` in which they differ most, (384, ROUGH): a quarter of the numbers, to find the
    few answers that are worth comparing exactly.
    """

    library: Library
    reader: Reader
    speller: Speller
    phrasings: tuple[Phrasing, ...]
    starts: npt.NDArray[np.int64]
    vectors: Vector
    axes: Vector
    rough: Vector
    answer_vectors: Vector
    sentence_vectors: Vector
    sentence_rough: Vector
    sentence_starts: npt.NDArray[np.int64]
    words: Terms
    letters: Terms
    answer_words: Terms
    outside_vectors: Vector

    @property
    def answerables(self) -> tuple[Answerable, ...]:
        return self.library.answerables


def build(library: Library, lexicon: Lexicon, outside: Sequence[str], store: VectorStore) -> Index:
    """The index of this content; `outside` are messages that are not for us. Raises IndexUnusableError as the store does."""
    reader = reader_of(library, lexicon, store.encoder.tokeniser)
    phrasings = _phrasings(library, lexicon, reader)
    answers = [answer_text(answerable) for answerable in library.answerables]
    parted = [sentences(answerable) for answerable in library.answerables]
    parts = [
        [phrasing.text for phrasing in phrasings],
        answers,
        list(chain.from_iterable(parted)),
        [reader.plain(text) for text in outside],
    ]
    vectors = store.of(list(chain.from_iterable(parts)))
    of_phrasings, of_answers, of_sentences, of_outside = np.split(vectors, np.cumsum([len(part) for part in parts])[:-1])
    owners = np.array([phrasing.answerable for phrasing in phrasings])
    axes = _axes(of_phrasings)
    return Index(
        library,
        reader,
        reader.speller,
        phrasings,
        np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]]),
        of_phrasings,
        axes,
        of_phrasings @ axes,
        of_answers,
        of_sentences,
        of_sentences @ axes,
        np.cumsum([0, *map(len, parted)])[:-1],
        Terms.of("words", [phrasing.text for phrasing in phrasings]),
        Terms.of("letters", [phrasing.text for phrasing in phrasings]),
        Terms.of("words", [_taught(answerable) for answerable in library.answerables]),
        of_outside,
    )


def _axes(vectors: Vector) -> Vector:
    """The ROUGH directions that hold most of the vectors' length: leading eigenvectors of their second moments."""
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(directions[:, -ROUGH:], dtype=np.float32)


def _phrasings(library: Library, lexicon: Lexicon, reader: Reader) -> tuple[Phrasing, ...]:
    def of(number: int, answerable: Answerable) -> Iterator[Phrasing]:
        written = dict.fromkeys(map(reader.plain, chain(answerable.facet.ask, _implied(answerable, lexicon))))
        added = dict.fromkeys(map(reader.plain, library.phrasings.get(answerable.id, ())))
        yield from (Phrasing(text, number) for text in written)
        yield from (Phrasing(text, number) for text in added if text not in written)
        yield from (Phrasing(reader.plain(text), number, follow=True) for text in answerable.facet.follow)

    return tuple(chain.from_iterable(of(number, answerable) for number, answerable in enumerate(library.answerables)))


def _implied(answerable: Answerable, lexicon: Lexicon) -> Iterator[str]:
    """The ways of asking that every topic shares, from its names and the facet's cue."""
    cue = lexicon.cues.get(answerable.name)
    if cue is None:
        return
    topic = answerable.topic
    names = dict.fromkeys([topic.title, *topic.shouted, *topic.aliases])
    for name in list(names)[:_NAMES_PER_TOPIC]:
        yield from (asked.format(name=name) for asked in cue.asked)


def answer_text(answerable: Answerable) -> str:
    return f"{answerable.topic.title}. {answerable.facet.say}".lower()


def sentences(answerable: Answerable) -> list[str]:
    """The answer's sentences, each with the topic's name so that it can stand alone; never empty."""
    title = answerable.topic.title
    parts = [part for part in _SENTENCE_END.split(answerable.facet.say) if len(part.split()) > 3]
    return [f"{title}: {part}".lower() for part in parts] or [f"{title}: {answerable.facet.say}".lower()]


def _taught(answerable: Answerable) -> str:
    topic = answerable.topic
    return " ".join([topic.title, *topic.aliases, *topic.shouted, topic.gist, answerable.facet.say])


def reader_of(library: Library, lexicon: Lexicon, tokeniser: Tokeniser) -> Reader:
    """The reader whose spelling follows the content: all words of answers, and of the ways of asking those that are English."""
    counts = word_counts(_taught(answerable) for answerable in library.answerables)
    asked = word_counts(
        chain.from_iterable((*answerable.facet.ask, *library.phrasings.get(answerable.id, ())) for answerable in library.answerables)
    )
    counts.update({word: count for word, count in asked.items() if tokeniser.knows(word)})
    return Reader(lexicon.shorthand, lexicon.digits, Speller(counts, tokeniser.knows))
