"""Writes of organisations and members; residences and affiliations are dated rows, never overwritten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm.attributes import flag_modified

from gis.errors import NotFoundError, StaleError
from gis.model.ids import MemberId, OrgId, ResidenceId
from gis.store.schema import (
    AffiliationRow,
    CompanionRow,
    MemberRow,
    OrgDivisionRow,
    OrgRow,
    ResidenceRow,
    TransitionRow,
)
from gis.store.writers.base import values_of
from gis.store.writers.card_issue import CardIssueWrites
from gis.store.writers.households import HouseholdWrites

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gis.model.organisation import PartyOrg
    from gis.model.people import Member, Residence, Transition

_MEMBER_PARTS = frozenset({"residence", "transition", "companion_ids"})
_RESIDENCE_META = frozenset({"valid_from"})


class PeopleWrites(HouseholdWrites, CardIssueWrites):
    """Insert or update by id; a stale version is refused."""

    def save_orgs(self, items: Iterable[PartyOrg]) -> list[OrgId]:
        """Save organisations and what they cover; parents must be saved before their children."""
        ids: list[OrgId] = []
        for item in items:
            row = self._save(OrgRow, item, values_of(item, leave_out=frozenset({"division_codes"})))
            self.session.flush()
            self._cover(row.id, frozenset(item.division_codes))
            ids.append(OrgId(row.id))
        self.session.flush()
        self.__dict__.pop("org_ids_in_scope", None)  # worked out before these were there
        return ids

    def _cover(self, org_id: int, codes: frozenset[str]) -> None:
        query = select(OrgDivisionRow).where(OrgDivisionRow.org_id == org_id, OrgDivisionRow.valid_to.is_(None))
        links = {link.division_code: link for link in self.session.scalars(query)}
        for code in sorted(codes - links.keys()):
            self.session.add(OrgDivisionRow(org_id=org_id, division_code=code, valid_from=self.today))
        for code in sorted(links.keys() - codes):
            links[code].valid_to = self.today

    def save_members(self, items: Iterable[Member]) -> list[MemberId]:
        """Save members with their residence and transition.

        A new or changed branch opens an affiliation row and closes the old one; see `move` for residences.
        """
        pairs: list[tuple[Member, MemberRow]] = []
        for given in items:
            item = self.agreed(given)
            before = self.session.get(MemberRow, item.id) if item.id is not None else None
            old_branch = before.branch_id if before is not None else None
            row = self._save(MemberRow, item, values_of(item, leave_out=_MEMBER_PARTS))
            self.spell_names([row])
            pairs.append((replace(item, branch_id=item.branch_id), row))
            if old_branch is not None and old_branch != item.branch_id:
                self._close_affiliation(row.id)
        self.session.flush()
        for item, row in pairs:
            if item.id is None:
                self._open_histories(row, item)
                continue
            self._affiliate(row)
            if item.residence is not None:
                self.move(MemberId(row.id), item.residence)
            if item.transition is not None:
                self._set_transition(row.id, item.transition)
        self.session.flush()
        for item, row in pairs:
            self.keep_household(row, item)
        moving = [MemberId(row.id) for item, row in pairs if item.is_in_transition]
        if moving:
            self.issue_missing_cards(moving)
        return [MemberId(row.id) for _, row in pairs]

    def _open_histories(self, member: MemberRow, item: Member) -> None:
        """Begin the histories of a new member without asking for old ones: a roster may hold thousands."""
        self.session.add(AffiliationRow(member_id=member.id, org_id=member.branch_id, valid_from=self.today))
        if item.residence is not None:
            values = values_of(item.residence, leave_out=_RESIDENCE_META, shape="geom")
            start = item.residence.valid_from or self.today
            self.session.add(ResidenceRow(member_id=member.id, valid_from=start, **values))
        if item.transition is not None:
            self.session.add(TransitionRow(member_id=member.id, **values_of(item.transition)))

    def _close_affiliation(self, member_id: int) -> None:
        query = select(AffiliationRow).where(AffiliationRow.member_id == member_id, AffiliationRow.valid_to.is_(None))
        for row in self.session.scalars(query):
            row.valid_to = self.today

    def _affiliate(self, member: MemberRow) -> None:
        query = select(AffiliationRow.id).where(
            AffiliationRow.member_id == member.id,
            AffiliationRow.org_id == member.branch_id,
            AffiliationRow.valid_to.is_(None),
        )
        if self.session.scalar(query) is None:
            row = AffiliationRow(member_id=member.id, org_id=member.branch_id, valid_from=self.today)
            self.session.add(row)

    def move(self, member_id: MemberId, home: Residence) -> None:
        """Make `home` the current residence: the same address is updated in place, another one opens a new row."""
        query = select(ResidenceRow).where(ResidenceRow.member_id == member_id, ResidenceRow.valid_to.is_(None))
        current = self.session.scalar(query)
        home = self.agreed_home(member_id, home)
        values = values_of(home, leave_out=_RESIDENCE_META, shape="geom")
        if current is not None and current.address == home.address:
            for name, value in values.items():
                if getattr(current, name) != value:
                    setattr(current, name, value)
            return
        if current is not None:
            current.valid_to = self.today
        self.session.add(
            ResidenceRow(member_id=member_id, valid_from=home.valid_from or self.today, **values),
        )

    def set_companions(self, member_id: MemberId, companion_ids: Collection[MemberId]) -> None:
        """Make these the companions of a member; both sides of a pair that changes count as edited."""
        mine = or_(CompanionRow.member_id == member_id, CompanionRow.companion_id == member_id)
        query = select(CompanionRow).where(CompanionRow.valid_to.is_(None), mine)
        pairs = {frozenset((row.member_id, row.companion_id)): row for row in self.session.scalars(query)}
        wanted = {frozenset((int(member_id), int(other))) for other in companion_ids}
        for pair in sorted(pairs.keys() - wanted, key=sorted):
            pairs[pair].valid_to = self.today
        for pair in sorted(wanted - pairs.keys(), key=sorted):
            one, other = sorted(pair)
            self.session.add(CompanionRow(member_id=one, companion_id=other, valid_from=self.today))
        for number in frozenset[int]().union(*(pairs.keys() ^ wanted)):
            row = self.session.get(MemberRow, number)
            if row is not None and not self.session.is_modified(row):
                flag_modified(row, "name")
        self.session.flush()

    def locate(self, residence_id: ResidenceId, home: Residence, *, version: int) -> None:
        """Set the position of one residence by hand (confirmed building or pin).

        Raises
        ------
        StaleError
            Somebody else has located or changed it since `version`.
        """
        row = self.session.get(ResidenceRow, residence_id)
        if row is None:
            msg = "该住址记录已不存在，请刷新后重试"
            raise NotFoundError(msg)
        if row.version != version:
            msg = "该住址已被他人核定，请刷新后查看"
            raise StaleError(msg, mine=version, theirs=row.version)
        home = self.agreed_home(row.member_id, home)
        for name, value in values_of(home, leave_out=_RESIDENCE_META | {"address"}, shape="geom").items():
            setattr(row, name, value)
        row.verified_on, row.verified_by = self.today, self.actor.name

    def _set_transition(self, member_id: int, item: Transition) -> None:
        query = select(TransitionRow).where(TransitionRow.member_id == member_id, TransitionRow.returned_on.is_(None))
        current = self.session.scalar(query)
        values = values_of(item)
        if current is None:
            self.session.add(TransitionRow(member_id=member_id, **values))
            return
        for name, value in values.items():
            if getattr(current, name) != value:
                setattr(current, name, value)
