"""Which button a typed message means: its number, its letter, its place in words, its label or a slip of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz, process

from bot.reply import Button, Reply

_ALIKE: Final = 88.0  # of 100; less and another label or a question could be meant
_AHEAD: Final = 4.0
_SHORTEST: Final = 4  # characters; below that a slip makes another word
_LETTERS: Final = "abcdefghijklm"
_PLACES: Final[Mapping[str, int]] = {
    word: place
    for place, words in enumerate(
        (
            ("first", "1st", "one"),
            ("second", "2nd", "two"),
            ("third", "3rd", "three"),
            ("fourth", "4th", "four"),
            ("fifth", "5th", "five"),
            ("sixth", "6th", "six"),
            ("seventh", "7th", "seven"),
            ("eighth", "8th", "eight"),
            ("ninth", "9th", "nine"),
            ("tenth", "10th", "ten"),
        )
    )
    for word in words
}
_AROUND: Final = re.compile(
    r"^(?:(?:ok(?:ay)?|please|um+|erm?|so|well|i.?ll (?:take|have|go (?:for|with))|i (?:choose|pick|want)|go (?:for|with)|the|number|"
    r"no\.?|nr|option|choice|letter|answer)\s+)+|(?:\s+(?:one|please|pls|plz|option|thanks|ta|then))+$"
)
_MARKED: Final = re.compile(r"[(\[#]?\s*([a-m]|\d{1,2})\s*[)\].:]*")
# Buttons of something that is open and takes what is typed itself: a question of a quiz, a box of a form, a customer.
_OPEN: Final = re.compile(r"quiz:[^.]+\.\d+\.|practice:(?:form\.|(?:hint|pause|feedback|hide)$)")
_OPEN_KINDS: Final = frozenset({"customer", "sum"})


def is_awaited(replies: Sequence[Reply]) -> bool:
    """Whether what is typed after these replies answers something else than "which one?": then numbers and letters are no choice."""
    buttons = [button for reply in replies for button in reply.buttons]
    return any(reply.kind in _OPEN_KINDS for reply in replies[-1:]) or any(_OPEN.match(button.token) for button in buttons)


def chosen(said: str, replies: Sequence[Reply]) -> Button | None:
    """The button of the last turn's replies that the message means; None for anything that could mean something else."""
    buttons = [button for reply in replies for button in reply.buttons]
    plain = _plain(said)
    if not buttons or not plain:
        return None
    return _labelled(plain, buttons) or (None if is_awaited(replies) else _placed(said, buttons))


def _labelled(plain: str, buttons: Sequence[Button]) -> Button | None:
    labels = [_plain(button.title) for button in buttons]
    if plain in labels:
        return buttons[len(labels) - 1 - labels[::-1].index(plain)]  # the newest of that name
    if len(plain) < _SHORTEST:
        return None
    found = process.extract(plain, labels, scorer=fuzz.ratio, score_cutoff=_ALIKE - _AHEAD, limit=2)
    if not found or found[0][1] < _ALIKE or (len(found) > 1 and found[0][1] - found[1][1] < _AHEAD and found[0][0] != found[1][0]):
        return None
    label, _, place = found[0]
    same_numbers = re.findall(r"\d+", label) == re.findall(r"\d+", plain)
    return buttons[place] if same_numbers and len(label) >= _SHORTEST else None


def _placed(said: str, buttons: Sequence[Button]) -> Button | None:
    plain = " ".join(said.lower().replace("’", "'").split()).strip(" .!")
    for form in (plain, _AROUND.sub("", plain).strip()):
        place = _place(form, len(buttons))
        if place is not None:
            return buttons[place] if 0 <= place < len(buttons) else None
    return None


def _place(form: str, count: int) -> int | None:
    if form in ("last", "the last"):
        return count - 1
    if form in _PLACES:
        return _PLACES[form]
    marked = _MARKED.fullmatch(form)
    if not marked:
        return None
    return int(marked[1]) - 1 if marked[1].isdigit() else _LETTERS.index(marked[1])


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower().replace("’", "'")).split())
