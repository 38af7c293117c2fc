"""Party organisations; organisation and division are many-to-many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import BRANCH_KINDS, OrgStatus

if TYPE_CHECKING:
    from datetime import date

    from gis.model.enums import CommunityKind, OrgKind
    from gis.model.ids import OrgId


@dataclass(frozen=True, slots=True)
class PartyOrg:
    """党组织. `division_codes` are the divisions it covers today."""

    id: OrgId | None
    name: str
    kind: OrgKind
    parent_id: OrgId | None = None
    code: str = ""
    community_kind: CommunityKind | None = None
    status: OrgStatus = OrgStatus.ACTIVE
    division_codes: tuple[str, ...] = ()
    founded_on: date | None = None
    valid_to: date | None = None
    successor_id: OrgId | None = None
    approved_by: str = ""
    approved_on: date | None = None
    term_ends_on: date | None = None
    committee_size: int | None = None
    task_body: str = ""
    unit_count: int | None = None
    office_phone: str = ""
    version: int = 1

    @property
    def is_branch(self) -> bool:
        """Whether members belong to it directly."""
        return self.kind in BRANCH_KINDS
