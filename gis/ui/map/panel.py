"""The map with its filters, figures and card: one fragment, so that a click runs nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.model.access import Action, operator
from gis.ui import office, session
from gis.ui.map.cards import card_of
from gis.ui.map.facts import facts_for
from gis.ui.map.filters import Filters, ask_filters, choose_org
from gis.ui.map.host import Pick, View, show_map
from gis.ui.map.themes.menu import choose_theme, keep_pick, show_theme, theme_card
from gis.ui.orgs.ground import ground_address
from gis.ui.web import assets, layers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.ids import GridId
    from gis.services.map_overview import Overview
    from gis.store.database import Store
    from gis.ui.map.facts import Facts

CARDS = ("grid", "building", "host", "venue", "group")
NOT_PUBLIC = "内部工作用图，不得公开"


@st.fragment
def show_street() -> None:
    """Show the map of the street to whoever is signed in."""
    actor, store = session.whoever(), session.store()
    with session.show_errors():
        known = facts_for(actor, store)
        with st.container(horizontal=True, vertical_alignment="center", key="jj-bar"):
            chosen = ask_filters(actor, known)
            theme = choose_theme(actor)
            show_figures(known.overview)
        _show_first_step(actor, known)
        view = _view(actor, store, known, chosen)
        shown = show_theme(theme, actor, store, chosen) if theme is not None else None
        if theme is not None and shown is not None:
            view = replace(view, theme=(shown.code, shown.url))
            if shown.pick is not None:
                view = replace(view, selected=shown.pick, card=theme_card(theme, shown, actor, store))
        show_map("jj_map", view, on_pick=_keep)


def warm() -> None:
    """Read what the map's page needs before the first visitor asks, as the whole street sees it."""
    assets.map_script()
    assets.host_script()
    facts_for(operator(), session.store())


def _show_first_step(actor: Actor, known: Facts) -> None:
    """Say what to do while there is nothing to draw."""
    if known.has_ground:
        return
    way = "先到“数据导入”页导入" if actor.may(Action.IMPORT_DATA) else "请街道组织员先到“数据导入”页导入"
    st.info(f"还没有可画的数据：{way}网格、楼栋和道路，再导入党组织、中心户和花名册")


def _view(actor: Actor, store: Store, known: Facts, chosen: Filters) -> View:
    pick = _kept()
    version, found = known.version, known.overview
    sees_people = actor.scope.sees_people
    return View(
        base=layers.base_address(version),
        layers=layers.addresses(actor, version),
        foot=foot(known),
        filter=chosen.document(),
        counts=None if sees_people else {str(grid): count for grid, count in _shading(found).items()},
        shading="community" if not sees_people and found.is_by_community else "",
        selected=pick,
        card=card_of(actor, store, pick) if pick else None,
        draft=ground_address(actor, store, chosen.org_id) if chosen.org_id is not None else None,
    )


def _shading(found: Overview) -> Mapping[GridId, int | None]:
    return found.by_community if found.is_by_community else found.by_grid


def side_view(
    actor: Actor, store: Store, *, hidden: tuple[str, ...] = ("people",), **more: Any
) -> View:  # fields of View
    """Return the view of a map beside something else: the ground without the layers that would be in the way."""
    known = facts_for(actor, store)
    return View(
        base=layers.base_address(known.version),
        layers={name: url for name, url in layers.addresses(actor, known.version).items() if name not in hidden},
        foot=foot(known),
        is_short=True,
        **more,
    )


def _keep(pick: Pick) -> None:
    """Put what was clicked into the address, so that a reload shows the same card."""
    keep_pick(pick)
    if pick.kind == "org":
        choose_org(pick.id)
    if pick.kind in CARDS:
        st.query_params["card"] = f"{pick.kind}-{pick.id}"
    elif "card" in st.query_params:
        del st.query_params["card"]


def _kept() -> Pick | None:
    kind, _, number = str(st.query_params.get("card", "")).partition("-")
    return Pick(kind, int(number)) if kind in CARDS and number.isdecimal() and len(number) < 18 else None  # noqa: PLR2004  # fits an id


def show_figures(found: Overview) -> None:
    """Show the figures of the street with their denominator and date."""
    moving, grouped = found.in_transition, found.grouped
    share = f"（{grouped / moving:.0%}）" if moving and grouped is not None else ""
    st.caption(
        f"过渡期党员 {_said(moving)} · 已编组 {_said(grouped)}{share} · "
        f"临时党小组 **{found.groups}** 个　（按组织关系，截至 {found.as_of.isoformat()}）",
        width="content",
    )


def _said(count: int | None) -> str:
    return "从略" if count is None else f"**{count}** 名"


def foot(known: Facts) -> str:
    """Return the line at the foot of every map."""
    number = office.options().map_review_no
    day = known.overview.as_of.isoformat()
    words = [NOT_PUBLIC, "街道界线为示意", f"数据截至 {day}", *known.attributions]
    return " · ".join([*words, f"审图号：{number}"] if number else words)
