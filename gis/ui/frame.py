"""What every screen has around it: the style sheet, the mark, who is signed in, Streamlit's own words in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.ui.web.assets import FOLDER
from gis.ui.web.gate import SIGN_OUT

if TYPE_CHECKING:
    from gis.model.access import Actor

_who = st.components.v2.component(
    "jiujin_who",
    html=f'<div class="jj-who"><a class="jj-who-name" href="/account"></a><a href="{SIGN_OUT}">退出</a></div>',
    js=(FOLDER / "frame.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)
_bare = st.components.v2.component(
    "jiujin_bare", html="<span hidden></span>", js=(FOLDER / "frame.js").read_text(encoding="utf-8")
)


def show_bare_frame() -> None:
    """Show nothing; what Streamlit itself says, such as that the connection is lost, is in Chinese."""
    _bare(key="jj_bare", data={})


def show_frame(actor: Actor, heading: str = "") -> None:
    """Show mark, style and account, and mark the `heading` of the menu that holds this page; the page follows."""
    st.html(FOLDER / "app.css")
    st.logo(FOLDER / "logo.svg", size="large")
    _who(key="jj_who", data={"name": actor.display_name or actor.name, "role": actor.role.label, "heading": heading})
