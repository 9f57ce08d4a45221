"""What people, other websites, clumsy programs and hostile ones get from the web channel, over real HTTP."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, urlsplit

import jwt
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as run_settings
from hypothesis import strategies as st

from server.tokens import AUDIENCE, LIFETIME_SECONDS, _signing_key, issue
from tests.conftest import Server
from tests.server.conftest import COLLEGE, SECRET
from tests.server.web_client import Answer, WebClient, new_id, on_bare_socket

TRACE = ("Traceback", 'File "', "sqlalchemy", "sanic", "Exception")
WITH_TOKEN = [("GET", "/api/conversation"), ("POST", "/api/messages"), ("POST", "/api/codes")]
EVERY_ADDRESS = [*WITH_TOKEN, ("POST", "/api/sessions"), ("GET", "/api/health")]


def refused(answer: Answer, status: int, code: str) -> None:
    """An error in the one shape, with words for people and without a trace of the inside."""
    assert (answer.status, answer.code) == (status, code)
    assert set(answer.json) == {"error"}
    assert set(answer.json["error"]) == {"code", "message"}
    assert answer.json["error"]["message"].endswith((".", "!"))
    assert not any(mark in answer.text for mark in TRACE)


# --- slow requests: begun first and looked at last, because they take a quarter of a minute ---

BEGINNINGS = {
    "headers": b"POST /api/messages HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "body": b"POST /api/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n",
    "form": b"POST /chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n\r\n",
    "body that nobody wants": b"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n",
    "body that never ends": b"POST /api/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
}


def trickle(url: str, beginning: bytes) -> tuple[float, bytes]:
    """Sends a byte twice a second; returns after how long the connection was closed, and what was said."""
    place, began, heard = urlsplit(url), time.monotonic(), b""
    with socket.create_connection((place.hostname, place.port)) as connection:
        connection.settimeout(0.5)
        connection.sendall(beginning)
        while time.monotonic() - began < 40:
            try:
                chunk = connection.recv(65536)
                if not chunk:
                    break
                heard += chunk
            except TimeoutError:
                pass
            except OSError:
                break
            try:
                connection.sendall(b"1")
            except OSError:
                break
    return time.monotonic() - began, heard


@pytest.fixture(scope="module", autouse=True)
def slow_requests(patient_server: Server) -> Iterator[dict[str, Future[tuple[float, bytes]]]]:
    """Many at once, while all other tests of this file are served."""
    with ThreadPoolExecutor(60) as pool:
        for _ in range(10):
            begun = {name: pool.submit(trickle, patient_server.url, beginning) for name, beginning in BEGINNINGS.items()}
        yield begun


# --- a conversation ---


def test_a_question_gets_its_answer(client: WebClient) -> None:
    number = new_id()
    answer = client.say("What does LATER stand for?", number)
    turn = answer.json
    assert answer.status == 200
    assert (turn["id"], turn["status"], turn["restart"]) == (number, "answered", False)
    assert turn["said"] == {"text": "What does LATER stand for?", "press": None}
    assert "Listen" in turn["replies"][0]["text"]
    assert turn["replies"][0]["kind"] == "answer"
    assert len(turn["replies"]) == 1, "blank lines do not split a reply"


def test_a_button_is_shown_as_its_label_and_understood_as_its_token(client: WebClient) -> None:
    offered = client.say("What does LATER stand for?").json["replies"][0]["buttons"]
    example = next(button for button in offered if button["title"] == "Example")
    turn = client.press(example["token"], example["title"]).json
    assert turn["said"] == {"text": "Example", "press": example["token"]}
    assert turn["replies"][0]["kind"] == "answer"


def test_the_greeting_stands_at_the_top(client: WebClient) -> None:
    conversation = client.ask("GET", "/api/conversation").json
    assert conversation["turns"] == []
    assert conversation["greeting"][0]["text"]
    assert client.press(conversation["greeting"][0]["buttons"][0]["token"]).json["status"] == "answered"


def test_history_is_whole_in_order_and_continues_after_a_turn(client: WebClient) -> None:
    sent = [client.say(text).json for text in ("what is an SLA?", "what is FCR?", "what is CSAT?")]
    assert client.turns() == sent
    assert client.turns(after=sent[0]["seq"]) == sent[1:]
    assert client.turns(after=sent[-1]["seq"]) == []
    assert client.turns(after=999_999_999_999_999) == []


def test_a_message_sent_again_is_answered_once(client: WebClient) -> None:
    number = new_id()
    first, second = client.say("what is an SLA?", number), client.say("what is an SLA?", number)
    assert first.json == second.json
    assert client.say("what is an SLA?", number.upper()).json == first.json
    assert len(client.turns()) == 1


def test_a_message_sent_many_times_at_once_is_answered_once(client: WebClient) -> None:
    number = new_id()
    copies = [WebClient(client.url, client.token) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda copy: copy.say("what is an SLA?", number), copies))
    assert {answer.status for answer in answers} == {200}
    assert {json.dumps(answer.json) for answer in answers} == {json.dumps(answers[0].json)}
    assert len(client.turns()) == 1


def test_starting_again_hides_what_was_before(client: WebClient) -> None:
    client.say("what is an SLA?")
    restart = client.press("do:start_again", "Start again").json
    assert restart["restart"]
    after = client.say("what is FCR?").json
    assert client.turns() == [restart, after]
    assert client.turns(after=restart["seq"]) == [after]


def test_conversations_do_not_see_each_other(client: WebClient, patient_server: Server) -> None:
    client.say("what is an SLA?")
    assert WebClient(patient_server.url).begin().turns() == []


def test_the_id_of_somebody_elses_message_tells_nothing(client: WebClient, patient_server: Server) -> None:
    number = new_id()
    client.say("my neighbour Zebedee wants a refund", number)
    another = WebClient(patient_server.url).begin()
    for text in ("hello", "my neighbour Zebedee wants a refund"):
        answer = another.say(text, number)
        refused(answer, 409, "id_taken")
        assert "Zebedee" not in answer.text
    assert another.turns() == []
    assert len(client.turns()) == 1


def test_an_id_is_not_used_for_two_messages(client: WebClient) -> None:
    number = new_id()
    client.say("what is an SLA?", number)
    refused(client.say("what is FCR?", number), 409, "id_taken")
    refused(client.press("do:help", "what is an SLA?", number), 409, "id_taken")
    assert len(client.turns()) == 1


# --- codes to go on elsewhere ---


def test_a_code_carries_the_conversation_to_another_device_once(client: WebClient, patient_server: Server) -> None:
    first = client.say("what is an SLA?").json
    code = client.ask("POST", "/api/codes").json["code"]
    phone = WebClient(patient_server.url).begin(code.lower().replace("-", " "))
    assert phone.turns() == [first]
    second = phone.say("what is FCR?").json
    assert client.turns() == [first, second], "both go on"
    refused(WebClient(patient_server.url).ask("POST", "/api/sessions", {"code": code}), 403, "code_unknown")


def test_a_new_code_ends_the_old_one(client: WebClient, patient_server: Server) -> None:
    old, new = (client.ask("POST", "/api/codes").json["code"] for _ in range(2))
    refused(WebClient(patient_server.url).ask("POST", "/api/sessions", {"code": old}), 403, "code_unknown")
    assert WebClient(patient_server.url).begin(new).turns() == []


@pytest.mark.parametrize("code", ["AAAA-AAAA", "0000", "22222222"])
def test_a_guessed_code_opens_nothing(patient_server: Server, code: str) -> None:
    refused(WebClient(patient_server.url).ask("POST", "/api/sessions", {"code": code}), 403, "code_unknown")


@pytest.mark.parametrize("code", [7, "", "AAA", "A" * 21, ["K7QM2FXA"], {"a": 1}, True, "K7QM\r\n2FXA", "ＫＫＫＫＫＫＫＫ"])
def test_what_is_no_code_is_refused(patient_server: Server, code: object) -> None:
    refused(WebClient(patient_server.url).ask("POST", "/api/sessions", {"code": code}), 400, "bad_request")


# --- tokens ---


def signed(key: bytes | None = None, algorithm: str = "HS256", **changed: Any) -> str:
    now = int(time.time())
    claims = {"aud": AUDIENCE, "sub": "0" * 32, "iat": now, "exp": now + 1000, **changed}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key or _signing_key(SECRET), algorithm)


def unsigned() -> str:
    head, claims, _ = signed().split(".")
    none = jwt.utils.base64url_encode(b'{"alg":"none","typ":"JWT"}').decode()
    assert head != none
    return f"{none}.{claims}."


FORGED = {
    "empty": "",
    "words": "let me in",
    "no signature": unsigned(),
    "another key": signed(b"k" * 32),
    "the bare secret": signed(SECRET.encode()),
    "another algorithm": signed(b"k" * 64, "HS512"),
    "ended": signed(exp=int(time.time()) - 1),
    "an old one, replayed": issue(SECRET, "0" * 32, time.time() - LIFETIME_SECONDS - 1).text,
    "another purpose": signed(aud="review"),
    "no purpose": signed(aud=None),
    "no end": signed(exp=None),
    "no conversation": signed(sub=None),
    "cut off": signed()[:-2],
    "twice": f"{signed()} {signed()}",
}


@pytest.mark.parametrize(("method", "path"), WITH_TOKEN)
@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
def test_a_forged_token_is_refused_everywhere(patient_server: Server, token: str, method: str, path: str) -> None:
    answer = WebClient(patient_server.url, token).ask(method, path, {"id": new_id(), "text": "hello"} if method == "POST" else None)
    refused(answer, 401, "session_expired")


def test_a_token_must_be_a_bearer_token(patient_server: Server) -> None:
    stranger = WebClient(patient_server.url)
    for header in ("", "Bearer", signed(), f"Basic {signed()}", f"Token {signed()}"):
        refused(stranger.ask("GET", "/api/conversation", authorization=header), 401, "session_expired")
    refused(stranger.ask("GET", "/api/conversation"), 401, "session_expired")
    refused(stranger.ask("GET", f"/api/conversation?token={signed()}"), 401, "session_expired")
    refused(stranger.ask("GET", "/api/conversation", cookie=f"token={signed()}; aftercare_chat={signed()}"), 401, "session_expired")
    assert stranger.ask("GET", "/api/conversation", authorization=f"bearer {signed()}").status == 200


def test_a_token_does_not_hold_the_secret_or_a_name(client: WebClient) -> None:
    assert client.token
    claims = jwt.decode(client.token, options={"verify_signature": False})
    assert set(claims) == {"aud", "sub", "iat", "exp"}
    assert claims["exp"] - claims["iat"] == LIFETIME_SECONDS


# --- other websites ---

STRANGERS = [
    "https://evil.example",
    "http://college.example",
    "https://college.example:444",
    "https://college.example.evil.example",
    "https://evil.example/https://college.example",
    "https://COLLEGE.example",
    "https://sub.college.example",
    "null",
    "file://",
    "https://",
    "x",
    "http://[bad",
]


@pytest.mark.parametrize("origin", STRANGERS)
def test_another_website_gets_nothing(client: WebClient, origin: str) -> None:
    for method, path in EVERY_ADDRESS:
        for asked in (method, "OPTIONS"):
            answer = client.ask(asked, path, {"id": new_id(), "text": "hello"} if asked == "POST" else None, origin=origin)
            refused(answer, 403, "origin_refused")
            assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    assert client.turns() == []


def test_an_allowed_website_gets_exactly_what_it_needs(client: WebClient) -> None:
    number = new_id()
    for method, path in EVERY_ADDRESS:
        answer = client.ask(method, path, {"id": number, "text": "hello"} if method == "POST" else None, origin=COLLEGE)
        assert answer.status in {200, 201}, (path, answer)
        given = {name.lower(): value for name, value in answer.headers.items()}
        assert {name: value for name, value in given.items() if name.startswith("access-control-")} == {
            "access-control-allow-origin": COLLEGE,
            "access-control-allow-methods": "GET, POST",
            "access-control-allow-headers": "Authorization, Content-Type",
            "access-control-expose-headers": "Retry-After",
            "access-control-max-age": "600",
        }
        assert given["vary"] == "Origin"
        assert "set-cookie" not in given


def test_an_allowed_website_can_read_why_it_was_refused(patient_server: Server) -> None:
    answer = WebClient(patient_server.url, "forged").ask("GET", "/api/conversation", origin=COLLEGE)
    refused(answer, 401, "session_expired")
    assert answer.headers["Access-Control-Allow-Origin"] == COLLEGE


def test_a_browser_that_asks_first_is_told(patient_server: Server) -> None:
    stranger = WebClient(patient_server.url)
    for _, path in EVERY_ADDRESS:
        answer = stranger.ask("OPTIONS", path, origin=COLLEGE, access_control_request_method="POST")
        assert (answer.status, answer.body) == (204, b"")
        assert answer.headers["Access-Control-Allow-Origin"] == COLLEGE
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_our_own_page_needs_no_permission(client: WebClient) -> None:
    answer = client.ask("GET", "/api/conversation", origin=client.url)
    assert answer.status == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(("method", "path"), EVERY_ADDRESS)
def test_answers_are_not_kept_or_guessed_at_by_browsers(client: WebClient, method: str, path: str) -> None:
    answer = client.ask(method, path, {} if method == "POST" else None)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/json"
    assert "Server" not in answer.headers


# --- clumsy and hostile requests ---

UUID = "6f1c1f0e-8f0a-4c83-9a55-0c3f6e6f3d11"
BAD_BODIES = {
    "nothing": b"",
    "not JSON": b"{",
    "broken UTF-8": b'{"id": "' + UUID.encode() + b'", "text": "\xff\xfe"}',
    "a list": b"[]",
    "a text": b'"hello"',
    "a number": b"1",
    "null": b"null",
    "deep": b"[" * 8000,
    "deep objects": b'{"a":' * 2000,
    "a huge number": b'{"id": ' + b"9" * 10_000 + b"}",
    "not a number": b'{"id": NaN, "text": Infinity}',
    "no id": b'{"text": "hello"}',
    "no text": json.dumps({"id": UUID}).encode(),
    "both": json.dumps({"id": UUID, "text": "a", "press": "do:help", "label": "a"}).encode(),
    "a number for an id": json.dumps({"id": 7, "text": "hello"}).encode(),
    "an id that is no UUID": json.dumps({"id": "../../etc/passwd", "text": "hello"}).encode(),
    "an id and more": json.dumps({"id": UUID + "\n", "text": "hello"}).encode(),
    "a list for a text": json.dumps({"id": UUID, "text": ["hello"]}).encode(),
    "an object for a text": json.dumps({"id": UUID, "text": {"$ne": ""}}).encode(),
    "true for a text": json.dumps({"id": UUID, "text": True}).encode(),
    "a huge number for a text": b'{"id": "' + UUID.encode() + b'", "text": ' + b"9" * 3000 + b"}",
    "no token": json.dumps({"id": UUID, "press": "", "label": "a"}).encode(),
    "words for a token": json.dumps({"id": UUID, "press": "hello", "label": "a"}).encode(),
    "an intent for a token": json.dumps({"id": UUID, "press": "/restart", "label": "a"}).encode(),
    "a token and more": json.dumps({"id": UUID, "press": "do:help\n", "label": "a"}).encode(),
    "a long token": json.dumps({"id": UUID, "press": "ask:" + "a" * 200, "label": "a"}).encode(),
    "no label": json.dumps({"id": UUID, "press": "do:help"}).encode(),
    "a number for a label": json.dumps({"id": UUID, "press": "do:help", "label": 7}).encode(),
    "a long label": json.dumps({"id": UUID, "press": "do:help", "label": "a" * 121}).encode(),
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_wrong_message_is_told_what_is_wrong_and_not_taken(client: WebClient, body: bytes) -> None:
    refused(client.ask("POST", "/api/messages", body), 400, "bad_request")
    assert client.turns() == []


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b", "\x00\x01", "/", "// /", "\ud800", "\u202e"])
def test_nothing_said_is_told_so(client: WebClient, text: str) -> None:
    refused(client.say(text), 400, "empty")


def test_the_longest_message_is_named(client: WebClient) -> None:
    assert client.say("a" * 1000).status == 200
    answer = client.say("a" * 1001)
    refused(answer, 400, "too_long")
    assert "1000" in answer.text


def test_half_characters_and_control_characters_are_left_out(client: WebClient) -> None:
    turn = client.say("what \ud83d is \x00an\x1b SLA\u202e?\udc4d").json
    assert turn["status"] == "answered"
    assert turn["said"]["text"].split() == ["what", "is", "an", "SLA", "?"]
    assert client.turns() == [turn]


@pytest.mark.parametrize("text", ["👍🏽", "我要退款", "a\nb", "'; DROP TABLE events; --", "<b>%s {} ${7*7} {{7*7}}</b>", "\u0301" * 50])
def test_words_come_back_as_they_were_said(client: WebClient, text: str) -> None:
    turn = client.say(text).json
    assert turn["said"]["text"] == text
    assert client.turns() == [turn]


@pytest.mark.parametrize("text", ["/restart", "/session_start", '/ask{"body": "x"}', "//goodbye", "/ /greet"])
def test_a_command_of_rasas_is_only_words(client: WebClient, text: str) -> None:
    first = client.say("what is an SLA?").json
    turn = client.say(text).json
    assert not turn["said"]["text"].startswith("/")
    assert client.turns() == [first, turn]


def test_sixteen_kilobytes_are_taken_and_no_more(client: WebClient) -> None:
    def of(size: int) -> bytes:
        body = json.dumps({"id": new_id(), "text": "what is an SLA?", "other": ""})
        return (body[:-2] + "x" * (size - len(body)) + body[-2:]).encode()

    assert client.ask("POST", "/api/messages", of(16 * 1024)).status == 200
    refused(client.ask("POST", "/api/messages", of(16 * 1024 + 1)), 413, "too_large")
    refused(client.ask("POST", "/api/sessions", of(16 * 1024 + 1)), 413, "too_large")


def test_a_flood_is_cut_off(patient_server: Server) -> None:
    head = b"POST /api/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n"
    try:
        heard = on_bare_socket(patient_server.url, head + b"x" * 3_000_000)
    except ConnectionError:
        return
    assert heard.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "", "text/json"])
def test_another_content_type_is_refused(client: WebClient, kind: str) -> None:
    """A form on another website could send these without asking the browser first."""
    answer = client.ask("POST", "/api/messages", {"id": new_id(), "text": "hello"}, content_type=kind)
    refused(answer, 415, "not_json")
    assert client.turns() == []


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_may_say_its_letters(client: WebClient, kind: str) -> None:
    assert client.ask("POST", "/api/messages", {"id": new_id(), "text": "hello"}, content_type=kind).status == 200


@pytest.mark.parametrize("after", ["-1", "1.5", "x", "1e3", " ", "1" * 16, "٣", "0x10", "1;DROP TABLE deliveries", "%00", "%ff"])
def test_a_wrong_number_of_a_turn_is_refused(client: WebClient, after: str) -> None:
    wrong = after if "%" in after else quote(after)
    refused(client.ask("GET", f"/api/conversation?after={wrong}"), 400, "bad_request")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/nothing", 404),
        ("GET", "/api/../secret", 404),
        ("GET", "/api/%2e%2e/secret", 404),
        ("GET", "/web/page.html", 404),
        ("GET", "/.env", 404),
        ("GET", "/var/secret", 404),
        ("GET", "/%ff%fe", 404),
        ("GET", "//evil.example/", 404),
        ("POST", "/webhooks/web/webhook", 404),
        ("GET", "/status", 404),
        ("GET", "/version", 404),
        ("POST", "/model/parse", 404),
        ("GET", "/conversations/x/tracker", 404),
        ("GET", "/api/messages", 405),
        ("DELETE", "/api/messages", 405),
        ("PUT", "/api/sessions", 405),
        ("TRACE", "/api/health", 405),
        ("NONE", "/api/health", 405),
    ],
)
def test_other_addresses_and_methods_are_told_in_a_sentence(patient_server: Server, method: str, path: str, status: int) -> None:
    answer = WebClient(patient_server.url).ask(method, path)
    assert answer.status == status
    assert len(answer.text) < 200
    assert not any(mark in answer.text for mark in (*TRACE, "Rasa", "rasa"))
    if path.startswith("/api/"):
        assert answer.code == "refused"


BARE = {
    "a value with a line feed": b"GET /api/health HTTP/1.1\r\nHost: x\r\nOrigin: https://college.example\nSet-Cookie: a=b\r\n",
    "a value with a carriage return": b"GET /api/health HTTP/1.1\r\nHost: x\r\nOrigin: https://college.example\rSet-Cookie: a=b\r\n",
    "a new line in the address": b"GET /api/nothing%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: x\r\n",
    "a new line in the query": b"GET /api/conversation?after=1%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: x\r\n",
    "a new line in the token": b"GET /api/conversation HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\rSet-Cookie: a=b\r\n",
    "a host with a new line": b"GET /chat HTTP/1.1\r\nHost: x\rSet-Cookie: a=b\r\n",
    "no length": b"POST /api/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n",
    "no chunks": b"POST /api/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "long headers": b"GET /api/health HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 20_000 + b"\r\n",
    "many headers": b"GET /api/health HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 2_000,
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n",
    "words": b"hello\r\n",
    "another version": b"GET /api/health HTTP/9.9\r\nHost: x\r\n",
    "no colon": b"GET /api/health HTTP/1.1\r\nHost\r\n",
    "letters of no alphabet": b"GET /api/health HTTP/1.1\r\nHost: \xff\xfe\r\nAuthorization: Bearer \xff\r\nCookie: \xff=\xfe\r\n",
    "a wrong cookie": b'GET /chat HTTP/1.1\r\nHost: x\r\nCookie: aftercare_chat="; ;;=; \xff\r\n',
}


@pytest.mark.parametrize("sent", BARE.values(), ids=BARE.keys())
def test_bytes_that_no_browser_sends_do_no_harm(patient_server: Server, sent: bytes) -> None:
    heard = on_bare_socket(patient_server.url, sent + b"Connection: close\r\n\r\n")
    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.split(b" ")[1] in {b"200", b"400", b"401", b"403", b"404", b"413"}, head
    assert b"set-cookie: a=b" not in head.lower()
    assert not any(mark.encode() in body for mark in TRACE)
    assert WebClient(patient_server.url).ask("GET", "/api/health").json == {"status": "ok"}


def test_an_address_that_is_no_text_ends_the_connection_only(patient_server: Server) -> None:
    heard = on_bare_socket(patient_server.url, b"GET /api/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 4") or heard == b""
    assert WebClient(patient_server.url).ask("GET", "/api/health").json == {"status": "ok"}


# --- limits ---


def test_who_sends_very_quickly_is_told_how_long_to_wait(server: Server) -> None:
    """On a server with the limits as they come."""
    hasty, calm = WebClient(server.url).begin(), WebClient(server.url).begin()
    number = new_id()
    answers = [hasty.press("do:help", "Help", number) for _ in range(12)]
    assert [answer.status for answer in answers[:10]] == [200] * 10
    held = answers[-1]
    refused(held, 429, "rate_limited")
    wait = int(held.headers["Retry-After"])
    assert 1 <= wait <= 5
    assert str(wait) in held.json["error"]["message"]
    assert calm.press("do:help", "Help").status == 200, "others are not held back"
    assert len(hasty.turns()) == 1
    time.sleep(wait)
    assert hasty.press("do:help", "Help").status == 200


def test_codes_count_as_messages(server: Server) -> None:
    hasty = WebClient(server.url).begin()
    assert 429 in [hasty.ask("POST", "/api/codes").status for _ in range(12)]


# --- the chat without JavaScript ---


class Browser:
    """A browser without JavaScript: follows redirects and keeps the one cookie."""

    def __init__(self, url: str) -> None:
        self.client = WebClient(url)
        self.cookie = ""
        self.set_cookie = ""

    def ask(self, method: str, body: bytes | None = None, **headers: str) -> Answer:
        kind = {"content_type": "application/x-www-form-urlencoded"} if body is not None else {}
        answer = self.client.ask(method, "/chat", body, cookie=self.cookie, **{**kind, **headers})
        if answer.headers["Set-Cookie"]:
            self.set_cookie = answer.headers["Set-Cookie"]
            self.cookie = self.set_cookie.split(";")[0]
        return answer

    def open(self) -> str:
        answer = self.ask("GET")
        assert answer.status == 200
        return answer.text

    def send(self, number: str, text: str = "", press: str = "", **headers: str) -> Answer:
        fields = {"id": number, "press": press} if press else {"id": number, "text": text}
        return self.ask("POST", "&".join(f"{name}={quote(value)}" for name, value in fields.items()).encode(), **headers)


@pytest.fixture
def browser(patient_server: Server) -> Browser:
    opened = Browser(patient_server.url)
    opened.open()
    return opened


def test_a_form_is_answered_by_the_page_with_the_turn(browser: Browser) -> None:
    answer = browser.send(new_id(), "What does LATER stand for?")
    assert (answer.status, answer.headers["Location"]) == (303, "/chat#end")
    page = browser.open()
    assert "What does LATER stand for?" in page
    assert "Listen" in page


def test_a_button_without_javascript(browser: Browser) -> None:
    assert browser.send(new_id(), press="ask:later-model.what What is LATER?").status == 303
    page = browser.open()
    assert "What is LATER?" in page
    assert "Listen" in page


def test_the_cookie_is_for_this_page_and_no_script(browser: Browser) -> None:
    browser.send(new_id(), "hello")
    parts = {part.strip().lower() for part in browser.set_cookie.split(";")[1:]}
    assert {"path=/chat", "httponly", "samesite=strict", f"max-age={LIFETIME_SECONDS}"} <= parts
    assert not any(part.startswith("domain") for part in parts)


def test_a_form_sent_twice_counts_once(patient_server: Server, browser: Browser) -> None:
    number = new_id()
    for _ in range(2):
        assert browser.send(number, "what is an SLA?").status == 303
    assert browser.open().count("what is an SLA?") == 1


def test_the_first_form_sent_twice_at_once_counts_once(browser: Browser) -> None:
    """A double click on Send: the second request leaves before the first one's answer is there."""
    number, cookie = new_id(), browser.cookie
    assert cookie, "the page comes with its conversation"
    browser.send(number, "what is an SLA?")
    browser.cookie = cookie
    assert browser.send(number, "what is an SLA?").status == 303
    assert browser.open().count("what is an SLA?") == 1


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": COLLEGE}, {"sec_fetch_site": "cross-site"}])
def test_a_form_of_another_website_is_refused(browser: Browser, headers: dict[str, str]) -> None:
    before = browser.cookie
    assert browser.send(new_id(), "hello from elsewhere", **headers).status == 403
    assert browser.cookie == before
    assert "hello from elsewhere" not in browser.open().replace("<textarea", "")


def test_markup_is_shown_and_not_run(browser: Browser) -> None:
    browser.send(new_id(), "<script>alert(1)</script><img src=x onerror=alert(2)>")
    browser.send(new_id(), press='do:help "><script>alert(3)</script>')
    page = browser.open()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "<img" not in page


def test_a_refused_form_keeps_what_was_typed(browser: Browser) -> None:
    answer = browser.send(new_id(), "   ")
    assert answer.status == 400
    assert 'role="alert"' in answer.text
    long = "what is <b>an SLA</b>? " * 60
    answer = browser.send(new_id(), long)
    assert answer.status == 400
    assert "<b>" not in answer.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"id=\xff\xfe&text=\xff", "application/x-www-form-urlencoded"),
        (b"id=%FF&text=%ED%A0%80", "application/x-www-form-urlencoded"),
        (b"abc", "multipart/form-data"),
        (b"--a\r\nContent-Disposition: form-data; name=\r\n\r\n", "multipart/form-data; boundary=a"),
        (b'{"id": 1}', "application/json"),
        (b"id=a&press=do:help", "application/x-www-form-urlencoded"),
        (b"&" * 100_000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_broken_form_is_told_so(browser: Browser, body: bytes, kind: str) -> None:
    answer = browser.ask("POST", body, content_type=kind)
    assert answer.status == 400
    assert not any(mark in answer.text for mark in TRACE)


def test_a_forged_cookie_opens_a_new_conversation(browser: Browser) -> None:
    browser.send(new_id(), "what is an SLA?")
    browser.cookie = browser.cookie[:-4] + "AAAA"
    assert "what is an SLA?" not in browser.open()


def test_the_page_keeps_to_itself(browser: Browser) -> None:
    headers = browser.ask("GET").headers
    assert headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


# --- anything at all ---

WORDS = st.sampled_from(
    ["what is", "LATER", "SLA", "refund", "150 replies,", "96 happy.", "CSAT?", "30 days", "%", "£", "/", "\\", "{}", "{0}", "%s", "\x00"]
)
ANYTHING = st.one_of(
    st.text(max_size=400),
    st.text(st.characters(max_codepoint=0x2FFF), min_size=1, max_size=60),
    st.lists(WORDS, min_size=1, max_size=12).map(" ".join),
    st.lists(st.one_of(WORDS, st.text(max_size=8), st.integers().map(str), st.floats().map(str)), max_size=12).map(" ".join),
    st.from_regex(r"(\d{1,30}[.,/%x*+ -]?){1,8}", fullmatch=True),
    st.text(st.sampled_from("aeiou \n?!.,'\"👍é한"), min_size=900, max_size=1100),
)
TOKENS = st.one_of(
    st.from_regex(r"\A(ask|do|body):[a-z0-9][a-z0-9._-]{0,119}\Z"),
    st.sampled_from(["do:start_again", "do:help", "ask:later-model.what", "ask:nothing.what", "body:aofaq", "body:nobody", "do:nothing"]),
)


def test_no_message_breaks_anything_or_gets_into_the_log(patient_server: Server, long: bool) -> None:
    client = WebClient(patient_server.url).begin()
    said: list[str] = []

    @run_settings(max_examples=10_000 if long else 300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        st.one_of(
            ANYTHING.map(lambda text: {"text": text}), st.tuples(TOKENS, ANYTHING).map(lambda both: {"press": both[0], "label": both[1]})
        )
    )
    def every(message: dict[str, str]) -> None:
        answer = client.ask("POST", "/api/messages", {"id": new_id(), **message})
        said.extend(message.values())
        assert answer.status in {200, 400}, (message, answer)
        if answer.status == 200:
            turn = answer.json
            assert turn["status"] == "answered", message
            assert turn["replies"], message
            assert all(reply["text"].strip() for reply in turn["replies"]), message

    every()
    log = patient_server.log.read_text(errors="replace")
    assert "Traceback" not in log
    own = {"do:start_again", "do:help"}
    assert [text for text in said if len(text.strip()) > 12 and text not in own and text.strip() in log] == []


def test_the_log_holds_nothing_that_was_said_or_sent(patient_server: Server) -> None:
    client = WebClient(patient_server.url).begin()
    client.say("my neighbour Zebedee Quillfeather wants a refund")
    client.ask("POST", "/api/messages", {"id": "Zebedee", "text": "Zebedee"})
    client.ask("POST", "/api/messages", b'{"id": "Zebedee')
    client.ask("GET", "/api/conversation?after=Zebedee")
    client.ask("GET", "/Zebedee")
    Browser(patient_server.url).send("Zebedee", "Zebedee")
    log = patient_server.log.read_text()
    assert "Zebedee" not in log
    assert client.token
    assert client.token not in log


@pytest.mark.parametrize("which", BEGINNINGS)
def test_a_request_that_trickles_in_is_ended(slow_requests: dict[str, Future[tuple[float, bytes]]], which: str) -> None:
    """Not with every byte anew: whoever sends a byte a second cannot hold a connection for ever."""
    seconds, heard = slow_requests[which].result(45)
    assert seconds < 25
    if which == "body that nobody wants":
        assert heard.startswith(b"HTTP/1.1 404")
    elif which == "body that never ends":
        assert heard.startswith((b"HTTP/1.1 400", b"HTTP/1.1 408"))
    else:
        assert heard.startswith(b"HTTP/1.1 408"), heard[:200]
        assert seconds > 10, "somebody on a slow line has time"
