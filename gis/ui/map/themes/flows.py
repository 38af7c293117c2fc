"""流向: lines from the original villages to the communities lived in, and on to where the groups meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.model.flows import FlowRequest, Leg, Untold
from gis.model.ids import OrgId
from gis.services.map_flows import flow_card, read_flows
from gis.ui import session
from gis.ui.encoding import as_json
from gis.ui.map.answers import answer
from gis.ui.map.themes.theme import Drawn, Theme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.model.access import Actor
    from gis.model.flows import FlowCard, FlowLine, FlowMap
    from gis.store.database import Store
    from gis.ui.map.filters import Filters
    from gis.ui.map.host import Pick
    from gis.ui.map.themes.theme import Card

CODE = "flows"
ASKED = "jj_flows_asked"
MOST_NAMES = 40


def show(actor: Actor, store: Store, filters: Filters) -> Drawn:
    """Ask for one village or all, and draw the flows; 筛选 › 支部 narrows them for those who see people."""
    branches = tuple(OrgId(number) for number in filters.branches) if actor.scope.sees_people else ()
    villages = _read(actor, store, FlowRequest(branch_ids=branches)).villages
    village = st.selectbox(
        "原村",
        villages,
        index=None,
        placeholder="全部原村",
        key="flow_village",
        bind="query-params",
        label_visibility="collapsed",
        width=190,
    )
    asked = FlowRequest(village or "", branches)
    session.remember(ASKED, asked)
    found = _read(actor, store, asked)
    body = answer(actor, store, (CODE, "drawn", asked), lambda: as_json(document(_read(actor, store, asked))))
    return Drawn(body, _said(found))


def _read(actor: Actor, store: Store, asked: FlowRequest) -> FlowMap:
    return answer(actor, store, (CODE, asked), lambda: read_flows(actor, store, asked))


def document(found: FlowMap) -> dict[str, Any]:
    """Encode the lines for `flows.js`: `m` is 1 for the second leg, `g` how many sit in a group, null where hidden."""
    return {
        "total": found.total,
        "lines": [
            {
                "k": line.key,
                "m": int(line.leg is Leg.MEETING),
                "a": [round(value, 6) for value in line.start_at],
                "b": [round(value, 6) for value in line.end_at],
                "n": line.count,
                "g": line.grouped,
                "from": line.start,
                "to": line.end,
                "how": line.how,
            }
            for line in found.lines
        ],
        "untold": [[int(leg is Leg.MEETING), why.label, count] for leg, why, count in found.untold],
        "nowhere": list(found.nowhere),
    }


def _said(found: FlowMap) -> str:
    drawn = sum(line.count for line in found.of(Leg.HOME))
    words = [f"过渡期党员 {found.total} 名" if found.total is not None else "过渡期党员", f"图上 {drawn} 名"]
    words += [f"{why.label} {count} 名" for why, count in _left(found, Leg.HOME)]
    return " · ".join(words)


def _left(found: FlowMap, leg: Leg) -> Iterable[tuple[Untold, int]]:
    return ((why, count) for one, why, count in found.untold if one is leg)


def card(actor: Actor, store: Store, pick: Pick) -> Card | None:
    """Return the card of a line."""
    asked: FlowRequest = session.recall(ASKED) or FlowRequest()
    try:
        return _words(flow_card(actor, store, asked, pick.id))
    except NotFoundError:
        return None


def _words(found: FlowCard) -> Card:
    line = found.line
    facts = [["过渡期党员", f"{line.count} 名"]]
    if line.leg is Leg.HOME:
        facts += _grouped(line)
    sections: list[Card] = []
    if found.groups or found.ungrouped:
        rows: list[Card] = [{"main": name, "tag": f"{count} 名", "tone": "good"} for name, count in found.groups]
        if found.ungrouped:
            rows.append({"main": "还没有编组", "tag": f"{found.ungrouped} 名", "tone": "warn"})
        sections.append({"title": "按小组", "rows": rows, "empty": ""})
    if found.members is not None:
        sections.append(_members(found))
    note = f"原村的位置{line.how}" if line.how else "社区按网格的中心画，不是住处"
    title = f"{line.start} → {line.end}"
    return {"kind": line.leg.label, "title": title, "facts": facts, "sections": sections, "links": [], "note": note}


def _grouped(line: FlowLine) -> list[list[str]]:
    if line.grouped is None:
        return [["已编组", "从略"]]
    return [["已编组", f"{line.grouped} 名"], ["未编组", f"{line.count - line.grouped} 名"]]


def _members(found: FlowCard) -> Card:
    members = found.members or ()
    rows = [
        {
            "main": one.name,
            "sub": " · ".join(word for word in (one.branch, one.group) if word),
            "tag": "已编组" if one.group else "未编组",
            "tone": "good" if one.group else "warn",
        }
        for one in members[:MOST_NAMES]
    ]
    if len(members) > MOST_NAMES:
        rows.append({"main": f"其余 {len(members) - MOST_NAMES} 名请选一个原村或支部查看", "sub": "", "tag": ""})
    if found.unnamed:
        rows.append({"main": f"另有 {found.unnamed} 名限制处理，只计人数", "sub": "", "tag": ""})
    return {"title": f"名单 {len(members)} 名", "rows": rows, "empty": "没有可列出的党员"}


THEME = Theme(CODE, "流向", (Action.VIEW_MAP, Action.VIEW_KPIS), show, card)
