"""Found the groups of a plan: run, groups and memberships, inside the transaction of whoever adopts or publishes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.enums import HostStatus, SeatSource
from gis.model.ids import MemberId
from gis.services.plan_document import plan_document
from gis.store.writers.groups import NewGroup, NewRun, NewSeat

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from gis.model.ids import RunId
    from gis.model.plan import GroupPlan, Place, PlannedGroup
    from gis.store.reader import Reader
    from gis.store.writer import Writer

#: What a plan stands on: a change to any of these makes it stale.
PLAN_TOPICS = ("territory", "people", "groups")


@dataclass(frozen=True, slots=True)
class Founded:
    """What came of it."""

    run_id: RunId
    n_closed: int


@dataclass(frozen=True, slots=True)
class Papers:
    """What goes into the groups' rows besides the plan: the dates of R04, and who was seated by hand."""

    decided_on: date | None = None
    reported_on: date | None = None
    by_hand: Collection[MemberId] = field(default=frozenset())


def found(writer: Writer, plan: GroupPlan, papers: Papers) -> Founded:
    """Close the groups in force of the plan's branches and found the plan's groups today; history stays."""
    run_id = writer.add_run(_run(plan))
    closed = writer.close_groups(plan.branch_ids)
    names = _names(writer, plan)
    writer.found_groups(run_id, [_new_group(group, names[group.id], papers) for group in plan.groups])
    return Founded(run_id, closed)


def check_whole(reader: Reader, plan: GroupPlan) -> None:
    """Refuse a plan that does not hold together: a seat in a plan ends the member's other seats, so it must be due.

    Raises
    ------
    InputError
        A group has members of other branches, a leader who is not in it, or no place that exists.
    """
    branch_of = {member.id: member.branch_id for member in reader.members(plan.branch_ids)}
    hosts = {host.id for host in reader.hosts() if host.status is HostStatus.APPROVED}
    venues = {venue.id for venue in reader.venues()}
    times = Counter(seat.member_id for group in plan.groups for seat in group.seats)
    for group in plan.groups:
        seated = [seat.member_id for seat in group.seats]
        is_known = (group.place.host_id in hosts) != (group.place.venue_id in venues)
        mine = plan.branch_ids if plan.request.settings.allow_mixed else (group.branch_id,)
        if (
            group.branch_id not in plan.branch_ids
            or (group.leader_id is not None and group.leader_id not in seated)
            or any(branch_of.get(member) not in mine or times[member] > 1 for member in seated)
            or not is_known
        ):
            msg = f"小组 {group.id} 与数据库不符（组员、组长、支部或活动地点），方案没有保存：请重新测算"
            raise InputError(msg)


def _names(reader: Reader, plan: GroupPlan) -> dict[str, str]:
    """Name the groups by branch and building; a host's name is personal and stays out of a name that stays."""
    building_of = {host.id: host.building_id for host in reader.hosts()}
    where_of = {building.id: building.label for building in reader.buildings()}
    venue_of = {venue.id: venue.name for venue in reader.venues()}

    def where(place: Place) -> str:
        if place.host_id is None:
            return venue_of.get(place.venue_id, "")
        building = building_of.get(place.host_id)
        return (where_of.get(building, "") if building is not None else "") or "党员中心户"

    return dict(_numbered({group.id: f"{group.branch}临时党小组（{where(group.place)}）" for group in plan.groups}))


def _numbered(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Tell groups of one branch in one building apart."""
    total, seen = Counter(names.values()), Counter[str]()
    for group, name in names.items():
        seen[name] += 1
        yield group, name if total[name] == 1 else f"{name.removesuffix('）')}，{seen[name]} 组）"


def _run(plan: GroupPlan) -> NewRun:
    document = plan_document(plan)
    request = document["request"]
    return NewRun(
        parameters=request if isinstance(request, dict) else {},
        data_version=plan.data_version,
        solver=plan.solver,
        status=plan.status,
        objective=plan.objective,
        bound=plan.bound,
        document=document,
    )


def _new_group(group: PlannedGroup, name: str, papers: Papers) -> NewGroup:
    return NewGroup(
        branch_id=group.branch_id,
        name=name,
        leader_id=MemberId(
            group.leader_id or 0
        ),  # a group without a leader breaks R05 and gets no further than a draft
        host_id=group.place.host_id,
        venue_id=group.place.venue_id,
        seats=tuple(
            NewSeat(
                seat.member_id,
                seat.walk_m,
                seat.why,
                SeatSource.MANUAL if seat.member_id in papers.by_hand else SeatSource.PROPOSAL,
            )
            for seat in group.seats
        ),
        decided_on=papers.decided_on,
        reported_on=papers.reported_on,
    )
