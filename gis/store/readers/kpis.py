"""What everybody of the scope adds to the big screen: facts without id and name, so that every role may count them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, or_, select

from gis.model.enums import GroupKind, GroupStatus, MapPrecision
from gis.model.ids import MemberId, OrgId
from gis.model.kpis import MonthStanding
from gis.model.territory import Building
from gis.store.readers.boards import BoardReads
from gis.store.readers.served import ServedReads
from gis.store.readers.sides import Place, SideReads
from gis.store.schema import (
    AffiliationRow,
    BuildingRow,
    EstateRow,
    GridRow,
    GroupMembershipRow,
    GroupRow,
    HouseholdRow,
    MemberRow,
    ResidenceRow,
    TransitionRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import Select

    from gis.model.boards import BoardFacts


AT_ONCE = 5000  # ids in one question; databases take some tens of thousands


class Home(NamedTuple):
    """Where somebody lives on the map; no building for who does not wish to be shown there."""

    grid_id: int | None
    building_id: int | None


NOWHERE = Home(None, None)


class GridName(NamedTuple):
    """A grid without its outline."""

    id: int
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class CountedPerson:
    """One person without id and name; `board` is None for who has left and stands in earlier months only."""

    board: BoardFacts | None
    branch_id: OrgId
    place: Place | None
    home: Home
    original_village: str
    is_grouped: bool
    is_restricted: bool
    months: tuple[MonthStanding, ...]


class KpiReads(BoardReads, SideReads, ServedReads):
    """Counts for every scope; of the people nothing that names them."""

    def counted_people(self, spans: Sequence[tuple[date, date]], today: date) -> tuple[CountedPerson, ...]:
        """List who stands or stood on the rosters of the scope, with each span (first day, last day) of a trend.

        A span that ends today is the present: open episodes and today's roster, as the boards count.
        """
        branches = self.org_ids_in_scope
        if not branches:
            return ()
        chosen = MemberRow.branch_id.in_(branches)
        ours = select(MemberRow.id).where(chosen)
        board = {number: replace(one, member_id=MemberId(0), name="") for number, one in self._board_facts().items()}
        places, homes, grouped = self._places(None, chosen), self._map_homes(ours), self._grouped(ours)
        months = [self._month(ours, first, last, board if last == today else None) for first, last in spans]
        columns = (MemberRow.id, MemberRow.branch_id, MemberRow.restricted_on)
        village = func.coalesce(func.nullif(MemberRow.original_village, ""), HouseholdRow.original_village, "")
        rows = self.session.execute(
            select(*columns, village.label("village"))
            .outerjoin(HouseholdRow, HouseholdRow.id == MemberRow.household_id)
            .where(chosen)
            .order_by(MemberRow.id)
        )
        nowhere = MonthStanding(is_on_roster=False, is_in_transition=False, is_served=False)
        return tuple(
            CountedPerson(
                board=board.get(row.id),
                branch_id=OrgId(row.branch_id),
                place=places.get(row.id),
                home=homes.get(row.id, NOWHERE),
                original_village=row.village,
                is_grouped=row.id in grouped,
                is_restricted=row.restricted_on is not None,
                months=tuple(month.get(row.id, nowhere) for month in months),
            )
            for row in rows
        )

    def sitting_at(self) -> dict[tuple[str, int], tuple[int, ...]]:
        """Say of each place, ("host" or "venue", id), who has a seat there in force, for scopes that see no people too.

        People are positions in `counted_people`; who has two seats at a place is there twice.
        """
        position = self._positions()
        query = (
            select(GroupRow.host_id, GroupRow.venue_id, GroupMembershipRow.member_id)
            .join(GroupRow, GroupRow.id == GroupMembershipRow.group_id)
            .where(GroupRow.valid_to.is_(None), GroupMembershipRow.valid_to.is_(None))
            .order_by(GroupMembershipRow.id)
        )
        found: dict[tuple[str, int], list[int]] = {}
        for host, venue, member in self.session.execute(query):
            number = host or venue
            if number is not None and member in position:
                found.setdefault(("host" if host else "venue", number), []).append(position[MemberId(member)])
        return {place: tuple(people) for place, people in found.items()}

    def histories_from(self) -> date | None:
        """Return the first day of any organisation's history of the scope's members; None: there is none."""
        branches = self.org_ids_in_scope
        query = select(func.min(AffiliationRow.valid_from)).where(AffiliationRow.org_id.in_(branches))
        return self.session.scalar(query)

    def grid_names(self) -> tuple[GridName, ...]:
        """List the grids by id, without their outlines."""
        if not self.sees_street:
            return ()
        rows = self.session.execute(
            select(GridRow.id, GridRow.name, GridRow.grid_code, GridRow.community_code).order_by(GridRow.id)
        )
        return tuple(GridName(row.id, row.name or row.grid_code, row.community_code) for row in rows)

    def building_names(self, building_ids: Collection[int]) -> dict[int, str]:
        """Return what people call these buildings."""
        if not self.sees_street or not building_ids:
            return {}
        estates = {row.id: row.name for row in self.session.execute(select(EstateRow.id, EstateRow.name))}
        wanted, found = sorted(building_ids), {}
        columns = select(BuildingRow.id, BuildingRow.estate_id, BuildingRow.building_no)
        for first in range(0, len(wanted), AT_ONCE):
            some = wanted[first : first + AT_ONCE]
            for row in self.session.execute(columns.where(BuildingRow.id.in_(some))):
                found[row.id] = Building(None, estates.get(row.estate_id or 0, ""), row.building_no).label
        return found

    def _map_homes(self, ours: Select[int]) -> dict[int, Home]:
        """Return grid and building of each; the building counts where it lies in that grid and may be shown."""
        rows = self.session.execute(
            select(ResidenceRow.member_id, ResidenceRow.grid_id.label("grid"), BuildingRow.id.label("building"))
            .join(MemberRow, MemberRow.id == ResidenceRow.member_id)
            .outerjoin(
                BuildingRow,
                (BuildingRow.id == ResidenceRow.building_id)
                & (BuildingRow.grid_id == ResidenceRow.grid_id)
                & MemberRow.map_precision.not_in((MapPrecision.GRID, MapPrecision.HIDDEN))
                & MemberRow.restricted_on.is_(None),
            )
            .where(ResidenceRow.member_id.in_(ours), ResidenceRow.valid_to.is_(None))
            .order_by(ResidenceRow.id)
        )
        return {row.member_id: Home(row.grid, row.building) for row in rows}  # of two rows in force the later one

    def _month(
        self, ours: Select[int], first: date, last: date, now: dict[int, BoardFacts] | None
    ) -> dict[int, MonthStanding]:
        """Say of each on the roster of the scope at the end of a month how they stood."""
        reached = self._reached(ours, first, last)
        if now is not None:
            roster, moving = set(now), {number for number, one in now.items() if one.is_in_transition}
        else:
            branches = self.org_ids_in_scope
            stood = self.standings(MemberRow.branch_id.in_(branches), last)
            roster = {int(one.member_id) for one in stood if one.branch_id in branches}
            moving = set(self.session.scalars(_moving_on(ours, last)))
        return {
            number: MonthStanding(
                is_on_roster=True, is_in_transition=number in moving, is_served=number in moving and number in reached
            )
            for number in roster
        }

    def _grouped(self, ours: Select[int]) -> set[int]:
        """Return who sits in a confirmed, open group of members in transition."""
        query = (
            select(GroupMembershipRow.member_id)
            .join(GroupRow, GroupRow.id == GroupMembershipRow.group_id)
            .where(
                GroupMembershipRow.member_id.in_(ours),
                GroupMembershipRow.valid_to.is_(None),
                GroupRow.valid_to.is_(None),
                GroupRow.kind == GroupKind.TRANSITION,
                GroupRow.status == GroupStatus.CONFIRMED,
            )
        )
        return set(self.session.scalars(query))


def _moving_on(ours: Select[int], day: date) -> Select[int]:
    return select(TransitionRow.member_id).where(
        TransitionRow.member_id.in_(ours),
        or_(TransitionRow.started_on.is_(None), TransitionRow.started_on <= day),
        or_(TransitionRow.returned_on.is_(None), TransitionRow.returned_on > day),
    )
