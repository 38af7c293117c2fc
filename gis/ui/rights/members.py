"""Choosing a branch and a member, and telling what was done after the rerun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

import streamlit as st

from gis.ui import session
from gis.ui.text import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.ids import MemberId

EVERY_BRANCH = "全部支部"
SAID = "rights_said"


class _Named(Protocol):
    @property
    def member_id(self) -> MemberId: ...
    @property
    def name(self) -> str: ...
    @property
    def branch(self) -> str: ...


OneT = TypeVar("OneT", bound=_Named)


def choose_branch(found: Sequence[OneT], key: str) -> list[OneT]:
    """Ask for a branch where there are several; return its members."""
    branches = sorted({one.branch for one in found})
    if len(branches) < 2:  # noqa: PLR2004  # nothing to choose
        return list(found)
    branch = st.selectbox("支部", [EVERY_BRANCH, *branches], key=f"{key}_branch")
    return [one for one in found if branch in (EVERY_BRANCH, one.branch)]


def choose_member(found: Sequence[OneT], key: str) -> OneT:
    """Ask for a member."""
    by_id = {one.member_id: one for one in found}
    shown = distinct({number: f"{one.name}　{one.branch}" for number, one in by_id.items()})
    number = st.selectbox("党员", list(shown), format_func=lambda one: shown[one], key=f"{key}_member")
    return by_id[number]


def done(text: str) -> None:
    """Say what was done once the page has run again."""
    session.remember(SAID, text)
    st.rerun()
