"""Whether a set phrase stands in a line, whatever the endings, slips of spelling and a word or two between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA
from snowballstemmer import stemmer

from bot.answer.wording import clean

_BETWEEN = 2
_SLIPS_FROM = 6  # letters of a stem
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SUM = re.compile(rf"(?<![\w£])({_NUMBER}) ?(?:pounds?|quid)\b")
_TOKEN = re.compile(rf"£ ?{_NUMBER}|\d+(?:,\d{{3}})*\.\d+|\d+(?:,\d{{3}})+|[^\W_]+(?:'[^\W_]+)*|%")
_OPENED = (
    (re.compile(r"\bcan(?:'|no)?t\b"), "can not"),
    (re.compile(r"\bwon'?t\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'s\b"), " is"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'d\b"), " would"),
)
_CLAUSE = re.compile(r"(?<!\d)[.,:]+|[.,:]+(?!\d)|[!?;\n]+|\bbut\b|\bhowever\b")  # not inside "£38.50"
_stem = lru_cache(maxsize=8192)(stemmer("english").stemWord)
_TURNS = frozenset(map(_stem, ("because", "so", "if", "when", "unless")))  # what is denied before these is not denied after
_AFRESH = frozenset({"i", "we", "you", "your"})  # so it is before "and I", "and you"


def plain(text: str) -> str:
    """Lower case, straight apostrophes, contractions opened, "38 pounds" as "£38"."""
    lowered = clean(text).lower()
    for pattern, opened in _OPENED:
        lowered = pattern.sub(opened, lowered)
    return _SUM.sub(r"£\1", lowered)


@lru_cache(maxsize=1024)
def stems(text: str) -> tuple[str, ...]:
    """Stems of all words of the text, in order. A sum stands twice, as money and as a bare number: "£38.5", "38.5"."""
    return tuple(stem for token in _TOKEN.findall(plain(text)) for stem in _stems_of(token))


def clauses(text: str) -> list[str]:
    """The text cut at punctuation and at "but"."""
    return [part for part in (part.strip() for part in _CLAUSE.split(plain(text))) if part]


def place(cue: str, said: Sequence[str]) -> int | None:
    """Where the cue begins among the stems `said`, or None."""
    found = places(cue, said)
    return found[0] if found else None


def places(cue: str, said: Sequence[str]) -> Sequence[int]:
    """Every place where the cue begins among the stems `said`."""
    wanted = _wanted(cue)
    if not wanted:
        return ()
    first, rest = wanted[0], wanted[1:]
    if len(first) >= _SLIPS_FROM:
        starts = [at for at, stem in enumerate(said) if stem[0] == first[0] and _same(first, stem)]
    elif first in said:
        starts = [at for at, stem in enumerate(said) if stem == first]
    else:
        return ()
    return [at for at in starts if _goes_on(rest, said, at)] if rest else starts


def holds(said: Sequence[str], cues: Iterable[str]) -> bool:
    """Whether any of the cues stands among the stems."""
    return any(place(cue, said) is not None for cue in cues)


def before(said: Sequence[str], at: int, within: int) -> Sequence[str]:
    """The stems before a place, at most `within`, as far as they can deny or report what stands there."""
    begin = max(0, at - within)
    turns = (
        index for index in range(at - 1, begin - 1, -1) if said[index] in _TURNS or (said[index] == "and" and said[index + 1] in _AFRESH)
    )
    return said[next(turns, begin - 1) + 1 : at]


@lru_cache(maxsize=16384)
def _wanted(cue: str) -> tuple[str, ...]:
    """The stems of a cue, a sum once: "£50" is that sum and no other fifty."""
    return tuple(_stems_of(token)[0] for token in _TOKEN.findall(plain(cue)))


def _stems_of(token: str) -> tuple[str, ...]:
    if token[0] == "£":
        amount = _amount(token[1:])
        return f"£{amount}", amount
    return (_amount(token) if token[0].isdigit() and not token.isalnum() else _stem(token),)


def _amount(number: str) -> str:
    """The number without its commas and without noughts after its point."""
    bare = number.strip().replace(",", "")
    return bare.rstrip("0").rstrip(".") if "." in bare else bare


def _goes_on(wanted: Sequence[str], said: Sequence[str], at: int) -> bool:
    """Whether the rest of the cue follows, each stem near the one before."""
    for stem in wanted:
        following = said[at + 1 : at + 2 + _BETWEEN]
        if len(stem) < _SLIPS_FROM:
            step = following.index(stem) if stem in following else None
        else:
            step = next((index for index, other in enumerate(following) if _same(stem, other)), None)
        if step is None:
            return False
        at += 1 + step
    return True


def _same(stem: str, other: str) -> bool:
    """Equal, or a slip of spelling apart. For stems of six letters or more; shorter ones are too close to each other for slips."""
    if stem == other:
        return True
    if stem[0] != other[0] or abs(len(stem) - len(other)) > 2:
        return False
    limit = 2 if len(stem) > 8 else 1
    return OSA.distance(stem, other, score_cutoff=limit) <= limit
