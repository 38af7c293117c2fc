"""What an organisation must be before it is saved: the checks of R07 to R10 that a person can answer with a reason.

The standing report of all rules is in `gis.services.rules`; here stands what stops or asks while somebody edits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.enums import BRANCH_KINDS, OrgKind, OrgStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.ids import OrgId
    from gis.model.organisation import PartyOrg

JOINT_UNITS = 5  # R07: a joint branch is generally of at most five units
COMMITTEE_FROM = 7  # R08: with seven full members there is a committee
COMMITTEE_SIZES = (3, 7)  # R08: three to five, generally not above seven
BRANCH_CEILING = 50  # R07
ORDER = {OrgKind.WORKING_COMMITTEE: 0, OrgKind.COMMITTEE: 1, OrgKind.GENERAL_BRANCH: 2}  # branches come below


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; `is_block` cannot be saved, the others ask for a reason."""

    rule: str
    message: str
    is_block: bool = False


def check_org(org: PartyOrg, orgs: Sequence[PartyOrg], full_members: int) -> tuple[Finding, ...]:
    """Return what is wrong with an organisation as it would be saved."""
    return (*_place_faults(org, orgs), *_temporary(org), *_joint(org), *_committee(org, full_members))


def refuse_or_ask(findings: Sequence[Finding], reason: str) -> None:
    """Let pass what nothing stops and every question has a reason for.

    Raises
    ------
    InputError
        Something stops it, or there is no reason yet.
    """
    blocks = [one.message for one in findings if one.is_block]
    if blocks:
        raise InputError("；".join(blocks))
    asks = [f"{one.message}（{one.rule}）" for one in findings]
    if asks and not reason.strip():
        msg = f"{'；'.join(asks)}。确需如此，请填写理由后再保存"
        raise InputError(msg)


def new_findings(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return what the change brings: what was wrong already does not stop an unrelated correction."""
    known = {(one.rule, one.message) for one in before}
    return tuple(one for one in after if (one.rule, one.message) not in known)


def above(org_id: OrgId | None, parents: Mapping[OrgId, OrgId | None]) -> tuple[OrgId, ...]:
    """Return an organisation and those above it, the nearest first; a circle in old data ends the walk."""
    found: list[OrgId] = []
    while org_id is not None and org_id not in found:
        found.append(org_id)
        org_id = parents.get(org_id)
    return tuple(found)


def parents_of(orgs: Sequence[PartyOrg]) -> dict[OrgId, OrgId | None]:
    """Return each organisation's parent."""
    return {org.id: org.parent_id for org in orgs if org.id is not None}


def _place_faults(org: PartyOrg, orgs: Sequence[PartyOrg]) -> tuple[Finding, ...]:
    found = []
    if not org.name.strip():
        found.append(Finding("", "请填写组织名称", is_block=True))
    if any(other.name == org.name and other.id != org.id for other in orgs):
        found.append(Finding("", f"已有组织叫“{org.name}”，请换一个名称", is_block=True))
    parent = next((other for other in orgs if other.id == org.parent_id), None)
    if org.parent_id is not None and parent is None:
        found.append(Finding("", "上级组织不存在，请重新选择", is_block=True))
    if parent is None:
        return tuple(found)
    if org.id is not None and org.id in above(parent.id, parents_of(orgs)):
        found.append(Finding("", f"“{parent.name}”在本组织之下，不能作上级", is_block=True))
    if parent.kind in BRANCH_KINDS:
        found.append(Finding("", f"上级“{parent.name}”是{parent.kind.label}，支部之下只设党小组", is_block=True))
    elif ORDER.get(org.kind, len(ORDER)) < ORDER[parent.kind]:
        found.append(Finding("", f"{org.kind.label}不能设在{parent.kind.label}“{parent.name}”之下", is_block=True))
    if parent.status is OrgStatus.ABOLISHED and org.status is not OrgStatus.ABOLISHED:
        found.append(Finding("", f"上级“{parent.name}”已撤销，请改选接续组织", is_block=True))
    return tuple(found)


def _temporary(org: PartyOrg) -> tuple[Finding, ...]:
    if org.kind is not OrgKind.TEMPORARY_BRANCH:
        return ()
    found = []
    if not org.task_body.strip():
        message = "临时党支部只为临时机构设立，请填写所依托的机构；过渡期党员请编临时党小组"
        found.append(Finding("R10", message, is_block=True))
    if not org.approved_by.strip():
        found.append(Finding("R10", "临时党支部须经上级批准，请填写批准的组织", is_block=True))
    return tuple(found)


def _joint(org: PartyOrg) -> tuple[Finding, ...]:
    if org.kind is OrgKind.JOINT_BRANCH and org.unit_count is not None and org.unit_count > JOINT_UNITS:
        return (Finding("R07", f"联合党支部的单位一般不超过 {JOINT_UNITS} 个，现为 {org.unit_count} 个"),)
    return ()


def _committee(org: PartyOrg, full_members: int) -> tuple[Finding, ...]:
    size, (least, most) = org.committee_size, COMMITTEE_SIZES
    if not org.is_branch or size is None:
        return ()
    if full_members >= COMMITTEE_FROM and not least <= size <= most:
        return (Finding("R08", f"支委会一般 3 至 5 人、不超过 {most} 人，现填 {size} 人"),)
    if 0 < full_members < COMMITTEE_FROM and size > 2:  # noqa: PLR2004  # a secretary and, if needed, a deputy
        return (Finding("R08", f"正式党员不足 {COMMITTEE_FROM} 名的支部设书记，必要时设副书记，现填 {size} 人"),)
    return ()
