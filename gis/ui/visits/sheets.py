"""走访单: made for each team, who holds which, given back or made void, and the way to the phone and the desk."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import segno
import streamlit as st

from gis.config import settings
from gis.model.papers import PaperFormat
from gis.model.visits import RoundState, SheetKind
from gis.services.notices import NoticeFile, why_not
from gis.services.visits.sheets import (
    SheetRequest,
    SheetStanding,
    list_sheets,
    make_sheet,
    return_sheet,
    void_sheet,
)
from gis.ui import session
from gis.ui.text import plain
from gis.ui.visits import address
from gis.ui.visits.files import ask_file, offer_file, show_file
from gis.ui.visits.said import attempt
from gis.ui.visits.words import team_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gis.model.access import Actor
    from gis.services.visits.sheets import SheetLine
    from gis.services.visits.views import RoundView, TeamView
    from gis.store.database import Store

PHONE, DESK = "/visits/s/", "/visits/desk/"
LONGEST_HOLDER = 40
KINDS = {SheetKind.PAPER: "纸质走访单（PDF）", SheetKind.OFFLINE: "手机离线单（一个网页文件，断网能用）"}
ZIP = "application/zip"


def show_sheets(actor: Actor, store: Store, view: RoundView) -> None:
    """Make sheets, and show who holds which."""
    if view.round.id is None:
        return
    lines = list_sheets(actor, store, view.round.id)
    if view.round.state is RoundState.DRAFT:
        st.info("草案还不能做走访单：先在上面点“下发”")
        return
    if view.round.state is RoundState.ISSUED and view.can_edit:
        _show_making(view, lines)
    _show_custody(lines, can_edit=view.can_edit)


def _show_making(view: RoundView, lines: Sequence[SheetLine]) -> None:
    with st.container(border=True):
        kind = st.radio("做哪一种", list(KINDS), format_func=lambda one: KINDS[one], horizontal=True, key="visits_kind")
        obstacle = why_not(PaperFormat.PDF, settings().font_dir) if kind is SheetKind.PAPER else ""
        if obstacle:
            st.warning(obstacle)
        teams = [team for team in view.teams if team.stops and team.team.id is not None]
        for team in teams:
            _show_team(team, kind, obstacle)
        if len(teams) > 1:
            holders = [(team, _holder(team)) for team in teams]
            offer_file(
                "visits_sheet_all",
                f"全部 {len(teams)} 组一次做好（压缩包）",
                lambda: _all_sheets(view, holders, kind),
                why_not=obstacle,
            )
        st.caption("每做一次就是一张新单子，有自己的编号和二维码；谁持单、何时失效都记下来。" + _still_out(lines))


def _show_team(team: TeamView, kind: SheetKind, obstacle: str) -> None:
    name, holder, button = st.columns([4, 3, 3], vertical_alignment="bottom")
    name.markdown(f"**{plain(team_name(team.team.number, team.team.visitors))}**　{len(team.stops)} 处")
    given = holder.text_input(
        "持单人",
        _first_visitor(team),
        max_chars=LONGEST_HOLDER,
        key=_holder_key(team),
        placeholder="谁拿着这张单子",
    ).strip()
    key = f"visits_sheet_{team.team.id}"  # not of the kind: a button that changes its key loses a quick click
    with button:
        ask_file(
            key,
            "做走访单",
            lambda: _sheet(team, given, kind),
            why_not=obstacle or ("" if given else "先写持单人"),
        )
    show_file(key)


def _holder_key(team: TeamView) -> str:
    return f"visits_holder_{team.team.id}"


def _holder(team: TeamView) -> str:
    return str(session.recall(_holder_key(team)) or "").strip() or _first_visitor(team) or f"第 {team.team.number} 组"


def _first_visitor(team: TeamView) -> str:
    return next((one.name for one in team.team.visitors), "")


def _sheet(team: TeamView, holder: str, kind: SheetKind) -> NoticeFile:
    if team.team.id is None:
        raise AssertionError
    request = SheetRequest(team.team.id, holder, kind, address.origin(), settings().font_dir)
    made = make_sheet(session.actor_now(), session.store(), request)
    return NoticeFile(made.name, made.mime, made.content)


def _all_sheets(view: RoundView, holders: Sequence[tuple[TeamView, str]], kind: SheetKind) -> NoticeFile:
    body = BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        for team, holder in holders:
            made = _sheet(team, holder, kind)
            packed.writestr(made.name, made.content)
    return NoticeFile(f"走访单-{view.round.name}.zip", ZIP, body.getvalue())


def _still_out(lines: Sequence[SheetLine]) -> str:
    out = sum(one.standing in (SheetStanding.OUT, SheetStanding.EXPIRED) for one in lines)
    return f"现在在外 {out} 张。" if out else ""


def _show_custody(lines: Sequence[SheetLine], *, can_edit: bool) -> None:
    st.header("谁持有哪一张")
    if not lines:
        st.info("还没有做过走访单")
        return
    for one in lines:
        _show_line(one, can_edit=can_edit)


def _show_line(one: SheetLine, *, can_edit: bool) -> None:
    sheet = one.sheet
    is_open = one.standing in (SheetStanding.OUT, SheetStanding.EXPIRED)
    with st.container(border=True, key=f"jj_sheet_{sheet.number}"):
        told, links, doing = st.columns([5, 4, 3], vertical_alignment="center")
        told.markdown(
            f"**{plain(sheet.number)}**　第 {one.team_number} 组　{sheet.kind.label}\n\n"
            f"持单人 {plain(sheet.holder)}　{_standing(one)}"
        )
        with links.container(horizontal=True, vertical_alignment="center"):
            if is_open:
                _link("手机页", f"{PHONE}{sheet.number}")
                _link("录入页", f"{DESK}{sheet.number}")
                with st.popover("二维码"):
                    _show_code(sheet.number)
            elif one.standing is SheetStanding.RETURNED:
                _link("录入页", f"{DESK}{sheet.number}")
        if can_edit and is_open:
            with doing.container(horizontal=True):
                _act(sheet.number, "交回", return_sheet)
                _act(sheet.number, "作废", void_sheet)


def _standing(one: SheetLine) -> str:
    sheet = one.sheet
    if one.standing is SheetStanding.RETURNED:
        return f"{sheet.returned_on} 交回"
    if one.standing is SheetStanding.VOIDED:
        return f"{sheet.voided_on} 作废"
    if one.standing is SheetStanding.EXPIRED:
        return f"**{sheet.expires_on} 已失效，还没有交回**"
    return f"{sheet.expires_on} 失效"


def _link(label: str, to: str) -> None:
    st.link_button(label, to)


def _show_code(number: str) -> None:
    to = f"{address.origin()}{PHONE}{number}"
    st.image(segno.make(to, error="m").svg_data_uri(scale=4, border=2), width=160)
    st.code(to, language=None)
    st.caption("用手机扫码，登录以后就是这一组的走访单")


def _act(number: str, label: str, work: Callable[[Actor, Store, str], SheetLine]) -> None:
    st.button(label, key=f"visits_{label}_{number}", on_click=_done, args=(number, label, work))


def _done(number: str, label: str, work: Callable[[Actor, Store, str], SheetLine]) -> None:
    def do() -> str:
        work(session.actor_now(), session.store(), number)
        return f"{number} 已{label}"

    attempt(label, do)
