"""Study modes decided for members of the scope, and what the contact card says that bears on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.model.contact import Employment
from gis.model.enums import GroupKind, GroupStatus
from gis.model.ids import MemberId
from gis.model.modes import CardAbilities, ModeDecision
from gis.store.readers.base import ScopedReads
from gis.store.schema import CardRow, GroupMembershipRow, GroupRow, MemberRow, ModeDecisionRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

_WORKING = (Employment.EMPLOYED, Employment.SELF_EMPLOYED)


class ModeReads(ScopedReads):
    """Decisions and abilities, by member."""

    def study_modes(self) -> dict[MemberId, ModeDecision]:
        """Return the decision in force of every member who has one."""
        found = self._mode_decisions(ModeDecisionRow.valid_to.is_(None))
        return {one.member_id: one for one in found}

    def study_mode_history(self, member_id: MemberId) -> tuple[ModeDecision, ...]:
        """List all decisions of one member, the oldest first."""
        return self._mode_decisions(ModeDecisionRow.member_id == member_id)

    def _mode_decisions(self, *where: ColumnElement[bool]) -> tuple[ModeDecision, ...]:
        if not self.sees_people:
            return ()
        query = (
            select(ModeDecisionRow)
            .where(ModeDecisionRow.member_id.in_(self._scope_member_ids()), *where)
            .order_by(ModeDecisionRow.id)
        )
        return tuple(decision_of(row) for row in self.session.scalars(query))

    def card_abilities(self) -> dict[MemberId, CardAbilities]:
        """Return by member what the open contact card says; who has none is not named."""
        if not self.sees_people:
            return {}
        query = select(CardRow.member_id, CardRow.can_use_smartphone, CardRow.employment).where(
            CardRow.member_id.in_(self._scope_member_ids()), CardRow.closed_on.is_(None)
        )
        return {
            MemberId(member): CardAbilities(phone, None if job is None else job in _WORKING)
            for member, phone, job in self.session.execute(query)
        }

    def seated_in(self) -> dict[MemberId, str]:
        """Return by member of the scope the name of the transition group in force, whichever branch's group it is."""
        if not self.sees_people:
            return {}
        query = (
            select(GroupMembershipRow.member_id, GroupRow.name)
            .join(GroupRow, GroupRow.id == GroupMembershipRow.group_id)
            .where(
                GroupMembershipRow.valid_to.is_(None),
                GroupMembershipRow.member_id.in_(self._scope_member_ids()),
                GroupRow.kind == GroupKind.TRANSITION,
                GroupRow.status == GroupStatus.CONFIRMED,
                GroupRow.valid_to.is_(None),
            )
        )
        return {MemberId(member): name for member, name in self.session.execute(query)}

    def _scope_member_ids(self) -> Select[int]:
        return select(MemberRow.id).where(MemberRow.branch_id.in_(self.org_ids_in_scope))


def decision_of(row: ModeDecisionRow) -> ModeDecision:
    """Row to model."""
    return ModeDecision(
        id=row.id,
        member_id=MemberId(row.member_id),
        mode=row.mode,
        proposed=row.proposed,
        rule=row.rule,
        is_override=row.is_override,
        reason=row.reason,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        decided_by=row.created_by,
        decided_at=row.created_at,
        trace=row.trace,
        version=row.version,
    )
