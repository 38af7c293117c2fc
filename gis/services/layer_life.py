"""What a list may not undo: the life of an organisation or a host is decided by people here, with days and approver."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gis.model.enums import HostStatus, OrgStatus
from gis.model.layers import LayerKind
from gis.services.layer_report import LayerCheck, LayerState, items_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.services.layer_report import Findings, Planned

STEP_DAYS = ("applied_on", "recommended_on", "group_proposed_on", "approved_on", "agreement_signed_on")


def keep_life(kind: LayerKind, planned: list[Planned], existing: Sequence[Any], found: Findings) -> list[Planned]:
    """Put back what a person has decided about rows that are known; a check names where the file says otherwise."""
    if kind not in _KEEPERS:
        return planned
    before = {old.id: old for old in existing}
    kept: list[Planned] = []
    told: dict[str, list[str]] = {}
    for entry in planned:
        old = before.get(entry.item.id) if entry.item.id is not None else None
        item = _KEEPERS[kind](old, entry.item) if old is not None else entry.item
        if item != entry.item:
            told.setdefault(_said(kind, old), []).append(f"第 {entry.draft.row} 行 {item.name}")
        state = entry.state if old is None else LayerState.SAME if item == old else LayerState.CHANGED
        kept.append(replace(entry, item=item, state=state))
    for text, items in told.items():
        found.checks.append(LayerCheck(f"{kind.value}_life_kept", f"{len(items)} {text}", None, items_shown(items)))
    return kept


def _org(old: Any, item: Any) -> Any:  # noqa: ANN401  # items of the kind
    if old.status is OrgStatus.ABOLISHED:
        return old
    return replace(item, status=old.status)


def _host(old: Any, item: Any) -> Any:  # noqa: ANN401  # as above
    if old.status is HostStatus.ENDED:
        return old
    has_begun = any(getattr(old, name) is not None for name in STEP_DAYS if name != "approved_on")
    if not has_begun and old.status is HostStatus.PROPOSED and item.status is HostStatus.APPROVED:
        return item  # a plan of an earlier list that a later list confirms
    days = {name: getattr(old, name) or getattr(item, name) for name in STEP_DAYS}
    return replace(item, status=old.status, **(days if has_begun else {}))


def _said(kind: LayerKind, old: Any) -> str:  # noqa: ANN401  # as above
    if kind is LayerKind.ORGS and old.status is OrgStatus.ABOLISHED:
        return "个组织已在系统里撤销，文件中的内容不再导入"
    if kind is LayerKind.ORGS:
        return "个组织的状态以系统登记的为准：撤并、撤销请在“组织”页办理"
    if old.status is HostStatus.ENDED:
        return "户中心户已在系统里撤销，文件中的内容不再导入"
    return "户中心户的状态和办理日期以系统登记的为准，请在“组织”页办理"


_KEEPERS = {LayerKind.ORGS: _org, LayerKind.HOSTS: _host}
