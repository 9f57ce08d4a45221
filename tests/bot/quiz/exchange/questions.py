"""Any question that GIFT knows, with every character that means something in it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from bot.quiz.exchange.question import FULL, NONE, Answer, Choices, Description, Essay, Number, Pairs, Question, Sum, Verdict, Wording

SPECIAL = "\\~=#{}:%[]<>&*/-_|\"'$@£é→\n ..->::####//%50%[html][plain]$CATEGORY:TTRUE&amp;<b>\\n"
PERCENTS = [Fraction(text) for text in ("50", "33.33333", "16.66667", "5", "-50", "-33.33333", "-100")]

characters = st.one_of(st.sampled_from(SPECIAL), st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")))
texts = st.lists(st.one_of(characters, st.sampled_from(["->", "####", "::", "//", "%50%", "[html]", "\\n", "T", "\n\n"])), max_size=25).map(
    lambda parts: "".join(parts).strip()
)
words = texts.filter(bool)
no_arrow = texts.map(lambda text: text.replace("->", "→"))  # GIFT takes it for the sign of a pair and has no way to escape it
lines = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30).map(lambda text: " ".join(text.split()))
numbers = st.integers(-(10**12), 10**12).map(lambda number: Fraction(number, 10_000))


def _common(**more: Any) -> dict[str, Any]:
    return {
        "name": words,
        "stem": words,
        "feedback": texts,
        "category": st.just("$course$/top/One") | st.just("Two"),
        "label": st.just("") | lines,
        "tags": st.lists(lines.filter(bool), max_size=3).map(tuple),
        **more,
    }


def _answers(
    answer: st.SearchStrategy[str], percents: st.SearchStrategy[Fraction], feedback: st.SearchStrategy[str] = texts
) -> st.SearchStrategy[Answer]:
    return st.builds(Answer, answer, percents, feedback)


right = _answers(words, st.just(FULL))
other = _answers(words, st.sampled_from([NONE, *PERCENTS]))
some = _answers(words, st.sampled_from(PERCENTS[:4]))

choices = st.builds(
    Choices,
    **_common(single=st.just(True), answers=st.tuples(other, right, other) | st.tuples(right, other)),
) | st.builds(Choices, **_common(single=st.just(False), answers=st.tuples(some, other, some, other)))
verdicts = st.builds(Verdict, **_common(true=st.booleans(), if_wrong=texts, if_right=texts))
wordings = st.builds(
    Wording,
    **_common(
        answers=st.lists(_answers(no_arrow.filter(bool), st.sampled_from([FULL, NONE, *PERCENTS]), no_arrow), min_size=1, max_size=4).map(
            tuple
        )
    ),
)
sums = st.builds(
    Sum,
    **_common(
        answers=st.lists(
            st.builds(Number, numbers, numbers.map(abs), st.sampled_from([FULL, NONE, *PERCENTS]), texts), min_size=1, max_size=3
        ).map(tuple),
        otherwise=texts,
    ),
)
pairs = st.builds(Pairs, **_common(pairs=st.lists(st.tuples(no_arrow, words), min_size=2, max_size=4).map(tuple)))
plain = st.builds(Essay, **_common()) | st.builds(Description, **_common(feedback=st.just("")))
any_question: st.SearchStrategy[Question] = st.one_of(choices, verdicts, wordings, sums, pairs, plain)
