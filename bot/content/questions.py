"""What a quiz item may hold: one class per kind, told apart by `kind`. Files are knowledge/questions/*.yml."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, Union

from pydantic import Field, conint, constr, validator

from bot.content.schema import Slug, Strict

if TYPE_CHECKING:
    Ask = str
    Text = str
    Explained = str
    Difficulty = int
    Expression = str
else:
    Ask = constr(strip_whitespace=True, min_length=10, max_length=300)
    Text = constr(strip_whitespace=True, min_length=1, max_length=120)
    Explained = constr(strip_whitespace=True, min_length=10, max_length=400)
    Difficulty = conint(ge=1, le=3)
    Expression = constr(regex=r"^[a-z0-9_+\-*/(). ]+$", max_length=120)

HINTS = 2


class _Item(Strict):
    """What every item has. `tests` names rows of coverage.yml; `checked_on` is when law was last held against the Act."""

    id: Slug
    topic: Slug
    tests: tuple[str, ...]
    source: str
    difficulty: Difficulty
    story: Explained | None = None
    ask: Ask
    hints: tuple[Explained, ...]
    explain: Explained
    checked_on: date | None = None

    @validator("hints")
    def _has_graded_hints(cls, hints: tuple[str, ...]) -> tuple[str, ...]:  # noqa: N805
        if len(hints) != HINTS:
            raise ValueError(f"give {HINTS} hints, the second saying more than the first")
        return hints


class Choice(Strict):
    """Something to choose. `why` explains a wrong choice to whoever made it, or says in a few words why a right one is right."""

    text: Text
    right: bool = False
    why: Explained


class Single(_Item):
    """One right choice among several."""

    kind: Literal["single"]
    choices: tuple[Choice, ...]

    @validator("choices")
    def _one_is_right(cls, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:  # noqa: N805
        if not 3 <= len(choices) <= 6 or sum(choice.right for choice in choices) != 1:
            raise ValueError("give 3 to 6 choices, exactly one of them right")
        return _distinct(choices)


class Multiple(_Item):
    """Several right choices; `ask` says how many."""

    kind: Literal["multiple"]
    choices: tuple[Choice, ...]

    @validator("choices")
    def _several_are_right(cls, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:  # noqa: N805
        if not 4 <= len(choices) <= 8 or not 2 <= sum(choice.right for choice in choices) < len(choices):
            raise ValueError("give 4 to 8 choices, at least two right and one wrong")
        return _distinct(choices)


class TrueFalse(_Item):
    """A statement to judge. `why_wrong` explains the wrong verdict to whoever gave it."""

    kind: Literal["true-false"]
    true: bool
    why_wrong: Explained


class Step(Strict):
    """A step at its place; `why` says why it belongs there."""

    text: Text
    why: Explained


class Ordering(_Item):
    """Steps in their right order; they are shown shuffled."""

    kind: Literal["ordering"]
    steps: tuple[Step, ...]

    @validator("steps")
    def _can_be_ordered(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:  # noqa: N805
        if not 3 <= len(steps) <= 8 or len({step.text.lower() for step in steps}) < len(steps):
            raise ValueError("give 3 to 8 different steps")
        return steps


class Pair(Strict):
    """What belongs together; `why` says why."""

    left: Text
    right: Text
    why: Explained


class Matching(_Item):
    """Pairs to be found; the right sides are shown shuffled."""

    kind: Literal["matching"]
    pairs: tuple[Pair, ...]

    @validator("pairs")
    def _can_be_matched(cls, pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:  # noqa: N805
        sides = ({pair.left.lower() for pair in pairs}, {pair.right.lower() for pair in pairs})
        if not 3 <= len(pairs) <= 8 or any(len(side) < len(pairs) for side in sides):
            raise ValueError("give 3 to 8 pairs, with different left and different right sides")
        return pairs


class Range(Strict):
    """Where a number of a sum is drawn from, both ends included."""

    least: int
    most: int
    step: int = 1

    @validator("step")
    def _has_values(cls, step: int, values: dict[str, int]) -> int:  # noqa: N805
        if step < 1 or values.get("most", 0) < values.get("least", 0):
            raise ValueError("`most` is at least `least` and `step` at least 1")
        return step


class Slip(Strict):
    """A usual wrong sum and what went wrong in it."""

    result: Expression
    why: Explained


class Numeric(_Item):
    """A sum with fresh numbers each time. `result` and slips are expressions over `numbers`: + - * / and brackets only."""

    kind: Literal["numeric"]
    numbers: dict[str, Range]
    result: Expression
    unit: str = ""
    decimals: int = 0
    slips: tuple[Slip, ...]


class Idea(Strict):
    """Something that a right answer says, in several people's words, and what to say when it is `missing`."""

    say: tuple[str, ...]
    missing: Explained


class Misbelief(Strict):
    """A usual wrong answer and why it is wrong."""

    text: str
    why: Explained


class Short(_Item):
    """An answer in the learner's own words. `model` is a full answer."""

    kind: Literal["short"]
    ideas: tuple[Idea, ...]
    model: Explained
    wrong: tuple[Misbelief, ...]

    @validator("ideas")
    def _expects_something(cls, ideas: tuple[Idea, ...]) -> tuple[Idea, ...]:  # noqa: N805
        if not 1 <= len(ideas) <= 6 or any(len(idea.say) < 3 for idea in ideas):
            raise ValueError("give 1 to 6 ideas, each in at least three wordings")
        return ideas


Item = Union[Single, Multiple, TrueFalse, Ordering, Matching, Numeric, Short]  # noqa: UP007 (pydantic 1 reads it when the class is made)


class QuestionFile(Strict):
    """One file under knowledge/questions/."""

    questions: tuple[Annotated[Item, Field(discriminator="kind")], ...]


def wordings(item: Item) -> Iterator[str]:
    """Every text of an item that learners read."""
    yield from filter(None, (item.story, item.ask, *item.hints, item.explain))
    if isinstance(item, (Single, Multiple)):
        yield from (text for choice in item.choices for text in (choice.text, choice.why))
    elif isinstance(item, TrueFalse):
        yield item.why_wrong
    elif isinstance(item, Ordering):
        yield from (text for step in item.steps for text in (step.text, step.why))
    elif isinstance(item, Matching):
        yield from (text for pair in item.pairs for text in (pair.left, pair.right, pair.why))
    elif isinstance(item, Numeric):
        yield from (slip.why for slip in item.slips)
    else:
        yield from (item.model, *(idea.missing for idea in item.ideas), *(wrong.why for wrong in item.wrong))


def _distinct(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    if len({choice.text.lower() for choice in choices}) < len(choices):
        raise ValueError("two choices are the same")
    return choices
