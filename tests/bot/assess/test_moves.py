"""What counts as a move and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from bot.assess import LABELS, Assessor

TOASTER = "I've rung three times since Monday and the toaster still trips the fuse."
LOSS = "It was my late mother's account. She died in April."

MADE = [
    ("apologise", TOASTER, "I'm really sorry that you've had to chase us."),
    ("apologise", TOASTER, "We apologise for any inconvenience."),
    ("scripted", TOASTER, "We apologise for any inconvenience."),
    ("apologise", TOASTER, "I'm so sorry, but before I open the order could I take your postcode and full name?"),
    ("verify", TOASTER, "I'm so sorry, but before I open the order could I take your postcode and full name?"),
    ("thank", TOASTER, "Thank you for bearing with us while I read the notes."),
    ("thank", TOASTER, "Thanks for sending the photos, they help a lot."),
    ("listen", TOASTER, "So you've rung three times since Monday and it's still tripping the fuse."),
    ("listen", "You ought to tell people that before they pay.", "You're right, we ought to tell people before they pay."),
    ("listen", TOASTER, "Go on, tell me the whole story from the start."),
    ("empathise", TOASTER, "That must be so frustrating for you."),
    ("empathise", LOSS, "I'm very sorry for your loss."),
    ("probe", TOASTER, "Does it trip the fuse straight away, or only after a few minutes?"),
    ("explain", TOASTER, "Within thirty days of delivery the law lets you reject a faulty item and have all your money back."),
    ("resolve", TOASTER, "I can refund the £38 now or send you a new one tomorrow, whichever you'd like."),
    ("check", "A refund, then.", "That's gone through. Are you happy with that?"),
    ("follow_up", TOASTER, "I'm Leila, and I'll ring you on Thursday at four to make sure the new one works."),
    ("escalate", TOASTER, "I'm putting you through to Dev, our technical supervisor, who can approve that."),
    ("prevent", TOASTER, "We've pulled that batch from the shelves so that nobody else gets one."),
    ("defensive", TOASTER, "You must have overloaded the socket. It was working when it left us."),
    ("dismissive", TOASTER, "It's only a toaster, calm down."),
    ("disclose", "Who took my parcel in?", "Mr Haines at number 12 signed for it, his mobile is 07700 900123."),
    ("overpromise", TOASTER, "I absolutely guarantee it will never, ever break again."),
    ("rude", TOASTER, "Are you too thick to plug in a toaster?"),
]
NOT_MADE = [
    ("apologise", TOASTER, "I'm sorry you feel that way."),
    ("apologise", TOASTER, "Sorry, could you say that again?"),
    ("apologise", TOASTER, "Sorry?"),
    ("apologise", TOASTER, "Sorry, but you should have read the instructions."),
    ("apologise", TOASTER, "I'm not going to apologise for the driver."),
    ("apologise", TOASTER, "The driver has already said he's sorry."),
    ("apologise", TOASTER, "You deserve an apology from the driver."),
    ("apologise", LOSS, "I'm so sorry for your loss."),
    ("apologise", "I want to close my account.", "We're sorry to see you go."),
    ("empathise", TOASTER, "I'm sorry you feel that way."),
    ("empathise", TOASTER, "I understand. And what's the model number?"),
    ("thank", TOASTER, "Thank you for choosing Fenwick Electricals."),
    ("thank", "It's Carter, C-A-R-T-E-R.", "Thanks, Mr Carter."),
    ("thank", "Goodbye then.", "Thank you, bye."),
    ("listen", TOASTER, "Right, I see."),
    ("listen", TOASTER, "So it's about a toaster."),
    ("follow_up", TOASTER, "Someone will be in touch."),
    ("follow_up", TOASTER, "We'll let you know as soon as we know."),
    ("probe", TOASTER, "Can I just put you on hold for a second?"),
    ("probe", TOASTER, "What was that, sorry?"),
    ("check", TOASTER, "Can I just put you on hold for a second?"),
    ("explain", TOASTER, "That's just our policy."),
    ("resolve", TOASTER, "Leave it with me."),
    ("escalate", TOASTER, "Not my department, you'll have to ring the manufacturer."),
    ("verify", "My postcode's LE4 9ZZ and my name's Ann Carter.", "Lovely, that's security done."),
    ("overpromise", TOASTER, "I can't guarantee a date, but I'll tell you what I know on Thursday."),
    ("disclose", "Who took my parcel in?", "I can't share another customer's details, I'm afraid."),
]


def named(assessor: Assessor, customer: str, text: str) -> set[str]:
    return {move.name for move in assessor.moves(customer, text)}


@pytest.mark.parametrize(("name", "customer", "text"), MADE)
def test_a_move_is_named(assessor: Assessor, name: str, customer: str, text: str) -> None:
    assert name in named(assessor, customer, text)


@pytest.mark.parametrize(("name", "customer", "text"), NOT_MADE)
def test_what_only_looks_like_a_move_is_not_named(assessor: Assessor, name: str, customer: str, text: str) -> None:
    assert name not in named(assessor, customer, text)


def test_the_words_that_earned_a_move_are_pointed_out(assessor: Assessor) -> None:
    text = (
        "I'm sorry about the wait. I can refund you in full today. I'm Leila, and I'll ring you at four on Thursday to check it's arrived."
    )
    shown = {move.name: text[move.start : move.end] for move in assessor.moves(TOASTER, text)}
    assert "sorry" in shown["apologise"] and "refund" not in shown["apologise"]
    assert "refund" in shown["resolve"]
    assert "ring you" in shown["follow_up"]


def test_the_same_words_get_the_same_moves(assessor: Assessor) -> None:
    line = "Three calls since Monday is too many, and I'm sorry. Shall I send a new one tomorrow?"
    first = assessor.moves(TOASTER, line)
    assessor.moves("Something else.", "Calm down, madam.")
    assert assessor.moves(TOASTER, line) == first


def test_nothing_said_makes_no_move(assessor: Assessor) -> None:
    assert assessor.moves(TOASTER, "") == assessor.moves(TOASTER, " \n ") == assessor.moves("", "...") == ()


@trying(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(customer=st.text(max_size=200), text=st.text(max_size=300) | st.text("sory,. ?!£5\n", max_size=120))
def test_any_text_can_be_assessed_and_spans_lie_within_it(assessor: Assessor, customer: str, text: str) -> None:
    moves = assessor.moves(customer, text)
    assert [move.name for move in moves] == [name for name in LABELS if name in {move.name for move in moves}]
    for move in moves:
        assert 0 <= move.start < move.end <= len(text)
        assert text[move.start : move.end].strip()
        assert 0 <= move.confidence <= 1
