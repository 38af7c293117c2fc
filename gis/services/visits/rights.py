"""Who may see what of a round: the team's accounts, whose members they cover, and the telephones that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.access import Action, Role, decide, scope_for
from gis.services.org_checks import above, parents_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.ids import OrgId, UserId
    from gis.model.people import Member
    from gis.model.visits import VisitTeam
    from gis.store.reader import Reader

#: Roles that go on visits
VISITING = tuple(role for role in Role if decide(role, Action.MAKE_VISITS).is_allowed)


@dataclass(frozen=True)
class Accounts:
    """The active accounts that may visit, and how the organisations hang together."""

    known: Mapping[UserId, tuple[str, Role, frozenset[OrgId]]]
    parents: Mapping[OrgId, OrgId | None]

    def covers(self, user_id: UserId | None, branch_id: OrgId) -> bool:
        """Whether an account reaches the members of a branch."""
        if user_id is None or user_id not in self.known:
            return False
        _, role, roots = self.known[user_id]
        scope = scope_for(role, roots)
        return scope.sees_people and (scope.whole_street or bool(roots & frozenset(above(branch_id, self.parents))))

    def may_dial(self, team: VisitTeam, member: Member) -> bool:
        """Whether every one of a team has an account that reaches the member."""
        return bool(team.visitors) and all(self.covers(one.user_id, member.branch_id) for one in team.visitors)


def read_accounts(reader: Reader) -> Accounts:
    """Read the accounts that may visit; none where the scope sees no people."""
    return Accounts(reader.visitor_accounts(VISITING), parents_of(reader.orgs()))


def phone_of(member: Member) -> str:
    """Return what one may dial; "" of somebody who has left or whose data are restricted."""
    return "" if member.left_on is not None or member.restricted_on is not None else member.phone or member.phone2
