"""The screen 设置: one section of thresholds at a time, each with its unit, bounds and the product's own value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.settings import SettingChange, change_settings, list_settings
from gis.ui import session
from gis.ui.table import show_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.services.settings import SettingView
    from gis.store.database import Store

SAID = "settings_said"
COLUMNS = 3


def edit_settings(actor: Actor, store: Store) -> None:
    """Choose a section, change numbers, save; list what differs from the product's own values."""
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    views = list_settings(actor, store)
    sections = list(dict.fromkeys(one.spec.section for one in views))
    section = st.segmented_control("类别", sections, default=sections[0], required=True, key="settings_section")
    _edit([one for one in views if one.spec.section == section])
    changed = [one for one in views if not one.is_default]
    st.subheader("与程序默认不同的")
    if not changed:
        st.caption("全部是程序默认值")
        return
    show_table([_line(one) for one in changed])


def _edit(views: Sequence[SettingView]) -> None:
    stamp = "-".join(str(one.version) for one in views)
    with st.form(f"settings_{views[0].spec.key}_{stamp}", border=True):
        values: dict[str, float] = {}
        for first in range(0, len(views), COLUMNS):  # row by row: on a phone they come in the same order
            for column, one in zip(st.columns(COLUMNS), views[first : first + COLUMNS], strict=False):
                values[one.spec.key] = _ask(column, one)
        with st.container(horizontal=True):
            is_saved = st.form_submit_button("保存", type="primary")
            is_reset = st.form_submit_button("本类恢复程序默认")
    if is_saved:
        changes = [
            SettingChange(one.spec.key, values[one.spec.key], one.version)
            for one in views
            if values[one.spec.key] != one.value
        ]
        _save(changes, "已保存，记入操作记录；下次测算和提醒按新值")
    if is_reset:
        _save([SettingChange(one.spec.key, None, one.version) for one in views if one.version], "本类已恢复程序默认")


def _ask(column: st.delta_generator.DeltaGenerator, one: SettingView) -> float:
    spec = one.spec
    kind = int if spec.is_whole else float
    value: float = column.number_input(
        f"{spec.label}（{spec.unit}）" if spec.unit else spec.label,
        min_value=kind(spec.least),
        max_value=kind(spec.most),
        value=kind(one.value),
        step=kind(1) if spec.is_whole else 0.1,
        format="%d" if spec.is_whole else "%g",
        help=f"可填 {spec.least:g}–{spec.most:g}；程序默认 {spec.default:g}",
        key=f"settings_{spec.key}_{one.version}",
    )
    return value


def _save(changes: Sequence[SettingChange], done: str) -> None:
    with session.show_errors():
        if not changes:
            st.info("没有要保存的改动")
            return
        change_settings(session.actor_now(), session.store(), changes)
        session.remember(SAID, done)
        st.rerun()


def _line(one: SettingView) -> dict[str, str | float]:
    spec = one.spec
    return {
        "类别": spec.section,
        "设置项": spec.label,
        "现值": f"{one.value:g} {spec.unit}".strip(),
        "程序默认": f"{spec.default:g} {spec.unit}".strip(),
    }
