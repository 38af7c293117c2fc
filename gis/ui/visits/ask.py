"""新的走访, first step: whose members, which days, which half-days, and what counts as a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.visits import DueKind
from gis.services.session_views import plan_choices
from gis.services.visits.due import DueRequest
from gis.services.visits.request import HalfDay
from gis.ui.text import distinct
from gis.ui.visits.words import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from streamlit.delta_generator import DeltaGenerator

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId, VenueId
    from gis.store.database import Store

DAYS_AHEAD = 35
SATURDAY = 5
HALVES = {half.value: half for half in HalfDay}
KINDS = {kind.value: kind for kind in DueKind if kind is not DueKind.BY_HAND}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a new round is for; `venues` are the places a team may start at."""

    org_id: OrgId
    org: str
    days: tuple[date, ...]
    halves: tuple[HalfDay, ...]
    kinds: tuple[DueKind, ...] | None
    everyone: bool
    venues: Mapping[VenueId, str]

    def due(self, added: tuple[MemberId, ...]) -> DueRequest:
        """Return the question who is due."""
        return DueRequest(self.org_id, self.days[0], self.days[-1], self.kinds, self.everyone, added)


def ask_round(actor: Actor, store: Store) -> Asked | None:
    """Ask; None while something is missing, with what is."""
    choices = plan_choices(actor, store)
    if not choices.orgs:
        st.info("管理范围内还没有党组织和党员：先到“数据导入”页导入党组织和花名册，再来安排走访")
        return None
    names = distinct(dict(choices.orgs))
    org, days, half = st.columns([3, 5, 2])
    org_id: OrgId | None = org.selectbox(
        "走访哪个组织的党员",
        list(names),
        index=0 if len(names) == 1 else None,
        format_func=lambda one: names[one],
        placeholder="选一个支部，或上级组织",
        key="visits_org",
    )
    chosen = _ask_days(days, store.today())
    halves = half.segmented_control(
        "哪半天",
        list(HALVES),
        format_func=lambda code: HALVES[code].label,
        default=list(HALVES),
        selection_mode="multi",
        key="visits_halves",
    )
    kinds, everyone = _ask_kinds()
    if org_id is None or not chosen or not halves:
        st.info("选好组织、日期和半天，下面就列出这几天该走访谁、为什么")
        return None
    return Asked(
        org_id=org_id,
        org=choices.orgs[org_id],
        days=chosen,
        halves=tuple(half for half in HalfDay if half.value in halves),
        kinds=kinds,
        everyone=everyone,
        venues=choices.venues,
    )


def _ask_days(place: DeltaGenerator, today: date) -> tuple[date, ...]:
    ahead = [today + timedelta(days=step) for step in range(DAYS_AHEAD)]
    first = next(day for day in ahead[1:] if day.weekday() < SATURDAY)
    chosen = place.multiselect(
        "哪几天走访",
        ahead,
        default=[first],
        format_func=day_of,
        placeholder="选一天或几天",
        key="visits_days",
    )
    return tuple(sorted(chosen))


def _ask_kinds() -> tuple[tuple[DueKind, ...] | None, bool]:
    with st.expander("按哪些原因列名单（不改就是全部原因）"):
        chosen = st.multiselect(
            "原因",
            list(KINDS),
            format_func=lambda code: KINDS[code].label,
            placeholder="全部原因",
            key="visits_kinds",
        )
        everyone = st.toggle("本组织全部党员都列上，不管是不是到期", key="visits_everyone")
    return (tuple(KINDS[code] for code in chosen) if chosen else None), everyone
