"""The figures as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.benchmarks.forgetting.figures import Outcomes, errors, per_minute
from tests.benchmarks.forgetting.practice import OURS

PREDICTED = {
    "fsrs": "FSRS, default parameters",
    "fixed": "Fixed intervals: 90 % at the end of each, falling exponentially",
    "constant": "The mean of these very reviews, for each",
    "law": "The law itself: what chance alone leaves",
}


def as_markdown(laws: Mapping[str, Outcomes], circumstances: str) -> str:
    """A paragraph, then for each law a table of what is learned and one of what is predicted."""
    parts = [part for name, outcomes in laws.items() for part in (_heading(name, outcomes), _learned(outcomes), _predicted(outcomes))]
    return "\n\n".join([circumstances, *parts]) + "\n"


def _heading(name: str, outcomes: Outcomes) -> str:
    return f"**{name}**, {len(outcomes.courses[OURS]):,} learners:"


def _learned(outcomes: Outcomes) -> str:
    rows = []
    for schedule in outcomes.courses:
        means = [
            outcomes.mean(schedule, per_minute).shown(3),
            "" if schedule == OURS else outcomes.gain(schedule, per_minute).shown(3),
            outcomes.mean(schedule, lambda course: course.recalled).shown(1),
            *(
                f"{outcomes.mean(schedule, of).value:,.0f}"
                for of in (lambda one: one.minutes, lambda one: one.seen, lambda one: one.answers)
            ),
        ]
        rows.append([schedule, *means])
    return _table(["", "recalled a minute", "Aftercare's less this", "recalled at the end", "minutes", "items seen", "answers"], rows)


def _predicted(outcomes: Outcomes) -> str:
    by_schedule = {schedule: errors(outcomes.reviews(schedule)) for schedule in outcomes.courses}
    each = outcomes.errors_of_each(OURS)
    rows = [[shown, *(f"{found[name]:.3f}" for found in by_schedule.values()), f"{each[name]:.3f}"] for name, shown in PREDICTED.items()]
    ours = outcomes.reviews(OURS)
    shares = (
        f"Of Aftercare's {len(ours):,} reviews {ours['right'].mean():.1%} were right, where FSRS predicted {ours['fsrs'].mean():.1%}; "
        f"{ours['recalled'].mean():.1%} would have been without guesses and hints."
    )
    return f"{_table(['RMSE(bins), reviews under', *by_schedule, 'Aftercare, learner by learner'], rows)}\n\n{shares}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(["| " + " | ".join(row) + " |" for row in [head, ["---", *["---:"] * (len(head) - 1)], *rows]])
