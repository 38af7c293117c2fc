"""Make what is known of members less: homes to their grid, wherever they are written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely
from sqlalchemy import func, select

from gis.model.enums import MapPrecision
from gis.model.modes import ModeRule
from gis.store.schema import (
    GroupMembershipRow,
    GroupRow,
    HostRow,
    HouseholdRow,
    MemberRow,
    ModeDecisionRow,
    ResidenceRow,
    TransitionRow,
)
from gis.store.traces import ROUND_M, Traces, remove_traces
from gis.store.writers.agreed import AgreedWrites
from gis.store.writers.visit_erasing import VisitErasingWrites

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

Point = tuple[float, float]
#: Plans, with the seats of members in them
DOCUMENTS = frozenset({"saved_plan", "plan_step", "assignment_run"})
#: What stands instead of the facts of a decision
FORGOTTEN: dict[str, object] = {"facts": {}, "why": "依据已清除", "rejected": [], "warnings": []}


@dataclass
class _Found:
    """What was precise, collected while it is made rough."""

    texts: dict[str, str] = field(default_factory=dict)
    points: list[tuple[Point, Point | None]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def note(self, table: str, address: tuple[str, str], shapes: tuple[bytes | None, bytes | None]) -> None:
        """Note one row that was made rough: the address and the shape before and after."""
        self.counts[table] = self.counts.get(table, 0) + 1
        if address[0] and address[0] != address[1]:
            self.texts[address[0]] = address[1]
        exact = _point(shapes[0])
        if exact is not None and shapes[0] != shapes[1]:
            self.points.append((exact, _point(shapes[1])))


def _point(shape: bytes | None) -> Point | None:
    if shape is None:
        return None
    point = shapely.from_wkb(shape).representative_point()
    return (point.x, point.y)


class ErasingWrites(AgreedWrites, VisitErasingWrites):
    """Exact homes go, in every table that holds or quotes them."""

    def make_homes_rough(
        self, member_ids: Collection[int], *, only: Callable[[ResidenceRow], bool] | None = None
    ) -> dict[str, int]:
        """Make stored homes of members rough, history included, and what quotes them; returns changed rows by table.

        With `only`, other homes of the members stay as they are.
        """
        found = _Found()
        for member_id in sorted(member_ids):
            self._homes(member_id, found, only)
            if only is None:
                self._member(member_id, found)
                self._hosts(member_id, found)
        self.session.flush()
        if only is None:
            found.counts |= self.forget_reasons(member_ids) | self.blur_walks(member_ids)
        self._keep_what_others_say(member_ids, found)
        traces = Traces(found.texts, tuple(found.points))
        for table, number in remove_traces(self.session, traces).items():
            found.counts[table] = found.counts.get(table, 0) + number
        return found.counts

    def forget_reasons(self, member_ids: Collection[int]) -> dict[str, int]:
        """Clear what was worked out from a home or an ability to walk: facts of study modes, walks and whys of plans.

        What was decided stays; a mode given because the member cannot leave home is one of home visits.
        """
        counts: dict[str, int] = {}
        decisions = (
            select(ModeDecisionRow).where(ModeDecisionRow.member_id.in_(member_ids)).order_by(ModeDecisionRow.id)
        )
        for row in self.session.scalars(decisions):
            if row.trace != FORGOTTEN:
                row.trace = dict(FORGOTTEN)
                counts["study_mode_decision"] = counts.get("study_mode_decision", 0) + 1
            if row.rule == ModeRule.CANNOT_LEAVE.value:
                row.rule = ModeRule.HOME_VISIT.value
        seats = select(GroupMembershipRow).where(GroupMembershipRow.member_id.in_(member_ids))
        for seat in self.session.scalars(seats):
            if seat.walk_m is not None:
                seat.walk_m = float(round(seat.walk_m / ROUND_M) * ROUND_M)
            seat.reason = ""
        self.session.flush()
        for table, number in remove_traces(self.session, Traces(member_ids=frozenset(member_ids)), DOCUMENTS).items():
            counts[table] = counts.get(table, 0) + number
        return counts

    def _homes(self, member_id: int, found: _Found, only: Callable[[ResidenceRow], bool] | None) -> None:
        for row in self.session.scalars(select(ResidenceRow).where(ResidenceRow.member_id == member_id)):
            if only is not None and not only(row):
                continue
            address, shape = row.address, row.geom
            if self.agreements.make_rough(row):
                found.note("residence_history", (address, row.address), (shape, row.geom))

    def _member(self, member_id: int, found: _Found) -> None:
        row = self.session.get(MemberRow, member_id)
        if row is None:
            return
        if row.map_precision in (MapPrecision.EXACT, MapPrecision.BUILDING):
            row.map_precision = MapPrecision.GRID
        self._household(row, found)

    def _household(self, member: MemberRow, found: _Found) -> None:
        """Give a member who shared a flat a file of their own: the others' file still says where they live."""
        file = self.session.get(HouseholdRow, member.household_id) if member.household_id is not None else None
        if file is None:
            return
        query = select(MemberRow).where(MemberRow.household_id == file.id, MemberRow.id != member.id)
        others = self.session.scalars(query.order_by(MemberRow.id)).all()
        home = self._current(member.id)
        rough = home.address if home is not None else ""
        if others:
            if file.head_name == member.name:
                file.head_name = others[0].name
            mine = HouseholdRow(
                file_no=self._next_file_no(),
                head_name=member.name,
                original_village=file.original_village,
                project=file.project,
                current_address=rough,
                housing_kind=file.housing_kind,
            )
            self.session.add(mine)
            self.session.flush()
            self._change_file(member, mine.id)
            return
        if file.current_address != rough or file.floor_no is not None:
            found.note("household", (file.current_address, rough), (None, None))
            file.current_address, file.floor_no = rough, None

    def _change_file(self, member: MemberRow, file_id: int) -> None:
        old, member.household_id = member.household_id, file_id
        query = select(TransitionRow).where(TransitionRow.member_id == member.id, TransitionRow.household_id == old)
        for episode in self.session.scalars(query):
            episode.household_id = file_id

    def _next_file_no(self) -> str:
        prefix = f"{self.today.year}-"
        query = select(func.max(HouseholdRow.file_no)).where(HouseholdRow.file_no.startswith(prefix))
        last = self.session.scalar(query)
        number = int(last.removeprefix(prefix)) if last and last.removeprefix(prefix).isdecimal() else 0
        return f"{prefix}{number + 1:05d}"

    def _current(self, member_id: int) -> ResidenceRow | None:
        query = select(ResidenceRow).where(ResidenceRow.member_id == member_id, ResidenceRow.valid_to.is_(None))
        return self.session.scalars(query).first()

    def _hosts(self, member_id: int, found: _Found) -> None:
        for host in self.session.scalars(select(HostRow).where(HostRow.member_id == member_id)):
            address, shape, building = host.address, host.geom, self.agreements.building_label(host.building_id)
            at = shape or self.agreements.building_shape(host.building_id)
            if not self.agreements.make_host_rough(host):
                continue
            host.suspended_on = host.suspended_on or self.today
            found.note("host_household", (address, host.address), (at, host.geom))
            for group in self.session.scalars(select(GroupRow).where(GroupRow.host_id == host.id)):
                if building and building in group.name:
                    group.name = group.name.replace(building, "党员中心户")
                    found.counts["party_group"] = found.counts.get("party_group", 0) + 1

    def _keep_what_others_say(self, member_ids: Collection[int], found: _Found) -> None:
        """Leave alone what is also the address of somebody who agreed: it is not a trace of these alone."""
        if not found.texts:
            return
        query = select(ResidenceRow.address).where(
            ResidenceRow.address.in_(found.texts), ResidenceRow.member_id.not_in(member_ids)
        )
        for address in self.session.scalars(query):
            found.texts.pop(address, None)
