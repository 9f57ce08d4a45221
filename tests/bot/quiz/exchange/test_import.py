"""A tutor brings a quiz from Moodle: nothing is made up, nothing is lost silently, and gaps cannot reach learners."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.content import Library
from bot.content.check_questions import check_questions
from bot.content.items import load_items
from bot.errors import ContentError
from bot.quiz.exchange import Draft, draft_text, import_gift

SINGLE = """$CATEGORY: $course$/top/CRA: refunds

::Kettle:: A kettle fails on day 12.

::Kettle:: A kettle fails on day 12.\\n\\nWhat is owed? {
=A full refund#It is within 30 days.
~A repair only
~%50%An exchange#Only if she agrees.
}
"""


def drafts(text: str, library: Library, *taken: str) -> tuple[Draft, ...]:
    imported = import_gift(text.encode(), library, taken)
    assert imported.problems == ()
    return imported.drafts


def test_a_choice_keeps_what_it_has_and_names_what_it_lacks(library: Library) -> None:
    (draft,) = drafts(SINGLE.replace("CRA: refunds", library.topics["cra-refunds"].title), library)
    assert (draft.item["id"], draft.item["kind"], draft.item["topic"]) == ("kettle", "single", "cra-refunds")
    assert (draft.item["story"], draft.item["ask"]) == ("A kettle fails on day 12.", "What is owed?")
    assert draft.item["choices"][1] == {"text": "A repair only", "why": "TODO"}
    assert draft.lacks == (
        "tests: the rows of coverage.yml that it tests",
        "source: the key of a source of ours",
        "difficulty: 1, 2 or 3",
        "checked_on: the date on which the law was held against the Act",
        "explain: why the right answer is right",
        "hints: two, the second saying more than the first",
        "choices: why “A repair only” is wrong",
    )
    assert draft.lost == ("the part of the mark for “An exchange”",)


def test_what_cannot_be_carried_is_told(library: Library) -> None:
    imported = import_gift(b"Just so you know.\n\nExplain loyalty. {}", library)
    assert imported.drafts == ()
    assert imported.not_carried == (
        "line 1: description “Just so you know.” has nothing to mark",
        "line 3: essay “Explain loyalty.” has nothing to mark",
    )


@pytest.mark.parametrize(
    ("text", "kind", "lacks", "lost"),
    [
        (
            "Which are owed here? {~%40%red ~%60%blue ~%-100%black ~grey}",
            "multiple",
            "ask: say that two are right",
            "the different weights of right choices",
        ),
        ("The sun is out today. {T##Well done.}", "true-false", "why_wrong: why the wrong verdict", "what is said after the right verdict"),
        (
            "Who wrote that article? {=*Reichheld* =%50%Fred =%0%Porter}",
            "short",
            "wrong: why “Porter” is wrong",
            "“Fred”, which earns a part",
        ),
        ("Who wrote that article? {=Reichheld#Yes. =F. R. =Fred R.}", "short", "model: a full answer", "what is said after “Reichheld”"),
        ("Say how many days there are. {#14:2 =%0%30 ~#Think again.}", "numeric", "slips: why 30 is wrong", "the tolerance of 2 around 14"),
        ("Say how many days there are. {#14 =15}", "numeric", "numbers: put a name", "15, another accepted answer"),
        (
            "Match each of these with its number. {=a -> 1 =b -> 2 =c -> 3 = -> 4}",
            "matching",
            "pairs: why “a” belongs to “1”",
            "“4”, a right side without",
        ),
        ("Is it true or is it false? {=yes ~no}", "single", "choices: give 3 to 6 choices", ""),
        (f"What is owed now? {{=a ~b ~{'long ' * 40}}}", "single", "choices.2.text: ensure this value has at most 120 characters", ""),
    ],
)
def test_each_kind_names_its_gaps_and_losses(library: Library, text: str, kind: str, lacks: str, lost: str) -> None:
    (draft,) = drafts(text, library)
    assert draft.item["kind"] == kind
    assert any(what.startswith(lacks) for what in draft.lacks), draft.lacks
    assert not lost or any(what.startswith(lost) for what in draft.lost), draft.lost


def test_wordings_lose_their_asterisks(library: Library) -> None:
    (draft,) = drafts("Who wrote it? {=*Fred* *Reichheld* =5\\\\*}", library)
    assert draft.item["ideas"][0]["say"] == ["Fred Reichheld", "5*"]


def test_an_id_that_is_taken_is_told(library: Library) -> None:
    first, second = drafts("::Kettle:: One? {T}\n\n::Kettle:: Two? {F}", library, "kettle")
    assert (first.item["id"], second.item["id"]) == ("kettle-2", "kettle-3")
    assert "id: kettle is taken; is this the same item?" in first.lacks


def test_drafts_in_the_bank_are_refused_gap_by_gap(library: Library, tmp_path: Path) -> None:
    text = '::Kettle:: What is owed for it? {=a refund#It is: yes, # and all. ~a repair ~"nothing"}\n\n::Sun:: The sun is out. {T}'
    path = tmp_path / "draft.yml"
    path.write_text(draft_text(import_gift(text.encode(), library)), encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        load_items(tmp_path)
    for gap in (
        "0.Single.topic",
        "0.Single.difficulty",
        "0.Single.hints",
        "0.Single.choices.1.why",
        "0.Single.explain",
        "1.TrueFalse.why_wrong",
    ):
        assert any(f"questions.{gap}" in problem for problem in raised.value.problems), gap


def test_rows_and_sources_that_are_gaps_are_refused_by_the_checker(library: Library, tmp_path: Path) -> None:
    text = (
        draft_text(import_gift(SINGLE.encode(), library)).replace("difficulty: TODO", "difficulty: 1").replace("topic: TODO", "topic: pdca")
    )
    for wanted in ("why", "explain"):
        text = text.replace(f"{wanted}: TODO", f"{wanted}: Something was written here.")
    text = text.replace("    - TODO\n    - TODO\n", "    - Something was written here.\n    - More was written here.\n")
    (tmp_path / "draft.yml").write_text(text, encoding="utf-8")
    errors = check_questions(load_items(tmp_path), library, date(2026, 11, 22)).errors
    assert errors == (
        "kettle: tests the row TODO, which is not in coverage.yml",
        "kettle: the source TODO does not exist",
    )


def test_a_draft_with_its_gaps_filled_is_an_item(library: Library, tmp_path: Path) -> None:
    text = draft_text(import_gift(SINGLE.encode(), library))
    for old, new in (("topic: TODO", "topic: cra-refunds"), ("difficulty: TODO", "difficulty: 1")):
        text = text.replace(old, new)
    (tmp_path / "draft.yml").write_text(text.replace(" TODO\n", " Something was written here.\n"), encoding="utf-8")
    (item,) = load_items(tmp_path)
    assert (item.id, item.topic, item.story) == ("kettle", "cra-refunds", "A kettle fails on day 12.")
