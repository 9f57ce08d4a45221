"""server/openapi.yml says what the running server does: fuzzed from the description, and its examples sent as they stand."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as run_settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.records.resume_codes import ALPHABET
from bot.reply import is_token
from bot.settings import ROOT
from tests.conftest import Server
from tests.server.web_client import WebClient, new_id

PATH = ROOT / "server" / "openapi.yml"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = {found.ok().label: found.ok() for found in schemathesis.openapi.from_path(PATH).get_all_operations()}
WRITTEN_AS_DESCRIBED = {"empty", "too_long", "code_unknown", "id_taken"}  # refused for what it says, not for how it is written


@pytest.fixture(scope="module")
def token(patient_server: Server) -> str:
    made = WebClient(patient_server.url).begin().token
    assert made
    return made


def examples(long: bool) -> Any:
    return run_settings(max_examples=3000 if long else 100, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_fits_the_description_is_taken(patient_server: Server, token: str, label: str, long: bool) -> None:
    @examples(long)
    @given(OPERATIONS[label].as_strategy(generation_mode=GenerationMode.POSITIVE))
    def every(case: schemathesis.Case) -> None:
        response = case.call_and_validate(base_url=patient_server.url, headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
        assert response.status_code < 300 or response.json()["error"]["code"] in WRITTEN_AS_DESCRIBED, response.text

    every()


@pytest.mark.parametrize("label", [label for label, operation in OPERATIONS.items() if operation.body])
def test_what_does_not_fit_is_refused_as_described(patient_server: Server, token: str, label: str, long: bool) -> None:
    @examples(long)
    @given(OPERATIONS[label].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def every(case: schemathesis.Case) -> None:
        response = case.call_and_validate(base_url=patient_server.url, headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
        if response.status_code != 413:  # which the check does not know as a refusal
            case.validate_response(response, checks=[negative_data_rejection])

    every()


@pytest.mark.parametrize("label", [label for label, operation in OPERATIONS.items() if operation.query])
def test_no_query_ends_in_an_error_of_the_server(patient_server: Server, token: str, label: str, long: bool) -> None:
    @examples(long)
    @given(OPERATIONS[label].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def every(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=patient_server.url, headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

    every()


def written() -> dict[str, Any]:
    return dict(yaml.safe_load(PATH.read_text(encoding="utf-8")))


def test_the_examples_of_messages_work_as_they_stand(client: WebClient) -> None:
    shown = written()["paths"]["/api/messages"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    for name, example in shown.items():
        answer = client.ask("POST", "/api/messages", {**example["value"], "id": new_id()})
        assert (answer.status, answer.json["status"]) == (200, "answered"), name


def test_every_error_code_is_described_and_no_other() -> None:
    told = set(written()["components"]["schemas"]["Error"]["properties"]["error"]["properties"]["code"]["enum"])
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "server").glob("*.py") if path.name != "rest_channel.py")
    assert told == set(re.findall(r'WebError\(\d+, "(\w+)"', code)) | {"refused", "failed"}


def test_tokens_and_codes_are_described_as_they_are() -> None:
    schemas = written()["components"]["schemas"]
    token = schemas["Token"]["pattern"]
    for text in ("ask:later-model.what", "do:start_again", "body:aofaq", "do:Help", "ask:", "do:help\n", "x:a", "ask:" + "a" * 121):
        assert bool(re.fullmatch(token.strip("^$"), text)) == is_token(text), text
    assert schemas["Turn"]["properties"]["said"]["properties"]["press"]["pattern"] == token
    code = schemas["ResumeCode"]["properties"]["code"]["pattern"]
    assert all(re.fullmatch(code, f"{letter * 4}-{letter * 4}") for letter in ALPHABET)
    assert not any(re.fullmatch(code, f"{letter * 4}-{letter * 4}") for letter in "01IO")
