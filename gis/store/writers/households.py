"""一户一档: transition members of one flat share a household file; who moves out alone gets a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from gis.store.schema import HouseholdRow, MemberRow, ResidenceRow, TransitionRow
from gis.store.writers.agreed import AgreedWrites

if TYPE_CHECKING:
    from gis.model.people import Member


class HouseholdWrites(AgreedWrites):
    """Keep the household files in step with where transition members live."""

    def keep_household(self, row: MemberRow, member: Member) -> None:
        """Put a member with an open transition into the file of their flat; others are left as they are."""
        if not member.is_in_transition or member.residence is None:
            return
        shared = self._file_of_flat(row)
        file = shared or self._own_file(row) or self._new_file(row, member)
        if shared is None:
            _fill(file, member)
        if row.household_id != file.id:
            row.household_id = file.id
        episodes = select(TransitionRow).where(TransitionRow.member_id == row.id, TransitionRow.returned_on.is_(None))
        for episode in self.session.scalars(episodes):
            if episode.household_id != file.id:
                episode.household_id = file.id
        self.session.flush()

    def _file_of_flat(self, row: MemberRow) -> HouseholdRow | None:
        """Find the file of another transition member in the same flat; a flat needs a building and a room."""
        mine = select(ResidenceRow).where(ResidenceRow.member_id == row.id, ResidenceRow.valid_to.is_(None))
        home = self.session.scalar(mine)
        if home is None or home.building_id is None or not home.room_no:
            return None
        return self.session.scalar(
            select(HouseholdRow)
            .join(MemberRow, MemberRow.household_id == HouseholdRow.id)
            .join(ResidenceRow, ResidenceRow.member_id == MemberRow.id)
            .where(
                MemberRow.id != row.id,
                ResidenceRow.valid_to.is_(None),
                ResidenceRow.building_id == home.building_id,
                ResidenceRow.unit_no == home.unit_no,
                ResidenceRow.room_no == home.room_no,
            )
            .order_by(HouseholdRow.id)
        )

    def _own_file(self, row: MemberRow) -> HouseholdRow | None:
        """Return the member's file where nobody else is in it."""
        if row.household_id is None:
            return None
        members = select(func.count()).select_from(MemberRow).where(MemberRow.household_id == row.household_id)
        return self.session.get(HouseholdRow, row.household_id) if self.session.scalar(members) == 1 else None

    def _new_file(self, row: MemberRow, member: Member) -> HouseholdRow:
        """Open a file; its number counts on within the year."""
        prefix = f"{self.today.year}-"
        count = select(func.count()).select_from(HouseholdRow).where(HouseholdRow.file_no.startswith(prefix))
        number = (self.session.scalar(count) or 0) + 1
        file = HouseholdRow(file_no=f"{prefix}{number:05d}", head_name=row.name)
        _fill(file, member)
        self.session.add(file)
        self.session.flush()
        return file


def _fill(file: HouseholdRow, member: Member) -> None:
    """Take over what the member's row says about the household."""
    if member.residence is None or member.transition is None:
        return
    values: dict[str, object] = {
        "original_village": member.original_village,
        "project": member.transition.project,
        "current_address": member.residence.address,
        "housing_kind": member.transition.housing_kind,
    }
    if file.current_address and file.current_address != member.residence.address:
        values |= {"floor_no": None, "has_lift": None}  # another flat: to be asked again
    for name, value in values.items():
        if getattr(file, name) != value:
            setattr(file, name, value)
