"""A card for every member in transition: opened as soon as the transition is, numbered on within the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from gis.model.contact import Employment
from gis.store.initials import initials_of
from gis.store.schema import CardRow, MemberRow, TransitionRow
from gis.store.writers.base import Writes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gis.model.ids import MemberId

MOST_NAMED = 500
#: What the roster's categories say about employment, the first that applies
_EMPLOYMENT = {
    "retired": Employment.RETIRED,
    "farmer": Employment.FARMER,
    "employed": Employment.EMPLOYED,
    "private_enterprise": Employment.EMPLOYED,
    "unemployed": Employment.UNEMPLOYED,
}


class CardIssueWrites(Writes):
    """Issues cards and fills the letters that search goes by."""

    def issue_missing_cards(self, member_ids: Collection[MemberId] | None = None) -> int:
        """Open a card for each member in transition without one, and a closed card again; return how many.

        What the roster says about employment is taken over; everything else is found out on a visit.
        """
        moving = select(TransitionRow.member_id).where(TransitionRow.returned_on.is_(None))
        query = select(MemberRow).where(MemberRow.id.in_(moving), MemberRow.left_on.is_(None)).order_by(MemberRow.id)
        kept = select(CardRow)
        if member_ids is not None and len(member_ids) <= MOST_NAMED:
            named = [int(one) for one in member_ids]
            query, kept = query.where(MemberRow.id.in_(named)), kept.where(CardRow.member_id.in_(named))
        cards = {card.member_id: card for card in self.session.scalars(kept)}
        issued, number = 0, self._last_number()
        for member in self.session.scalars(query).all():
            card = cards.get(member.id)
            if card is None:
                number += 1
                self._issue(member, number)
            elif card.closed_on is not None:
                card.closed_on = None
            else:
                continue
            issued += 1
        self.session.flush()
        return issued

    def close_card(self, member_id: MemberId) -> None:
        """Close the card of a member who has returned or left; what stands on it stays until it is due."""
        card = self.session.scalar(select(CardRow).where(CardRow.member_id == member_id))
        if card is not None and card.closed_on is None:
            card.closed_on = self.today

    def _issue(self, member: MemberRow, number: int) -> None:
        self.session.add(
            CardRow(
                member_id=member.id,
                card_no=f"{self._prefix}{number:05d}",
                issued_on=self.today,
                employment=next((_EMPLOYMENT[one] for one in _EMPLOYMENT if one in member.categories), None),
            )
        )

    @property
    def _prefix(self) -> str:
        return f"联{self.today.year}-"

    def _last_number(self) -> int:
        """Return the highest number of the year; a card that was deleted leaves its number unused."""
        last = select(func.max(CardRow.card_no)).where(CardRow.card_no.startswith(self._prefix))
        return int((self.session.scalar(last) or "0").rpartition("-")[2])

    def spell_names(self, rows: Iterable[MemberRow]) -> None:
        """Fill the pinyin initials of these members where the name has changed or they are missing."""
        for row in rows:
            said = initials_of(row.name)
            if row.initials != said:
                row.initials = said

    def spell_all_names(self) -> int:
        """Fill the initials of members from before there were any; return how many had none."""
        rows = self.session.scalars(select(MemberRow).where(MemberRow.initials == "")).all()
        self.spell_names(rows)
        self.session.flush()
        return sum(bool(row.initials) for row in rows)
