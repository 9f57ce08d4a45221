"""A message read for one metric: which number plays which role, and how many replies gave each score."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Final

from bot.calculate.alignment import Pairing, Sighting, align
from bot.calculate.described import counts_failures, no_case
from bot.calculate.numbers import OPEN_HIGH, OPEN_LOW, Kind, Number, read_numbers, runs
from bot.calculate.roles import COUNTS_ONLY, WEAK, Cue, Lexicon, Side

PERCENTS: Final = frozenset({Kind.PERCENT, Kind.SHARE})


@dataclass(frozen=True)
class Amount:
    """What a role holds: a count, a percentage in hundredths, or whatever is left over (`Kind.REST`)."""

    value: Fraction
    kind: Kind
    ratio: tuple[int, int] | None = None  # (9, 12) for a share put as "9 in every 12"

    @property
    def is_percent(self) -> bool:
        return self.kind in PERCENTS


@dataclass(frozen=True)
class Tally:
    """How many replies gave a score from `low` to `high`."""

    low: Fraction
    high: Fraction
    count: Amount


@dataclass(frozen=True)
class Reading:
    """The numbers of one message in their roles."""

    amounts: Mapping[str, Amount]
    tallies: tuple[Tally, ...] = ()
    listed: bool = False  # the replies were given one by one
    off_scale: Fraction | None = None  # a score that the scale does not have
    strong: int = 0  # numbers that a strong cue gave a role
    paired: int = 0  # numbers that have a role at all

    def amount(self, role: str) -> Amount | None:
        return self.amounts.get(role)


_WHOLE: Final = "whole"
# A number given and then changed: "fell from 30 to 20", "90, no wait 100", "lost 10, so 40".
_CHANGED: Final = re.compile(
    r"\b((?:fell|falls?|drop(?:s|ped)?|rose|rises?|go(?:es)?|went|grew|grows?|chang(?:es|ed|e)|moved?|increased?|decreased?|improved?|"
    r"reduced?|cut|gone|come|came)(?: (?:up|down))?) from [0-9]+ ?%? (?=(?:up |down )?to [0-9])"
)
_INSTEAD: Final = re.compile(
    r"\b(?:so|now|sorry|wait|i mean|i meant|actually|instead|leaving|leaves|becomes?|became|makes|making|correction|rather|oops|no i)\b"
)
_NEARBY: Final = 40  # characters
# "112 out of 200": the second number is the base, and what is said after it is about the first.
_OUT_OF: Final = re.compile(
    r"\s*(?:(?:customers?|people|ppl|clients?|replies|responses|calls?|contacts?|tickets?|cases?|orders?|"
    r"emails?|surveys?|guests?|users?|members?|of them|"
    r"respondents|buyers?|shoppers?|items?|units?|enquiries|queries|issues?)\s+)?"
    r"(?:out\s+of|of|/|from(?: a total of)?)\s*(?:(?:the|our|my|these|those|all|about|a|total|whole|of)\s+|,\s*)*$"
)
_KEYED: Final = re.compile(r"(?<![0-9.,/-])(?<!- )(?<!\bor )(?<!\bto )(?<!\band )(10|[0-9])\s*[:=]\s*([0-9]{1,9})(?![0-9.:]|\s*%)")
_TIMES: Final = re.compile(r"(?<![0-9.,/a-z])([0-9]{1,9})\s*[x*@]\s*(10|[0-9])(?:'?s)?(?![0-9.])")
_SWEEP: Final = re.compile(
    r"(?<![0-9])(10|[0-9])s?\s*(?:down |up )?(?:to|through|-)\s*(10|"
    r"[0-9])s?(?![0-9])([^0-9]{1,40})((?:[0-9]{1,9}(?![0-9])(?:\s*,\s*|\s+and\s+|\s*,\s*and\s+|\s+|"
    r"\s*/\s*)?){3,11})"
)
# Scores that make one group: "5, 6 or 7", "5/6/7", and after a count of people "28 of them gave 5, 6 and 7".
_SCORES: Final = r"(?:10|[0-9])(?:'?s)?"
_OR_SCORES: Final = re.compile(
    rf"(?<![0-9.,/a-z-])({_SCORES}(?:\s*[,/]\s*|\s+)(?:{_SCORES}(?:\s*[,/]\s*|\s+))*(?:or|/)\s*(?:an?\s+)?{_SCORES})(?![0-9%/]|\.[0-9])"
)
_OUT_OF_TOP: Final = re.compile(r"\b((?:10|[0-9]) (?:to|or) (?:10|[0-9])) out of (?:5|7|10)\b(?!\s*%)")
_SLASHED_SCORES: Final = re.compile(rf"(?<![0-9.,/a-z-])({_SCORES}(?:\s*/\s*{_SCORES}){{2,}})(?![0-9%/]|\.[0-9])")
_THEIR_SCORES: Final = re.compile(
    rf"(?<=[0-9]\s)((?:of (?:them|those|these|which|whom|the \w+)|people|customers?|replies|responses)\s+(?:\w+\s+){{1,3}}?)"
    rf"({_SCORES}(?:\s*,\s*{_SCORES})+\s*,?\s*(?:and|&)\s*{_SCORES}|{_SCORES}\s*,\s*{_SCORES})(?=\s*(?:[.;?!:]|$|what|csat|ces|nps))"
)
_SCORE_WORDS: Final = re.compile(r"\b(?:scores?|ratings?|marks?|answers|replies|responses|results?|gave|got|scored|rated)\b")


def in_one_band(text: str) -> str:
    """ "28 of them scored 5, 6 or 7" as "28 of them scored 5 to 7": scores in a row that one count belongs to."""
    for pattern in (_OR_SCORES, _SLASHED_SCORES):
        text = pattern.sub(lambda found: _from_to(found[1]), text)
    text = _OUT_OF_TOP.sub(r"\1", text)
    return _THEIR_SCORES.sub(lambda found: found[1] + _from_to(found[2]), text)


def _from_to(scores: str) -> str:
    """Scores without a gap between them as their lowest and highest; any others as they stand."""
    values = sorted(int(score) for score in re.findall(r"[0-9]+", scores))
    return f"{values[0]} to {values[-1]}" if values == list(range(values[0], values[-1] + 1)) else scores


def in_canonical_tallies(text: str) -> str:
    """Score tables such as "5: 48, 4: 36", "48 x 5, 36 x 4" or "5 down to 1: 48, 36, 20, 10, 6" as "48 gave 5, 36 gave 4"."""
    for pattern, score, count in ((_KEYED, 1, 2), (_TIMES, 2, 1)):
        found = pattern.findall(text)
        if len(found) >= 2 and len({pair[score - 1] for pair in found}) == len(found):
            return pattern.sub(rf"\g<{count}> gave \g<{score}>", text)
    return _SWEEP.sub(_swept, text)


def _swept(found: re.Match[str]) -> str:
    first, last = int(found[1]), int(found[2])
    scores = range(first, last + 1) if first < last else range(first, last - 1, -1)
    counts = re.findall(r"[0-9]+", found[4])
    if len(counts) != len(scores) or all(int(count) <= max(first, last) for count in counts):
        return found.group()
    return found[3] + ", ".join(f"{count} gave {score}" for count, score in zip(counts, scores, strict=True)) + " "


def read(text: str, lexicon: Lexicon) -> Reading:
    """The roles that plain `text` fills for this metric."""
    text = _CHANGED.sub(r"\1 ", text)
    canonical = in_canonical_tallies(in_one_band(text)) if lexicon.scale else text
    numbers = read_numbers(canonical)
    listed = _score_list(canonical, numbers, lexicon)
    if listed:
        return listed
    bands = tuple(number for number in numbers if number.kind is Kind.BAND) if lexicon.scale else ()
    counted = tuple(number for number in numbers if number.kind in (Kind.COUNT, Kind.PERCENT, Kind.SHARE, Kind.REST))
    parts, wholes = _out_of(canonical, counted)
    shut = [number for number in counted if number.ratio]
    sightings = _sightings(canonical, lexicon, (*bands, *shut), [part for part in parts if part not in counted])
    parts = tuple(part for part in parts if not any(cue.start <= part.start and part.end <= cue.end for cue in sightings))
    pairings, left = _respectively(canonical, parts, sightings)
    pairings += align(canonical, [number for number in parts if number not in left], [s for s in sightings if s not in _used(pairings)])
    unpaired = _unpaired(parts, pairings)
    pairings = _in_force(canonical, pairings)
    inner = _inner_base(canonical, lexicon, [part for part in parts if part not in counted], pairings)
    if inner:
        others = [pairing for pairing in pairings if pairing.number is not inner]
        return _settled(canonical, lexicon, others, (inner,), [number for number in unpaired if number is not inner])
    return _settled(canonical, lexicon, _in_order_of_time(lexicon, pairings), wholes, unpaired)


def _in_force(text: str, pairings: Sequence[Pairing]) -> tuple[Pairing, ...]:
    """Pairings without the counts that a later one replaces: "50 promoters, but we lose 10 so 40 promoters" keeps the 40."""
    replaced: set[Number] = set()
    for role in {pairing.sighting.role for pairing in pairings if pairing.sighting.band is None}:
        mine = [pairing for pairing in pairings if pairing.sighting.role == role and pairing.sighting.band is None]
        first, last = mine[0], mine[-1]
        strong = last.sighting.cue.cost <= first.sighting.cue.cost or last.sighting.cue.cost < WEAK
        between = text[first.number.end : last.number.start]
        if len(mine) > 1 and strong and first.number.kind is last.number.kind and _INSTEAD.search(between):
            replaced.update(pairing.number for pairing in mine[:-1])
    return tuple(pairing for pairing in pairings if pairing.number not in replaced)


def _unpaired(parts: Sequence[Number], pairings: Iterable[Pairing]) -> tuple[Number, ...]:
    used = {pairing.number for pairing in pairings}
    return tuple(number for number in parts if number not in used and number.kind is not Kind.REST)


def _used(pairings: Iterable[Pairing]) -> set[Sighting]:
    return {pairing.sighting for pairing in pairings}


def _inner_base(text: str, lexicon: Lexicon, reaching: Sequence[Number], pairings: Sequence[Pairing]) -> Number | None:
    """ "90 of the 600 we asked answered, 72 were happy": the 90 who answered are the base, not the 600."""
    if not lexicon.scale or not pairings:
        return None
    answered = [cue.pattern for cue in lexicon.cues if cue.role == _WHOLE and 0 < cue.cost < WEAK]
    playing = {pairing.number for pairing in pairings if pairing.sighting.role not in ("invited", "unused")}
    parts = [pairing.number.value for pairing in pairings if pairing.number.kind is Kind.COUNT and pairing.number in playing]
    return next(
        (
            number
            for number in reaching
            if number.kind is Kind.COUNT
            and number not in playing
            and any(pattern.search(text, number.end, number.end + _NEARBY) for pattern in answered)
            and parts
            and max(parts) <= number.value
        ),
        None,
    )


def _in_order_of_time(lexicon: Lexicon, pairings: Sequence[Pairing]) -> Sequence[Pairing]:
    """Two bare customer counts, "600 members in January, 660 members in December": the first is the start, the last the end."""
    bare = [pairing for pairing in pairings if pairing.sighting.role == "start" and pairing.sighting.cue.cost >= WEAK]
    roles = [pairing.sighting.role for pairing in pairings]
    if lexicon.metric != "retention-rate" or len(bare) != 2 or roles.count("start") != 2 or "end" in roles:
        return pairings
    last = bare[1]
    ended = replace(last, sighting=replace(last.sighting, cue=replace(last.sighting.cue, role="end")))
    return [ended if pairing is last else pairing for pairing in pairings]


def _score_list(text: str, numbers: Sequence[Number], lexicon: Lexicon) -> Reading | None:
    """Replies given one by one: a run of four or more scores (three when the words say scores)."""
    if not lexicon.scale:
        return None
    low, high = lexicon.scale
    least = 3 if _SCORE_WORDS.search(text) else 4
    plain = [number for number in numbers if number.kind in (Kind.COUNT, Kind.BAND)]
    groups = [group for group in runs(text, plain) if len(group) >= least]
    for group in groups:
        if any(number.kind is Kind.BAND for number in group[1:]) or (group[0].kind is Kind.BAND and group[0].value != group[0].high):
            continue
        values = [number.value for number in group]
        outside = [value for value in values if not low <= value <= high or value.denominator != 1]
        if len(outside) * 3 > len(values) or any(abs(value) > 3 * high for value in outside):
            continue
        one = Amount(Fraction(1), Kind.COUNT)
        return _tallied(lexicon, {}, [Tally(value, value, one) for value in values], listed=True, strong=len(values))
    return None


def _out_of(text: str, numbers: Sequence[Number]) -> tuple[tuple[Number, ...], tuple[Number, ...]]:
    """Numbers with the bases of "X out of Y" taken out; each X then reaches to the end of its Y."""
    parts: list[Number] = []
    wholes: list[Number] = []
    for number in numbers:
        before = parts[-1] if parts else None
        if (
            before is not None
            and number.kind is Kind.COUNT
            and before.kind is not Kind.REST
            and _OUT_OF.match(text[before.end : number.start])
        ):
            parts[-1] = replace(before, end=number.end)
            wholes.append(number)
        else:
            parts.append(number)
    return tuple(parts), tuple(wholes)


def _sightings(text: str, lexicon: Lexicon, shut: Sequence[Number], pairs: Sequence[Number]) -> tuple[Sighting, ...]:
    """Cues in reading order; where two overlap the longer stands, and nothing stands inside a score band, "3/8" or "X out of Y"."""
    names = [(match.start(), match.end()) for match in lexicon.names.finditer(text)]
    closed = [(number.start, number.end) for number in (*shut, *pairs)]
    found = [
        Sighting(cue, match.start(), match.end())
        for cue in lexicon.cues
        if not (pairs and cue.role == _base_role(lexicon))
        for match in cue.pattern.finditer(text)
        if not any(match.start() < end and start < match.end() for start, end in closed)
        and (cue.role == "claim" or not any(start <= match.start() and match.end() <= end for start, end in names))
    ]
    found.extend(
        Sighting(
            Cue(_band_role(band, lexicon), re.compile(""), kinds=frozenset({Kind.COUNT, Kind.PERCENT, Kind.SHARE, Kind.REST})),
            band.start,
            band.end,
            band,
        )
        for band in shut
        if band.kind is Kind.BAND
    )
    found.sort(key=lambda sighting: (sighting.band is None, sighting.start - sighting.end, sighting.cue.cost))
    kept: list[Sighting] = []
    for sighting in found:
        if not any(sighting.start < other.end and other.start < sighting.end for other in kept):
            kept.append(sighting)
    return tuple(sorted(kept, key=lambda sighting: sighting.start))


def _band_role(band: Number, lexicon: Lexicon) -> str:
    return next((role for role, low, high in lexicon.bands if _clamped(band, lexicon, low, high)), "straddling")


def _clamped(band: Number, lexicon: Lexicon, low: int, high: int) -> bool:
    if lexicon.scale is None:
        return False
    bottom = Fraction(lexicon.scale[0]) if band.value == OPEN_LOW else band.value
    top = Fraction(lexicon.scale[1]) if band.high == OPEN_HIGH else band.high
    return low <= bottom and top <= high


_RESPECTIVE_GAP: Final = re.compile(
    r"^[\s:=\-,(]*(?:were|was|are|is|numbers?|numbered|there|counts?|being|stand|at|came|to|of|we|got|had|" r"have|[\s:=\-,(])*$"
)
_NAME_GAP: Final = re.compile(r"^[\s,/&+]*(?:and|or)?[\s,/&+]*$")


def _respectively(text: str, numbers: Sequence[Number], sightings: Sequence[Sighting]) -> tuple[tuple[Pairing, ...], frozenset[Number]]:
    """ "promoters, passives and detractors were 112, 50 and 38": as many names as numbers, in the same order."""
    strong = [
        sighting for sighting in sightings if sighting.cue.cost < WEAK and sighting.role != "claim" and sighting.cue.side is Side.EITHER
    ]
    pairings: list[Pairing] = []
    for group in runs(text, numbers):
        names = [sighting for sighting in strong if sighting.end <= group[0].start][-len(group) :]
        if len(group) < 2 or len(names) != len(group) or not _RESPECTIVE_GAP.match(text[names[-1].end : group[0].start]):
            continue
        if all(_NAME_GAP.match(text[one.end : other.start]) for one, other in pairwise(names)):
            pairings.extend(Pairing(number, name) for number, name in zip(group, names, strict=True))
    return tuple(pairings), frozenset(pairing.number for pairing in pairings)


def _settled(text: str, lexicon: Lexicon, pairings: Sequence[Pairing], wholes: Sequence[Number], unpaired: Sequence[Number]) -> Reading:
    """Each role's numbers brought down to one amount."""
    ordered = sorted(pairings, key=lambda pairing: pairing.sighting.role)
    tallies = [
        Tally(pairing.sighting.band.value, pairing.sighting.band.high, _amount(pairing.number))
        for pairing in pairings
        if pairing.sighting.band is not None
    ]
    amounts = {
        role: _one([pairing for pairing in group if pairing.sighting.band is None])
        for role, group in groupby(
            (pairing for pairing in ordered if pairing.sighting.band is None), key=lambda pairing: pairing.sighting.role
        )
    }
    if wholes:
        base = {number.value for number in wholes}
        amounts[_base_role(lexicon)] = Amount(sum(base, Fraction(0)) if len(base) > 1 else base.pop(), Kind.COUNT)
    strong = sum(
        1 for pairing in pairings if pairing.sighting.cue.cost < WEAK and pairing.sighting.role not in ("claim", "invited", "unused")
    )
    strong += len(wholes) + any(number.ratio is not None for number in unpaired)
    filled = _with_leftover(amounts, tallies, wholes, _lone(text, lexicon, unpaired))
    reading = _tallied(lexicon, filled, tallies, listed=False, strong=strong)
    paired = sum(1 for pairing in pairings if pairing.sighting.role not in ("claim", "unused")) + len(wholes) + (filled != amounts)
    return replace(reading, paired=paired)


def _base_role(lexicon: Lexicon) -> str:
    return "start" if lexicon.metric == "retention-rate" else _WHOLE


def _amount(number: Number) -> Amount:
    return Amount(number.value, number.kind, number.ratio)


def _one(pairings: Sequence[Pairing]) -> Amount:
    """One amount for a role named more than once: strong cues only, differing counts added up."""
    strongest = min(pairing.sighting.cue.cost for pairing in pairings)
    chosen = [pairing for pairing in pairings if pairing.sighting.cue.cost <= max(strongest, 1.0)]
    numbers = [pairing.number for pairing in chosen]
    first = numbers[0]
    if any(number.kind is not first.kind for number in numbers) or first.kind is Kind.REST:
        return _amount(first)
    if len(chosen) == 1:
        return _amount(first)
    if chosen[0].sighting.role in (_WHOLE, "start", "end", "invited", "target"):
        return Amount(max(number.value for number in numbers), first.kind)
    return Amount(sum({number.value: number.value for number in numbers}.values(), Fraction(0)), first.kind)


def _lone(text: str, lexicon: Lexicon, unpaired: Sequence[Number]) -> tuple[Number, str] | None:
    """The only number without a cue, and the role it has if it is a part: `rest` when it counts failures."""
    roles = {cue.role for cue in lexicon.cues}
    if "part" not in roles or len(unpaired) != 1 or no_case(text, unpaired[0]):
        return None
    failures = "rest" in roles and counts_failures(text, unpaired[0], lexicon.metric)
    return unpaired[0], "rest" if failures else "part"


def _with_leftover(
    amounts: Mapping[str, Amount], tallies: Sequence[Tally], wholes: Sequence[Number], lone: tuple[Number, str] | None
) -> dict[str, Amount]:
    """A lone number without a cue: the part of a part-and-whole metric, or its base when only the part was named."""
    filled = dict(amounts)
    if lone is None:
        return filled
    number, role = lone
    parts = [filled[name].value for name in ("part", "rest") if name in filled]
    known = bool(parts or tallies)
    amount = _amount(number)
    if (not known and _WHOLE not in filled and number.ratio) or (wholes and not known and number.kind is Kind.COUNT):
        filled[role] = amount
    elif known and _WHOLE not in filled and number.kind is Kind.COUNT and all(number.value > part for part in parts):
        filled[_WHOLE] = amount
    elif _WHOLE in filled and not known and number.kind in COUNTS_ONLY and 0 <= number.value <= filled[_WHOLE].value:
        filled[role] = amount
    return filled


def _tallied(lexicon: Lexicon, amounts: Mapping[str, Amount], tallies: Sequence[Tally], *, listed: bool, strong: int) -> Reading:
    """Score counts added to the roles their scores belong to."""
    filled = dict(amounts)
    off_scale: Fraction | None = None
    for tally in tallies:
        off_scale = off_scale if off_scale is not None else _off_scale(tally, lexicon)
        role = _band_role(Number(tally.low, Kind.BAND, 0, 0, tally.high), lexicon)
        already = filled.get(role)
        joined = tally.count if already is None or role in amounts else Amount(already.value + tally.count.value, tally.count.kind)
        filled[role] = joined if already is None or already.kind is tally.count.kind else already
    if listed or (lexicon.scale and _covers_scale(tallies, lexicon)):
        filled.setdefault(_WHOLE, Amount(sum((tally.count.value for tally in tallies), Fraction(0)), Kind.COUNT))
        for role in {role for role, _, _ in lexicon.bands} if listed else set():
            filled.setdefault(role, Amount(Fraction(0), Kind.COUNT))
    return Reading(filled, tuple(tallies), listed, off_scale, strong, strong)


def _covers_scale(tallies: Sequence[Tally], lexicon: Lexicon) -> bool:
    """Whether single scores were counted, at least three of them: the table is then taken as complete."""
    singles = [tally for tally in tallies if tally.low == tally.high and tally.count.kind is Kind.COUNT]
    return len(singles) >= 3 and len(singles) == len(tallies) and len({lexicon.metric} & {"nps"}) == 0


def _off_scale(tally: Tally, lexicon: Lexicon) -> Fraction | None:
    if lexicon.scale is None:
        return None
    low, high = lexicon.scale
    edges = (edge for edge in (tally.low, tally.high) if edge not in (OPEN_LOW, OPEN_HIGH))
    return next((edge for edge in edges if not low <= edge <= high), None)
