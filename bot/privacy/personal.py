"""Finds what looks like a real person's data in what was typed, and hides it.

Patterns, not understanding: docs/privacy.md says what they catch and what they miss, with figures. A name is never hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PROVIDERS = r"(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|live|btinternet|sky)"
_SPELT_EMAIL = re.compile(
    rf"(?<!\w)[\w.+-]{{1,64}}\s?(?:@|\(at\)|\[at\]|\bat\b)\s?{_PROVIDERS}"
    r"\s?(?:\.|\(dot\)|\[dot\]|\bdot\b)\s?(?:com|net|co\s?(?:\.|\(?dot\)?)\s?uk)(?!\w)"
    rf"|(?<!\w)[\w.+-]{{1,64}}@{_PROVIDERS}(?!\w)",
    re.I,
)
_INVENTED_HOST = re.compile(r"(?:\bexample\.(?:com|net|org)|\.(?:example|test|invalid))$", re.I)
_GAP = r"[ \t().–-]{0,2}"
# Never a date such as 01-12-2026 with what follows it, and never a lone 0 with other numbers after it.
_NOT_A_DATE = r"(?!\d{1,2}[ .-]\d{1,2}[ .-]\d{4}(?!\d))"
_PHONE = re.compile(
    rf"(?<![\w.£€$%])(?:(?:\+44|0044){_GAP}(?:\(?0\)?[ .-]?)?|\(?{_NOT_A_DATE}0)[127](?:{_GAP}\d){{8,9}}(?!\w)(?!\.\d)",
)
_FOREIGN_PHONE = re.compile(rf"(?<![\w.£€$%)=])(?<!\d )\+(?!44)[1-9]\d{{0,2}}{_GAP}\d(?:{_GAP}\d){{7,11}}(?!\w)(?!\.\d)")
_GROUPS = re.compile(r"\d+")
# Numbers that no telephone has: kept free for stories by Ofcom.
_INVENTED_PHONE = re.compile(
    r"^0?(?:7700900|1632960|2079460|1134960|1144960|1154960|1164960|1174960|1184960|1214960|1314960|1414960|1514960|1614960|2896496|2920180|1914980)"
)
# In one piece, or in fours, or as American Express prints it: thirteen answers in a row are no card.
_CARD = re.compile(r"(?<![\w.,£€$])(?:\d{13,19}|\d{8}[ -]\d{8}|\d{4}([ .-])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{5})(?![\w%])(?!\.\d)")
_AREAS = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|FK|FY|GL|GU|GY|HA|HD|HG|HP|HR|"
    "HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|"
    "SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE|B|E|G|L|M|N|S|W"
)
_POSTCODE = re.compile(
    rf"(?<![\w£])(?:{_AREAS})\d[\dA-HJKMNP-Y]?(?:\s{{0,2}}|-)(?!\d(?-i:st|nd|rd|th)\b)(?!\d(?:gb|tb|hz)\b)\d[ABD-HJLNP-UW-Z]{{2}}(?!\w)",
    re.I,
)
_INSURANCE = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[\s.-]?\d){6}[\s.-]?[A-D](?!\w)", re.I)
_PLAIN = re.compile(r"[\W_]+")
_HIDDEN = re.compile(r"\[(email|phone|card|postcode|insurance)\]")
_NUMBERS = re.compile(r"[\d\s.,:;/()+\-–—−*x×÷=%£€$¢^²³<>≈~]+(?:p|percent|per cent|pounds|pence|minutes|mins|hours|hrs|days)?[\s.]*", re.I)
KINDS = ("email", "phone", "card", "postcode", "insurance")
_OF_NUMBERS = frozenset({"phone", "card"})


@dataclass(frozen=True)
class Personal:
    """`text[start:end]` looks like data of the kind; `hidden` that it had been replaced before."""

    kind: str
    start: int
    end: int


def personal(text: str, invented: str = "", numbers: bool = False) -> tuple[Personal, ...]:
    """In order, without overlaps. What stands in `invented` (a scenario's own data, as `plain` gives it) is passed over.

    With `numbers`, while an answer is awaited, a text of numbers alone is an answer and no telephone or card.
    """
    found = sorted(_found(text), key=lambda one: (one.start, -one.end))
    is_answer = numbers and bool(_NUMBERS.fullmatch(text))
    kept: list[Personal] = []
    for one in found:
        piece = text[one.start : one.end]
        is_invented = bool(invented) and not _HIDDEN.fullmatch(piece) and plain(piece) in invented
        if (not kept or one.start >= kept[-1].end) and not is_invented and not (is_answer and one.kind in _OF_NUMBERS):
            kept.append(one)
    return tuple(kept)


def hidden(text: str, invented: str = "", numbers: bool = False) -> str:
    """The text with each piece replaced by its kind in brackets, which `personal` still finds."""
    for one in reversed(personal(text, invented, numbers)):
        text = f"{text[: one.start]}[{one.kind}]{text[one.end :]}"
    return text


def plain(text: str) -> str:
    """Letters and digits alone, in lower case: how pieces are compared."""
    return _PLAIN.sub("", text).lower()


def _found(text: str) -> Iterator[Personal]:
    for match in _HIDDEN.finditer(text):
        yield Personal(match[1], *match.span())
    for match in _EMAIL.finditer(text):
        if not _INVENTED_HOST.search(match[0]):
            yield Personal("email", *match.span())
    for match in _SPELT_EMAIL.finditer(text):
        yield Personal("email", *match.span())
    for match in _CARD.finditer(text):
        if _is_card(re.sub(r"\D", "", match[0])):
            yield Personal("card", *match.span())
    for match in _PHONE.finditer(text):
        number = re.sub(r"^(?:\+44|0044)(?:0)?", "0", re.sub(r"[^\d+]", "", match[0]))
        if not _INVENTED_PHONE.match(number) and _is_grouped(match[0]):
            yield Personal("phone", *match.span())
    for match in _FOREIGN_PHONE.finditer(text):
        yield Personal("phone", *match.span())
    for kind, pattern in (("postcode", _POSTCODE), ("insurance", _INSURANCE)):
        for match in pattern.finditer(text):
            yield Personal(kind, *match.span())


def _is_grouped(number: str) -> bool:
    """Whether it is written as telephone numbers are: a list of figures has shorter and more even groups."""
    groups = _GROUPS.findall(number)
    return len(groups) <= 6 and max(map(len, groups)) >= 3


def _is_card(digits: str) -> bool:
    """Whether the check digit is right."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0 and len(set(digits)) > 1
