"""Items of the bank as questions that Moodle and other banks know. What has no place there is told in notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from random import Random
from typing import Any, Final

from bot.content.questions import Item, Matching, Multiple, Numeric, Ordering, Short, Single, TrueFalse
from bot.content.schema import Topic
from bot.quiz.exchange.exported import NoteBook
from bot.quiz.exchange.question import FULL, NONE, Answer, Choices, Number, Pairs, Question, Sum, Verdict, Wording, shared
from bot.quiz.sums import drawn, evaluate, filled, rounded

TOP: Final = "$course$/top/Aftercare"
INSTANCES: Final = 3  # of each numeric item
_MOST_DRAWS: Final = 50

ORDERED_AS_PAIRS = "ordering: asked as matching of places with steps; the reason of each step is in the general feedback"
REASONS_TOGETHER = "matching: the reason of each pair is in the general feedback, as pairs have no feedback of their own"
FIXED_NUMBERS = f"numeric: {INSTANCES} questions with fixed numbers instead of fresh numbers each time"
SAME_SLIP = "numeric: a slip is left out where another one comes to the same number"
WORDS_ONLY = "short: words are compared, not meaning; accepted wordings and wrong answers have asterisks for any words around them"
SHARED_IDEAS = "short: each wording earns the share of its idea, as one answer cannot collect several; the model answer earns all"


def converted(items: Iterable[Item], topics: Mapping[str, Topic], notes: NoteBook) -> Iterator[Question]:
    """Questions topic by topic, in the order in which topics first appear among `items`."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.topic, []).append(item)
    for topic, group in groups.items():
        title = topics[topic].title if topic in topics else topic
        for item in group:
            yield from _questions(item, _common(item, f"{TOP}/{title.replace('/', '//')}"), notes)


def _common(item: Item, category: str) -> dict[str, Any]:
    """The fields of every question; `tags` carry what only our bank knows, so that it can be read back."""
    checked = (f"checked-on:{item.checked_on.isoformat()}",) if item.checked_on else ()
    return {
        "name": item.id,
        "stem": _stem(item.story, item.ask),
        "feedback": item.explain,
        "category": category,
        "label": item.id,
        "tags": (
            f"topic:{item.topic}",
            f"source:{item.source}",
            f"difficulty:{item.difficulty}",
            *(f"tests:{row}" for row in item.tests),
            *checked,
        ),
        "hints": item.hints,
    }


def _stem(story: str | None, ask: str) -> str:
    return f"{story}\n\n{ask}" if story else ask


def _questions(item: Item, common: dict[str, Any], notes: NoteBook) -> Iterator[Question]:
    if isinstance(item, Single):
        yield Choices(**common, single=True, answers=tuple(Answer(c.text, FULL if c.right else NONE, c.why) for c in item.choices))
    elif isinstance(item, Multiple):
        yield _multiple(item, common)
    elif isinstance(item, TrueFalse):
        yield Verdict(**common, true=item.true, if_wrong=item.why_wrong)
    elif isinstance(item, Ordering):
        notes.add(ORDERED_AS_PAIRS, item.id)
        reasons = (f"{place}. {step.text}: {step.why}" for place, step in enumerate(item.steps, 1))
        pairs = tuple((str(place), step.text) for place, step in enumerate(item.steps, 1))
        yield Pairs(**_with_reasons(common, reasons), pairs=pairs)
    elif isinstance(item, Matching):
        notes.add(REASONS_TOGETHER, item.id)
        reasons = (f"{pair.left}: {pair.why}" for pair in item.pairs)
        yield Pairs(**_with_reasons(common, reasons), pairs=tuple((pair.left, pair.right) for pair in item.pairs))
    elif isinstance(item, Numeric):
        notes.add(FIXED_NUMBERS, item.id)
        yield from _sums(item, common, notes)
    else:
        yield _wording(item, common, notes)


def _with_reasons(common: dict[str, Any], reasons: Iterable[str]) -> dict[str, Any]:
    return {**common, "feedback": "\n".join((common["feedback"], *reasons))}


def _multiple(item: Multiple, common: dict[str, Any]) -> Choices:
    """All right choices together earn the mark, all wrong ones together take it away: ticking everything earns nothing."""
    rights = sum(choice.right for choice in item.choices)
    gain, loss = shared(FULL, rights), -shared(FULL, len(item.choices) - rights)
    answers = tuple(Answer(choice.text, gain if choice.right else loss, choice.why) for choice in item.choices)
    return Choices(**common, single=False, answers=answers)


def _sums(item: Numeric, common: dict[str, Any], notes: NoteBook) -> Iterator[Sum]:
    """Questions with different numbers, the same ones in every export."""
    seen: list[dict[str, int]] = []
    for seed in range(_MOST_DRAWS):
        values = drawn(item.numbers, Random(f"{item.id}:{seed}"))  # noqa: S311 - dice, no secret
        if values in seen:
            continue
        seen.append(values)
        name = f"{item.id}-{len(seen)}"
        stem = filled(common["stem"], values)
        yield Sum(**{**common, "name": name, "label": name, "stem": stem}, answers=_numbers(item, values, notes), unit=item.unit)
        if len(seen) == INSTANCES:
            return


def _numbers(item: Numeric, values: dict[str, int], notes: NoteBook) -> tuple[Number, ...]:
    """The right result, then each slip that is told apart from it and from earlier slips."""
    half = Fraction(1, 2 * 10**item.decimals)
    numbers: list[Number] = []
    for expression, percent, why in ((item.result, FULL, ""), *((slip.result, NONE, slip.why) for slip in item.slips)):
        exact = evaluate(expression, values)
        centre = rounded(exact, item.decimals)
        if all(abs(centre - number.centre) > number.tolerance for number in numbers):
            numbers.append(Number(centre, Fraction(0) if exact == centre else half, percent, why))
        else:
            notes.add(SAME_SLIP, item.id)
    return tuple(numbers)


def _wording(item: Short, common: dict[str, Any], notes: NoteBook) -> Wording:
    notes.add(WORDS_ONLY, item.id)
    if len(item.ideas) > 1:
        notes.add(SHARED_IDEAS, item.id)
    share = shared(FULL, len(item.ideas))
    answers = [Answer(_literal(item.model), FULL)]
    answers += [Answer(f"*{_literal(wrong.text)}*", NONE, wrong.why) for wrong in item.wrong]
    for idea in item.ideas:
        missing = " ".join(other.missing for other in item.ideas if other is not idea)
        answers += [Answer(f"*{_literal(wording)}*", share, missing) for wording in idea.say]
    return Wording(**common, answers=_first_of_each(answers))


def _first_of_each(answers: list[Answer]) -> tuple[Answer, ...]:
    """Without answers that an earlier one is already: a bank takes the first that fits."""
    texts: dict[str, Answer] = {}
    for answer in answers:
        texts.setdefault(answer.text.lower(), answer)
    return tuple(texts.values())


def _literal(text: str) -> str:
    """With asterisks that mean asterisks."""
    return text.replace("*", "\\*")
