"""Which card or survey is open: in the address, so that links and reloads work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.ids import MemberId, SurveyId

if TYPE_CHECKING:
    from collections.abc import Container

MEMBER, SURVEY, PART, AGE = "member", "survey", "part", "age"
LONGEST_ID = 17  # digits that fit an id


def opened() -> MemberId | None:
    """Return the member whose card the address names."""
    number = _number(MEMBER)
    return None if number is None else MemberId(number)


def survey() -> SurveyId | None:
    """Return the survey that the address names."""
    number = _number(SURVEY)
    return None if number is None else SurveyId(number)


def open_one(member_id: int) -> None:
    """Go to one card."""
    st.query_params.from_dict({MEMBER: str(member_id)})


def open_survey(survey_id: int) -> None:
    """Go to one survey."""
    st.query_params.from_dict({SURVEY: str(survey_id)})


def leave(part: str = "") -> None:
    """Go back to the list."""
    st.query_params.from_dict({PART: part} if part else {})


def part(known: Container[str], default: str) -> str:
    """Return which part the address asks for."""
    asked = str(st.query_params.get(PART, ""))
    return asked if asked in known else default


def keep_part(code: str) -> None:
    """Put the part that is looked at into the address."""
    st.query_params[PART] = code


def least_age() -> int | None:
    """Return from which age on the address asks for cards."""
    return _number(AGE)


def _number(name: str) -> int | None:
    word = str(st.query_params.get(name, ""))
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= LONGEST_ID else None
