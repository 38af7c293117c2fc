"""How the wall says a figure: short enough for a card, and with what it is a part of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.kpis import KpiKey

if TYPE_CHECKING:
    from gis.model.kpis import Kpi, Partition

HIDDEN = "略"
TITLE = "返迁过渡期党员就近管理"
#: What stands on the card all the time; the whole definition comes when the card is chosen
SHORT = {
    KpiKey.REGISTERED: "组织关系在册，未登记离开",
    KpiKey.RESIDENT: "住在各党组织覆盖的社区",
    KpiKey.TRANSITION: "已登记过渡期，尚未返迁",
    KpiKey.ELDER: "过渡期中满 60 岁",
    KpiKey.AGED: "过渡期中的高龄党员",
    KpiKey.GROUPED: "已编入临时党小组",
    KpiKey.SERVED: "本月至少服务到一次",
    KpiKey.OVERDUE: "超过期限没有联系上",
}
SHORT_OTHERS = "走得到中心户或阵地"


def said(count: float | None) -> str:
    """Return a count as it is read, `略` where it is not shown."""
    return HIDDEN if count is None else f"{count:,.1f}".removesuffix(".0")


def out_of(one: Kpi) -> str:
    """Say what a figure is a part of."""
    if one.denominator is None:
        return ""
    inside = f"，其中 {said(one.numerator)} 人" if one.unit == "%" and one.numerator is not None else ""
    return f"{one.of} {said(one.denominator)} 人{inside}"


def briefly(one: Kpi) -> str:
    """Say the same in the room of a card."""
    if one.denominator is None:
        return ""
    of = one.of.removeprefix("在册的").removesuffix("党员")
    if one.unit == "%" and one.numerator is not None:
        return f"{of} {said(one.numerator)}/{said(one.denominator)} 人"
    return f"{of} {said(one.denominator)} 人中"


def of_whole(one: Partition) -> str:
    """Say the whole of a split."""
    return f"{one.of} {said(one.whole)}{'' if one.whole is None else ' 人'}"


def share(part: int | None, whole: int | None) -> float | None:
    """Return per cent with one place; None where either is not shown, or nobody is there."""
    return None if part is None or not whole else round(100 * part / whole, 1)
