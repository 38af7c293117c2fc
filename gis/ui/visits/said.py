"""What the last press of a button did, told once on the run that follows, and what could not be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import StaleError
from gis.ui import session
from gis.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

SAID = "visits_said"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence; `is_late`: somebody else was first, and nothing was done."""

    text: str
    is_late: bool = False


def say(text: str) -> None:
    """Keep a sentence for the next run."""
    session.remember(SAID, Said(text))


def say_late(wanted: str) -> None:
    """Say that somebody else changed the round first."""
    session.remember(
        SAID,
        Said(
            f"别人刚刚改了这个批次，“{wanted}”没有保存。下面是现在的样子，填的内容还在，请看过再点一次。", is_late=True
        ),
    )


def show_said() -> None:
    """Show the sentence, if any, and forget it."""
    said: Said | None = session.recall(SAID)
    if said is None:
        return
    session.forget(SAID)
    if said.is_late:
        st.warning(plain(said.text), icon=":material/sync_problem:")
    else:
        st.success(plain(said.text))


def attempt(wanted: str, work: Callable[[], str]) -> bool:
    """Do a piece of work in a callback and keep what it says; whether it was done."""
    is_done = False
    with session.show_errors():
        try:
            say(work())
        except StaleError:
            say_late(wanted)
        else:
            is_done = True
    return is_done
