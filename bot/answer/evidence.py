"""How strongly each answerable is supported by a message, as a table of features: one row per answerable."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.answer.context import Context, leaning
from bot.answer.index import Index
from bot.answer.lexicon import Lexicon
from bot.answer.names import Named, Names
from bot.answer.wording import Wording, stems, words
from bot.content import STANDARD_FACETS
from bot.encoder import Encoder, Vector

Table = npt.NDArray[np.float32]

FEATURES = (
    "meaning",  # best phrasing, cosine of sentence vectors
    "meaning_two",  # mean of the best two phrasings
    "answer_meaning",  # cosine with the answer itself
    "sentence_meaning",  # cosine with the closest sentence of the answer
    "words",  # best phrasing, cosine of weighted stems
    "letters",  # best phrasing, cosine of letter n-grams: typos
    "answer_words",  # share of the message's rare words that the answer holds
    "named",  # the message names the topic
    "cue",  # asks for this kind of answer
    "cue_clash",  # asks for another kind that the topic has
    "first_answer",  # the topic's `what`, for messages of one to three words
    "body",  # answer of the awarding body named or remembered
    "body_clash",  # answer of another awarding body
    "nation",  # answer for the nation named
    "nation_clash",  # answer for another nation
    "just_said",  # the answer given last, by how much the message leans on it: a follow-up wants something else
    "same_topic",  # of the topic being talked about, by how much the message leans on it
    "follow",  # best follow-up phrasing of the topic being talked about
)
_OF = {name: number for number, name in enumerate(FEATURES)}


EXACT = 64  # answers whose ways of asking are compared exactly
LEANS = 0.4  # from here on a message is also read as a continuation of the last question


@dataclass(frozen=True)
class Message:
    """A message with all that does not depend on the answerable."""

    wording: Wording
    named: Named
    cues: frozenset[str]
    leaning: float
    context: Context


@dataclass(frozen=True)
class _Near:
    """Cosines of one segment's vector with every phrasing, every answer, and the best sentence of every answer."""

    segment: str
    phrasings: Vector
    answers: Vector
    sentences: Vector


class Evidence:
    """Compares messages with the index. `without` hides phrasings, for fitting and honest measuring."""

    def __init__(self, index: Index, lexicon: Lexicon, encoder: Encoder) -> None:
        self.index = index
        self._encoder = encoder
        self._names = Names(index.library)
        self._cues = {name: re.compile(cue.cue) for name, cue in lexicon.cues.items()}
        answerables = index.answerables
        self._ids = np.array([answerable.id for answerable in answerables])
        self._topics = np.array([answerable.topic.id for answerable in answerables])
        self._facets = np.array([answerable.name if answerable.name in STANDARD_FACETS else "" for answerable in answerables])
        self._bodies = np.array([answerable.facet.body or "" for answerable in answerables])
        self._nations = np.array([answerable.facet.nation or "" for answerable in answerables])
        self._follow = np.array([phrasing.follow for phrasing in index.phrasings])
        self._owners = np.repeat(np.arange(len(index.starts)), np.diff(np.append(index.starts, len(index.phrasings))))
        self._phrasing_topics = self._topics[[phrasing.answerable for phrasing in index.phrasings]]

    def read(self, text: str, context: Context) -> Message:
        wording = self.index.reader.read(text)
        named = self._names.find(wording.said, wording.plain)
        cues = frozenset(name for name, cue in self._cues.items() if cue.search(wording.plain))
        leans = 1.0 if cues and self._says_nothing_else(wording.plain) else leaning(wording.plain)
        return Message(wording, named, cues, leans, context)

    def _says_nothing_else(self, plain: str) -> bool:
        """Whether a message only asks for a kind of answer ("can you give me an example?") and names no subject."""
        for cue in self._cues.values():
            plain = cue.sub(" ", plain)
        return not stems(plain)

    def named_in(self, text: str) -> frozenset[str]:
        """Ids of the topics that a text names."""
        return self._names.find(text, text.lower()).topics

    def tables(self, message: Message, without: Collection[int] = ()) -> list[Table]:
        """One table for each segment, the whole first; one more for the message behind the last question when it leans on it."""
        segments = list(message.wording.segments)
        if message.context.question and message.leaning > LEANS:
            segments.append(f"{self.index.reader.plain(message.context.question)} {message.wording.plain}")
        hidden = np.zeros(len(self.index.phrasings), dtype=bool)
        hidden[list(without)] = True
        return [self._table(message, near, hidden) for near in self._compared(segments)]

    def _compared(self, segments: Sequence[str]) -> Iterator[_Near]:
        """All segments against the index at once: reading its vectors is what takes the time."""
        index = self.index
        vectors = np.stack([self._encoder.encode(segment) for segment in segments])
        along = vectors @ index.axes
        parts = (along @ index.rough.T, vectors @ index.answer_vectors.T, along @ index.sentence_rough.T)
        for segment, vector, phrasings, answers, sentences in zip(segments, vectors, *parts, strict=True):
            self._make_exact(phrasings, index.vectors, index.starts, vector)
            self._make_exact(sentences, index.sentence_vectors, index.sentence_starts, vector)
            yield _Near(segment, phrasings, answers, np.maximum.reduceat(sentences, index.sentence_starts))

    def _make_exact(self, rough: Vector, vectors: Vector, starts: npt.NDArray[np.int64], vector: Vector) -> None:
        """Replaces rough cosines by exact ones for the answers that the rough ones put first, the only ones that can win."""
        best = np.maximum.reduceat(rough, starts)
        ends = np.append(starts[1:], len(rough))
        for number in np.argpartition(best, -EXACT)[-EXACT:] if len(best) > EXACT else range(len(best)):
            own = slice(starts[number], ends[number])
            rough[own] = vectors[own] @ vector

    def _table(self, message: Message, near: _Near, hidden: npt.NDArray[np.bool_]) -> Table:
        """Features of every answerable for one segment: shape (answerables, len(FEATURES))."""
        table = np.zeros((len(self.index.answerables), len(FEATURES)), dtype=np.float32)
        self._fill_phrasings(table, near.segment, near.phrasings, hidden | self._follow)
        table[:, _OF["answer_meaning"]] = near.answers
        table[:, _OF["sentence_meaning"]] = near.sentences
        table[:, _OF["answer_words"]] = self.index.answer_words.share(near.segment)
        self._fill_names(table, message)
        self._fill_follow(table, message, near.phrasings, hidden)
        return table

    def _fill_phrasings(self, table: Table, segment: str, meaning: Vector, hidden: npt.NDArray[np.bool_]) -> None:
        index = self.index
        best, two = self._best_two(np.where(hidden, -1, meaning))
        table[:, _OF["meaning"]], table[:, _OF["meaning_two"]] = best, two
        for name, terms in (("words", index.words), ("letters", index.letters)):
            table[:, _OF[name]] = np.maximum.reduceat(np.where(hidden, 0, terms.likeness(segment)), index.starts)

    def _best_two(self, values: Vector) -> tuple[Vector, Vector]:
        best = np.maximum.reduceat(values, self.index.starts)
        rest = np.where(values == best[self._owners], -1, values)
        second = np.maximum.reduceat(rest, self.index.starts)
        return best, (best + np.maximum(second, 0)) / 2

    def _fill_names(self, table: Table, message: Message) -> None:
        named, cues = message.named, message.cues
        of_named = np.isin(self._topics, list(named.topics)) if named.topics else np.zeros(len(self._topics), dtype=bool)
        table[:, _OF["named"]] = of_named
        wanted = np.isin(self._facets, list(cues)) if cues else np.zeros(len(self._topics), dtype=bool)
        table[:, _OF["cue"]] = wanted
        table[:, _OF["cue_clash"]] = (self._facets != "") & ~wanted if cues else 0
        table[:, _OF["first_answer"]] = (self._facets == "what") & (len(words(message.wording.plain)) <= 3)
        body = named.body or message.context.body or ""
        table[:, _OF["body"]] = (self._bodies == body) & (body != "")
        table[:, _OF["body_clash"]] = (self._bodies != body) & (self._bodies != "") & (body != "")
        table[:, _OF["nation"]] = (self._nations == (named.nation or "-")) | ((self._facets == "nations") & bool(named.nation))
        table[:, _OF["nation_clash"]] = (self._nations != "") & (self._nations != (named.nation or ""))

    def _fill_follow(self, table: Table, message: Message, meaning: Vector, hidden: npt.NDArray[np.bool_]) -> None:
        topic = message.context.topic
        if topic is None:
            return
        table[:, _OF["same_topic"]] = (self._topics == topic) * message.leaning
        table[:, _OF["just_said"]] = (self._ids == message.context.answerable) * message.leaning
        usable = self._follow & (self._phrasing_topics == topic) & ~hidden
        if usable.any():
            table[:, _OF["follow"]] = np.maximum.reduceat(np.where(usable, meaning, 0), self.index.starts)
