"""How strongly each answerable is supported by a message, as a table of features: one row per answerable."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.answer.context import Context, leaning
from bot.answer.index import Index
from bot.answer.lexicon import Lexicon
from bot.answer.names import Named, Names
from bot.answer.wording import Wording, words
from bot.content import STANDARD_FACETS
from bot.encoder import Encoder, Vector

Table = npt.NDArray[np.float32]

FEATURES = (
    "meaning",  # best phrasing, cosine of sentence vectors
    "meaning_two",  # mean of the best two phrasings
    "meaning_topic",  # mean over the topic's best three answers
    "answer_meaning",  # cosine with the answer itself
    "words",  # best phrasing, cosine of weighted stems
    "letters",  # best phrasing, cosine of letter n-grams: typos
    "answer_words",  # share of the message's rare words that the answer holds
    "named",  # the message names the topic
    "other_named",  # the message names other topics and not this one
    "cue",  # asks for this kind of answer
    "cue_clash",  # asks for another kind that the topic has
    "first_answer",  # the topic's `what`, for messages of one to three words
    "body",  # answer of the awarding body named or remembered
    "body_clash",  # answer of another awarding body
    "nation",  # answer for the nation named
    "nation_clash",  # answer for another nation
    "same_topic",  # of the topic being talked about, by how much the message leans on it
    "follow",  # best follow-up phrasing of the topic being talked about
)
_OF = {name: number for number, name in enumerate(FEATURES)}


@dataclass(frozen=True)
class Message:
    """A message with all that does not depend on the answerable."""

    wording: Wording
    named: Named
    cues: frozenset[str]
    leaning: float
    context: Context


class Evidence:
    """Compares messages with the index. `without` hides phrasings, for fitting and honest measuring."""

    def __init__(self, index: Index, lexicon: Lexicon, encoder: Encoder) -> None:
        self.index = index
        self._encoder = encoder
        self._names = Names(index.library)
        self._cues = {name: re.compile(cue.cue) for name, cue in lexicon.cues.items()}
        answerables = index.answerables
        self._topics = np.array([answerable.topic.id for answerable in answerables])
        self._topic_number = np.unique(self._topics, return_inverse=True)[1]
        self._facets = np.array([answerable.name if answerable.name in STANDARD_FACETS else "" for answerable in answerables])
        self._bodies = np.array([answerable.facet.body or "" for answerable in answerables])
        self._nations = np.array([answerable.facet.nation or "" for answerable in answerables])
        self._follow = np.array([phrasing.follow for phrasing in index.phrasings])
        self._owners = np.repeat(np.arange(len(index.starts)), np.diff(np.r_[index.starts, len(index.phrasings)]))
        self._holds = index.answer_words.rows.copy()
        self._holds.data = np.ones_like(self._holds.data)
        self._phrasing_topics = self._topics[[phrasing.answerable for phrasing in index.phrasings]]

    def read(self, text: str, context: Context) -> Message:
        wording = self.index.reader.read(text)
        named = self._names.find(wording.said, wording.plain)
        cues = frozenset(name for name, cue in self._cues.items() if cue.search(wording.plain))
        return Message(wording, named, cues, leaning(wording.plain), context)

    def tables(self, message: Message, without: Collection[int] = ()) -> list[tuple[str, Table]]:
        """For each segment of the message, and the message after the last question when it may lean on it, one table."""
        tables = [(segment, self.table(message, segment, without)) for segment in message.wording.segments]
        if message.context.question and message.leaning > 0.25:
            joined = f"{self.index.reader.plain(message.context.question)} {message.wording.plain}"
            tables.append((joined, self.table(message, joined, without)))
        return tables

    def table(self, message: Message, segment: str, without: Collection[int] = ()) -> Table:
        """Features of every answerable for one segment: shape (answerables, len(FEATURES))."""
        index = self.index
        table = np.zeros((len(index.answerables), len(FEATURES)), dtype=np.float32)
        hidden = np.zeros(len(index.phrasings), dtype=bool)
        hidden[list(without)] = True
        vector = self._encoder.encode(segment)
        meaning = index.vectors @ vector
        self._fill_phrasings(table, segment, meaning, hidden | self._follow)
        table[:, _OF["answer_meaning"]] = index.answer_vectors @ vector
        table[:, _OF["answer_words"]] = self._share_of_words(segment)
        self._fill_names(table, message)
        self._fill_follow(table, message, meaning, hidden)
        return table

    def _fill_phrasings(self, table: Table, segment: str, meaning: Vector, hidden: npt.NDArray[np.bool_]) -> None:
        index = self.index
        best, two = self._best_two(np.where(hidden, -1, meaning))
        table[:, _OF["meaning"]], table[:, _OF["meaning_two"]] = best, two
        table[:, _OF["meaning_topic"]] = self._by_topic(best)
        for name, terms in (("words", index.words), ("letters", index.letters)):
            likeness = (terms.rows @ terms.query(segment).T).toarray().ravel()
            table[:, _OF[name]] = np.maximum.reduceat(np.where(hidden, 0, likeness), index.starts)

    def _best_two(self, values: Vector) -> tuple[Vector, Vector]:
        best = np.maximum.reduceat(values, self.index.starts)
        rest = np.where(values == best[self._owners], -1, values)
        second = np.maximum.reduceat(rest, self.index.starts)
        return best, (best + np.maximum(second, 0)) / 2

    def _by_topic(self, best: Vector) -> Vector:
        order = np.lexsort((-best, self._topic_number))
        sorted_topics = self._topic_number[order]
        starts = np.flatnonzero(np.r_[True, sorted_topics[1:] != sorted_topics[:-1]])
        sizes = np.minimum(np.diff(np.r_[starts, len(best)]), 3)
        means = np.array([best[order[start : start + size]].mean() for start, size in zip(starts, sizes, strict=True)])
        return np.asarray(means[self._topic_number], dtype=np.float32)

    def _share_of_words(self, segment: str) -> Vector:
        query = self.index.answer_words.query(segment)
        if not query.nnz:
            return np.zeros(len(self.index.answerables), dtype=np.float32)
        query.data = np.square(query.data) / np.square(query.data).sum()
        return np.asarray((self._holds @ query.T).toarray().ravel(), dtype=np.float32)

    def _fill_names(self, table: Table, message: Message) -> None:
        named, cues = message.named, message.cues
        of_named = np.isin(self._topics, list(named.topics)) if named.topics else np.zeros(len(self._topics), dtype=bool)
        table[:, _OF["named"]] = of_named
        table[:, _OF["other_named"]] = bool(named.topics) & ~of_named
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
        usable = self._follow & (self._phrasing_topics == topic) & ~hidden
        if usable.any():
            table[:, _OF["follow"]] = np.maximum.reduceat(np.where(usable, meaning, 0), self.index.starts)


def with_context(message: Message, context: Context) -> Message:
    """The same message as if said in another context."""
    return replace(message, context=context)
