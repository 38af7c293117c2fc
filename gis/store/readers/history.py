"""Histories: who was on whose roster and who lived where on any day, narrowed by the scope as it was on that day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from gis.model.enums import Precision
from gis.model.ids import BuildingId, GridId, MemberId, OrgId, ResidenceId
from gis.model.life import PastAffiliation, PastHome, Standing, holding_on
from gis.model.office_day import local_day
from gis.store.readers.base import ScopedReads
from gis.store.readers.people import transition_of
from gis.store.schema import (
    AffiliationRow,
    EstateRow,
    GridRow,
    LifeEventRow,
    MemberRow,
    ResidenceRow,
    TransitionRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement

    from gis.model.life import LifeKind
    from gis.model.people import Transition
    from gis.model.rights import LeftKind


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What of a member's row bears on histories, also after leaving; nothing else of who has left is read."""

    id: MemberId
    name: str
    branch_id: OrgId
    joined_on: str
    left_on: date | None
    left_kind: LeftKind | None
    restricted_on: date | None
    residence_org_id: OrgId | None
    version: int


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One registered change; `undone_on` where it was taken back."""

    id: int
    member_id: MemberId
    kind: LifeKind
    on_day: date
    reason: str
    closed: dict[str, object]
    registered_on: date
    registered_by: str
    undone_on: date | None


class HistoryReads(ScopedReads):
    """Dated rows of the scope's members."""

    def _life_scope(self, day: date | None = None) -> ColumnElement[bool]:
        """Say whose histories may be read: of the scope's branches today or, where a day is asked for, ever."""
        branches = self.org_ids_in_scope if self.sees_people else frozenset[OrgId]()
        today = MemberRow.branch_id.in_(branches)
        if day is None:
            return today
        before = select(AffiliationRow.member_id).where(AffiliationRow.org_id.in_(branches))
        return or_(today, MemberRow.id.in_(before))

    def person_facts(self, member_id: MemberId) -> PersonFacts | None:
        """Return one member of the scope, also one who has left."""
        row = self.session.scalar(select(MemberRow).where(MemberRow.id == member_id, self._life_scope()))
        return facts_of(row) if row is not None else None

    def affiliation_history(
        self, member_ids: Collection[MemberId] | None = None
    ) -> dict[MemberId, tuple[PastAffiliation, ...]]:
        """Return the organisations that members of the scope have belonged to, oldest first."""
        query = (
            select(AffiliationRow).join(MemberRow, MemberRow.id == AffiliationRow.member_id).where(self._life_scope())
        )
        if member_ids is not None:
            query = query.where(AffiliationRow.member_id.in_(frozenset(member_ids)))
        found: dict[MemberId, list[PastAffiliation]] = {}
        for row in self.session.scalars(query.order_by(AffiliationRow.valid_from, AffiliationRow.id)):
            one = PastAffiliation(OrgId(row.org_id), row.valid_from, row.valid_to, row.reason)
            found.setdefault(MemberId(row.member_id), []).append(one)
        return {member: tuple(rows) for member, rows in found.items()}

    def home_history(self, member_ids: Collection[MemberId]) -> dict[MemberId, tuple[PastHome, ...]]:
        """Return the addresses that members of the scope have lived at, oldest first."""
        query = (
            select(ResidenceRow, GridRow.community_code, EstateRow.division_code)
            .join(MemberRow, MemberRow.id == ResidenceRow.member_id)
            .outerjoin(GridRow, GridRow.id == ResidenceRow.grid_id)
            .outerjoin(EstateRow, EstateRow.id == ResidenceRow.estate_id)
            .where(self._life_scope(), ResidenceRow.member_id.in_(frozenset(member_ids)))
        )
        found: dict[MemberId, list[PastHome]] = {}
        for row, grid_code, estate_code in self.session.execute(
            query.order_by(ResidenceRow.valid_from, ResidenceRow.id)
        ):
            found.setdefault(MemberId(row.member_id), []).append(home_of(row, grid_code or estate_code or ""))
        return {member: tuple(rows) for member, rows in found.items()}

    def episodes(self, member_id: MemberId) -> tuple[Transition, ...]:
        """Return the transitions of a member of the scope, in the order of registration."""
        query = select(TransitionRow).join(MemberRow, MemberRow.id == TransitionRow.member_id)
        rows = self.session.scalars(
            query.where(self._life_scope(), MemberRow.id == member_id).order_by(TransitionRow.id)
        )
        return tuple(transition_of(row) for row in rows)

    def life_events(self, member_ids: Collection[MemberId] | None = None) -> tuple[LifeEvent, ...]:
        """List what was registered of members of the scope, in the order of registration."""
        query = select(LifeEventRow).join(MemberRow, MemberRow.id == LifeEventRow.member_id).where(self._life_scope())
        if member_ids is not None:
            query = query.where(LifeEventRow.member_id.in_(frozenset(member_ids)))
        return tuple(event_of(row) for row in self.session.scalars(query.order_by(LifeEventRow.id)))

    def standing_on(self, day: date) -> tuple[Standing, ...]:
        """List who belonged to the scope's branches on `day` with where they lived then, by id.

        Whoever belonged to them then is listed, whoever has come since is not. Of restricted rows name and address
        stay blank, and so does the address of who belongs elsewhere today.
        """
        if not self.sees_people:
            return ()
        mine = self.org_ids_in_scope
        return tuple(one for one in self.standings(self._life_scope(day), day) if one.branch_id in mine)

    def standing_counts_on(self, day: date) -> dict[tuple[OrgId, str, OrgId | None], int]:
        """Count members by (branch, community of the home or "", named residence organisation or None) on `day`.

        Counts only, hence for the whole street and for roles that see no persons; suppression is the caller's.
        """
        if not self.sees_street:
            return {}
        counts: dict[tuple[OrgId, str, OrgId | None], int] = {}
        for one in self.standings(MemberRow.id.is_not(None), day):
            key = (one.branch_id, one.community_code, one.residence_org_id)
            counts[key] = counts.get(key, 0) + 1
        return counts

    def standings(self, chosen: ColumnElement[bool], day: date) -> Iterable[Standing]:
        """Work out where each chosen member stood; who chooses answers for the scope."""
        return self.standings_over(chosen, (day,))[day]

    def standings_over(self, chosen: ColumnElement[bool], days: Collection[date]) -> dict[date, tuple[Standing, ...]]:
        """Work out where each chosen member stood on each of these days, by id; who chooses answers for the scope.

        Columns instead of rows, since a street has thousands.
        """
        belongs = _by_member(self.session.execute(_affiliation_columns(chosen)))
        homes = _by_member(self.session.execute(_home_columns(chosen)))
        moved = _first_moves(self.session.execute(_transition_columns(chosen)))
        known = self.org_ids_in_scope if self.sees_people else frozenset[OrgId]()
        people = self.session.execute(_person_columns(chosen)).all()
        found: dict[date, list[Standing]] = {day: [] for day in days}
        for person in people:
            spans, rows = belongs.get(person.id, []), homes.get(person.id, [])
            joined, since = _first_day(person.joined_on), moved.get(person.id)
            made: dict[tuple[object, object], Standing] = {}  # most days are like the one before
            for day, there in found.items():
                if person.left_on is not None and person.left_on <= day:
                    continue
                at = holding_on(spans, day, joined)
                if at is None:
                    continue
                home_at = holding_on(rows, day, since)
                if (at, home_at) not in made:
                    one = _standing(person, spans[at[0]].org_id, rows[home_at[0]] if home_at else None, known)
                    is_home_assumed = home_at is not None and home_at[1]
                    is_assumed = at[1] or is_home_assumed
                    made[at, home_at] = replace(one, is_assumed=is_assumed, is_home_assumed=is_home_assumed)
                there.append(made[at, home_at])
        return {day: tuple(there) for day, there in found.items()}


def _person_columns(chosen: ColumnElement[bool]) -> Any:
    columns = (MemberRow.id, MemberRow.name, MemberRow.joined_on, MemberRow.left_on, MemberRow.branch_id)
    more = (MemberRow.restricted_on, MemberRow.residence_org_id)
    return select(*columns, *more).where(chosen).order_by(MemberRow.id)


def _affiliation_columns(chosen: ColumnElement[bool]) -> Any:
    columns = (AffiliationRow.member_id, AffiliationRow.org_id, AffiliationRow.valid_from, AffiliationRow.valid_to)
    joined = select(*columns).join(MemberRow, MemberRow.id == AffiliationRow.member_id)
    return joined.where(chosen).order_by(AffiliationRow.valid_from, AffiliationRow.id)


def _home_columns(chosen: ColumnElement[bool]) -> Any:
    columns = (ResidenceRow.member_id, ResidenceRow.valid_from, ResidenceRow.valid_to, ResidenceRow.address)
    more = (ResidenceRow.grid_id, ResidenceRow.residence_org_id, GridRow.community_code, EstateRow.division_code)
    how = (ResidenceRow.precision, ResidenceRow.id)
    joined = (
        select(*columns, *more, *how)
        .join(MemberRow, MemberRow.id == ResidenceRow.member_id)
        .outerjoin(GridRow, GridRow.id == ResidenceRow.grid_id)
        .outerjoin(EstateRow, EstateRow.id == ResidenceRow.estate_id)
    )
    return joined.where(chosen).order_by(ResidenceRow.valid_from, ResidenceRow.id)


def _transition_columns(chosen: ColumnElement[bool]) -> Any:
    joined = select(TransitionRow.member_id, TransitionRow.started_on).join(
        MemberRow, MemberRow.id == TransitionRow.member_id
    )
    return joined.where(chosen, TransitionRow.started_on.is_not(None))


def _by_member(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.member_id, []).append(row)
    return found


def _first_moves(rows: Iterable[Any]) -> dict[int, date]:
    """Return when each member first left the old village: no address before that day is on record."""
    found: dict[int, date] = {}
    for row in rows:
        found[row.member_id] = min(row.started_on, found.get(row.member_id, row.started_on))
    return found


def _standing(person: Any, branch_id: int, home: Any, known: frozenset[OrgId]) -> Standing:
    is_restricted = person.restricted_on is not None
    is_ours = OrgId(person.branch_id) in known and not is_restricted
    named = None
    if home is not None:
        named = home.residence_org_id if home.valid_to is not None else person.residence_org_id
    code = (home.community_code or home.division_code or "") if home is not None else ""
    return Standing(
        member_id=MemberId(person.id),
        name="" if is_restricted else person.name,
        branch_id=OrgId(branch_id),
        address=home.address if home is not None and is_ours else "",
        grid_id=GridId(home.grid_id) if home is not None and home.grid_id else None,
        community_code=code,
        residence_org_id=OrgId(named) if named else None,
        is_outside=home is not None and not code and home.precision is Precision.OUTSIDE,
        is_restricted=is_restricted,
        home_id=ResidenceId(home.id) if home is not None and is_ours and person.left_on is None else None,
    )


def _first_day(joined_on: str) -> date | None:
    """Return the first day that `YYYY-MM` or `YYYY-MM-DD` may mean, None where it is not known."""
    parts = joined_on.split("-")
    if not all(part.isdigit() for part in parts):
        return None
    year, month, day = (*(int(part) for part in parts), 1, 1)[:3]
    return date(year, month, day)


def facts_of(row: MemberRow) -> PersonFacts:
    """Row to model."""
    return PersonFacts(
        id=MemberId(row.id),
        name=row.name,
        branch_id=OrgId(row.branch_id),
        joined_on=row.joined_on,
        left_on=row.left_on,
        left_kind=row.left_kind,
        restricted_on=row.restricted_on,
        residence_org_id=OrgId(row.residence_org_id) if row.residence_org_id else None,
        version=row.version,
    )


def home_of(row: ResidenceRow, community_code: str) -> PastHome:
    """Row to model."""
    return PastHome(
        id=ResidenceId(row.id),
        address=row.address,
        precision=row.precision,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        building_id=BuildingId(row.building_id) if row.building_id else None,
        grid_id=GridId(row.grid_id) if row.grid_id else None,
        community_code=community_code,
        reason=row.move_reason,
        verified_on=row.verified_on,
        verified_by=row.verified_by,
        corrected_on=row.corrected_on,
        correction=row.correction,
        residence_org_id=OrgId(row.residence_org_id) if row.residence_org_id else None,
        version=row.version,
    )


def event_of(row: LifeEventRow) -> LifeEvent:
    """Row to model."""
    return LifeEvent(
        id=row.id,
        member_id=MemberId(row.member_id),
        kind=row.kind,
        on_day=row.on_day,
        reason=row.reason,
        closed=dict(row.closed),
        registered_on=local_day(row.created_at),
        registered_by=row.created_by,
        undone_on=row.undone_on,
    )
