"""Whoever updates the server stops it at any moment: nobody's message is left half done, and it stops."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.settings import ROOT
from tests.conftest import AFTERCARE, start_server
from tests.made import share
from tests.ports import free_port
from tests.server.web_client import WebClient, new_id

QUESTION = "what is an SLA, how long does a customer have to reject a faulty toaster, and who pays for sending it back to the shop?"
CLIENTS = 6


def send_and_leave(url: str, token: str | None, number: str) -> None:
    """The whole message goes out, and nobody waits for the answer."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    connection.request("POST", "/api/messages", json.dumps({"id": number, "text": QUESTION}), headers)
    time.sleep(0.02)
    connection.close()


def stored(var: Path, number: str) -> tuple[Any, ...] | None:
    with sqlite3.connect(var / "aftercare.db") as connection:
        row: tuple[Any, ...] | None = connection.execute("SELECT status FROM deliveries WHERE message_id = ?", (number,)).fetchone()
        return row


def test_what_was_begun_is_finished_and_nothing_new_is_taken(model: Path, tmp_path: Path) -> None:
    server, answers, numbers = start_server(tmp_path), list[Any](), [new_id() for _ in range(CLIENTS)]
    learners = [WebClient(server.url).begin() for _ in range(CLIENTS)]
    left, leaver = new_id(), WebClient(server.url).begin()
    learners[0].say("what is a KPI?")  # the first message waits for nothing that is made once
    threads = [
        threading.Thread(target=lambda learner=learner, number=number: answers.append(learner.say(QUESTION, number)))
        for learner, number in zip(learners, numbers, strict=True)
    ]
    for thread in threads:
        thread.start()
    send_and_leave(server.url, leaver.token, left)
    assert any(thread.is_alive() for thread in threads), "it is stopped in the middle"
    server.stop()
    for thread in threads:
        thread.join(5)
    assert [answer.json["status"] for answer in answers] == ["answered"] * CLIENTS
    assert all(answer.json["replies"] for answer in answers)
    assert stored(tmp_path, left) == ("answered",), "also for whoever did not wait"
    assert "Traceback" not in server.log.read_text()


def test_it_stops_also_when_asked_in_the_moment_in_which_it_is_ready(model: Path, tmp_path: Path) -> None:
    share(tmp_path)
    environment = {**os.environ, "AFTERCARE_VAR": str(tmp_path), "REVIEW_PORT": "0", "PYTHONUNBUFFERED": "1"}
    command = [str(AFTERCARE), "serve", "--port", str(free_port())]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert any("Aftercare is ready" in line for line in iter(process.stdout.readline, ""))
    process.send_signal(signal.SIGTERM)
    try:
        assert process.wait(20) == 0
    finally:
        process.kill()
