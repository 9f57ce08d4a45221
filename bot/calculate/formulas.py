"""The metrics' formulas (fact sheet, section 13): roles in, a calculation out. Percentages to one decimal, NPS to a whole number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final, cast

from bot.calculate.display import DIVIDE, MINUS, TIMES, percent, plain, short_percent, signed
from bot.calculate.numbers import Kind
from bot.calculate.reading import Amount, Reading, Tally
from bot.calculate.result import Calculation, Outcome

_HUNDRED: Final = Fraction(100)


def answer(metric: str, values: Mapping[str, str], variant: str = "") -> Calculation:
    """A finished sum; `variant` picks other words than the usual ones."""
    return Calculation(metric, Outcome.ANSWER, dict(values), f"{metric}.answer" + (f"-{variant}" if variant else ""))


def missing(metric: str, what: str, values: Mapping[str, str]) -> Calculation:
    """A sum that lacks a number."""
    return Calculation(metric, Outcome.MISSING, dict(values), f"{metric}.missing.{what}")


def impossible(metric: str, why: str, values: Mapping[str, str]) -> Calculation:
    """A sum whose numbers cannot be right."""
    return Calculation(metric, Outcome.IMPOSSIBLE, dict(values), f"{metric}.impossible.{why}")


def _fault(metric: str, reading: Reading) -> Calculation | None:
    """Numbers that no metric can have: below nought, over 100 %, off the scale."""
    if reading.off_scale is not None:
        return impossible(metric, "scale", {"score": plain(reading.off_scale)})
    for role, amount in reading.amounts.items():
        if role in ("claim", "invited", "unused"):
            continue
        if amount.value < 0:
            return impossible(metric, "negative", {"number": _shown(amount)})
        if amount.is_percent and amount.value > 100:
            return impossible(metric, "over-100", {"number": _shown(amount)})
    return None


def _shown(amount: Amount) -> str:
    return f"{plain(amount.value)}%" if amount.is_percent else plain(amount.value)


# --- NPS -----------------------------------------------------------------------------------------------------------------------------

_GROUPS: Final = ("promoters", "passives", "detractors")


def nps(reading: Reading) -> Calculation:
    """NPS = % promoters - % detractors, from -100 to +100 (Reichheld 2003; fact sheet nps-formula)."""
    fault = _fault("nps", reading)
    if fault:
        return fault
    given = {group: amount for group in _GROUPS if (amount := reading.amount(group))}
    base = _nps_base(reading, given)
    if base == 0:
        return impossible("nps", "no-base", {})
    shares = {group: _share_of(amount, base) for group, amount in given.items() if amount.kind is not Kind.REST}
    return _nps_fault(reading, given, shares, base) or _nps_answer(given, shares, base)


def _nps_base(reading: Reading, given: Mapping[str, Amount]) -> Fraction | None:
    """How many replied; None when unknown, 100 when every group is a percentage."""
    whole = reading.amount("whole") or reading.amount("invited")
    if whole and not whole.is_percent:
        return whole.value
    counted = [amount for amount in given.values() if amount.kind is not Kind.REST]
    if counted and all(amount.is_percent for amount in counted):
        return _HUNDRED
    counts = [amount.value for amount in counted if amount.kind is Kind.COUNT]
    return sum(counts, Fraction(0)) if len(counts) == len(_GROUPS) else None


def _share_of(amount: Amount, base: Fraction | None) -> Fraction | None:
    if amount.is_percent:
        return amount.value / 100
    return amount.value / base if base else None


def _nps_fault(
    reading: Reading, given: Mapping[str, Amount], shares: Mapping[str, Fraction | None], base: Fraction | None
) -> Calculation | None:
    known = [share for share in shares.values() if share is not None]
    if not base or not known:
        return None
    total = sum(known, Fraction(0))
    percents = all(amount.is_percent for amount in given.values() if amount.kind is not Kind.REST)
    slack = Fraction(11, 1000) if any(amount.is_percent for amount in given.values()) else Fraction(0)
    values = {
        "sum": short_percent(total) if percents else plain(total * base),
        "total": "100%" if percents else plain(base),
    }
    if len(known) == len(_GROUPS) and abs(total - 1) > slack:
        return impossible("nps", "add-up", values)
    return impossible("nps", "too-many", values) if total > 1 + slack else None


def _nps_answer(given: Mapping[str, Amount], shares: Mapping[str, Fraction | None], base: Fraction | None) -> Calculation:
    known = {group: share for group, share in shares.items() if share is not None}
    lacking = [group for group in _GROUPS if group not in known]
    if len(lacking) == 1 and base:
        known[lacking[0]] = max(1 - sum(known.values(), Fraction(0)), Fraction(0))
    if "promoters" in known and "detractors" in known:
        return answer("nps", _nps_values(known, given, base))
    counts = {group: plain(amount.value) for group, amount in given.items() if amount.kind is Kind.COUNT}
    if base is None and "promoters" in given and "detractors" in given:
        may_be_percentages = given["promoters"].value + given["detractors"].value <= _HUNDRED
        return missing("nps", "total" if may_be_percentages else "base", counts | _as_percentages(given))
    what = next((group for group in ("detractors", "promoters") if group not in given), "detractors")
    return missing("nps", what if given else "groups", counts)


def _as_percentages(given: Mapping[str, Amount]) -> dict[str, str]:
    difference = given["promoters"].value - given["detractors"].value
    return {"difference": signed(difference)}


def _nps_values(known: Mapping[str, Fraction], given: Mapping[str, Amount], base: Fraction | None) -> dict[str, str]:
    promoters, detractors = known["promoters"], known["detractors"]
    score = (promoters - detractors) * 100
    values = {
        "result": signed(score),
        "promoters_percent": short_percent(promoters),
        "detractors_percent": short_percent(detractors),
        "working": f"{short_percent(promoters)} {MINUS} {short_percent(detractors)} = {signed(score)}",
    }
    if base and not all(amount.is_percent for amount in given.values()):
        steps = [f"{plain(share * base)} {DIVIDE} {plain(base)} {TIMES} 100 = {short_percent(share)}" for share in (promoters, detractors)]
        values["working"] = "; ".join([*steps, values["working"]])
        values["total"] = plain(base)
    if "passives" in known:
        values["passives_percent"] = short_percent(known["passives"])
    return values


# --- parts of a whole ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ratio:
    """Part and whole in full, and how each was come by, for the working line."""

    part: Fraction
    whole: Fraction
    part_shown: str
    whole_shown: str

    @property
    def share(self) -> Fraction:
        return self.part / self.whole


_Amounts = tuple[Amount | None, Amount | None, Amount | None]


def _amounts(reading: Reading) -> _Amounts:
    return reading.amount("part"), reading.amount("rest"), reading.amount("whole") or reading.amount("invited")


def _by_ratio(part: Amount | None, rest: Amount | None, whole: Amount | None) -> _Amounts:
    """ "9 in every 12" and nothing else: 9 is the part and 12 the whole."""
    only = (part or rest) if whole is None and not (part and rest) else None
    if only is None or only.ratio is None:
        return part, rest, whole
    count, base = (Amount(Fraction(number), Kind.COUNT) for number in only.ratio)
    return (count, rest, base) if part else (part, count, base)


def _in_counts(amount: Amount | None, whole: Amount | None) -> Amount | None:
    """A percentage of a known whole as a count."""
    if amount and amount.is_percent and whole and not whole.is_percent:
        return Amount(amount.value * whole.value / 100, Kind.COUNT)
    return amount


def _resolved(reading: Reading) -> Ratio | str:
    """Part and whole from whichever two of part, rest and whole were given, else what is missing or wrong."""
    part, rest, whole = _by_ratio(*_amounts(reading))
    if whole is None and any(amount and amount.is_percent for amount in (part, rest)):
        if all(amount is None or amount.is_percent or amount.kind is Kind.REST for amount in (part, rest)):
            whole = Amount(_HUNDRED, Kind.COUNT)
        else:
            return "whole"
    part, rest = _in_counts(part, whole), _in_counts(rest, whole)
    part = None if part and part.kind is Kind.REST else part
    rest = None if rest and rest.kind is Kind.REST else rest
    if part and rest and whole is None:
        total = part.value + rest.value
        return Ratio(part.value, total, plain(part.value), f"({plain(part.value)} + {plain(rest.value)})")
    if part and whole:
        return Ratio(part.value, whole.value, plain(part.value), plain(whole.value))
    if rest and whole:
        return Ratio(whole.value - rest.value, whole.value, f"({plain(whole.value)} {MINUS} {plain(rest.value)})", plain(whole.value))
    return "whole" if part or rest else "part"


def _ratio_fault(metric: str, reading: Reading, ratio: Ratio) -> Calculation | None:
    part, rest, whole = _amounts(reading)
    if ratio.whole == 0:
        return impossible(metric, "no-base", {})
    biggest = max(ratio.part, ratio.whole - ratio.part)
    if biggest > ratio.whole:
        return impossible(metric, "part-greater", {"part": plain(biggest), "whole": plain(ratio.whole)})
    counts = [amount for amount in (part, rest, whole) if amount and amount.kind is Kind.COUNT]
    if len(counts) == 3 and rest and ratio.part + rest.value > ratio.whole:
        return impossible(metric, "add-up", {"sum": plain(ratio.part + rest.value), "total": plain(ratio.whole)})
    if len(counts) == 3 and rest and ratio.part + rest.value < ratio.whole and reading.tallies and not _partial(reading):
        return impossible(metric, "add-up", {"sum": plain(ratio.part + rest.value), "total": plain(ratio.whole)})
    return None


def _partial(reading: Reading) -> bool:
    """Whether some scores of a five-point scale were not counted at all."""
    scores = {
        score for tally in reading.tallies for score in range(int(max(tally.low, Fraction(1))), int(min(tally.high, Fraction(5))) + 1)
    }
    return len(scores) < 5


def _ratio_values(ratio: Ratio) -> dict[str, str]:
    start = f"{ratio.part_shown} {DIVIDE} {ratio.whole_shown} {TIMES} 100"
    plainly = f"{plain(ratio.part)} {DIVIDE} {plain(ratio.whole)} {TIMES} 100"
    steps = [start] if start == plainly else [start, plainly]
    return {
        "result": percent(ratio.share),
        "part": plain(ratio.part),
        "whole": plain(ratio.whole),
        "rest": plain(ratio.whole - ratio.part),
        "complement": percent(1 - ratio.share),
        "working": " = ".join([*steps, percent(ratio.share)]),
    }


_Extra = Callable[[Reading, Ratio], "tuple[str, dict[str, str]]"]


def _nothing(reading: Reading, ratio: Ratio) -> tuple[str, dict[str, str]]:
    return "", {}


def _mean_too(reading: Reading, ratio: Ratio) -> tuple[str, dict[str, str]]:
    """CSAT from single scores: the mean as well, to show that it is something else."""
    mean = tally_mean(reading.tallies)
    return ("with-mean", {"mean": mean.shown}) if mean and reading.amount("whole") and mean.whole == ratio.whole else ("", {})


def _per_thousand(reading: Reading, ratio: Ratio) -> tuple[str, dict[str, str]]:
    return "", {"per_thousand": plain(ratio.share * 1000)}


def _against_target(reading: Reading, ratio: Ratio) -> tuple[str, dict[str, str]]:
    """Cases a target percentage needs, rounded up, and how many short or over."""
    target = reading.amount("target")
    if not target or not target.is_percent:
        return "", {}
    needed = Fraction(ceil(ratio.whole * target.value / 100))
    short = needed - ratio.part
    values = {
        "target": f"{plain(target.value)}%",
        "needed": plain(needed),
        "short": plain(max(short, Fraction(0))),
        "over": plain(max(-short, Fraction(0))),
    }
    return ("short" if short > 0 else "met"), values


_EXTRAS: Final[Mapping[str, _Extra]] = {"csat": _mean_too, "complaint-rate": _per_thousand, "sla-attainment": _against_target}


def ratio_metric(metric: str) -> Callable[[Reading], Calculation]:
    """A metric that is part over whole times 100."""

    def work_out(reading: Reading) -> Calculation:
        return _ratio(metric, reading)

    return work_out


def _ratio(metric: str, reading: Reading) -> Calculation:
    fault = _fault(metric, reading)
    if fault:
        return fault
    ratio = _resolved(reading)
    if isinstance(ratio, str):
        given = {
            role: _shown(amount) for role in ("part", "rest", "whole") if (amount := reading.amount(role)) and amount.kind is not Kind.REST
        }
        return missing(metric, ratio, given)
    fault = _ratio_fault(metric, reading, ratio)
    if fault:
        return fault
    variant, extra = _EXTRAS.get(metric, _nothing)(reading, ratio)
    return answer(metric, _ratio_values(ratio) | extra, variant)


def fcr(reading: Reading) -> Calculation:
    """FCR = resolved at first contact / contacts x 100; net FCR leaves out contacts first line could never settle."""
    gross = _ratio("fcr", reading)
    excluded = _in_counts(reading.amount("excluded"), reading.amount("whole"))
    if gross.outcome is not Outcome.ANSWER or not excluded or excluded.kind is not Kind.COUNT or excluded.value <= 0:
        return gross
    ratio = cast("Ratio", _resolved(reading))  # as there is an answer
    left = ratio.whole - excluded.value
    if left <= 0 or ratio.part > left:
        return impossible("fcr", "excluded", {"part": plain(ratio.part), "whole": plain(ratio.whole), "excluded": plain(excluded.value)})
    net = Ratio(ratio.part, left, plain(ratio.part), f"({plain(ratio.whole)} {MINUS} {plain(excluded.value)})")
    extra = {"gross": gross.values["result"], "gross_working": gross.values["working"], "excluded": plain(excluded.value)}
    return answer("fcr", _ratio_values(net) | extra, "net")


# --- CES -----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mean:
    """The mean of counted scores."""

    total: Fraction
    whole: Fraction

    @property
    def shown(self) -> str:
        return plain(self.total / self.whole)


def tally_mean(tallies: tuple[Tally, ...]) -> Mean | None:
    """Sum of score times count over replies; None when a band of several scores hides the score."""
    if not tallies or any(tally.low != tally.high or tally.count.kind is not Kind.COUNT for tally in tallies):
        return None
    whole = sum((tally.count.value for tally in tallies), Fraction(0))
    return Mean(sum((tally.low * tally.count.value for tally in tallies), Fraction(0)), whole) if whole > 0 else None


def ces(reading: Reading) -> Calculation:
    """CES on 1 to 7: the mean score, and the share scoring 5 to 7 (fact sheet ces-formula)."""
    fault = _fault("ces", reading)
    if fault:
        return fault
    mean = tally_mean(reading.tallies)
    ratio = _ratio("ces", reading)
    if mean is None or ratio.outcome is Outcome.IMPOSSIBLE:
        return ratio
    whole = reading.amount("whole")
    if whole and whole.value > mean.whole and _partial(reading):
        return ratio
    if whole and whole.value != mean.whole:
        return impossible("ces", "add-up", {"sum": plain(mean.whole), "total": plain(whole.value)})
    values = {
        "result": mean.shown,
        "working": f"{plain(mean.total)} {DIVIDE} {plain(mean.whole)} = {mean.shown}",
        "total": plain(mean.whole),
    }
    if ratio.outcome is not Outcome.ANSWER:
        return answer("ces", values, "mean")
    return answer("ces", values | {"easy": ratio.values["result"], "easy_working": ratio.values["working"]}, "both")


# --- retention -----------------------------------------------------------------------------------------------------------------------


def retention(reading: Reading) -> Calculation:
    """Retention = (customers at the end - new ones) / customers at the start x 100; churn is the rest of 100 %."""
    fault = _fault("retention-rate", reading)
    if fault:
        return fault
    start = reading.amount("start")
    if start is None:
        return missing("retention-rate", "start", _given(reading))
    if start.value == 0:
        return impossible("retention-rate", "no-base", {})
    kept = _kept(reading, start.value)
    if kept is None:
        what = "new" if reading.amount("end") else "end"
        return missing("retention-rate", what, _given(reading))
    stayed, shown = kept
    if stayed < 0 or stayed > start.value:
        return impossible(
            "retention-rate", "negative-kept" if stayed < 0 else "part-greater", {"part": plain(stayed), "whole": plain(start.value)}
        )
    ratio = Ratio(stayed, start.value, shown, plain(start.value))
    values = _ratio_values(ratio)
    values["churn"] = values.pop("complement")
    return answer("retention-rate", values)


def _given(reading: Reading) -> dict[str, str]:
    return {role: _shown(amount) for role, amount in reading.amounts.items() if role in ("start", "end", "new", "left", "stayed")}


def _kept(reading: Reading, start: Fraction) -> tuple[Fraction, str] | None:
    """How many of the starters stayed, and the sum that shows it."""
    base = Amount(start, Kind.COUNT)
    stayed, left = _in_counts(reading.amount("stayed"), base), _in_counts(reading.amount("left"), base)
    end, new = reading.amount("end"), reading.amount("new")
    if end and new and new.kind is Kind.COUNT:
        return end.value - new.value, f"({plain(end.value)} {MINUS} {plain(new.value)})"
    if stayed and stayed.kind is Kind.COUNT:
        return stayed.value, plain(stayed.value)
    if left and left.kind is Kind.COUNT:
        return start - left.value, f"({plain(start)} {MINUS} {plain(left.value)})"
    return None


FORMULAS: Final[Mapping[str, Callable[[Reading], Calculation]]] = {
    "nps": nps,
    "csat": ratio_metric("csat"),
    "fcr": fcr,
    "ces": ces,
    "response-rate": ratio_metric("response-rate"),
    "retention-rate": retention,
    "sla-attainment": ratio_metric("sla-attainment"),
    "complaint-rate": ratio_metric("complaint-rate"),
    "return-rate": ratio_metric("return-rate"),
    "reopen-rate": ratio_metric("reopen-rate"),
    "repeat-rate": ratio_metric("repeat-rate"),
}
