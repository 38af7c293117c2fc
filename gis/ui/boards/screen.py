"""The screen 待办与名单: what is to be done, each list with its definition, day and denominator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.boards import BoardKind
from gis.services.boards import read_boards
from gis.services.leaving import offices_waiting
from gis.services.visits.effects import moved_to_register
from gis.ui import session
from gis.ui.boards.coverage import show_coverage
from gis.ui.choices import Column, Listing, Row, show_choices
from gis.ui.table import show_table, show_tiles
from gis.ui.visits.served import show_month

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.boards import Board, BoardLine
    from gis.store.database import Store

KEPT, GO = "boards_kept", "boards_go"
KIND, OPEN = "kind", "open"  # in the address: the list, and which of the two folded parts
EVERY_BRANCH = "全部支部"
HIDDEN = "略"
#: Where a line leads, and who may go there
_PAGES: dict[str, tuple[str, Action]] = {
    "cards": ("pages/cards.py", Action.VIEW_MEMBERS),
    "life": ("pages/life.py", Action.MOVE_MEMBERS),
    "locate": ("pages/locate.py", Action.LOCATE_MEMBERS),
    "conditions": ("pages/conditions.py", Action.SET_CONDITIONS),
    "modes": ("pages/modes.py", Action.SET_MODES),
}
_WHERE = {"cards": "联系卡", "life": "变动登记", "locate": "定位", "conditions": "编组条件", "modes": "学习方式"}
_FIGURES = {
    BoardKind.OVERDUE: "天数",
    BoardKind.RETURN_DUE: "已过天数",
    BoardKind.YEARS: "年数",
    BoardKind.AGED: "年龄",
    BoardKind.MISSING: "缺几项",
}
_NOTHING = {
    BoardKind.OVERDUE: "没有超期未联系的过渡期党员。联系后在联系卡上登记，名单随时更新",
    BoardKind.RETURN_DUE: "没有预计返迁时间已过的。返迁后到“变动登记”登记",
    BoardKind.YEARS: "没有过渡期党员。导入摸排登记表后，这里按开始日期计算",
    BoardKind.AGED: "没有满 80 岁的过渡期党员",
    BoardKind.MISSING: "各项资料齐全",
}


def show_boards(actor: Actor, store: Store) -> None:
    """Choose a board, see its figures and its list."""
    _go()
    boards = {board.kind: board for board in _read(actor, store)}
    first = boards[BoardKind.OVERDUE]
    if first.denominator == 0:
        st.info("管理范围内没有返迁过渡期党员：导入摸排登记表后，这里列出超期未联系、缺资料等名单")
        return
    show_tiles(
        {kind.label: _said(board.count) for kind, board in boards.items() if kind is not BoardKind.YEARS},
        key="jj_boards",
    )
    _show_offices(actor, store)
    _show_moved(actor, store)
    opened = str(st.query_params.get(OPEN, ""))
    with st.expander("本月服务率：每名过渡期党员本月至少服务到一次", expanded=opened == "served"):
        show_month(actor, store)
    with st.expander("覆盖率和空白点：走得到的地方有没有中心户、阵地", expanded=opened == "coverage"):
        show_coverage(actor, store)
    kind = st.segmented_control(
        "名单",
        list(boards),
        format_func=lambda one: one.label,
        default=_asked(),
        required=True,
        key="boards_kind",
        label_visibility="collapsed",
    )
    _show(actor, boards[kind])


def _asked() -> BoardKind:
    """Return the list that the address asks for."""
    asked = str(st.query_params.get(KIND, ""))
    return next((kind for kind in BoardKind if kind.value == asked), BoardKind.OVERDUE)


def _read(actor: Actor, store: Store) -> tuple[Board, ...]:
    """Work the boards out once for each state of the data, each scope and each day."""
    key = (actor.scope.key, actor.role, store.data_version(), store.today())
    kept: tuple[object, tuple[Board, ...]] | None = session.recall(KEPT)
    if kept is None or kept[0] != key:
        kept = key, read_boards(actor, store)
        session.remember(KEPT, kept)
    return kept[1]


def _show_offices(actor: Actor, store: Store) -> None:
    """Name the offices of members who have left; somebody else must take them over."""
    if not actor.may(Action.MOVE_MEMBERS):
        return
    waiting = offices_waiting(actor, store)
    if waiting:
        st.warning(f"有 {len(waiting)} 个职务的担任人已离开花名册，请支部另定人选")
        show_table(
            [{"职务": one.kind.label, "所在": one.where, "原担任人": one.name, "情形": one.how} for one in waiting]
        )


def _show_moved(actor: Actor, store: Store) -> None:
    """Name who was found to have moved: the address is changed by a person who knows the new one."""
    if not actor.may(Action.MOVE_MEMBERS):
        return
    found = moved_to_register(actor, store)
    if found:
        st.warning(f"走访时有 {len(found)} 名党员已迁走：请问清新住址，到“变动登记”登记迁居")
        show_table(
            [
                {"姓名": one.name, "支部": one.branch, "走访日期": one.on_day.isoformat(), "走访人": one.by_name}
                for one in found
            ]
        )


def _show(actor: Actor, board: Board) -> None:
    whole = "" if board.kind is BoardKind.YEARS else f"{_said(board.count)} 名；"
    st.caption(f"{board.definition}。{whole}{board.of} {_said(board.denominator)} 名；截至 {board.as_of.isoformat()}")
    left, right = st.columns([2, 3])
    with left:
        if board.parts:
            show_table([{"": name, "人数": _cell(count)} for name, count in board.parts.items()])
    with right, st.expander("各支部数量", expanded=not actor.may(Action.VIEW_MEMBERS)):
        show_table(
            [
                {"支部": one.branch, "名单中": _cell(one.count), "过渡期党员": _cell(one.denominator)}
                for one in board.branches
            ]
        )
        if any(one.count is None for one in board.branches):
            st.caption("人数少的从略；由合计能推出来的也从略")
    if board.branch_parts:
        with st.expander("各支部缺什么"):
            show_table(
                [
                    {"支部": branch, **{name: count for name, count in items.items() if board.parts.get(name)}}
                    for branch, items in board.branch_parts.items()
                ]
            )
    if actor.may(Action.VIEW_MEMBERS):
        _list(board)


def _list(board: Board) -> None:
    branches = sorted({one.branch for one in board.lines})
    branch = EVERY_BRANCH
    if len(branches) > 1:
        branch = st.selectbox("支部", [EVERY_BRANCH, *branches], key=f"boards_branch_{board.kind.value}")
    lines = [one for one in board.lines if branch in (EVERY_BRANCH, one.branch)]
    if not lines:
        st.success(_NOTHING[board.kind])
        return
    st.caption(f"{len(lines)} 名。点姓名前往办理")
    columns = (
        Column("姓名"),
        Column("支部"),
        Column("年龄", is_number=True),
        *(() if board.kind is BoardKind.AGED else (Column(_FIGURES[board.kind], is_number=True),)),
        Column("说明", is_wide=True),
        Column("最近联系"),
        Column("前往"),
    )
    rows = [Row(int(one.member_id), _cells(one, board.kind)) for one in lines]
    screens = {int(one.member_id): one.screen for one in lines}
    show_choices(
        f"boards_{board.kind.value}",
        Listing(board.kind.label, columns, rows),
        on_open=lambda number: session.remember(GO, (number, screens.get(number, "cards"))),
    )


def _cells(one: BoardLine, kind: BoardKind) -> tuple[str | int | None, ...]:
    figure = None if one.figure is None else f"{one.figure:g}"
    met = one.last_contact.isoformat() if one.last_contact else "没有记录"
    figures = () if kind is BoardKind.AGED else (figure,)
    return (one.name, one.branch, one.age, *figures, one.note, met, _WHERE[one.screen])


def _go() -> None:
    """Go where a click leads; a callback cannot."""
    wanted = session.recall(GO)
    if wanted is None:
        return
    session.forget(GO)
    number, screen = wanted
    page, action = _PAGES.get(screen, _PAGES["cards"])
    if not session.actor_now().may(action):
        page = _PAGES["cards"][0]
    st.switch_page(page, query_params={"member": str(number)})


def _said(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def _cell(count: int | None) -> str | int:
    return HIDDEN if count is None else count
