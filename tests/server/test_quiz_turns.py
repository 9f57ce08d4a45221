"""Quizzes through the running server: answers kept once with their turn, whatever happens in between."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import Server, start_server
from tests.server.web_client import Answer, WebClient, new_id


@pytest.fixture(scope="module")
def quiz_server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("quiz"), AFTERCARE_MESSAGES_PER_MINUTE="100000")
    yield running
    running.stop()


@pytest.fixture
def learner(quiz_server: Server) -> WebClient:
    return WebClient(quiz_server.url).begin()


def rows(server: Server, query: str, *values: object) -> list[tuple[object, ...]]:
    with sqlite3.connect(server.log.parent / "aftercare.db") as connection:
        return connection.execute(query, values).fetchall()


def attempts(server: Server) -> int:
    return int(str(rows(server, "SELECT count(*) FROM attempts")[0][0]))


def text_of(answer: Answer) -> str:
    assert answer.status == 200, answer
    return "\n".join(reply["text"] for reply in answer.json["replies"])


def test_a_quiz_over_the_rest_channel(server: Server) -> None:
    first = server.say("quizz me on teh law plz", "quizzer")
    assert "Question 1 of 10" in first
    assert "Question 1 of 10" in server.say("asdkjh qwpoe zzzzx", "quizzer")
    assert "service level agreement" in server.say("what does SLA mean?", "quizzer").lower()
    assert "Hint one" in server.say("hint", "quizzer")
    assert "stopped" in server.say("ok stop now", "quizzer").lower()
    assert "not marked" in server.say("a", "quizzer")


def test_a_repeated_answer_is_one_attempt_and_one_reply(quiz_server: Server, learner: WebClient) -> None:
    learner.say("true or false quiz on equality")
    before = attempts(quiz_server)
    number = new_id()
    first = learner.say("true", number).json
    assert learner.say("true", number).json == first
    assert attempts(quiz_server) == before + 1


def test_two_tabs_answering_at_once_are_taken_one_after_the_other(quiz_server: Server, learner: WebClient) -> None:
    learner.say("true or false quiz on data protection")
    before = attempts(quiz_server)
    tabs = [learner, WebClient(learner.url, learner.token)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda tab: tab.say("true"), tabs))
    assert attempts(quiz_server) == before + 2, "the second answers the next question"
    assert all("Question" in text_of(answer) for answer in answers)
    places = rows(quiz_server, "SELECT place, number FROM attempts ORDER BY id DESC LIMIT 2")
    assert len(set(places)) == 2


def test_an_answer_while_the_database_is_locked_is_told_and_counted_once_when_it_is_sent_again(
    quiz_server: Server, learner: WebClient
) -> None:
    learner.say("true or false quiz on complaints")
    before = attempts(quiz_server)
    number = new_id()
    locker = sqlite3.connect(quiz_server.log.parent / "aftercare.db", isolation_level=None)
    locker.execute("BEGIN EXCLUSIVE")
    try:
        refused = learner.say("true", number)
        assert refused.status == 503
        assert "send it again" in refused.json["error"]["message"].lower()
    finally:
        locker.execute("ROLLBACK")
        locker.close()
    time.sleep(1.2)
    answered = learner.say("true", number)
    assert "Question 2" in text_of(answered)
    assert attempts(quiz_server) == before + 1


def test_the_state_of_a_quiz_outlives_the_server(model: Path, tmp_path: Path) -> None:
    first = start_server(tmp_path)
    learner = WebClient(first.url).begin()
    learner.say("quiz me on kpis")
    asked = text_of(learner.say("repeat the question"))
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    second = start_server(tmp_path)
    try:
        assert text_of(WebClient(second.url, learner.token).say("repeat the question")) == asked
    finally:
        second.process.send_signal(signal.SIGTERM)
        second.process.wait(30)


def test_progress_has_a_picture_for_channels_that_can_draw(learner: WebClient) -> None:
    learner.say("true or false quiz on equality")
    learner.say("true")
    learner.say("stop")
    reply = learner.say("how am i doing?").json["replies"][0]
    assert reply["picture"]["kind"] == "bars"
    assert all(0 <= row["value"] <= 1 and "%" in row["text"] for row in reply["picture"]["rows"])


def test_the_evidence_page_opens_at_its_address_and_nowhere_else(learner: WebClient) -> None:
    learner.press("practice:start.faulty-baby-monitor")
    learner.say("<b>I'm so sorry</b>, that must have been frightening.")
    learner.say("feedback")
    said = text_of(learner.press("practice:evidence"))
    address = next(word for word in said.split() if word.startswith("/evidence/"))
    page = WebClient(learner.url).ask("GET", address)
    assert page.status == 200
    assert "&lt;b&gt;I" in page.text
    assert "formative" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert WebClient(learner.url).ask("GET", address[:-4] + "AAAA").status == 403
    stranger = WebClient(learner.url).begin()
    stranger.press("practice:start.faulty-baby-monitor")
    empty = text_of(stranger.press("practice:evidence"))
    assert WebClient(learner.url).ask("GET", next(word for word in empty.split() if word.startswith("/evidence/"))).status == 404
