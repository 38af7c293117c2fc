"""The map's filters: a state that is always in sight, the rest in one panel; all of them are in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.model.access import Action
from gis.model.enums import Labelled
from gis.model.ids import OrgId
from gis.services.map_layers import AgeBand
from gis.ui import session
from gis.ui.text import distinct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.ui.map.facts import Facts


class State(Labelled):
    """Which members are drawn."""

    TRANSITION = "transition", "过渡期"
    UNGROUPED = "ungrouped", "未编组"
    GROUPED = "grouped", "已编组"
    ALL = "all", "全部党员"


_ORG = "org"
STATES = {state.value: state for state in State}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the user chose; empty means all."""

    state: State
    branches: tuple[int, ...]
    grids: tuple[int, ...]
    bands: tuple[str, ...]
    org_id: OrgId | None = None

    def document(self) -> Mapping[str, Any]:
        """Return what the map's script reads."""
        return {
            "state": self.state.value,
            "branches": list(self.branches),
            "grids": list(self.grids),
            "bands": list(self.bands),
        }


def ask_filters(actor: Actor, known: Facts) -> Filters:
    """Show the filters that make sense for the role and return what is chosen."""
    state = State.TRANSITION
    branches: list[str] = []
    bands: list[str] = []
    if actor.scope.sees_people:
        code = st.segmented_control(
            "显示哪些党员",
            list(STATES),
            format_func=lambda code: STATES[code].label,
            default=State.TRANSITION.value,
            required=True,
            selection_mode="single",
            key="state",
            bind="query-params",
            label_visibility="collapsed",
        )
        state = STATES[code]
    with st.popover("筛选", width="content"):
        if actor.scope.sees_people:
            branches = _choose("支部", known.branches, key="branch")
        chosen = _choose("网格", known.grids, key="grid")
        if actor.scope.sees_people:
            bands = _choose("年龄", {band.value: band.label for band in AgeBand}, key="age")
        org = _choose_org(known.orgs) if actor.may(Action.VIEW_ORGS) else None
    return Filters(state, tuple(int(b) for b in branches), tuple(int(g) for g in chosen), tuple(bands), org)


def _choose_org(names: Mapping[str, str]) -> OrgId | None:
    """Choose whose ground and 片区 are drawn; in the address, so that the tree of organisations can link here."""
    shown = distinct(names)
    code = st.selectbox(
        "组织范围和片区",
        list(shown),
        index=None,
        format_func=lambda code: shown[code],
        placeholder="不显示",
        key=_ORG,
        bind="query-params",
    )
    return OrgId(int(code)) if code is not None else None


def choose_org(number: int) -> None:
    """Put an organisation found by the search into the filter, before the page runs again."""
    session.remember(_ORG, str(number))


def _choose(label: str, names: Mapping[str, str], *, key: str) -> list[str]:
    shown = distinct(names)
    return st.multiselect(
        label, list(shown), format_func=lambda code: shown[code], placeholder="全部", key=key, bind="query-params"
    )
