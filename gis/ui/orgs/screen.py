"""The screen 组织: one part at a time, the part in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.orgs import address
from gis.ui.orgs.areas import show_areas
from gis.ui.orgs.bodies import show_bodies
from gis.ui.orgs.hosts import show_hosts
from gis.ui.orgs.posts import show_posts
from gis.ui.orgs.tree import show_phones, show_tree
from gis.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.access import Actor
    from gis.store.database import Store

SAID = "orgs_said"
#: Part → title, what shows it, whether it shows people
PARTS: dict[str, tuple[str, Callable[[Actor, Store], None], bool]] = {
    "tree": ("组织树", show_tree, False),
    "areas": ("片区", show_areas, True),
    "posts": ("网格岗位", show_posts, True),
    "hosts": ("中心户", show_hosts, True),
    "bodies": ("联合体", show_bodies, False),
    "phones": ("联系电话", show_phones, False),
}


def show_orgs(actor: Actor, store: Store) -> None:
    """Show the part that is chosen."""
    said = session.recall(SAID)
    if said:
        st.success(plain(said))
        session.forget(SAID)
    sees_people = actor.may(Action.VIEW_MEMBERS)
    parts = {code: title for code, (title, _, is_personal) in PARTS.items() if sees_people or not is_personal}
    chosen = st.segmented_control(
        "部分",
        list(parts),
        format_func=lambda code: parts[code],
        default=address.part(parts, "tree"),
        required=True,
        key="orgs_part",
        label_visibility="collapsed",
    )
    if chosen is None:
        return
    address.keep_part(chosen)
    with session.show_errors():
        PARTS[chosen][1](actor, store)
