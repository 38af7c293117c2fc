"""What the rules R01–R21 look at: a frozen picture of organisations, groups, sessions and members on one day."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from gis.model.enums import BRANCH_KINDS, HostStatus, MembershipStatus, MemberStatus, OrgKind, OrgStatus, Preference
from gis.model.meetings import AffairType, SessionKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gis.model.enums import CommunityKind, MobilityLevel
    from gis.model.ids import GroupId, HostId, MemberId, OrgId


@dataclass(frozen=True, slots=True)
class RuleLimits:
    """The numbers of domain.md section 4; those an office may change come from its settings."""

    group_min: int = 3
    group_split: int = 15
    group_never: int = 50
    divide_from: int = 20
    branch_full_min: int = 3
    branch_most: int = 50
    joint_units_most: int = 5
    committee_from: int = 7
    committee_least: int = 3
    committee_most: int = 7
    term_years: int = 5
    general_branch_above: int = 50
    committee_members: int = 100
    away_months: int = 6
    lost_warn_months: int = 3
    lost_alert_months: int = 5
    mobile_card_months: int = 12
    sessions_months: int = 12


@dataclass(frozen=True, slots=True)
class OrgFact:
    """One organisation; `members` counts its own, `members_below` also those of the organisations under it."""

    id: OrgId
    name: str
    kind: OrgKind
    status: OrgStatus = OrgStatus.ACTIVE
    parent_id: OrgId | None = None
    community_kind: CommunityKind | None = None
    is_village: bool = False
    founded_on: date | None = None
    ended_on: date | None = None
    approved_by: str = ""
    approved_on: date | None = None
    term_ends_on: date | None = None
    committee_size: int | None = None
    task_body: str = ""
    unit_count: int | None = None
    members: int = 0
    full: int = 0
    members_below: int = 0

    @property
    def is_branch(self) -> bool:
        """Whether members belong to it directly."""
        return self.kind in BRANCH_KINDS

    @property
    def is_active(self) -> bool:
        """Whether it stands and is not being merged."""
        return self.status is OrgStatus.ACTIVE and self.ended_on is None


@dataclass(frozen=True, slots=True)
class SeatFact:
    """One open seat of a group, without a name: its member may be of a branch out of sight.

    `is_local`: the member lives where the group's branch has its territory; None where that is not known.
    """

    member_id: MemberId
    branch_id: OrgId
    is_full: bool
    is_local: bool | None = None


@dataclass(frozen=True, slots=True)
class GroupFact:
    """One confirmed, open group; `mixed_reason` is the upper organisation's decision on several branches in it."""

    id: GroupId
    name: str
    branch_id: OrgId
    leader_id: MemberId | None = None
    mixed_reason: str = ""
    decided_on: date | None = None
    reported_on: date | None = None
    valid_from: date | None = None
    seats: tuple[SeatFact, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaFact:
    """One open 片区; `has_leader`: one is named who is still on the roster."""

    id: int
    name: str
    org_id: OrgId
    leader_id: MemberId | None = None
    has_leader: bool = False


@dataclass(frozen=True, slots=True)
class HostFact:
    """One host household and the standing of its householder; `is_full` None: matched to no member."""

    id: HostId
    name: str
    branch_id: OrgId
    status: HostStatus = HostStatus.APPROVED
    member_id: MemberId | None = None
    is_full: bool | None = None


@dataclass(frozen=True, slots=True)
class SessionFact:
    """One session held or planned, with counts of its own attendance list.

    `voting_without_right` are those whom the list gives a vote though they are no full members.
    """

    id: int
    org_id: OrgId
    kind: SessionKind
    planned_on: date
    held_on: date | None = None
    group_id: GroupId | None = None
    affair: AffairType = AffairType.DAILY_STUDY
    theme: str = ""
    plan: str = ""
    format: str = ""
    record: str = ""
    responsible: str = ""
    voters: int = 0
    voters_present: int = 0
    voting_without_right: tuple[MemberId, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberFact:
    """One member of the roster.

    `is_away`: lives where the own organisation has no territory; None where that is not known. `away_since` is the day
    the current address began. `attended_on` is the last session of the own organisation attended or made up for,
    `reached_on` the last contact that reached the member, session attended anywhere or leave asked for; `tried_on` the
    first attempt of all, `missed_on` the last one that failed, or session missed without leave. `has_mode`: a study
    mode was decided by a person. `affiliations` are the open ones. `is_restricted`: the member asked that the data be
    kept and not used, so that no hint may come of them.
    """

    id: MemberId
    name: str
    branch_id: OrgId
    status: MemberStatus = MemberStatus.FULL
    membership: MembershipStatus = MembershipStatus.NORMAL
    age: int | None = None
    mobility: MobilityLevel | None = None
    preference: Preference = Preference.NONE
    is_in_transition: bool = False
    is_away: bool | None = None
    away_since: date | None = None
    attended_on: date | None = None
    reached_on: date | None = None
    tried_on: date | None = None
    missed_on: date | None = None
    has_home_contact: bool = False
    has_mode: bool = False
    may_lead: bool = False
    mobile_card_no: str = ""
    mobile_card_checked_on: date | None = None
    affiliations: tuple[OrgId, ...] = ()
    has_lost_case: bool = False
    is_restricted: bool = False

    @property
    def is_full(self) -> bool:
        """Whether the member is a full member with normal membership."""
        return self.status is MemberStatus.FULL and self.membership is MembershipStatus.NORMAL


@dataclass(frozen=True)
class RuleFacts:
    """Everything the rules look at; `attendance`: first and last day on record by organisation."""

    today: date
    limits: RuleLimits = field(default_factory=RuleLimits)
    orgs: tuple[OrgFact, ...] = ()
    groups: tuple[GroupFact, ...] = ()
    areas: tuple[AreaFact, ...] = ()
    hosts: tuple[HostFact, ...] = ()
    sessions: tuple[SessionFact, ...] = ()
    members: tuple[MemberFact, ...] = ()
    attendance: Mapping[OrgId, tuple[date, date]] = field(default_factory=dict)

    @cached_property
    def org_of(self) -> dict[OrgId, OrgFact]:
        """Organisations by id."""
        return {org.id: org for org in self.orgs}

    @cached_property
    def name_of(self) -> dict[MemberId, str]:
        """Names of the members in sight."""
        return {member.id: member.name for member in self.members}

    @cached_property
    def hinted(self) -> tuple[MemberFact, ...]:
        """Members of whom hints may be made."""
        return tuple(member for member in self.members if not member.is_restricted)

    @cached_property
    def groups_of(self) -> dict[OrgId, list[GroupFact]]:
        """Open groups by branch."""
        found: dict[OrgId, list[GroupFact]] = {}
        for group in self.groups:
            found.setdefault(group.branch_id, []).append(group)
        return found

    @cached_property
    def sessions_of(self) -> dict[OrgId, list[SessionFact]]:
        """Sessions by the organisation that called them."""
        found: dict[OrgId, list[SessionFact]] = {}
        for session in self.sessions:
            found.setdefault(session.org_id, []).append(session)
        return found

    @cached_property
    def members_of(self) -> dict[OrgId, list[MemberFact]]:
        """Members by branch."""
        found: dict[OrgId, list[MemberFact]] = {}
        for member in self.members:
            found.setdefault(member.branch_id, []).append(member)
        return found

    def org_name(self, org_id: OrgId) -> str:
        """Name an organisation."""
        found = self.org_of.get(org_id)
        return found.name if found else ""
