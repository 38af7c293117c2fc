"""What was asked for and the plan does not have: places without a group, groups missing to the least number."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.plan import GroupPlan


def unmet_wishes(plan: GroupPlan, labels: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Say in a sentence each what the plan could not do of what was asked.

    Parameters
    ----------
    labels
        What people call the places, by key; a place that is not among them is called by its key.
    """
    used = {group.place.key for group in plan.groups}
    empty = [key for key in dict.fromkeys(plan.request.required_places) if key not in used]
    said = []
    if empty:
        places = "、".join((labels or {}).get(key, key) for key in empty)
        said.append(f"要求设组的地点没有设组：{places}")
    least = plan.request.settings.min_groups
    if len(plan.groups) < least:
        said.append(f"要求至少 {least} 个小组，只编成 {len(plan.groups)} 个")
    if not said:
        return ()
    proven = "已证明没有方案能满足得更多" if plan.status == "optimal" else "时间内没有找到满足得更多的方案"
    return (*said[:-1], f"{said[-1]}（{proven}）")
