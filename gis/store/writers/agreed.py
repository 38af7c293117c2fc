"""What members agreed to, for the writers that take homes in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.store.writers.base import Writes

if TYPE_CHECKING:
    from gis.model.people import Member, Residence
    from gis.store.agreements import Agreements


class AgreedWrites(Writes):
    """Take over no more than was agreed to."""

    agreements: Agreements

    def agreed(self, member: Member) -> Member:
        """Return the member with the home as precise as agreed."""
        if member.id is None or member.residence is None:
            return member
        return replace(member, residence=self.agreements.agreed_home(member.id, member.residence))

    def agreed_home(self, member_id: int, home: Residence) -> Residence:
        """Return the home as precise as agreed."""
        return self.agreements.agreed_home(member_id, home)
