"""The words of answers and wordings as terms: stems with synonyms made one, and whether they are denied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from snowballstemmer import stemmer

from bot.answer.wording import STOPWORDS, words
from bot.content.files import read
from bot.content.schema import Strict
from bot.quiz.short_answer.quantities import in_figures, kind_of, with_quantities

VOCABULARY: Final = Path(__file__).with_name("vocabulary.yml")

# Words that a question can do without and an answer cannot.
_TELLING: Final = frozenset(
    """
    again back before each even every few how less more most only or other over own said say same yes
    """.split()  # noqa: SIM905
)
_EMPTY: Final = (STOPWORDS - _TELLING) | frozenset({"cannot", "without", "never", "having", "while", "whereas", "basically", "etc"})
_DENIALS: Final = frozenset({"cannot", "hardly", "neither", "never", "no", "nobody", "none", "nor", "not", "nothing", "without"})
_DENIES_ELSE: Final = re.compile(r"\b(?:instead of|rather than|no longer|as opposed to|except)\b")
_CONTRACTED: Final = re.compile(r"\b(?:ca|wo|sha)n't\b|n't\b")
_SECTION: Final = re.compile(r"\bs\.? ?(\d+)\b")
_WORD: Final = re.compile(r"[\w.]*\w")
_REACH: Final = 6  # words that a denial reaches forward

_stemmed = stemmer("english").stemWord


@lru_cache(maxsize=20000)
def stem(word: str) -> str:
    return str(_stemmed(word))


@dataclass(frozen=True)
class Term:
    """What a word stands for, and whether the clause denies it."""

    key: str
    denied: bool = False


class VocabularyFile(Strict):
    """vocabulary.yml."""

    same: tuple[tuple[str, ...], ...]
    opposite: tuple[tuple[str, str], ...]
    rivals: tuple[tuple[str, ...], ...]


class Vocabulary:
    """Turns clauses into terms, the same way for answers and for wordings."""

    def __init__(self, file: VocabularyFile) -> None:
        self._same: dict[tuple[str, ...], str] = {}
        for group in file.same:
            for phrase in group:
                self._same.setdefault(_stems(phrase), stem(group[0].replace(" ", "_")))
        self._longest = max(map(len, self._same))
        self._opposite = {self._key(second): self._key(first) for first, second in file.opposite}
        self._rivals = {self._key(name): frozenset(map(self._key, group)) for group in file.rivals for name in group}

    @classmethod
    def load(cls, path: Path = VOCABULARY) -> Vocabulary:
        """Raises ContentError naming file, line and key."""
        return cls(read(path, VocabularyFile))

    def _key(self, phrase: str) -> str:
        return self._same.get(_stems(phrase), stem(phrase.replace(" ", "_")))

    def rivals_of(self, key: str) -> frozenset[str]:
        """The group of which only one can be meant, `key` included; empty when it is in none."""
        return self._rivals.get(key, frozenset())

    def terms(self, clause: str) -> tuple[Term, ...]:
        """The clause's terms in order, without words that say nothing."""
        return tuple(self._read(_spoken(clause)))

    def _read(self, spoken: Sequence[str]) -> Iterator[Term]:
        stemmed = [stem(word) for word in spoken]
        denied_until, denied, at = 0, False, 0
        while at < len(spoken):
            size = self._phrase_at(stemmed, at)
            if not size and spoken[at] in _DENIALS:
                denied = not (denied and at < denied_until) or spoken[at] == "without"
                denied_until = at + 1 + _REACH
            if size or spoken[at] not in _EMPTY:
                key = self._same[tuple(stemmed[at : at + size])] if size else stemmed[at]
                yield self._term(key, denied and at < denied_until)
            at += max(size, 1)

    def _phrase_at(self, stemmed: Sequence[str], at: int) -> int:
        """How many words the longest known phrase has that begins here; 0 when none does."""
        sizes = range(min(self._longest, len(stemmed) - at), 0, -1)
        return next((size for size in sizes if tuple(stemmed[at : at + size]) in self._same), 0)

    def _term(self, key: str, denied: bool) -> Term:
        if key in self._opposite:
            return Term(self._opposite[key], not denied)
        return Term(key, denied)


def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(map(stem, words(phrase)))


def _spoken(clause: str) -> list[str]:
    """Every word in order, with denials apart and quantities as one word."""
    plain = _DENIES_ELSE.sub(" not ", _SECTION.sub(r"section \1", _CONTRACTED.sub(" not", clause.lower())))
    return _WORD.findall(with_quantities(in_figures(plain)).replace("'s", ""))


def kinds(terms: Sequence[Term]) -> dict[str, frozenset[str]]:
    """The quantities among the terms, by what they count."""
    counted: dict[str, set[str]] = {}
    for term in terms:
        if kind := kind_of(term.key):
            counted.setdefault(kind, set()).add(term.key)
    return {kind: frozenset(found) for kind, found in counted.items()}
