"""专题图“覆盖与空白点”: who has a place within reach and who has none, buildings out of reach, and each gap's card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import streamlit as st

from gis.model.access import Action
from gis.model.coverage import Reach
from gis.services.coverage import share
from gis.services.coverage_map import coverage_on_map
from gis.ui import encoding
from gis.ui.map.answers import answer
from gis.ui.map.host import Pick
from gis.ui.map.themes.theme import Drawn, Theme, open_card
from gis.ui.text import minutes, plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.coverage import CoverageCount
    from gis.services.coverage_map import CoverageOnMap, MapGap
    from gis.store.database import Store
    from gis.ui.map.filters import Filters

    Card = dict[str, Any]

CODE = "coverage"
LIST = 0  # the id of the card that lists the gaps
MOST_LISTED = 60
KINDS = ("building", "estate", "grid", "pin")
NEXT = "/map?theme=" + quote("新增中心户")
NOBODY = "管理范围内没有过渡期党员"


def show(actor: Actor, store: Store, filters: Filters) -> Drawn:  # noqa: ARG001  # coverage is of the whole scope
    """Show the figure with its definition, and the way to the list of gaps."""
    found = _found(actor, store)
    if actor.scope.sees_people and found.coverage.denominator:
        label = f"空白点 {len(found.gaps)} 处"
        st.button(label, key="jj_gaps", on_click=open_card, args=(Pick(CODE, LIST),), disabled=not found.gaps)
    st.caption(plain(figure(found)), help=plain(definition(found)), width="content")
    drawn = answer(actor, store, f"{CODE} drawn", lambda: encoding.as_json(coverage_document(_found(actor, store))))
    return Drawn(drawn)


def card(actor: Actor, store: Store, pick: Pick) -> Card | None:
    """Show one gap, or the list of all."""
    found = _found(actor, store)
    if pick.id == LIST:
        return _list(found)
    gap = next((one for one in found.gaps if one.number == pick.id), None)
    return _gap(gap, found, may_plan=actor.may(Action.PLAN_GROUPS)) if gap else None


THEME = Theme(CODE, "覆盖与空白点", (Action.VIEW_MAP, Action.VIEW_MATRIX), show, card)


def _found(actor: Actor, store: Store) -> CoverageOnMap:
    return answer(actor, store, CODE, lambda: coverage_on_map(actor, store))


def figure(found: CoverageOnMap) -> str:
    """Return `覆盖 89 / 110 名（81%）；走不到地点的楼栋 37 幢（共 1073 幢）`."""
    of = found.coverage
    if of.denominator == 0:
        return NOBODY
    rate = share(of.count, of.denominator)
    words = [f"过渡期党员覆盖 {_said(of.count)} / {_said(of.denominator)} 名" + (f"（{rate}）" if rate else "")]
    if of.without_seat:
        words.append(f"同时安排座位还缺 {of.without_seat} 座")
    words.append(f"走不到地点的楼栋 {of.buildings_of - of.buildings} 幢（共 {of.buildings_of} 幢）")
    words += [f"{reason} {count} 名不在图上" for reason, count in found.left_out.items()]
    return "；".join(words) + f"　（截至 {of.as_of.isoformat()}）"


def definition(found: CoverageOnMap) -> str:
    """Say what counts as covered, and how buildings are judged."""
    of = found.coverage
    way = "；有的路程按直线估算" if of.is_estimated else ""
    return f"{of.definition}。楼栋按步行 {of.building_limit_m} 米计{way}"


def _said(count: int | None) -> str:
    return "略" if count is None else str(count)


def coverage_document(found: CoverageOnMap) -> dict[str, Any]:
    """Encode marks by columns (`c` members by state in the order of `states`), gaps, buildings and communities."""
    points = np.array([(mark.lon, mark.lat) for mark in found.marks], dtype=float).reshape(-1, 2)
    return {
        "states": [[state.value, state.label] for state in Reach],
        "at": encoding.deltas(points),
        "c": [[mark.states.get(state, 0) for state in Reach] for mark in found.marks],
        "k": [KINDS.index(mark.at) for mark in found.marks],
        "id": [mark.id for mark in found.marks],
        "g": [mark.gap for mark in found.marks],
        "out": list(found.out_of_reach),
        "limit": found.coverage.building_limit_m,
        "communities": [_community(one) for one in found.coverage.communities if one.key],
    }


def _community(one: CoverageCount) -> list[str | int | None]:
    return [one.name, one.count, one.denominator]


def _list(found: CoverageOnMap) -> Card:
    listed = found.gaps[:MOST_LISTED]
    rest = len(found.gaps) - len(listed)
    return {
        "kind": "空白点",
        "title": f"{len(found.gaps)} 处，{sum(gap.members for gap in found.gaps)} 名过渡期党员走不到地点",
        "facts": [],
        "sections": [],
        "links": [
            {"text": f"{gap.number}. {gap.label}　{gap.members} 名", "kind": CODE, "id": gap.number} for gap in listed
        ],
        "note": "；".join(
            [
                f"其余 {rest} 处见“待办与名单”的覆盖和空白点" if rest else "人多的在前；点一处看最近的地点和怎么办",
                *([f"另有 {found.not_drawn} 名走不到地点的不在图上"] if found.not_drawn else []),
            ]
        ),
    }


def _gap(gap: MapGap, found: CoverageOnMap, *, may_plan: bool) -> Card:
    facts = [["走不到地点的过渡期党员", f"{gap.members} 名"]]
    if gap.nearest_m is not None and gap.minutes is not None:
        facts += [
            ["最近的地点", gap.nearest],
            ["步行", f"{gap.nearest_m} 米，{minutes(gap.minutes)}"],
            ["可以走", f"{gap.limit_m} 米"],
        ]
    elif gap.at != "grid":
        facts.append(["最近的地点", "周围没有"])
    if gap.needs_step_free:
        facts.append(["需要无障碍", f"{gap.needs_step_free} 名"])
    links = [{"text": "新增中心户设在哪里", "kind": "", "id": 0, "href": NEXT}] if may_plan else []
    if len(found.gaps) > 1:
        links.append({"text": f"全部空白点 {len(found.gaps)} 处", "kind": CODE, "id": LIST})
    return {
        "kind": f"空白点 {gap.number}",
        "title": gap.label,
        "facts": facts,
        "sections": [
            {"title": "怎么办", "rows": [{"main": word, "sub": "", "tag": ""} for word in help_for(gap)], "empty": ""}
        ],
        "links": links,
        "note": "路程按其中能走得最少的一名计" if gap.members > 1 and gap.nearest_m is not None else "",
    }


def help_for(gap: MapGap) -> list[str]:
    """Say what would help the members of a gap, the lasting thing first."""
    words = ["在附近新设一户中心户，或商请一处阵地"]
    if gap.nearest_m is not None and gap.limit_m is not None and gap.nearest_m > gap.limit_m:
        words.append(
            f"最近的地点比步行上限远 {gap.nearest_m - gap.limit_m} 米：本人愿意多走或有人陪同的，在“编组条件”里约定"
        )
    elif gap.needs_step_free:
        words.append("近处有地点而进出不便：解决台阶后就走得到")
    words.append("解决以前安排上门送学")
    return words
