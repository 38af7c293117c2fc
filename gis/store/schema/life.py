"""Tables of what was registered of a member's life, and of what a person should look at again because of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Date, String
from sqlalchemy.orm import Mapped

from gis.model.life import LifeKind, ReviewKind
from gis.store.schema.base import S1, S2, Base, Rows, code_list, col, ref


class LifeEventRow(Rows, Base):
    """迁居、更正、返迁、转接、离开：何时、为什么；住址本身在居住地历史中。"""

    __tablename__ = "life_event"
    member_id: Mapped[int] = ref("member", "党员", S2)
    kind: Mapped[LifeKind] = col("变动", S2, code_list(LifeKind))
    on_day: Mapped[date] = col("变动日期", S2, Date, index=True)
    reason: Mapped[str] = col("原因", S2, String(200), default="")
    closed: Mapped[dict[str, object]] = col("随之终止的记录编号，撤销时恢复", S1, JSON)
    undone_on: Mapped[date | None] = col("撤销日期", S1, Date)


class ReviewRow(Rows, Base):
    """变动之后待人复核的事项；系统不自行改动。"""

    __tablename__ = "life_review"
    member_id: Mapped[int] = ref("member", "党员", S2)
    event_id: Mapped[int] = ref("life_event", "由哪次变动引起", S2)
    what: Mapped[ReviewKind] = col("待复核的事项", S2, code_list(ReviewKind))
    raised_on: Mapped[date] = col("提出日期", S2, Date)
    settled_on: Mapped[date | None] = col("复核日期", S2, Date)
    settled_by: Mapped[str] = col("复核人账号", S2, String(64), default="")
    answer: Mapped[str] = col("复核结论", S2, String(200), default="")
