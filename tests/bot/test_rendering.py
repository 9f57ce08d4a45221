"""Every reply fits every channel, loses nothing there, and a typed choice means the right button or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.rendering import ChannelFile, Renderer, chosen, is_awaited, load_words, meant, messenger, short, slack, telegram, whatsapp
from bot.rendering.splitting import split
from bot.reply import Button, Meter, Reply
from bot.settings import ROOT
from bot.tutor import Tutor
from tests.bot.produced import KINDS
from tests.server.channels.vendors import NUMBER, WrongError, check_messenger, check_slack, check_telegram, check_whatsapp, units

SITE = "https://tutor.college.example"
Check = Callable[[dict[str, Any]], tuple[tuple[str, str], ...]]
# Each channel, and what checks its messages as its vendor would.
VENDORS: dict[str, tuple[ModuleType, Check]] = {
    "telegram": (telegram, lambda message: check_telegram({"chat_id": 1, **message})),
    "slack": (slack, lambda message: check_slack({"channel": "D1", **message})),
    "messenger": (
        messenger,
        lambda message: check_messenger({"recipient": {"id": "1"}, "messaging_type": "RESPONSE", "message": message}),
    ),
    "whatsapp": (whatsapp, lambda message: check_whatsapp({"From": f"whatsapp:{NUMBER}", "To": "whatsapp:+447700900123", **message})),
}
EVERYWHERE = pytest.mark.parametrize("channel", VENDORS)
CHOICES = Reply(
    "unclear", "Which?", (Button("What is LATER?", "ask:later"), Button("30-day right to reject", "ask:cra"), Button("Quiz me", "do:quiz"))
)
OPEN = Reply("quiz_question", "How many days?", (Button("Hint", "quiz:ab.0.hint"), Button("Skip", "quiz:ab.0.skip")))


@pytest.fixture(scope="module")
def words() -> ChannelFile:
    return load_words(ROOT / "knowledge")


def faults(channel: str, words: ChannelFile, *replies: Reply) -> Iterator[str]:
    """What the vendor would refuse, and what of the replies cannot be read or reached."""
    module, check = VENDORS[channel]
    parts = Renderer(module.SURFACE, words, SITE).parts(replies)
    presses: list[tuple[str, str]] = []
    for part in parts:
        try:
            presses += check(module.message(part))
        except WrongError as error:
            yield f"{error}: {part.text[:80]!r}"
    text = "\n".join(part.text for part in parts)
    for reply in replies:
        if not _holds(text, reply.in_words):
            yield f"lost: {reply.in_words[:80]!r}"
        for button in reply.buttons:
            pressed = any(value == short(button.token, module.SURFACE.token) for _, value in presses)
            if not pressed and button.title not in text:
                yield f"cannot be reached: {button.title}"
            elif not any(title == button.title for title, _ in presses) and not _holds(text, button.title):
                yield f"without its label: {button.title}"


def _holds(text: str, part: str) -> bool:
    bare = "".join(text.split()).replace(SITE, "")
    return "".join(part.split()) in bare


@EVERYWHERE
@pytest.mark.parametrize("kind", KINDS)
def test_every_reply_of_the_content_fits(tutor: Tutor, words: ChannelFile, channel: str, kind: str) -> None:
    wrong = [fault for reply in KINDS[kind](tutor) for fault in faults(channel, words, reply)]
    assert wrong == []


LABELS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="*"), min_size=1, max_size=120).filter(str.strip)
TOKENS = st.from_regex(r"(ask|do|quiz|practice):[a-z0-9][a-z0-9._-]{0,119}", fullmatch=True)
TEXTS = st.one_of(
    st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=9000),
    st.lists(st.text(alphabet="ab .&<>é😀\n-", max_size=300), min_size=1, max_size=40).map("\n\n".join),
).filter(str.strip)
BUTTONS = st.lists(st.builds(Button, LABELS, TOKENS), max_size=30).map(tuple)
REPLIES = st.builds(Reply, st.sampled_from(["answer", "quiz_question", "customer"]), TEXTS, BUTTONS)


@EVERYWHERE
@given(replies=st.lists(REPLIES, min_size=1, max_size=3))
def test_any_reply_fits(words: ChannelFile, channel: str, replies: list[Reply]) -> None:
    module, check = VENDORS[channel]
    for part in Renderer(module.SURFACE, words, SITE).parts(replies):
        check(module.message(part))


@given(st.text(), st.integers(1, 50))
def test_splitting_keeps_every_character_but_blanks_and_never_overflows(text: str, longest: int) -> None:
    parts = split(text, longest, len)
    assert all(0 < len(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_long_text_is_cut_where_a_reader_would_pause() -> None:
    text = "First things first. Then the second.\n\n- one item\n- another item\n\nAnd a last paragraph."
    assert split(text, 60, units) == ["First things first. Then the second.", "- one item\n- another item\n\nAnd a last paragraph."]
    assert split(text, 24, units)[:4] == ["First things first.", "Then the second.", "- one item", "- another item"]


def test_a_turn_on_whatsapp_is_one_message_with_numbers(words: ChannelFile) -> None:
    parts = Renderer(whatsapp.SURFACE, words).parts([Reply("answer", "So it is."), CHOICES])
    assert [part.text for part in parts] == [
        "So it is.\n\nWhich?\n\nChoose by number:\n1. What is LATER?\n2. 30-day right to reject\n3. Quiz me"
    ]


def test_what_is_open_is_never_numbered(words: ChannelFile) -> None:
    """ "2" is then an answer."""
    (part,) = Renderer(whatsapp.SURFACE, words).parts([OPEN])
    assert part.text == "How many days?\n\nYou can also say: Hint, Skip."


def test_a_label_that_would_be_cut_is_numbered_and_the_number_can_be_pressed(words: ChannelFile) -> None:
    (part,) = Renderer(messenger.SURFACE, words).parts([CHOICES])
    assert "2. 30-day right to reject" in part.text
    assert [(press.title, press.token) for press in part.presses] == [("1", "ask:later"), ("2", "ask:cra"), ("3", "do:quiz")]


def test_pictures_are_said_and_own_pages_get_their_address(words: ChannelFile) -> None:
    replies = [
        Reply("customer", "**Ann:** Well?", (), Meter("Customer's mood", 0.9, "furious")),
        Reply("evidence", "As a page: /evidence/ab.c-d"),
    ]
    first, second = Renderer(telegram.SURFACE, words, SITE).parts(replies)
    assert "Customer's mood: furious" in first.text
    assert second.text == f"As a page: {SITE}/evidence/ab.c-d"


def test_nothing_in_a_text_is_taken_for_markup(words: ChannelFile) -> None:
    text = "**Bold** & <@U1> 2 * 3 _x_ `y`"
    (part,) = Renderer(slack.SURFACE, words).parts([Reply("answer", text)])
    assert slack.message(part)["blocks"][0]["text"]["text"] == "*Bold* &amp; &lt;@U1&gt; 2 * 3 _x_ `y`"
    sent = telegram.message(part)
    assert sent["text"] == "Bold & <@U1> 2 * 3 _x_ `y`"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert "parse_mode" not in sent


def test_a_long_token_goes_by_an_alias_that_can_be_read_back() -> None:
    token = "ask:" + "x" * 120
    alias = short(token, 64)
    assert len(alias.encode()) <= 64
    assert meant(alias, [CHOICES, Reply("answer", "", (Button("X", token),))]) == token
    assert meant(alias, [CHOICES]) is None


@pytest.mark.parametrize(
    "said",
    [
        "2",
        "2.",
        "2)",
        "(2)",
        "#2",
        "B",
        "b",
        "b)",
        "second",
        "Second.",
        "the second one",
        "2nd",
        "two",
        "option 2",
        "number two",
        "no 2",
        "i'll take the second one please",
        "30-day right to reject",
        "30 day right to reject",
        "30-day right to rejct",
        "30-DAY RIGHT TO REJECT!",
    ],
)
def test_a_choice_can_be_typed_in_many_ways(said: str) -> None:
    assert chosen(said, [CHOICES]) == CHOICES.buttons[1]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "4",
        "0",
        "99",
        "d",
        "what is an SLA?",
        "what is the second step of LATER?",
        "how long is the right to repair?",
        "2 years",
        "2 weeks?",
        "i bought 2",
        "60-day right to reject",
        "a customer wants a refund",
        "no",
        "why",
        "the second customer was angry",
        "Quiz me on the law",
    ],
)
def test_a_question_is_no_choice(said: str) -> None:
    assert chosen(said, [CHOICES]) is None


@pytest.mark.parametrize("said", ["2", "b", "two", "second", "1"])
def test_an_answer_to_something_open_is_no_choice(said: str) -> None:
    assert is_awaited([OPEN])
    assert not is_awaited([Reply("customer", "**Ann:** Goodbye."), Reply("debrief", "", CHOICES.buttons)]), "she has left"
    assert chosen(said, [OPEN, CHOICES]) is None
    assert chosen(said, [CHOICES, Reply("customer", "**Ann:** Well?")]) is None


def test_a_label_counts_while_something_is_open() -> None:
    assert chosen("hint", [OPEN]) == OPEN.buttons[0]
    assert chosen("Skp", [OPEN]) is None, "too short to guess at"


def test_the_last_can_be_asked_for_and_the_newest_of_two_labels_counts() -> None:
    assert chosen("the last one", [CHOICES]) == CHOICES.buttons[2]
    again = Reply("answer", "", (Button("Quiz me", "do:newer"),))
    assert chosen("quiz me", [CHOICES, again]) == again.buttons[0]


def test_two_labels_that_are_alike_are_not_guessed_between() -> None:
    alike = Reply("answer", "", (Button("Evidence for BIIAB", "ask:a"), Button("Evidence for AIIAB", "ask:b")))
    assert chosen("evidence for ciiab", [alike]) is None
    assert re.fullmatch("ask:a", (chosen("Evidence for BIIAB", [alike]) or alike.buttons[1]).token)
