"""What a line takes up of what the customer has just said: the ground of listening."""

from __future__ import annotations

import re

from bot.answer.wording import STOPWORDS, clean, stems, words

_NUMBERS = {
    **{
        word: str(number)
        for number, word in enumerate(
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
        )
    },
    **{"once": "1", "twice": "2", "thrice": "3", "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5"},
    **{"fourteen": "14", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "fortnight": "14"},
}
_DAYS = re.compile(r"^(mon|tues|wednes|thurs|fri|satur|sun)day$|^(morn|afternoon|tonight|yesterday|weekend|christma|birthday|wed)")
SIZE = 8


def overlap(customer: str, line: str) -> list[float]:
    """SIZE numbers from 0 to 1, of words that carry meaning in the line and stood in the customer's words before it."""
    theirs, ours = stems(clean(customer)), stems(clean(line))
    both = set(theirs) & set(ours)
    counted, said = _numbers(customer), _numbers(line)
    plain = set(words(line)) - STOPWORDS
    return [
        len(both) / max(1, len(set(ours))),
        len(both) / max(1, len(set(theirs))),
        min(1.0, len(both) / 4),
        float(len(both) >= 2),
        float(bool(counted & said)),
        float(any(_DAYS.match(stem) for stem in both)),
        _run(words(customer), words(line)) / 6,
        min(1.0, len(plain) / 30),
    ]


def _numbers(text: str) -> set[str]:
    return {_NUMBERS.get(word, word) for word in words(text) if word in _NUMBERS or word[0].isdigit()}


def _run(theirs: list[str], ours: list[str]) -> int:
    """The longest run of words in both, at most 6."""
    heard = {tuple(theirs[at : at + size]) for size in range(2, 7) for at in range(len(theirs) - size + 1)}
    runs = (size for size in range(6, 1, -1) for at in range(len(ours) - size + 1) if tuple(ours[at : at + size]) in heard)
    return next(runs, 0)
