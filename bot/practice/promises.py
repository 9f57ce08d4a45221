"""When the learner says that something will happen, in words that fit after a verb: "tomorrow morning", "by Friday"."""

from __future__ import annotations

import re

from bot.answer.wording import clean

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_HOUR = rf"(?:{_HOURS}|\d{{1,2}})"
_MINUTES = r"(?:a )?(?:quarter|five|ten|twenty[- ]five|twenty|\d{1,2})(?: minutes)?"
_CLOCK = (
    rf"(?:half (?:past )?{_HOUR}\b|{_MINUTES} (?:past|to) {_HOUR}\b|noon|midday|lunchtime|midnight|"
    rf"the end of (?:the |play )?(?:today|day|week)|\d{{1,2}}(?:[:.]\d\d)?\s?(?:am|pm|o'?clock)?|(?:{_HOURS})(?: o'?clock)?)"
)
_PART = r"(?: morning| afternoon| evening| night| lunchtime)"
_COUNT = r"(?:an?|\d+|one|two|three|four|five|six|seven|eight|nine|ten|a couple of|a few)"
_SPAN = rf"{_COUNT}(?: to \w+| or \w+)? (?:working )?(?:minute|hour|day|week)s?"
_TIME = re.compile(
    rf"(?:(?:by|before|on|until|for|next|this)\s+)*{_DAY}{_PART}?|"
    rf"(?:by\s+|before\s+)?(?:today|tonight|tomorrow){_PART}?|"
    rf"this (?:morning|afternoon|evening|week)|(?:at|by|before) {_CLOCK}|"
    rf"(?:within|in|inside) (?:the next )?{_SPAN}|straight away|first thing",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\b(?:ring|call|phone|email|e-mail|text|write|message|update|let you know|speak to you|come back to you|get back to you|be in touch|"
    r"contact|visit|meet)\b",
    re.IGNORECASE,
)
_UNIT = r"(?:minute|hour|day|week|month|year|term)s?"
_HALF = re.compile(
    rf"\bhalf[- ](?:past\b|{_HOUR}\b(?! (?:pounds?|per ?cent|of)\b)|(?:an?[- ])?{_UNIT}\b)|\b(?:{_HOUR}|{_UNIT}) and a half\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def promised(text: str) -> str:
    """The time at which contact is promised, else the first time named; empty when there is none."""
    sentences = _SENTENCE.split(clean(text))
    promising = [found for found in map(_first_time, filter(_CONTACT.search, sentences)) if found]
    return promising[0] if promising else next(filter(None, map(_first_time, sentences)), "")


def without_times(text: str) -> str:
    """The text without halves of hours and days: "half past five", "half an hour"."""
    return _HALF.sub(" ", text)


def _first_time(text: str) -> str:
    """The first time in the text, with its neighbour when it has two parts."""
    found = list(_TIME.finditer(text))
    if not found:
        return ""
    first = found[0].group().strip()
    if len(found) > 1 and found[1].start() - found[0].end() <= 2:
        first = f"{first} {found[1].group().strip()}"
    first = re.sub(rf"^for (?={_DAY})", "on ", first, flags=re.IGNORECASE)
    return f"on {first}" if re.match(_DAY, first, re.IGNORECASE) else first
