"""A learner's words made comparable: phone spelling opened up, spelling corrected, sentences and stems found."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA
from snowballstemmer import stemmer

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|£\d[\d,.]*|[^\w\s]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+|\s+-\s+")
_DIGIT_WORD = re.compile(r"(?<=[a-z] )([24])(?= [a-z]*[a-rt-z]\b)")  # not before a plural: "after 2 weeks"
SEGMENTS = 4

# Words that say nothing about the subject: they count for little in lexical evidence.
STOPWORDS = frozenset(
    """
    a about again all also am an and any are as ask at back be because been before being but by can could d did do does doing
    done each else even every few for from get give go going got had has have having he her here him his how i if im in into is
    it its itself just know let like ll long m make many may me might mine more most much must my need no not now of off ok okay
    on one only or other our out over own please put quite rather re really right s said same say she should so some something
    such sure t take tell than that the their them then there these they thing things this those though to too up us use ve very
    want was way we well were what when where which while who why will with would yes yet you your yours
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Wording:
    """One message in the forms that evidence is taken from. `segments` are (text, share) with the whole message first."""

    said: str
    plain: str
    segments: tuple[str, ...]
    question: str | None


class Speller:
    """Corrects words that neither English nor the content knows to the nearest word of the content."""

    def __init__(self, counts: Mapping[str, int], is_english: Callable[[str], bool]) -> None:
        self.counts = counts
        self._is_english = is_english
        self._by_length: dict[int, list[str]] = {}
        for word in counts:
            self._by_length.setdefault(len(word), []).append(word)
        self.correct = lru_cache(maxsize=4096)(self._correct)

    def knows(self, word: str) -> bool:
        """Whether the content itself uses the word."""
        return word in self.counts

    def reads(self, word: str) -> bool:
        """Whether the word is one of the content or of common English, or a number."""
        return word in self.counts or word.isdigit() or self._is_english(word)

    def _correct(self, word: str) -> str:
        if len(word) < 3 or not word.isalpha() or word in self.counts or self._is_english(word):
            return word
        limit = 1 if len(word) <= 4 else 2 if len(word) <= 9 else 3
        near = [w for length in range(len(word) - limit, len(word) + limit + 1) for w in self._by_length.get(length, ())]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=limit, limit=8)
        if not found:
            return word
        return str(min(found, key=lambda f: (f[1] + (f[0][0] != word[0]) * 0.8, -self.counts[f[0]]))[0])


def clean(text: str) -> str:
    """Unicode-normalised text without control characters, runs of space folded."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'")
    return " ".join("".join(" " if unicodedata.category(c)[0] == "C" else c for c in text).split())


def words(text: str) -> list[str]:
    """Lower-case words of the text in order."""
    return _WORD.findall(text.lower())


def open_shorthand(text: str, shorthand: Mapping[str, str], digits: Mapping[str, str]) -> str:
    """Phone spelling written out: "wot r u on abt" to "what are you on about"."""
    opened = " ".join(shorthand.get(token.lower(), token) for token in _TOKEN.findall(text))
    return _DIGIT_WORD.sub(lambda match: digits[match[1]], opened)


class Reader:
    """Turns messages and phrasings into `Wording`, the same way for both."""

    def __init__(self, shorthand: Mapping[str, str], digits: Mapping[str, str], speller: Speller) -> None:
        self._shorthand = shorthand
        self._digits = digits
        self.speller = speller

    def plain(self, text: str) -> str:
        """Cleaned, opened, corrected, lower-case text."""
        opened = open_shorthand(clean(text).lower(), self._shorthand, self._digits)
        spelled = " ".join(self.speller.correct(token) if token.isalpha() else token for token in opened.split())
        return re.sub(r"\s+([?.!,;:'])", r"\1", spelled)

    def read(self, text: str) -> Wording:
        """The message with its segments: the whole, its sentences, and neighbouring pairs of them."""
        said = clean(text)
        sentences = [self.plain(part) for part in _SENTENCE.split(said) if words(part)]
        plain = self.plain(said)
        question = next((s for s in reversed(sentences) if s.endswith("?")), None)
        if len(sentences) < 2:
            return Wording(said, plain, (plain,), question)
        pairs = [f"{first} {second}" for first, second in pairwise(sentences)] if len(sentences) > 2 else []
        ranked = sorted({*sentences, *pairs}, key=lambda s: (s == question, "?" in s, len(s)), reverse=True)
        return Wording(said, plain, (plain, *[s for s in ranked if len(words(s)) > 2][:SEGMENTS]), question)


_stem = stemmer("english").stemWord
_stem_cached = lru_cache(maxsize=20000)(_stem)


def stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, numbers included."""
    return [_stem_cached(word) for word in words(text) if word not in STOPWORDS]


def stems_and_pairs(text: str) -> list[str]:
    """Stems and neighbouring pairs of them, for lexical matching."""
    single = stems(text)
    return single + [f"{a} {b}" for a, b in pairwise(single)]


def word_counts(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands in the texts."""
    return Counter(word for text in texts for word in words(text) if word.isalpha())
