"""新的走访, second step: who is due and why; a tick leaves somebody out, a search adds somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from gis.services.member_search import search_members
from gis.services.visits.due import list_due
from gis.services.visits.people import visit_people
from gis.ui import session
from gis.ui.choices import Column, Listing, Picked, Row, show_choices
from gis.ui.table import show_table
from gis.ui.text import plain
from gis.ui.visits.words import purposes_of, reasons_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.visits import DueVisit, LeftOut
    from gis.services.visits.due import DueList
    from gis.services.visits.people import VisitPerson
    from gis.store.database import Store
    from gis.ui.visits.ask import Asked

KEPT, PICKED, ADDED = "visits_due", "visits_picked", "visits_added"
LIST_HEIGHT = 430
GONE = "（不在名单）"
COLUMNS = (
    Column("姓名"),
    Column("住处", is_wide=True),
    Column("目的"),
    Column("为什么", is_wide=True),
    Column("逾期（天）", is_number=True),
    Column("", is_tag=True),
    Column("上次谁去的"),
)
TAG = 5
FOUND_COLUMNS = (Column("姓名"), Column("支部"), Column("住处", is_wide=True))
MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who is to be visited and who, though due, is not; `people` names all of them."""

    due: tuple[DueVisit, ...]
    excluded: frozenset[MemberId]
    added: tuple[MemberId, ...]
    people: Mapping[MemberId, VisitPerson]


@dataclass(frozen=True, slots=True)
class _Known:
    key: object
    found: DueList
    people: Mapping[MemberId, VisitPerson]


def choose_due(actor: Actor, store: Store, asked: Asked) -> Chosen | None:
    """Show who is due; return who is to be visited, None where nobody is."""
    added: tuple[MemberId, ...] = session.recall(ADDED) or ()
    known = _known(actor, store, asked, added)
    found = known.found
    if not found.due:
        st.info(f"{plain(asked.org)}这几天没有到期要走访的党员。换几天看看，或者在下面加上要走访的人")
    else:
        _show_due(asked, known, added)
    left, right = st.columns(2)
    with left:
        _ask_more(actor, store, added)
    with right:
        show_left_out(found.left_out, known.people)
    picked = _picked(asked, found)
    chosen = frozenset(picked.ids)
    due = tuple(one for one in found.due if int(one.member_id) in chosen)
    excluded = frozenset(one.member_id for one in found.due if int(one.member_id) not in chosen)
    return Chosen(due, excluded, added, known.people) if due else None


def forget_choice() -> None:
    """Let go of ticks and of who was added, once the round is saved."""
    session.forget(PICKED, ADDED, KEPT)


def _known(actor: Actor, store: Store, asked: Asked, added: tuple[MemberId, ...]) -> _Known:
    """Work out who is due, once for each question and state of the data."""
    request = asked.due(added)
    key = (request, actor.scope.key, store.data_version(), store.today())
    kept: _Known | None = session.recall(KEPT)
    if kept is None or kept.key != key:
        found = list_due(actor, store, request)
        ids = {one.member_id for one in found.due} | {who for one in found.left_out for who in one.member_ids}
        kept = _Known(key, found, visit_people(actor, store, ids))
        session.remember(KEPT, kept)
    return kept


def _picked(asked: Asked, found: DueList) -> Picked:
    """Return the ticks: at first everybody; who comes onto the list later is ticked as well."""
    kept: tuple[object, Picked] | None = session.recall(PICKED)
    everybody = tuple(int(one.member_id) for one in found.due)
    if kept is None or kept[0] != (asked.org_id, asked.days):
        return Picked(everybody)
    shown = frozenset(kept[1].shown)
    return Picked(tuple(one for one in everybody if one in kept[1].ids or one not in shown), kept[1].stamp)


def _show_due(asked: Asked, known: _Known, added: tuple[MemberId, ...]) -> None:
    due = known.found.due
    picked = _picked(asked, known.found)
    must = sum(not one.is_optional for one in due)
    st.caption(
        f"{plain(asked.org)}：到期 {len(due)} 名，其中必走 {must} 名、时间紧时可不走 {len(due) - must} 名；"
        f"勾选了 {len(picked.ids)} 名。不走的取消勾选。（截至 {known.found.as_of.isoformat()}）"
    )

    def pick(now: Picked) -> None:
        session.remember(PICKED, ((asked.org_id, asked.days), now))

    rows = [_row(one, known.people, added) for one in due]
    show_choices("visits_due_list", Listing("该走访的党员", COLUMNS, rows, height=LIST_HEIGHT), picked, on_pick=pick)


def _row(one: DueVisit, people: Mapping[MemberId, VisitPerson], added: tuple[MemberId, ...]) -> Row:
    who = people.get(one.member_id)
    tag = "指定" if one.member_id in added else "可不走" if one.is_optional else "必走"
    return Row(
        int(one.member_id),
        (
            who.name if who else GONE,
            who.place if who else "",
            purposes_of(one.purposes),
            reasons_of(one.reasons),
            one.overdue_days or None,
            tag,
            "、".join(one.last_by),
        ),
        {TAG: "" if one.is_optional else "warn"},
    )


def _ask_more(actor: Actor, store: Store, added: tuple[MemberId, ...]) -> None:
    with st.expander(f"加上名单以外的人（已加 {len(added)} 名）" if added else "加上名单以外的人"):
        text = st.text_input("查找党员", key="visits_search", placeholder="姓名、拼音首字母、小区、支部").strip()
        if added:
            st.button("加上的都去掉", on_click=session.forget, args=(ADDED,))
        if not text:
            return
        found = [one for one in search_members(actor, store, text, most=MOST_FOUND) if one.member_id not in added]
        if not found:
            st.caption("没有找到，或者已经加上了")
            return
        st.caption("点姓名，加到名单里")
        rows = [Row(int(one.member_id), (one.name, one.branch, one.place)) for one in found]
        numbers = {int(one.member_id): one.member_id for one in found}
        show_choices(
            "visits_found",
            Listing("找到的党员", FOUND_COLUMNS, rows),
            on_open=lambda number: session.remember(ADDED, (*added, numbers[number])),
        )


def show_left_out(left_out: Sequence[LeftOut], people: Mapping[MemberId, VisitPerson]) -> None:
    """Show who cannot be planned, with the reason, which says what would help."""
    count = sum(len(one.member_ids) for one in left_out)
    if not count:
        return
    with st.expander(f"到期但排不进的 {count} 名"):
        show_table(
            [
                {"姓名": "、".join(_name(who, people) for who in one.member_ids), "原因和办法": one.reason}
                for one in left_out
            ]
        )


def _name(member_id: MemberId, people: Mapping[MemberId, VisitPerson]) -> str:
    who = people.get(member_id)
    return who.name if who else GONE
