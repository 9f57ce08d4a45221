"""Short items made ready for marking: vectors and terms of what may be said to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np
import numpy.typing as npt

from bot.content.questions import Short
from bot.encoder import DIMENSIONS, Vector
from bot.quiz.short_answer.said import clauses_of
from bot.quiz.short_answer.terms import Term

Terms = tuple[Term, ...]
Read = Callable[[str], Terms]
_OFTEN, _HARDLY = 0.3, 0.1  # shares of an idea's wordings that hold what it is about, and that the other ideas' may hold


class Rarity:
    """How rare terms are among items, from 1 (in every item) upwards."""

    def __init__(self, items: Iterable[Iterable[Terms]]) -> None:
        seen = [{term.key for terms in item for term in terms} for item in items]
        self._items = len(seen)
        self._in = Counter(key for keys in seen for key in keys)

    def of(self, key: str) -> float:
        return log((1 + self._items) / (1 + self._in[key])) + 1


@dataclass(frozen=True)
class Wordings:
    """Wordings of some ideas, sorted by idea; `starts` has the number of each idea's first one."""

    terms: tuple[Terms, ...]
    starts: npt.NDArray[np.int64]
    vectors: Vector

    def best(self, values: Vector) -> Vector:
        """The largest value among each idea's wordings: shape (n, wordings) to (n, ideas)."""
        return np.asarray(np.maximum.reduceat(values, self.starts, axis=1))

    @cached_property
    def by_idea(self) -> list[list[Terms]]:
        """The terms of each idea's wordings."""
        return [[self.terms[number] for number in np.flatnonzero(self.owners == idea)] for idea in range(len(self.starts))]

    @cached_property
    def owners(self) -> npt.NDArray[np.int64]:
        """The idea of each wording."""
        return np.repeat(np.arange(len(self.starts)), np.diff(np.append(self.starts, len(self.terms))))


class Columns:
    """Terms of one item as columns of arrays, with weights by rarity."""

    def __init__(self, wordings: Iterable[Terms], rarity: Rarity) -> None:
        keys = dict.fromkeys(term.key for terms in wordings for term in terms)
        self._at = {key: number for number, key in enumerate(keys)}
        self.keys = tuple(keys)
        self.weights = np.array([rarity.of(key) for key in keys], dtype=np.float32)

    def of(self, texts: Sequence[Terms], denied: bool) -> Vector:
        """Ones where a text says (or denies) a term, shape (texts, terms)."""
        rows = np.zeros((len(texts), len(self._at)), dtype=np.float32)
        for row, terms in zip(rows, texts, strict=True):
            row[[self._at[term.key] for term in terms if term.denied is denied and term.key in self._at]] = 1
        return rows


@dataclass(frozen=True)
class Expected:
    """An item with the wordings of its ideas and of its misbeliefs.

    `asked` are the question's terms, `known` all of the item's, `telling` is what each term says for each idea, (terms, ideas),
    `subjects` what each idea is about, and `denying` the share of its wordings that deny something.
    """

    item: Short
    ideas: Wordings
    wrong: Wordings
    ask: Vector
    model: Vector
    asked: frozenset[str]
    columns: Columns
    telling: Vector
    rarity: Rarity
    known: frozenset[str]
    subjects: tuple[frozenset[str], ...]
    denying: tuple[float, ...]


def texts_of(item: Short) -> list[str]:
    """What an item needs vectors of: wordings of ideas, misbeliefs, question, full answer and its clauses."""
    said = (text for idea in item.ideas for text in idea.say)
    return [*said, *(wrong.text for wrong in item.wrong), item.ask, item.model, *clauses_of(item.model)]


def prepare(item: Short, read: Read, rarity: Rarity, vectors: Mapping[str, Vector]) -> Expected:
    """`vectors` holds one for each of `texts_of`."""
    ideas = _wordings([idea.say for idea in item.ideas], read, vectors)
    wrong = _wordings([(misbelief.text,) for misbelief in item.wrong], read, vectors)
    asked = frozenset(term.key for term in read(f"{item.story or ''} {item.ask}"))
    columns = Columns((*ideas.terms, *wrong.terms), rarity)
    return Expected(
        item=item,
        ideas=ideas,
        wrong=wrong,
        ask=vectors[item.ask],
        model=vectors[item.model],
        asked=asked,
        columns=columns,
        telling=_telling(ideas, columns),
        rarity=rarity,
        known=asked | {term.key for terms in (*ideas.terms, *wrong.terms, read(item.model)) for term in terms},
        subjects=_subjects(ideas, asked, *_model_clauses(item, ideas, read, vectors)),
        denying=tuple(float(np.mean([any(term.denied for term in terms) for terms in group])) for group in ideas.by_idea),
    )


def _model_clauses(item: Short, ideas: Wordings, read: Read, vectors: Mapping[str, Vector]) -> tuple[list[Terms], list[int]]:
    """Terms of the full answer's clauses, and the number of the clause nearest to each idea."""
    clauses = [clause for clause in clauses_of(item.model) if read(clause)] or [item.model]
    likeness = np.stack([vectors[clause] for clause in clauses]) @ ideas.vectors.T
    return [read(clause) for clause in clauses], [int(number) for number in ideas.best(likeness).argmax(axis=0)]


def _wordings(groups: Sequence[Sequence[str]], read: Read, vectors: Mapping[str, Vector]) -> Wordings:
    texts = [text for group in groups for text in group]
    starts = np.cumsum([0, *(len(group) for group in groups)])[:-1]
    rows = np.stack([vectors[text] for text in texts]) if texts else np.zeros((0, DIMENSIONS), dtype=np.float32)
    return Wordings(tuple(read(text) for text in texts), starts, rows)


def _telling(ideas: Wordings, columns: Columns) -> Vector:
    """Log of how much likelier a term is in wordings of the idea than of the item's other ideas; only where it is likelier."""
    held = np.maximum(columns.of(ideas.terms, False), columns.of(ideas.terms, True))
    shares = np.stack(
        [(held[ideas.owners == idea].sum(axis=0) + 0.3) / ((ideas.owners == idea).sum() + 1) for idea in range(len(ideas.starts))]
    )
    others = np.stack([np.delete(shares, idea, axis=0).max(axis=0, initial=0.1) for idea in range(len(shares))])
    return np.asarray(np.maximum(np.log(shares / others), 0).T, dtype=np.float32)


def _subjects(ideas: Wordings, asked: frozenset[str], model: Sequence[Terms], nearest: Sequence[int]) -> tuple[frozenset[str], ...]:
    """What each idea is about where the question names several things: terms of the question that its wordings, or its clause
    of the full answer, hold and the other ideas' do not. `nearest` has the number of each idea's clause in `model`.
    """
    shares = []
    for idea, wordings in enumerate(ideas.by_idea):
        alone = nearest.count(nearest[idea]) == 1
        clause = {term.key for term in model[nearest[idea]]} if alone else set()
        held = [{term.key for term in terms} for terms in wordings]
        shares.append({key: max(sum(key in keys for keys in held) / len(held), float(key in clause)) for key in asked})
    return tuple(
        frozenset(
            key
            for key, share in own.items()
            if share >= _OFTEN and all(other[key] <= _HARDLY for number, other in enumerate(shares) if number != idea)
        )
        for idea, own in enumerate(shares)
    )
