"""The part of the form that few need: numbers of groups, places by name, groups that stay, mixed groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.plan import GroupingRequest
from gis.services.groups_view import list_groups
from gis.services.plan_places import places_in_reach
from gis.ui.text import distinct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.plan import GroupingSettings
    from gis.store.database import Store

ANY = "不限"
FREE, FEWEST = "按步行最省", "尽量少设组"


def options_for(actor: Actor, store: Store) -> tuple[Mapping[str, str], Mapping[int, str]]:
    """Name the places by key and the groups in force by id."""
    places = distinct({place.key: place.label for place in places_in_reach(actor, store)})
    groups = distinct({group.id: group.name for group in list_groups(actor, store)})
    return places, groups


def ask_options(settings: GroupingSettings, places: Mapping[str, str], groups: Mapping[int, str]) -> GroupingRequest:
    """Ask, and return a request with these settings and what was chosen here."""
    number, place, now = st.columns(3)
    number.markdown("**小组数**")
    least = number.number_input("至少几个小组", 0, 500, settings.min_groups, placeholder=ANY)
    most = number.number_input("至多几个小组（0 为不限）", 0, 500, settings.max_groups)
    goal = number.radio("安排人数相同时", [FREE, FEWEST], horizontal=True)
    is_fair = number.checkbox("先让走得最远的人走得近", value=settings.fair)
    place.markdown("**地点**")
    required = _places(place, "必须设组", places)
    preferred = _places(place, "优先使用", places)
    forbidden = _places(place, "不用", places)
    now.markdown("**现行小组与组长**")
    frozen = now.multiselect(
        "原样保留", list(groups), format_func=lambda number: groups[number], placeholder="不要求", disabled=not groups
    )
    change = now.number_input("一人换组折合步行（米）", 0, 20_000, settings.change_cost_m, 50, disabled=not groups)
    able = now.number_input("每名可任组长的人至多带几人（0 为不限）", 0, 50, settings.members_per_leader)
    reason = st.text_input("允许几个支部混编一组：写明上级党组织的决定", placeholder="不填则一个小组只编同一原支部党员")
    return GroupingRequest(
        settings=replace(
            settings,
            min_groups=int(least),
            max_groups=int(most),
            fewest_groups=goal == FEWEST,
            fair=is_fair,
            change_cost_m=int(change),
            members_per_leader=int(able),
            allow_mixed=bool(reason.strip()),
        ),
        required_places=required,
        preferred_places=preferred,
        forbidden_places=forbidden,
        frozen_groups=tuple(frozen),
        mixed_reason=reason.strip(),
    )


def _places(column: st.delta_generator.DeltaGenerator, label: str, places: Mapping[str, str]) -> tuple[str, ...]:
    chosen = column.multiselect(label, list(places), format_func=lambda key: places[key], placeholder="不要求")
    return tuple(chosen)
