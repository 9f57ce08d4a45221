"""What a learner's words say as an answer to the item shown: places chosen, an order, pairs, a number, or the words themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.calculate.spelling import plain_text
from bot.content.questions import Item, Matching, Multiple, Numeric, Ordering, Short, Single, TrueFalse
from bot.quiz.shown import LETTERS, Shown

SURE: Final = 72.0  # how like a choice's words the learner's must be, of 100
WORD_FOR_WORD: Final = 88.0
AHEAD: Final = 7.0  # and how much more so than the next choice's

# What people put around an answer; it says nothing.
_AROUND: Final = re.compile(
    r"^(?:(?:u+m+|e+r+m*|hm+|oh|ok(?:ay)?|well|so|right|hi|yeah|like|maybe|perhaps|probably|possibly|definitely|surely|obviously|just|"
    r"i(?:'?m| am)? (?:\w+ )?(?:think|thinks|reckon|guess|believe|say|would say|d say|go for|choose|pick|fairly sure|pretty sure|sure)|"
    r"i'?m (?:going|gonna go)(?: for| with)?|im gonna say|i'?(?:d|ll) (?:say|go(?: for| with)?|pick|choose|guess)|reckon|think|"
    r"guess(?:ing)?|my (?:final )?answer(?: is|'s)?|(?:the )?(?:final )?answer(?: is|'s|:)?|(?:going|go|gonna go|let'?s go) (?:for|with)|"
    r"it(?:'s|s| is| was| (?:must|has to|should|might|could|would) be)?|is it|that(?:'s|s| is| would be)?|"
    r"must be|has to be|should be|gotta be|this is|the|option|choice|letter|number|no|num|nr|is|be|with|for|can i (?:say|have)|"
    r"please|pls|plz)[\s,.:!-]+)+",
)
_AFTER: Final = re.compile(
    r"[\s,.!?]+(?:(?:please|pls|plz|i think|i reckon|i guess|i believe|i suppose|maybe|perhaps|probably|lol|mate|one|"
    r"option|surely|is (?:right|correct|true|the (?:right |correct )?(?:one|answer))|"
    r"for sure|definitely|final answer|thanks|right|isn'?t it|innit)[\s,.!?]*)+$"
)
_LETTER: Final = re.compile(r"\(?([a-h])\)?[.:)]?")
_ORDINALS: Final[Mapping[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            ("first", "1st", "one", "1", "top"),
            ("second", "2nd", "two", "2", "secound", "seconed"),
            ("third", "3rd", "three", "3", "thrid"),
            ("fourth", "4th", "four", "4", "forth"),
            ("fifth", "5th", "five", "5"),
            ("sixth", "6th", "six", "6"),
            ("seventh", "7th", "seven", "7"),
            ("eighth", "8th", "eight", "8"),
        )
    )
    for word in words
}
_LAST: Final = frozenset({"last", "bottom", "final"})
_TRUE: Final = ("true", "yes", "correct", "right", "agree", "accurate", "yep", "yeah", "yup", "t", "y")
_FALSE: Final = ("false", "no", "incorrect", "wrong", "untrue", "disagree", "nope", "nah", "inaccurate", "f", "n")
_NOT_TRUE: Final = re.compile(r"\b(?:not|isn'?t|aint|ain'?t|never|cant be|can'?t be|don'?t think)\b.*\b(?:true|right|correct|so)\b")
_ALL: Final = re.compile(r"^(?:all(?: of (?:them|these|the above))?|every ?one|the lot|all \w+)$")
_NUMBER: Final = re.compile(r"((?:(?<![\w)])[-−]|\bminus |\bnegative )?)\s*£?\s*(\d[\d,]*(?:\.\d+)?)")
_SEPARATORS: Final = tuple(map(re.compile, (r",|;|\bthen\b|->|>|\n|\.\s", r",|;|\bthen\b|->|>|\n|\band\b|\.\s", r"\s+")))
_BETWEEN: Final = re.compile(r"[\s,;/&+>-]+|\band\b|\bthen\b")


@dataclass(frozen=True)
class Places:
    """Places in the item, in the order given: the choices made, the steps as ordered, or for each left side its right side."""

    places: tuple[int, ...]


@dataclass(frozen=True)
class Amount:
    """A number."""

    value: Fraction


@dataclass(frozen=True)
class OwnWords:
    """An answer in free text."""

    text: str


Given = Places | Amount | OwnWords


def read_given(shown: Shown, text: str) -> Given | None:
    """The answer in the text, or None when it holds none. Never raises on any text."""
    plain = stripped(text)
    if not plain:
        return None
    if isinstance(shown.item, Short):
        return OwnWords(text.strip())
    if isinstance(shown.item, Numeric):
        return _amount(text)
    if isinstance(shown.item, TrueFalse) and _NOT_TRUE.search(text.lower().replace("’", "'")):
        return Places((1,))
    if isinstance(shown.item, Single) and (place := _word_for_word(shown, text)) is not None:
        return Places((shown.order[place],))
    return _READERS[type(shown.item)](shown, plain)


def is_bare(text: str) -> bool:
    """Whether the text is a letter, a place or a verdict and nothing else: an answer to something, never a question."""
    plain = stripped(text)
    return bool(_LETTER.fullmatch(plain)) or plain in _ORDINALS or plain in _LAST or plain in _TRUE or plain in _FALSE


def is_letter(text: str) -> bool:
    """Whether the text is a choice's letter and nothing else."""
    return bool(_LETTER.fullmatch(text.strip().lower()))


def stripped(text: str) -> str:
    """The text in lower case without what people put around an answer."""
    plain = " ".join(text.lower().replace("’", "'").split()).strip(" .!?,;:'\"")
    shorter = _AFTER.sub("", _AROUND.sub("", f"{plain} ").strip() if _AROUND.match(f"{plain} ") else plain)
    return (shorter or plain).strip(" .!?,;:'\"") or plain


def _place(word: str, count: int) -> int | None:
    """The place that a letter or an ordinal names among so many."""
    letter = _LETTER.fullmatch(word)
    if letter:
        number = LETTERS.index(letter[1])
        return number if number < count else None
    if word in _LAST:
        return count - 1
    number = _ORDINALS.get(word.strip("()."), count)
    return number if number < count else None


def _word_for_word(shown: Shown, text: str) -> int | None:
    """The place of the option that the text repeats, but for typing slips."""
    plain = text.lower().strip(" .!?,;:'\"")
    scores = [fuzz.ratio(plain, option.lower().strip(" .")) for option in shown.options]
    best = max(range(len(scores)), key=scores.__getitem__)
    others = [score for place, score in enumerate(scores) if place != best]
    return best if scores[best] >= WORD_FOR_WORD and scores[best] - max(others) >= AHEAD / 2 else None


def _verdict(_: Shown, plain: str) -> Places | None:
    words = re.findall(r"[a-z']+", plain)
    for word in words[:6]:
        for verdict, names in enumerate((_TRUE, _FALSE)):
            if word in names or any(len(name) > 3 and OSA.distance(word, name, score_cutoff=1) <= 1 for name in names if len(word) > 2):
                return Places((verdict,))
    place = _place(plain, 2)
    return None if place is None else Places((place,))


def _one(shown: Shown, plain: str) -> Places | None:
    place = _named(plain, len(shown.order))
    if place is None:
        place = _like(plain, shown.options)
    return None if place is None else Places((shown.order[place],))


def _named(plain: str, count: int) -> int | None:
    """ "b", "b because it comes first", "the second one"."""
    parts = plain.split()
    first = parts[0].rstrip(",.:;")
    place = _place(first, count)
    if place is None:
        return None
    alone = len(parts) == 1 or parts[0] != first or first.endswith(")")
    because = len(parts) > 1 and parts[1] in ("because", "cos", "coz", "as", "since", "-", "one", "option", "choice", "answer", "from")
    return place if alone or because or (first in ("first", "second", "third", "fourth", "last") and len(parts) <= 3) else None


def _like(plain: str, options: Sequence[str]) -> int | None:
    """The option whose words these are, typing slips allowed; None when that is not clear."""
    scores = [_likeness(plain, option) for option in options]
    ranked = sorted(range(len(options)), key=lambda place: -scores[place])
    clear = len(ranked) == 1 or scores[ranked[0]] - scores[ranked[1]] >= AHEAD
    return ranked[0] if scores[ranked[0]] >= SURE and clear else None


def _likeness(plain: str, option: str) -> float:
    """From 0 to 100: the better of the words as a whole and, for a few words, of the part of the option that they could be."""
    lowered = option.lower()
    whole = fuzz.token_sort_ratio(plain, lowered)
    shared = fuzz.token_set_ratio(plain, lowered) if len(plain) >= 4 else 0.0
    # A set of words can be found in a long sentence by chance, so it counts for less the less of either side it is.
    size = min(len(plain), len(lowered)) / max(len(plain), len(lowered), 1)
    return max(whole, shared * (0.8 + 0.2 * size))


def _several(shown: Shown, plain: str) -> Places | None:
    if _ALL.match(plain):
        return Places(tuple(range(len(shown.order))))
    places = _letters(plain, len(shown.order))
    if places is None:
        parts = [part.strip() for part in re.split(r",|;|\band\b|\n|\+|&", plain) if part.strip()]
        found: list[int | None] = [_like(part, shown.options) for part in parts]
        if not found or None in found:
            found = [_like(plain, shown.options)]
        places = [place for place in found if place is not None]
    return Places(tuple(sorted({shown.order[place] for place in places}))) if places else None


def _letters(plain: str, count: int) -> list[int] | None:
    """The places of "a, c and d", "acd", "1 3 4"; None when the text is anything else or names what is not there."""
    parts = [part for part in _BETWEEN.split(plain) if part]
    if len(parts) == 1 and re.fullmatch(r"[a-h]{2,8}|[1-8]{2,8}", parts[0]):
        parts = list(parts[0])
    places = [_place(part, count) for part in parts]
    if not places or None in places:
        return None
    return [place for place in places if place is not None]


def _ordered(shown: Shown, plain: str) -> Places | None:
    count = len(shown.order)
    places = _letters(plain, count)
    if places is None:
        places = _steps_in_text(plain, shown.options)
    if places is None or sorted(places) != list(range(count)):
        return None
    return Places(tuple(shown.order[place] for place in places))


def _steps_in_text(plain: str, options: Sequence[str]) -> list[int] | None:
    """Each option once, in the order in which the text names them, however they are separated."""
    for separator in _SEPARATORS:
        parts = [part.strip() for part in separator.split(plain) if part.strip()]
        if len(parts) == len(options):
            return _named_once(parts, options)
    return None


def _named_once(parts: Sequence[str], options: Sequence[str]) -> list[int] | None:
    found: list[int] = []
    for part in parts:
        left = {place: option.lower() for place, option in enumerate(options) if place not in found}
        best = process.extractOne(part, left, scorer=fuzz.WRatio, score_cutoff=SURE)
        if best is None:
            return None
        found.append(best[2])
    return found


def _matched(shown: Shown, plain: str) -> Places | None:
    """ "1b 2a 3c", "1-b, 2-a, 3-c", or letters in the order of the left sides."""
    count = len(shown.order)
    pairs = re.findall(r"([1-8])\s*(?:=|-|:|\.|\)|->|is|to|with|goes with)?\s*\(?([a-h])\b", plain)
    if pairs:
        chosen = {int(left) - 1: LETTERS.index(right) for left, right in pairs}
    else:
        letters = _letters(plain, count)
        chosen = dict(enumerate(letters)) if letters and re.search(r"[a-h]", plain) else {}
    if sorted(chosen) != list(range(count)) or any(place >= count for place in chosen.values()):
        return None
    return Places(tuple(shown.order[chosen[left]] for left in range(count)))


def _amount(text: str) -> Amount | None:
    """The number of the text; the last where the learner shows the working."""
    found = list(_NUMBER.finditer(plain_text(text)))
    if not found:
        return None
    value = Fraction(found[-1][2].replace(",", ""))
    return Amount(-value if found[-1][1] else value)


_READERS: Final[Mapping[type[Item], Callable[[Shown, str], Places | None]]] = {
    TrueFalse: _verdict,
    Single: _one,
    Multiple: _several,
    Ordering: _ordered,
    Matching: _matched,
}
