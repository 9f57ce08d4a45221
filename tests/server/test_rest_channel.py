"""What a learner, or a clumsy or hostile client, gets from the running server."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.rest_channel import typed_text
from tests.conftest import Server

TRACE = ("Traceback", "Exception", 'File "', "utter_", "action_")


def said(message: object, sender: object = "someone") -> bytes:
    return json.dumps({"sender": sender, "message": message}).encode()


def test_a_question_gets_its_sourced_answer(server: Server) -> None:
    reply = server.say("What does LATER stand for?")
    assert "Listen, Apologise, Thank" in reply
    assert "Source:" in reply


def test_law_comes_with_act_section_and_date(server: Server) -> None:
    reply = server.say("how long does a customer have to reject a faulty toaster?")
    assert "Consumer Rights Act 2015" in reply
    assert "checked " in reply
    assert "not legal advice" in reply


def test_a_reply_is_one_message_even_with_blank_lines(server: Server) -> None:
    _, replies = server.post(said("what is an SLA?"))
    assert len(replies) == 1
    assert "\n\n" in replies[0]["text"]


def test_buttons_carry_tokens_that_work(server: Server) -> None:
    _, replies = server.post(said("what is the net promoter score?", "presser"))
    example = next(button for button in replies[0]["buttons"] if button["title"] == "Example")
    assert "=" in server.say(example["payload"], "presser")


@pytest.mark.parametrize("message", ["", "   ", "\n\t", "\u200b", "\x00\x01"])
def test_nothing_said_is_answered_kindly(server: Server, message: str) -> None:
    assert "did not receive any words" in server.say(message)


def test_a_very_long_message_is_declined_quickly_and_the_limit_named(server: Server) -> None:
    assert "1000 characters" in server.say("refund " * 1500)


@pytest.mark.parametrize(
    "message", ["👍🎉😡", "<script>alert(1)</script>", "¿Dónde está mi pedido?", "我要退款", "a" * 900, "'; DROP TABLE events; --"]
)
def test_odd_messages_get_an_answer_without_a_trace(server: Server, message: str) -> None:
    reply = server.say(message)
    assert reply
    assert not any(mark in reply for mark in TRACE)


@pytest.mark.parametrize("message", ["/greet", "/restart", '/ask{"body": "x"}', "//goodbye", "/session_start"])
def test_a_slash_is_only_text(server: Server, message: str) -> None:
    """Rasa would take these as intents, entities and slots."""
    assert server.say(message)
    assert not typed_text(message).startswith("/")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"null", 400),
        (b'{"sender": "a"}', 400),
        (said(5), 400),
        (said(None), 400),
        (said(["a"]), 400),
        (said("hi", 7), 400),
        (said("hi", "x" * 300), 400),
        (b'{"message": "\xff\xfe"}', 400),
        (b"[" * 50_000, 400),
        (said("x" * 70_000), 413),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(server: Server, body: bytes, status: int) -> None:
    got, answer = server.post(body)
    assert got == status
    assert answer["error"]
    assert not any(mark in answer["error"] for mark in TRACE)


def test_without_a_sender_people_do_not_share_a_conversation(server: Server) -> None:
    server.post(b'{"message": "what is an SLA?"}')
    _, replies = server.post(b'{"message": "give me another example"}')
    assert "SLA" not in replies[0]["text"]


def test_conversations_are_kept_apart_and_remembered(server: Server) -> None:
    server.say("What is the LAST model?", "first")
    server.say("What is the Equality Act 2010?", "second")
    assert "Solve" in server.say("can you give me an example?", "first")


def test_the_server_does_not_open_itself_to_other_sites(server: Server) -> None:
    import urllib.request

    request = urllib.request.Request(server.url + "/", headers={"Origin": "https://evil.example"})
    with urllib.request.urlopen(request) as response:
        assert "Access-Control-Allow-Origin" not in response.headers
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_rasas_own_api_is_closed(server: Server) -> None:
    for path in ("/conversations/someone/tracker", "/model/parse", "/status"):
        status, _ = server.post(b"{}", path)
        assert status in {404, 405}


def test_the_log_holds_nothing_that_was_said(server: Server) -> None:
    server.say("my neighbour Zebedee Quillfeather wants a refund")
    server.post(b'{"message": "Zebedee", "sender": 7}')
    assert "Zebedee" not in server.log.read_text()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_any_text_gets_an_answer(server: Server, text: str) -> None:
    status, replies = server.post(said(text, "anything"))
    assert status == 200
    assert replies
    assert replies[0]["text"]
    assert not any(mark in replies[0]["text"] for mark in TRACE[:3])


@given(st.text())
def test_typed_text_is_never_a_command_and_has_no_control_characters(text: str) -> None:
    typed = typed_text(text)
    assert not typed.startswith("/")
    assert all(character.isprintable() or character == "\n" for character in typed)
