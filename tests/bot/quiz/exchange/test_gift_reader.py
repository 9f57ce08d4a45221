"""GIFT as tutors and Moodle write it, and what is said of GIFT that is wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bot.quiz.exchange.gift_reader import MOST_BYTES, read_gift
from bot.quiz.exchange.plain_text import plain_text
from bot.quiz.exchange.question import Answer, Choices, Description, Essay, Number, Pairs, Question, Sum, Verdict, Wording

FULL, NONE, HALF = Fraction(100), Fraction(0), Fraction(50)


def read(text: str) -> Question:
    reading = read_gift(text.encode())
    assert reading.problems == ()
    (found,) = reading.questions
    return found.question


def problem(text: str) -> str:
    (found,) = read_gift(text.encode()).problems
    return found


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (
            "::Q1:: Who pays? {=the trader#Yes. ~the maker#No. ~the courier ####It is s. 29.}",
            Choices(
                name="Q1",
                stem="Who pays?",
                feedback="It is s. 29.",
                single=True,
                answers=(Answer("the trader", FULL, "Yes."), Answer("the maker", NONE, "No."), Answer("the courier", NONE)),
            ),
        ),
        (
            "Which two? {~%50%one ~%50%two ~%-100%three}",
            Choices(
                name="",
                stem="Which two?",
                single=False,
                answers=(Answer("one", HALF), Answer("two", HALF), Answer("three", Fraction(-100))),
            ),
        ),
        (
            "It is so.{TRUE#You are wrong.#Well done.}",
            Verdict(name="", stem="It is so.", true=True, if_wrong="You are wrong.", if_right="Well done."),
        ),
        ("It is so.{F}", Verdict(name="", stem="It is so.", true=False)),
        (
            "Two plus two equals {=four =4} in all.",
            Wording(name="", stem="Two plus two equals _____ in all.", answers=(Answer("four", FULL), Answer("4", FULL))),
        ),
        ("Who?{Reichheld}", Wording(name="", stem="Who?", answers=(Answer("Reichheld", FULL),))),
        ("When?{#1822:5}", Sum(name="", stem="When?", answers=(Number(Fraction(1822), Fraction(5), FULL),))),
        ("How much?{#9:0.1}", Sum(name="", stem="How much?", answers=(Number(Fraction(9), Fraction(1, 10), FULL),))),
        ("How much?{#1..5}", Sum(name="", stem="How much?", answers=(Number(Fraction(3), Fraction(2), FULL),))),
        (
            "When?{#\n=1822:0#Exactly.\n=%50%1822:2#Close.\n~#Far off.}",
            Sum(
                name="",
                stem="When?",
                answers=(Number(Fraction(1822), NONE, FULL, "Exactly."), Number(Fraction(1822), Fraction(2), HALF, "Close.")),
                otherwise="Far off.",
            ),
        ),
        ("Match.{=one -> 1 =two -> 2 = -> 3}", Pairs(name="", stem="Match.", pairs=(("one", "1"), ("two", "2"), ("", "3")))),
        ("Say more.{}", Essay(name="", stem="Say more.")),
        ("Only a notice.", Description(name="", stem="Only a notice.")),
        (
            "What does \\{x\\=1\\} \\~ \\# \\: \\\\ mean?{=a\\nb ~\\%}",
            Choices(name="", stem="What does {x=1} ~ # : \\ mean?", single=True, answers=(Answer("a\nb", FULL), Answer("\\%", NONE))),
        ),
        (
            "[html]<p>Who <b>pays</b>&nbsp;now?</p><img src='a.png' alt='A bill'>{=[plain]<b> ~the <i>maker</i>#<p>No.</p>}",
            Choices(name="", stem="Who pays now?\n\nA bill", single=True, answers=(Answer("<b>", FULL), Answer("the maker", NONE, "No."))),
        ),
        ("[markdown]Who **pays**?{T}", Verdict(name="", stem="Who **pays**?", true=True)),
        ("[plain]Is a < b & b > c?{T}", Verdict(name="", stem="Is a < b & b > c?", true=True)),
    ],
)
def test_a_question_is_read(text: str, question: Question) -> None:
    assert read(text) == question


def test_categories_comments_labels_and_lines() -> None:
    text = """// Made by hand
$CATEGORY: $course$/top/Law

// [id:law-1] [tag:hard \\[really\\]] [tag:old]
::One:: First?
// not part of it
{T}


$CATEGORY: Other
Second? {F}
"""
    first, second = read_gift(text.encode()).questions
    assert (first.line, second.line) == (5, 11)
    assert (first.question.category, second.question.category) == ("$course$/top/Law", "Other")
    assert (first.question.label, first.question.tags) == ("law-1", ("hard [really]", "old"))
    assert second.question.label == ""
    assert first.question.stem == "First?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n\nWho?\n{=a\n~b\n\nNext? {T}", "line 4: the { is not closed"),
        ("Who? =a ~b}", "line 1: a } stands without its {"),
        ("Who?\n{=a ~b}\nand {=c ~d}", "line 2: has more than one { or }"),
        ("::Name Who? {T}", "line 1: the name that begins with :: does not end"),
        ("{=a ~b}", "line 1: has answers but no question"),
        ("Who?\n{a ~b}", "line 2: an answer begins with = or ~"),
        ("Who?\n{=a\n~}", "line 3: an answer is empty after ~"),
        ("Who?{=a\n~#why}", "line 2: an answer has no text"),
        ("Who?{~a ~b}", "line 1: no answer is right"),
        ("Who?{~%150%a ~b}", "line 1: the weight %150% is not between"),
        ("Who?{=a ~}", "line 1: an answer is empty after ~"),
        ("Match.{=a -> 1\n=b}", "line 2: every answer of a matching question needs ->"),
        ("Match.{=a -> 1}", "line 1: has 1 answers; at least 2"),
        ("Match.{=a -> 1 =b ->}", "line 1: nothing stands after ->"),
        ("How many?\n\n\nHow much?\n{#2,5}", "line 5: “2,5” is not a number"),
        ("How much?{#}", "line 1: the number is missing after #"),
        ("How much?{#5..1}", "line 1: the range 5..1 begins above its end"),
    ],
)
def test_a_fault_is_told_with_line_and_reason(text: str, expected: str) -> None:
    assert problem(text).startswith(expected)


def test_a_fault_in_one_question_leaves_the_others() -> None:
    reading = read_gift(b"One? {T}\n\nTwo? {=a\n\nThree? {F}")
    assert [found.question.stem for found in reading.questions] == ["One?", "Three?"]
    assert reading.problems == ("line 3: the { is not closed by a } before the next blank line",)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("Who? {T}".encode("utf-16"), "line 1: the file is UTF-16"),
        (b"One? {T}\n\nCaf\xe9? {T}", "line 3: is not UTF-8"),
        (b"x" * (MOST_BYTES + 1), "line 1: the file has 2,000,001 bytes"),
    ],
)
def test_a_file_that_is_not_text_or_too_large_is_refused(data: bytes, expected: str) -> None:
    reading = read_gift(data)
    assert reading.questions == ()
    assert reading.problems[0].startswith(expected)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br/>Three</p>", "One\n\nTwo\nThree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<script>alert(1)</script>Safe <!-- unseen -->text", "Safe text"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("if a < b and c > d", "if a < b and c > d"),
        ("  just text  ", "just text"),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, text: str) -> None:
    assert plain_text(html) == text
