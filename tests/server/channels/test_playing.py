"""A question, a whole quiz and a whole practice with its debrief, on every channel, against a running server with all four."""

from __future__ import annotations

import html
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

import pytest

from bot.content.questions import Numeric
from bot.content.scenarios import Scenario
from bot.practice import open_practice
from bot.quiz import Bank
from bot.settings import ROOT
from tests.conftest import Server
from tests.server.channels.conftest import CHANNELS
from tests.server.channels.people import SITE, Person, Request, post, rows, telegram_update, wait_until_sent
from tests.server.channels.vendors import MESSENGER_VERIFY, Vendors

Somebody = Callable[[str], Person]
EVERYWHERE = pytest.mark.parametrize("channel", CHANNELS)


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    """By title."""
    return {scenario.title: scenario for scenario in open_practice(ROOT / "knowledge").scenarios.values()}


@EVERYWHERE
def test_a_question_is_answered_and_its_choices_go_on(somebody: Somebody, channel: str) -> None:
    person = somebody(channel)
    first = person.say("what is the LATER model?")
    assert "Listen, Apologise, Thank, Explain, Resolve" in first
    example = person.choose("Example")
    assert "sofa" in example
    assert person.say("the second one") not in (first, example)
    assert "Question" not in person.say("what does SLA stand for?"), "a real question is no choice"


@EVERYWHERE
def test_a_whole_quiz(somebody: Somebody, channel: str) -> None:
    person = somebody(channel)
    said = person.say("quiz me on complaints")
    assert "Question 1 of 10" in said
    for _ in range(30):
        open_to_letters = re.search(r"Which one\? Answer with its letter|True or false\?", said)
        said = (
            person.choose("B" if "True or" not in said else "False") if open_to_letters and "more try" not in said else person.say("skip")
        )
        if "That was the last question" in said:
            break
    assert re.search(r"Your result: \d+ of 10 right|All 10 right", said)
    sender = rows(person.server, "SELECT DISTINCT sender_id FROM deliveries WHERE channel = ? ORDER BY id DESC LIMIT 1", channel)
    assert rows(person.server, "SELECT count(*) FROM attempts WHERE sender_id = ?", sender[0][0])[0][0] >= 10


@EVERYWHERE
def test_a_whole_practice_with_its_debrief(somebody: Somebody, scenarios: dict[str, Scenario], channel: str) -> None:
    person = somebody(channel)
    offered = person.say("let me practise with a customer")
    labels = [title for got in person.seen[-1:] for title, _ in got.presses] + re.findall(r"(?m)^\d+\. (.+)$", offered)
    title = next(label for label in labels if label in scenarios and not scenarios[label].writing)
    scenario = scenarios[title]
    begun = person.choose(title)
    assert f"{scenario.customer.name}:" in begun
    assert "Customer's mood" in begun, "pictures are said"
    debrief = ""
    for line in scenario.model:
        debrief = person.say(line.say)
        if "Score:" in debrief:
            break
    else:
        debrief = person.choose("Feedback now")
    assert "LATER, step by step" in debrief
    assert "“" in debrief, "a debrief quotes"
    assert len(person.choose("More detail")) > 200
    link = re.search(rf"{SITE}(/evidence/\S+)", person.choose("Evidence page"))
    assert link
    with urllib.request.urlopen(person.server.url + link[1]) as page:
        assert scenario.title in html.unescape(page.read().decode())


def test_a_numeric_answer_is_no_choice(somebody: Somebody) -> None:
    person = somebody("telegram")
    item = next(item.id for item in Bank.load(ROOT / "knowledge").items.values() if isinstance(item, Numeric))
    assert post(person.server, person.pressing("Test me on this", f"quiz:check.{item}"))[0] == 200
    wait_until_sent(person.server)
    assert "Answer with a number" in person.seen[-1].text
    assert person.seen[-1].presses[1][0] == "Skip"
    assert "skip" not in person.say("2").lower().split("\n")[0]
    pressed = rows(person.server, "SELECT press FROM deliveries WHERE channel = 'telegram' AND said = '2' ORDER BY id DESC LIMIT 1")
    assert pressed == [(None,)]


def test_only_what_is_signed_is_taken_through_the_server_too(everywhere: Server) -> None:
    """Rasa's own addresses for these channels are ours."""
    for channel in CHANNELS:
        request = urllib.request.Request(f"{everywhere.url}/webhooks/{channel}/webhook", b"{}", {"Content-Type": "application/json"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == 403
    with pytest.raises(urllib.error.HTTPError) as absent:
        urllib.request.urlopen(f"{everywhere.url}/webhooks/telegram/set_webhook")
    assert absent.value.code == 404, "the usual connector lets anybody set the webhook"


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_stranger_does_not_learn_who_writes_to_us(everywhere: Server, somebody: Somebody, channel: str) -> None:
    """What is not signed is answered the same, whoever it says it is from."""
    known, unknown = somebody(channel), somebody(channel)
    known.say("hello")
    told = [post(everywhere, Request(channel, who.typing("hello").body, {"Content-Type": "application/json"})) for who in (known, unknown)]
    assert told == [(403, "")] * 2


def test_a_stranger_does_not_learn_which_channels_are_on_where_none_is(server: Server) -> None:
    told = [post(server, Request(channel, b"{}", {})) for channel in (*CHANNELS, "pigeon")]
    assert {status for status, _ in told} == {404}
    assert len({body.replace(channel, "") for channel, (_, body) in zip((*CHANNELS, "pigeon"), told, strict=True)}) == 1


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_one_vendor_signed_opens_no_other_channel(everywhere: Server, somebody: Somebody, channel: str) -> None:
    genuine = somebody(channel).typing("hello")
    for other in set(CHANNELS) - {channel}:
        assert post(everywhere, Request(other, genuine.body, genuine.headers)) == (403, "")


@pytest.mark.parametrize(("word", "status"), [(MESSENGER_VERIFY, 200), ("another word", 403), ("", 403)])
def test_meta_gets_its_challenge_back_for_our_word_alone(everywhere: Server, word: str, status: int) -> None:
    query = urllib.parse.urlencode({"hub.mode": "subscribe", "hub.verify_token": word, "hub.challenge": "1158201444"})
    try:
        with urllib.request.urlopen(f"{everywhere.url}/webhooks/messenger/webhook?{query}") as response:
            got, told = response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        got, told = error.code, ""
    assert (got, told) == (status, "1158201444" if status == 200 else "")


def test_slack_gets_its_challenge_back(everywhere: Server) -> None:
    from tests.server.channels.people import slack_signed

    body = json.dumps({"token": "unused", "challenge": "3eZbrw1aB", "type": "url_verification"}).encode()
    assert post(everywhere, slack_signed(body, "application/json")) == (200, "3eZbrw1aB")


def test_nothing_said_and_nobodys_name_is_in_the_log_or_the_events(everywhere: Server, somebody: Somebody) -> None:
    for channel in CHANNELS:
        somebody(channel).say("my neighbour Balthazar wants a refund")
    assert "Balthazar" not in everywhere.log.read_text()
    names = ("447700900123", "whatsapp:", "U061", "quillfeather", "T061EG9R6")
    kept = repr(rows(everywhere, "SELECT sender_id, data FROM events")) + repr(rows(everywhere, "SELECT * FROM deliveries"))
    assert not [name for name in names if name in kept]


def test_a_learner_who_is_erased_is_told_so_and_their_address_goes_too(everywhere: Server, around: Vendors, somebody: Somebody) -> None:
    person = somebody("telegram")
    person.say("hello")
    assert rows(everywhere, "SELECT 1 FROM addresses WHERE address = ?", person.address)
    person.say("delete my data")
    label = next((title for title, _ in person.seen[-1].presses if re.search("(?i)erase|delete", title)), None)
    assert label, person.seen[-1]
    assert person.choose(label)
    assert not rows(everywhere, "SELECT 1 FROM addresses WHERE address = ?", person.address)


def test_a_burst_keeps_its_order(everywhere: Server, around: Vendors, somebody: Somebody) -> None:
    person = somebody("telegram")
    for word in ("LATER", "LAST", "NPS", "CSAT"):
        message = {**person._telegram_message(), "text": f"what is {word}?"}
        assert post(everywhere, telegram_update(message=message))[0] == 200
    wait_until_sent(everywhere)
    assert [word in got.text for word, got in zip(("LATER", "LAST", "promoter", "CSAT"), person.seen, strict=True)] == [True] * 4
