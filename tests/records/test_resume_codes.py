"""A code carries a conversation to one other device, once, for a quarter of an hour."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records import ResumeCodes
from bot.records.resume_codes import ALPHABET, LIFETIME_SECONDS
from bot.records.tables import resume_codes as table

NOW = 1_800_000_000.0
CODE = "K7QM2FXA"


@pytest.fixture
def codes(engine: Engine) -> ResumeCodes:
    return ResumeCodes(engine, "a secret")


def test_a_code_leads_to_its_conversation_once(codes: ResumeCodes) -> None:
    codes.keep(CODE, "someone", NOW)
    assert codes.use(CODE, NOW + 1) == "someone"
    assert codes.use(CODE, NOW + 1) is None


def test_a_code_ends_after_a_quarter_of_an_hour(codes: ResumeCodes) -> None:
    ends = codes.keep(CODE, "someone", NOW)
    assert ends == NOW + LIFETIME_SECONDS == NOW + 900
    assert codes.use(CODE, ends + 0.1) is None
    assert codes.use(CODE, NOW) is None, "once found too old it is gone"
    codes.keep(CODE, "someone", NOW)
    assert codes.use(CODE, ends) == "someone"


@pytest.mark.parametrize("typed", ["k7qm2fxa", "K7QM-2FXA", "k7qm 2fxa", " K7qM - 2fXa "])
def test_a_code_may_be_typed_in_any_way(codes: ResumeCodes, typed: str) -> None:
    codes.keep(CODE, "someone", NOW)
    assert codes.use(typed, NOW) == "someone"


@pytest.mark.parametrize("typed", ["", "-", "K7QM2FX", "K7QM2FXB", "K7QM2FXAA", "' OR 1=1 --"])
def test_any_other_code_leads_nowhere_and_spoils_nothing(codes: ResumeCodes, typed: str) -> None:
    codes.keep(CODE, "someone", NOW)
    assert codes.use(typed, NOW) is None
    assert codes.use(CODE, NOW) == "someone"


def test_a_new_code_takes_the_place_of_the_conversations_old_one(codes: ResumeCodes) -> None:
    codes.keep(CODE, "someone", NOW)
    codes.keep("AAAA2222", "another", NOW)
    codes.keep("BBBB3333", "someone", NOW)
    assert codes.use(CODE, NOW) is None
    assert codes.use("AAAA2222", NOW) == "another"
    assert codes.use("BBBB3333", NOW) == "someone"


def test_old_codes_are_cleared_away(codes: ResumeCodes, engine: Engine) -> None:
    for number in range(5):
        codes.keep(f"AAAA222{ALPHABET[number]}", f"someone {number}", NOW)
    codes.keep(CODE, "another", NOW + LIFETIME_SECONDS + 1)
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 1


def test_a_code_made_under_another_secret_leads_nowhere(codes: ResumeCodes, engine: Engine) -> None:
    codes.keep(CODE, "someone", NOW)
    assert ResumeCodes(engine, "another secret").use(CODE, NOW) is None


def test_the_code_itself_is_nowhere_in_the_database(codes: ResumeCodes, engine: Engine) -> None:
    codes.keep(CODE, "someone", NOW)
    with engine.connect() as connection:
        assert CODE not in str(connection.execute(sa.select(table)).all())
    if engine.dialect.name == "sqlite":
        from pathlib import Path

        file = Path(engine.url.database)
        assert not any(CODE.encode() in path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


def test_codes_have_no_letters_that_look_alike() -> None:
    assert set(ALPHABET).isdisjoint("0O1I")
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
