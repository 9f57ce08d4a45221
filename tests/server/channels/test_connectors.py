"""What each channel believes, takes, leaves alone and sends, however often and in whatever order its vendor brings it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.records import migrate
from bot.records.channel_tables import sendings
from bot.records.tables import deliveries
from server.database import Database, RecordsAwayError
from tests.databases import KINDS, ready_database
from tests.server.channels import people
from tests.server.channels.office import LONG_TOKEN, Office
from tests.server.channels.people import Person, Request, messenger_entries, messenger_event, slack_event, telegram_update, whatsapp_form
from tests.server.channels.vendors import TELEGRAM_TOKEN, TWILIO_TOKEN, Vendors, vendors

CHANNELS = ("telegram", "slack", "messenger", "whatsapp")
EVERYWHERE = pytest.mark.parametrize("channel", CHANNELS)
Scene = Callable[[Office], Awaitable[None]]


@pytest.fixture
def around() -> Iterator[Vendors]:
    with vendors() as serving:
        yield serving


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with ready_database(request.param, tmp_path) as address:
        opened = Database(address)
        migrate(opened.engine)
        yield opened
        opened.engine.dispose()


@pytest.fixture
def play(around: Vendors, database: Database) -> Callable[[Scene], Office]:
    """Play a scene in one server process, until all that was begun is done."""

    def played(scene: Scene) -> Office:
        office = Office(database, around)

        async def begin() -> None:
            await scene(office)
            await office.close()

        asyncio.run(begin())
        assert around.wrong == []
        return office

    return played


def person(office: Office, channel: str) -> Person:
    return Person(channel, None, office.vendors)  # type: ignore[arg-type]


def signed_wrongly(channel: str) -> list[Request]:
    """The same message without its signature, with another's, and changed after it was signed."""
    right = Person(channel, None, None).typing("let me in")  # type: ignore[arg-type]
    header = {
        "telegram": "X-Telegram-Bot-Api-Secret-Token",
        "slack": "X-Slack-Signature",
        "messenger": "X-Hub-Signature-256",
        "whatsapp": "X-Twilio-Signature",
    }[channel]
    requests = [
        right.without(header),
        replace(right, headers={**right.headers, header: "x"}),
        replace(right, headers={**right.headers, header: ""}),
        replace(right, headers={**right.headers, header: "é" * len(right.headers[header])}),
        replace(right, headers={**right.headers, header: right.headers[header] + "\udcff"}),  # a byte that is no UTF-8, as Sanic gives it
    ]
    if channel == "telegram":
        return [*requests, replace(right, headers={**right.headers, header: "telegram-secret-of-the-testS"})]
    changed = replace(right, body=right.body.replace(b"let", b"led"))
    if channel == "slack":
        old, early = (slack_event(at, type="message", channel_type="im", channel="D1", user="U1", text="hi") for at in (1_600_000_000, 4e9))
        return [*requests, changed, old, early, right.without("X-Slack-Request-Timestamp"), right.having(X_Slack_Request_Timestamp="²")]
    if channel == "messenger":
        sha1 = {"X-Hub-Signature": "sha1=" + "0" * 40}
        return [*requests, changed, replace(right.without(header), headers=sha1), right.having(X_Hub_Signature_256="md5=abc")]
    elsewhere = whatsapp_form("https://evil.example/webhooks/whatsapp/webhook", From="whatsapp:+447700900001", Body="hi")
    return [*requests, changed, elsewhere]


@EVERYWHERE
def test_what_the_vendor_did_not_sign_is_refused(play: Callable[[Scene], Office], channel: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def scene(office: Office) -> None:
        for request in signed_wrongly(channel):
            assert await office.get(request) == 403

    office = play(scene)
    assert office.rows(deliveries) == []
    assert office.vendors.calls == office.vendors.got == []
    assert "let me in" not in caplog.text


@EVERYWHERE
def test_the_same_message_three_times_is_one_turn_and_one_reply(play: Callable[[Scene], Office], channel: str) -> None:
    seen: list[Person] = []

    async def scene(office: Office) -> None:
        somebody = person(office, channel)
        seen.append(somebody)
        request = somebody.typing("hello there")
        again = request.having(X_Slack_Retry_Num="1", X_Slack_Retry_Reason="http_error")
        # Three at the same moment, and two after the reply.
        assert await asyncio.gather(*map(office.get, (request, again, request))) == [200] * 3
        await office.rest()
        assert await office.get(again) == await office.get(request) == 200

    office = play(scene)
    assert office.turns() == ["hello there"]
    assert [got.text for got in seen[0].seen] == ["You said hello there."]


@EVERYWHERE
def test_a_message_is_kept_before_it_is_acknowledged_and_answered_after(play: Callable[[Scene], Office], channel: str) -> None:
    async def scene(office: Office) -> None:
        held = asyncio.Event()
        office.before_turn = held.wait
        assert await office.get(person(office, channel).typing("hello")) == 200
        assert [row.status for row in office.rows(deliveries)] == ["received"]
        assert office.vendors.got == []
        held.set()

    assert len(play(scene).vendors.got) == 1


@EVERYWHERE
def test_a_server_that_dies_after_the_acknowledgement_leaves_the_answer_to_the_next(
    around: Vendors, database: Database, channel: str
) -> None:
    async def scene() -> None:
        first = Office(database, around)
        first.before_turn = asyncio.Event().wait  # for ever
        await first.get(person(first, channel).typing("are you there?"))
        await asyncio.sleep(0.2)
        await first.crash()
        second = Office(database, around)
        await second.look()
        assert around.got == [], "the first could still be at it"
        second.let_leases_run_out()
        await second.look()
        await second.look()
        await second.close()
        assert second.turns() == ["are you there?"]

    asyncio.run(scene())
    assert [got.text for got in around.got] == ["You said are you there?."]


def test_parts_that_went_before_a_crash_do_not_go_again(around: Vendors, database: Database) -> None:
    async def scene() -> None:
        first = Office(database, around)
        taken = first.channels["telegram"].courier._send
        sent = 0

        async def dying(address: str, part: Any) -> None:
            nonlocal sent
            if sent == 2:
                await asyncio.Event().wait()
            sent += 1
            await taken(address, part)

        first.channels["telegram"].courier._send = dying
        await first.get(person(first, "telegram").typing("long"))
        while sent < 2:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        await first.crash()
        second = Office(database, around)
        second.let_leases_run_out()
        await second.look()
        await second.close()

    asyncio.run(scene())
    texts = [got.text for got in around.got]
    assert len(texts) == len(set(map(len, texts))) or len(texts) == 3
    assert "".join("".join(texts).split()) == "".join(("You said long." + " And so on. " * 750).split())


@EVERYWHERE
def test_a_vendor_that_is_out_of_order_gets_the_answer_later_and_in_order(play: Callable[[Scene], Office], channel: str) -> None:
    async def scene(office: Office) -> None:
        slow = {"telegram": {"ok": False, "parameters": {"retry_after": 0.2}}}.get(channel, {"ok": False, "error": "ratelimited"})
        office.vendors.trouble[channel] = deque([(429, {"Retry-After": "0.2"}, slow), (503, {"Retry-After": "0.1"}, None)])
        somebody = person(office, channel)
        await office.get(somebody.typing("one"))
        await office.get(somebody.typing("two"))

    assert [got.text for got in play(scene).vendors.got] == ["You said one.", "You said two."]


def test_what_comes_after_an_answer_that_cannot_be_sent_waits_its_turn(play: Callable[[Scene], Office]) -> None:
    async def scene(office: Office) -> None:
        office.vendors.trouble["slack"] = deque([(429, {"Retry-After": "60"}, {"ok": False, "error": "ratelimited"})])
        somebody = person(office, "slack")
        await office.get(somebody.typing("one"))
        await office.rest()
        await office.get(somebody.typing("two"))
        await office.rest()
        assert office.turns() == ["one", "two"]
        assert office.vendors.got == []
        office.let_leases_run_out()
        await office.look()

    assert [got.text for got in play(scene).vendors.got] == ["You said one.", "You said two."]


@pytest.mark.parametrize(
    ("channel", "answer"),
    [
        ("telegram", (403, {}, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"})),
        ("slack", (200, {}, {"ok": False, "error": "channel_not_found"})),
        ("messenger", (400, {}, {"error": {"code": 551, "error_subcode": 1545041, "message": "This person isn't available right now."}})),
        ("whatsapp", (400, {}, {"code": 21610, "message": "Attempt to send to unsubscribed recipient +447700900123"})),
    ],
)
def test_whoever_does_not_want_to_hear_from_us_is_not_written_to_again(
    play: Callable[[Scene], Office], channel: str, answer: tuple[int, dict[str, str], Any], caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(office: Office) -> None:
        office.vendors.trouble[channel] = deque([answer])
        await office.get(person(office, channel).typing("hello"))

    office = play(scene)
    assert office.vendors.got == []
    assert office.reached() == set()
    assert [row.ended_at is None for row in office.rows(sendings)] == [False]
    assert "+447700900123" not in caplog.text


@pytest.mark.parametrize(
    ("channel", "answer"),
    [
        ("telegram", (401, {}, {"ok": False, "description": "Unauthorized"})),
        ("slack", (200, {}, {"ok": False, "error": "invalid_auth"})),
        ("messenger", (400, {}, {"error": {"code": 190, "message": "Invalid OAuth access token."}})),
        ("whatsapp", (401, {}, {"code": 20003, "message": "Authenticate"})),
    ],
)
def test_answers_wait_until_somebody_has_corrected_the_settings(
    play: Callable[[Scene], Office], channel: str, answer: tuple[int, dict[str, str], Any], caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(office: Office) -> None:
        office.vendors.trouble[channel] = deque([answer])
        await office.get(person(office, channel).typing("hello"))
        await office.rest()
        assert office.vendors.got == []
        office.let_leases_run_out()
        await office.look()

    assert len(play(scene).vendors.got) == 1
    assert "channels check" in caplog.text
    assert not any(secret in caplog.text for secret in (TELEGRAM_TOKEN, TWILIO_TOKEN, "hello"))


def test_no_connection_tells_no_token(around: Vendors, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def scene() -> None:
        office = Office(database, around)
        channel = office.channels["telegram"]
        channel._account = replace(channel._account, api="http://127.0.0.1:9")  # type: ignore[attr-defined]
        await office.get(person(office, "telegram").typing("hello"))
        await asyncio.sleep(0.5)
        await office.crash()

    asyncio.run(scene())
    assert TELEGRAM_TOKEN not in caplog.text


def test_a_database_that_is_away_has_the_vendor_send_it_again(around: Vendors, database: Database) -> None:
    async def scene() -> None:
        office = Office(database, around)
        request = person(office, "slack").typing("hello")
        run = database.run

        async def away(work: Callable[[], Any]) -> Any:
            raise RecordsAwayError("away")

        database.run = away  # type: ignore[method-assign, assignment]
        assert await office.get(request) == 503
        database.run = run  # type: ignore[method-assign]
        assert await office.get(request) == 200
        await office.close()

    asyncio.run(scene())
    assert len(around.got) == 1


@EVERYWHERE
def test_nobody_can_be_told_from_what_is_kept_but_by_the_table_of_addresses(play: Callable[[Scene], Office], channel: str) -> None:
    people_seen: list[Person] = []

    async def scene(office: Office) -> None:
        somebody = person(office, channel)
        people_seen.append(somebody)
        await office.get(somebody.typing("hello"))

    office = play(scene)
    theirs_and_deliveries = range(people_seen[0].name, next(people.numbers))
    kept = office.everything_but_addresses()
    assert "hello" in kept
    assert [word for word in (*map(str, theirs_and_deliveries), "Zebedee", "quillfeather", "Quillfeather") if word in kept] == []
    assert office.reached() == {people_seen[0].address}


@EVERYWHERE
def test_two_people_have_a_conversation_each(play: Callable[[Scene], Office], channel: str) -> None:
    async def scene(office: Office) -> None:
        for _ in range(2):
            await office.get(person(office, channel).typing("menu"))
            await office.rest()
        await office.get(person(office, channel).typing("2"))

    office = play(scene)
    assert office.turns() == ["menu", "menu", "2"], "one person's choice is not another's"
    assert len({row.sender_id for row in office.rows(deliveries)}) == 3


@EVERYWHERE
@pytest.mark.parametrize("typed", ["2", "B", "second", "other thing", "othr thing"])
def test_a_typed_choice_is_the_button(play: Callable[[Scene], Office], channel: str, typed: str) -> None:
    async def scene(office: Office) -> None:
        somebody = person(office, channel)
        await office.get(somebody.typing("menu"))
        await office.get(somebody.typing(typed))  # not yet answered when this comes

    office = play(scene)
    assert office.turns() == ["menu", LONG_TOKEN]
    last = office.rows(deliveries)[-1]
    assert (last.said, last.press) == (typed, LONG_TOKEN)


@pytest.mark.parametrize("channel", ["telegram", "slack", "messenger"])
def test_a_pressed_button_is_its_token_even_where_that_is_too_long_for_the_channel(play: Callable[[Scene], Office], channel: str) -> None:
    async def scene(office: Office) -> None:
        somebody = person(office, channel)
        await office.get(somebody.typing("menu"))
        await office.rest()
        title, value = somebody.seen[-1].presses[1]
        assert (len(value.encode()) <= 64) == (channel == "telegram")
        await office.get(somebody.typing("and now something else"))
        await office.get(somebody.pressing(title, value))

    assert play(scene).turns()[-1] == LONG_TOKEN


def test_telegram_is_told_that_a_press_arrived(play: Callable[[Scene], Office]) -> None:
    async def scene(office: Office) -> None:
        await office.get(person(office, "telegram").pressing("Quiz me", "quiz:start"))

    office = play(scene)
    assert "telegram.answerCallbackQuery" in [name for name, _ in office.vendors.calls]
    assert office.turns() == ["quiz:start"]


@EVERYWHERE
def test_whoever_is_too_fast_is_told_and_nothing_of_it_is_lost(play: Callable[[Scene], Office], channel: str) -> None:
    async def scene(office: Office) -> None:
        somebody = person(office, channel)
        for number in range(22):  # 60 a minute, 20 at once
            await office.get(somebody.typing(f"message {number}"))

    office = play(scene)
    assert len(office.rows(deliveries)) == 22
    told = [got.text for got in office.vendors.got if "very quickly" in got.text]
    assert 1 <= len(told) <= 2
    assert len(office.turns()) + len(told) == 22


@EVERYWHERE
@pytest.mark.parametrize(
    ("text", "told"), [("x" * 1001, "too long"), ("   ", "did not receive any words|only read text"), ("///", "any words")]
)
def test_what_cannot_be_read_is_told_without_a_turn(play: Callable[[Scene], Office], channel: str, text: str, told: str) -> None:
    async def scene(office: Office) -> None:
        await office.get(person(office, channel).typing(text))

    office = play(scene)
    assert office.turns() == []
    (got,) = office.vendors.got
    assert any(part in got.text for part in told.split("|"))
    assert "xxx" not in office.everything_but_addresses()


@EVERYWHERE
@pytest.mark.parametrize("text", ["/restart", "/greet", '/ask{"body": "x"}', "tell me about /bottom", "/help"])
def test_a_slash_is_only_text(play: Callable[[Scene], Office], channel: str, text: str) -> None:
    async def scene(office: Office) -> None:
        await office.get(person(office, channel).typing(text))

    (turn,) = play(scene).turns()
    assert turn == text.lstrip("/")


def telegram_chat(**message: Any) -> Request:
    chat = {"id": 77, "type": "private"}
    return telegram_update(message={"message_id": 1, "date": 1, "from": {"id": 77, "is_bot": False}, "chat": chat, **message})


def group_chat(**message: Any) -> Request:
    return telegram_chat(chat={"id": -100123, "type": "supergroup", "title": "Class 3B"}, **message)


MEMBER = {"chat": {"id": 77, "type": "private"}, "from": {"id": 77, "is_bot": False}, "date": 1, "old_chat_member": {"status": "member"}}
# Made when they are needed: Slack's signatures grow old.
LEFT_ALONE = {
    "telegram member": lambda: telegram_update(my_chat_member={**MEMBER, "new_chat_member": {"status": "member"}}),
    "telegram edited": lambda: telegram_update(
        edited_message={"message_id": 1, "from": {"id": 77}, "chat": {"id": 77, "type": "private"}, "text": "x"}
    ),
    "telegram pinned": lambda: telegram_chat(pinned_message={"message_id": 1}),
    "telegram bot": lambda: telegram_chat(**{"from": {"id": 78, "is_bot": True}}, text="x"),
    "telegram group": lambda: group_chat(text="a word between learners"),
    "telegram channel": lambda: telegram_update(channel_post={"chat": {"id": 5, "type": "channel"}, "text": "x"}),
    "telegram empty": telegram_update,
    "slack bot": lambda: slack_event(type="message", channel_type="im", channel="D1", user="U1", text="x", bot_id="B1"),
    "slack edit": lambda: slack_event(
        type="message", subtype="message_changed", channel_type="im", channel="D1", user="U1", message={"text": "x"}
    ),
    "slack deletion": lambda: slack_event(
        type="message", subtype="message_deleted", channel_type="im", channel="D1", user="U1", deleted_ts="1"
    ),
    "slack join": lambda: slack_event(type="message", subtype="channel_join", channel_type="im", channel="D1", user="U1", text="x"),
    "slack channel": lambda: slack_event(type="message", channel_type="channel", channel="C1", user="U1", text="a word between learners"),
    "slack home": lambda: slack_event(type="app_home_opened", channel="D1", user="U1"),
    "slack forged press": lambda: people.slack_action(
        {"type": "block_actions", "user": {"id": "U1"}, "channel": {"id": "D1"}, "actions": [{"value": "x"}]}
    ),
    "slack view": lambda: people.slack_action({"type": "view_submission", "user": {"id": "U1"}}),
    "slack no json": lambda: people.slack_signed(b"{", "application/json"),
    "messenger echo": lambda: messenger_entries(messenger_event("5", message={"mid": "m1", "text": "x", "is_echo": True})),
    "messenger receipts": lambda: messenger_entries(
        messenger_event("5", delivery={"mids": ["m1"]}), messenger_event("5", read={"watermark": 1})
    ),
    "messenger reaction": lambda: messenger_entries(messenger_event("5", reaction={"mid": "m1", "emoji": "x"})),
    "messenger empty": messenger_entries,
    "whatsapp receipt": lambda: whatsapp_form(From="whatsapp:+447700900001", MessageStatus="delivered"),
    "whatsapp sms": lambda: whatsapp_form(From="+447700900001", Body="x"),
}


def test_what_is_no_message_to_us_is_acknowledged_and_left_alone(play: Callable[[Scene], Office]) -> None:
    """Telegram's `my_chat_member` made the usual connector fail, and Telegram send it again and again."""

    async def scene(office: Office) -> None:
        for name, made in LEFT_ALONE.items():
            assert await office.get(made()) == 200, name

    office = play(scene)
    assert office.rows(deliveries) == []
    assert office.vendors.got == []


MEDIA = {
    "telegram sticker": lambda: telegram_chat(sticker={"file_id": "1", "emoji": "x"}),
    "telegram photo": lambda: telegram_chat(photo=[{"file_id": "1"}]),
    "telegram voice": lambda: telegram_chat(voice={"file_id": "1"}),
    "slack file": lambda: slack_event(
        type="message", subtype="file_share", channel_type="im", channel="D1", user="U1", text="", files=[{"id": "F1"}]
    ),
    "messenger image": lambda: messenger_entries(
        messenger_event("5", message={"mid": "m2", "attachments": [{"type": "image", "payload": {"url": "x"}}]})
    ),
    "whatsapp image": lambda: whatsapp_form(From="whatsapp:+447700900001", NumMedia="1", MediaContentType0="image/jpeg", Body=""),
    "whatsapp place": lambda: whatsapp_form(From="whatsapp:+447700900001", Latitude="51.5", Longitude="0.1"),
}


@pytest.mark.parametrize("kind", MEDIA)
def test_media_without_words_are_answered_politely(play: Callable[[Scene], Office], kind: str) -> None:
    """WhatsApp media without a text made the usual connector fail, and it passed a photo over."""

    async def scene(office: Office) -> None:
        assert await office.get(MEDIA[kind]()) == 200

    office = play(scene)
    (got,) = office.vendors.got
    assert "only read text" in got.text
    assert office.turns() == []


def test_words_beside_a_picture_are_read(play: Callable[[Scene], Office]) -> None:
    async def scene(office: Office) -> None:
        await office.get(telegram_chat(photo=[{"file_id": "1"}], caption="is this a returns form?"))
        await office.get(whatsapp_form(From="whatsapp:+447700900001", NumMedia="1", Body="and this?"))

    assert sorted(play(scene).turns()) == ["and this?", "is this a returns form?"]


def test_every_message_of_a_batch_is_answered(play: Callable[[Scene], Office]) -> None:
    """The usual connector answered the first of a batch and dropped the rest."""
    batch = [messenger_event("5", message={"mid": f"m_{number}", "text": f"number {number}"}) for number in range(3)]
    batch.insert(1, messenger_event("5", message={"mid": "m_9", "text": "our own", "is_echo": True}))
    batch.append(messenger_event("6", postback={"title": "Quiz me", "payload": "quiz:start"}))  # older postbacks have no id

    async def scene(office: Office) -> None:
        request = messenger_entries(*batch)
        assert await office.get(request) == 200
        assert await office.get(request) == 200

    office = play(scene)
    assert sorted(office.turns()) == ["number 0", "number 1", "number 2", "quiz:start"]
    assert [got.text for got in office.vendors.to("messenger", "5")] == [f"You said number {number}." for number in range(3)]


def test_in_company_we_only_ask_to_be_written_to_in_private(play: Callable[[Scene], Office]) -> None:
    async def scene(office: Office) -> None:
        await office.get(group_chat(text="/start@AftercareBot"))
        await office.get(group_chat(text="how am I doing?", reply_to_message={"from": {"id": 1, "is_bot": True}}))
        await office.get(slack_event(type="app_mention", channel="C1", user="U1", text="<@U0> quiz me", ts="5.1"))

    office = play(scene)
    assert sorted((got.channel, got.address) for got in office.vendors.got) == [("slack", "C1/5.1")] + [("telegram", "-100123")] * 2
    assert all("direct message" in got.text for got in office.vendors.got)
    assert office.turns() == []
    assert "quiz me" not in office.everything_but_addresses()


@pytest.mark.parametrize(
    ("text", "turns", "told"),
    [
        ("/start", [], "Aftercare"),
        ("/start@AftercareBot", [], "Aftercare"),
        ("/start K7QM2F", ["K7QM2F"], "K7QM2F"),
        ("/quiz@AftercareBot", ["quiz"], "quiz"),
    ],
)
def test_telegram_starts_with_a_welcome_or_with_the_code_of_a_link(
    play: Callable[[Scene], Office], text: str, turns: list[str], told: str
) -> None:
    async def scene(office: Office) -> None:
        await office.get(telegram_chat(text=text))

    office = play(scene)
    assert office.turns() == turns
    (got,) = office.vendors.got
    assert told in got.text
    assert bool(got.presses) == (not turns)


def test_messenger_starts_with_a_welcome(play: Callable[[Scene], Office]) -> None:
    async def scene(office: Office) -> None:
        await office.get(messenger_entries(messenger_event("5", postback={"mid": "m1", "title": "Get started", "payload": "GET_STARTED"})))
        await office.rest()
        await office.get(messenger_entries(messenger_event("5", message={"mid": "m2", "text": "3"})))

    office = play(scene)
    assert "Aftercare" in office.vendors.got[0].text
    assert office.turns() == ["quiz:start"], "what the welcome offers can be chosen by number"


def test_whoever_blocks_the_bot_is_forgotten(play: Callable[[Scene], Office]) -> None:
    async def scene(office: Office) -> None:
        await office.get(telegram_chat(text="hello"))
        await office.rest()
        assert office.reached() == {"77"}
        assert await office.get(telegram_update(my_chat_member={**MEMBER, "new_chat_member": {"status": "kicked"}})) == 200

    assert play(scene).reached() == set()


def test_slack_texts_are_read_as_they_were_typed(play: Callable[[Scene], Office]) -> None:
    typed = "is <https://college.example|this page> &lt;ok&gt; &amp; for <@U123|ann>? see <#C1|help>"

    async def scene(office: Office) -> None:
        await office.get(slack_event(type="message", channel_type="im", channel="D1", user="U1", text=typed))

    assert play(scene).turns() == ["is this page <ok> & for @ann? see #help"]


def test_starting_needs_no_network(around: Vendors, database: Database) -> None:
    """The usual Telegram connector called its vendor before the server could start."""
    Office(database, around)
    assert around.calls == []


def test_a_learner_is_answered_by_one_server_at_a_time(around: Vendors, database: Database) -> None:
    """Two servers that find the same answer left behind: one of them takes it over."""

    async def scene() -> None:
        first, second, third = (Office(database, around) for _ in range(3))
        first.before_turn = asyncio.Event().wait
        await first.get(person(first, "whatsapp").typing("hello"))
        await asyncio.sleep(0.2)
        await first.crash()
        second.let_leases_run_out()
        await asyncio.gather(second.look(), third.look())
        await second.close()
        await third.close()

    asyncio.run(scene())
    assert len(around.got) == 1
    with database.engine.connect() as connection:
        (row,) = connection.execute(sa.select(sendings)).all()
    assert (row.parts, row.claim, row.problem) == (1, 2, None)
    assert row.ended_at is not None


@EVERYWHERE
def test_no_request_that_the_vendor_signed_fails(play: Callable[[Scene], Office], channel: str) -> None:
    """Shapes that are not documented are left alone: an error would only have them sent again."""
    shapes: list[Any] = [
        None,
        5,
        [],
        "x",
        {"message": 5},
        {"update_id": 1, "message": {"from": 5, "chat": []}},
        {"event": []},
        {"entry": 5},
    ]
    shapes += [
        {"object": "page", "entry": [{"messaging": [5, {"sender": 5}, {"sender": {"id": "1"}, "message": []}]}]},
        {"update_id": 1, "callback_query": 5},
    ]
    shapes += [{"type": "event_callback", "event": {"type": "message"}, "event_id": 5}, {"update_id": 2, "my_chat_member": []}]

    def signed(body: bytes) -> Request:
        if channel == "slack":
            return people.slack_signed(body, "application/json")
        if channel == "messenger":
            import hashlib
            import hmac

            digest = hmac.new(b"app secret of the tests", body, hashlib.sha256).hexdigest()
            return Request("messenger", body, {"X-Hub-Signature-256": f"sha256={digest}"})
        return Request("telegram", body, {"X-Telegram-Bot-Api-Secret-Token": "telegram-secret-of-the-tests"})

    async def scene(office: Office) -> None:
        if channel == "whatsapp":
            assert await office.get(whatsapp_form()) == 200
            return
        for shape in shapes:
            assert await office.get(signed(json.dumps(shape).encode())) == 200, shape
        assert await office.get(signed(b"\xff{")) == 200

    assert play(scene).rows(deliveries) == []
