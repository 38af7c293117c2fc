"""The list of cards with the six-clear meter, and the member finder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.contact import Clear
from gis.services.cards import list_cards
from gis.services.member_search import MOST_FOUND, search_members
from gis.ui import session
from gis.ui.cards import address
from gis.ui.choices import Column, Listing, Row, show_choices
from gis.ui.table import show_tiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.services.cards import CardLine
    from gis.services.member_search import Found
    from gis.store.database import Store

KEPT = "cards_lines"
AGES = (60, 70, 80)
EVERY_BRANCH, EVERYTHING = "全部支部", "不限"
CLEAR, CONTACT = 3, 5  # columns with a tone
COLUMNS = (
    Column("姓名"),
    Column("支部"),
    Column("年龄", is_number=True),
    Column("六个清", is_tag=True),
    Column("还缺什么", is_wide=True),
    Column("最近联系上", is_tag=True),
    Column("核实"),
    Column("电话"),
    Column("住处", is_wide=True),
)
FOUND_COLUMNS = (
    Column("姓名"),
    Column("支部"),
    Column("住处", is_wide=True),
    Column("电话"),
    Column("联系卡", is_tag=True),
)


def show_list(actor: Actor, store: Store) -> None:
    """Ask what to look for; show the cards, or who was found."""
    text = st.text_input(
        "查找党员",
        key="cards_search",
        placeholder="姓名、拼音首字母、电话末几位、小区、楼栋、支部",
        help="几个词用空格隔开，都符合才列出",
    )
    if text.strip():
        _show_found(search_members(actor, store, text), text)
        return
    lines = _lines(actor, store)
    if not lines:
        st.info("管理范围内没有返迁过渡期党员。导入花名册或登记过渡期后，联系卡自动建立" + _hint(actor))
        return
    shown = _narrowed(lines)
    _show_meter(shown)
    if not shown:
        st.success("没有符合条件的联系卡：换一个条件看看")
        return
    late = sum(one.is_overdue for one in shown)
    st.caption(f"联系卡 {len(shown)} 张" + (f"，其中 {late} 名超过期限没有联系上" if late else "") + "。点姓名打开")
    show_choices("cards_list", Listing("联系卡", COLUMNS, [_row(one) for one in shown]), on_open=address.open_one)


def _hint(actor: Actor) -> str:
    return "：到“数据”页导入" if actor.may(Action.IMPORT_DATA) else ""


def _lines(actor: Actor, store: Store) -> tuple[CardLine, ...]:
    """Read the list, once for each state of the data and each day."""
    key = (actor.scope.key, store.data_version(), store.today())
    kept: tuple[object, tuple[CardLine, ...]] | None = session.recall(KEPT)
    if kept is None or kept[0] != key:
        kept = key, list_cards(actor, store)
        session.remember(KEPT, kept)
    return kept[1]


def _narrowed(lines: Sequence[CardLine]) -> list[CardLine]:
    branches = sorted({one.branch for one in lines})
    left, middle, old, right = st.columns([2, 2, 1, 2], vertical_alignment="bottom")
    branch = EVERY_BRANCH
    if len(branches) > 1:
        branch = left.selectbox("支部", [EVERY_BRANCH, *branches], key="cards_branch")
    lacking = middle.selectbox("还缺", [EVERYTHING, *Clear.labels()], key="cards_lacking")
    asked = address.least_age()
    ages = {EVERYTHING: 0, **{f"满 {age} 岁": age for age in AGES}}
    first = AGES.index(asked) + 1 if asked in AGES else 0
    least = ages[old.selectbox("年龄", list(ages), index=first, key="cards_age")]
    only_late = right.toggle("只看超期没有联系上的", key="cards_late")
    wanted = Clear.from_label(lacking)
    return [
        one
        for one in lines
        if branch in (EVERY_BRANCH, one.branch)
        and (wanted is None or wanted in one.completeness.missing)
        and (not least or (one.age is not None and one.age >= least))
        and (one.is_overdue or not only_late)
    ]


def _show_meter(lines: Sequence[CardLine]) -> None:
    """Show how many cards are clear about each of the six, with their denominator."""
    count = len(lines)
    tiles = {"六项齐全": f"{sum(one.completeness.is_complete for one in lines)}/{count}"}
    tiles |= {clear.label: f"{sum(one.completeness.flags[clear] for one in lines)}/{count}" for clear in Clear}
    show_tiles(tiles, key="jj_six_clear")


def _row(one: CardLine) -> Row:
    clear = one.completeness
    met = one.last_contact.isoformat() if one.last_contact else "没有记录"
    return Row(
        int(one.member_id),
        (
            one.name,
            one.branch,
            one.age,
            f"{clear.n_clear}/{len(Clear)}",
            "；".join(clear.missing_words),
            met,
            one.verified_on.isoformat() if one.verified_on else "",
            one.phone,
            one.place,
        ),
        {CLEAR: "good" if clear.is_complete else "warn", CONTACT: "warn" if one.is_overdue else ""},
    )


def _show_found(found: Sequence[Found], text: str) -> None:
    if not found:
        st.info(
            "没有找到。可以只写姓氏、拼音首字母（例如 hcg）、电话末三位以上、小区或支部名称的一部分；"
            "别的支部的党员不在这里显示"
        )
        return
    more = f"，只列前 {MOST_FOUND} 名，请再加一个词" if len(found) == MOST_FOUND else ""
    st.caption(f"找到 {len(found)} 名{more}")
    rows = [
        Row(
            int(one.member_id),
            (one.name, one.branch, one.place, one.phone, "有" if one.has_card else "不在过渡期"),
            {4: "good" if one.has_card else ""},
        )
        for one in found
    ]
    show_choices(f"cards_found_{text}", Listing("找到的党员", FOUND_COLUMNS, rows), on_open=address.open_one)
