"""Which plan is open, or which are compared: in the address, so that links and reloads work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.ids import PlanId

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

PLAN, COMPARE, PART = "plan", "compare", "part"
MOST_COMPARED = 4
LONGEST_ID = 17  # digits that fit an id


def opened() -> PlanId | None:
    """Return the plan that the address names."""
    return _number(str(st.query_params.get(PLAN, "")))


def compared() -> tuple[PlanId, ...]:
    """Return the plans that the address asks to compare: at least two, or none."""
    found = [_number(word) for word in str(st.query_params.get(COMPARE, "")).split(",")]
    ids = tuple(dict.fromkeys(one for one in found if one is not None))[:MOST_COMPARED]
    return ids if len(ids) > 1 else ()


def open_one(plan_id: int) -> None:
    """Go to one plan; the page that runs next shows it."""
    st.query_params.from_dict({PLAN: str(plan_id)})


def compare(plan_ids: Sequence[int]) -> None:
    """Go to the comparison."""
    st.query_params.from_dict({COMPARE: ",".join(str(one) for one in plan_ids)})


def leave() -> None:
    """Go back to the list."""
    st.query_params.clear()


def part(known: Container[str], default: str) -> str:
    """Return which part of a plan the address asks for."""
    asked = str(st.query_params.get(PART, ""))
    return asked if asked in known else default


def keep_part(code: str) -> None:
    """Put the part that is looked at into the address (a bound widget would keep the rest from being cleared)."""
    st.query_params[PART] = code


def _number(word: str) -> PlanId | None:
    return PlanId(int(word)) if word.isascii() and word.isdecimal() and len(word) <= LONGEST_ID else None
