"""Transitions, seats and homes over the years: facts to count by, without a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from gis.model.enums import GroupKind, GroupStatus, MapPrecision
from gis.model.ids import MemberId, ResidenceId
from gis.store.readers.history import HistoryReads
from gis.store.readers.people import residence_of
from gis.store.schema import GroupMembershipRow, GroupRow, MemberRow, ResidenceRow, TransitionRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from gis.model.life import Standing
    from gis.model.people import Residence


@dataclass(frozen=True, slots=True)
class PersonOverTime:
    """How one member stood on each of some days: None where not on the roster of the scope.

    `seats` are the groups sat in; `member_id` is 0 where the scope sees no people, and for who has left.
    """

    member_id: MemberId
    branch_id: int
    map_precision: MapPrecision
    is_restricted: bool
    has_left: bool
    standings: tuple[Standing | None, ...]
    is_moving: tuple[bool, ...]
    has_returned: tuple[bool, ...]
    is_new: tuple[bool, ...]
    seats: tuple[int | None, ...]


class YearReads(HistoryReads):
    """The scope's members on one day after another, as the trend of the board counts them."""

    def first_transition(self) -> date | None:
        """Return when the first transition of the scope's members began."""
        ours = select(MemberRow.id).where(MemberRow.branch_id.in_(self.org_ids_in_scope))
        return self.session.scalar(select(func.min(TransitionRow.started_on)).where(TransitionRow.member_id.in_(ours)))

    def ever_moving(self) -> tuple[bool, ...]:
        """Say of everybody of the scope, also who has left, by id: is or was in transition (`people_over`)."""
        ever = set(self.session.scalars(select(TransitionRow.member_id)))
        chosen = MemberRow.branch_id.in_(self.org_ids_in_scope)
        return tuple(
            one in ever for one in self.session.scalars(select(MemberRow.id).where(chosen).order_by(MemberRow.id))
        )

    def people_over(self, days: Sequence[date], today: date) -> tuple[PersonOverTime, ...]:
        """List everybody who is or was in transition, by id, on each day; a day that is today is the present."""
        mine = self.org_ids_in_scope
        chosen = MemberRow.branch_id.in_(mine)
        ever = MemberRow.id.in_(select(TransitionRow.member_id))
        standings = {
            day: {int(one.member_id): one for one in there if one.branch_id in mine}
            for day, there in self.standings_over(chosen & ever, days).items()
        }
        episodes = _by_member(self.session.execute(_episodes().where(chosen)))
        seats = _by_member(self.session.execute(_seats().where(chosen)))
        columns = (
            MemberRow.id,
            MemberRow.branch_id,
            MemberRow.restricted_on,
            MemberRow.left_on,
            MemberRow.map_precision,
        )
        found = []
        for row in self.session.execute(select(*columns).where(chosen, ever).order_by(MemberRow.id)):
            there = tuple(standings[day].get(row.id) for day in days)
            spans, sat = episodes.get(row.id, []), seats.get(row.id, [])
            on_day = tuple(zip(days, there, strict=True))
            found.append(
                PersonOverTime(
                    member_id=MemberId(row.id if self.sees_people and row.left_on is None else 0),
                    branch_id=row.branch_id,
                    map_precision=row.map_precision,
                    is_restricted=row.restricted_on is not None,
                    has_left=row.left_on is not None,
                    standings=there,
                    is_moving=tuple(at is not None and _is_moving(spans, day, today) for day, at in on_day),
                    has_returned=tuple(at is not None and _has_returned(spans, day, today) for day, at in on_day),
                    is_new=tuple(at is not None and _is_new(spans, day) for day, at in on_day),
                    seats=tuple(_seat(sat, day, today) if at is not None else None for day, at in on_day),
                )
            )
        return tuple(found)

    def groups_over(self, days: Sequence[date], today: date) -> tuple[int, ...]:
        """Count the groups of members in transition in force on each day."""
        rows = self.session.execute(
            select(GroupRow.valid_from, GroupRow.valid_to, GroupRow.status).where(
                GroupRow.branch_id.in_(self.org_ids_in_scope),
                GroupRow.kind == GroupKind.TRANSITION,
                GroupRow.status != GroupStatus.DRAFT,
            )
        ).all()
        return tuple(
            sum(_holds(row, day, today) and (day < today or row.status is GroupStatus.CONFIRMED) for row in rows)
            for day in days
        )

    def homes_of(self, residence_ids: Collection[ResidenceId]) -> dict[ResidenceId, Residence]:
        """Return these homes of members of the scope with a transition, none of who has left or is restricted."""
        if not self.sees_people or not residence_ids:
            return {}
        query = (
            select(ResidenceRow)
            .join(MemberRow, MemberRow.id == ResidenceRow.member_id)
            .where(
                MemberRow.branch_id.in_(self.org_ids_in_scope),
                MemberRow.id.in_(select(TransitionRow.member_id)),
                MemberRow.left_on.is_(None),
                MemberRow.restricted_on.is_(None),
            )
        )
        wanted = frozenset(residence_ids)
        return {ResidenceId(row.id): residence_of(row) for row in self.session.scalars(query) if row.id in wanted}


def _episodes() -> Any:
    columns = (TransitionRow.member_id, TransitionRow.started_on, TransitionRow.returned_on)
    return select(*columns).join(MemberRow, MemberRow.id == TransitionRow.member_id)


def _seats() -> Any:
    columns = (GroupMembershipRow.member_id, GroupMembershipRow.group_id)
    days = (GroupMembershipRow.valid_from, GroupMembershipRow.valid_to)
    group = (GroupRow.valid_from.label("since"), GroupRow.valid_to.label("until"), GroupRow.status)
    return (
        select(*columns, *days, *group)
        .join(GroupRow, GroupRow.id == GroupMembershipRow.group_id)
        .join(MemberRow, MemberRow.id == GroupMembershipRow.member_id)
        .where(GroupRow.kind == GroupKind.TRANSITION, GroupRow.status != GroupStatus.DRAFT)
    )


def _by_member(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.member_id, []).append(row)
    return found


def _is_moving(spans: Sequence[Any], day: date, today: date) -> bool:
    if day >= today:
        return any(one.returned_on is None for one in spans)
    return any(
        (one.started_on is None or one.started_on <= day) and (one.returned_on is None or one.returned_on > day)
        for one in spans
    )


def _has_returned(spans: Sequence[Any], day: date, today: date) -> bool:
    is_back = any(one.returned_on is not None and one.returned_on <= day for one in spans)
    return is_back and not _is_moving(spans, day, today)


def _is_new(spans: Sequence[Any], day: date) -> bool:
    return any(
        one.started_on is not None and one.started_on <= day and one.started_on.year == day.year for one in spans
    )


def _holds(row: Any, day: date, today: date) -> bool:
    return (
        row.valid_to is None if day >= today else row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
    )


def _seat(seats: Sequence[Any], day: date, today: date) -> int | None:
    for one in seats:
        if day >= today:
            holds = one.valid_to is None and one.until is None and one.status is GroupStatus.CONFIRMED
        else:
            holds = _holds(one, day, today) and one.since <= day and (one.until is None or day < one.until)
        if holds:
            return int(one.group_id)
    return None
