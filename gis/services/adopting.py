"""Adopt a plan: run, groups, memberships and audit in one transaction, or nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gis.errors import InputError, StaleError
from gis.model.access import Action
from gis.model.enums import HostStatus
from gis.model.ids import MemberId
from gis.services.access import require, require_orgs
from gis.services.plan_document import plan_document
from gis.store.writers.groups import NewGroup, NewRun, NewSeat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gis.model.access import Actor
    from gis.model.ids import RunId
    from gis.model.plan import GroupPlan, Place, PlannedGroup
    from gis.store.database import Store
    from gis.store.reader import Reader

#: What a plan stands on: a change to any of these makes it stale.
PLAN_TOPICS = ("territory", "people", "groups")


def adopt_groups(actor: Actor, store: Store, plan: GroupPlan) -> RunId:
    """Save the plan and found its groups; groups in force of the same branches end today, their history stays.

    Raises
    ------
    StaleError
        People, places or groups changed since the plan was made.
    InputError
        The plan has no group at all, or seats people or uses places that are not its branches' to use.
    DeniedError
        One of the plan's branches lies outside the actor's scope.
    """
    require(actor, Action.ADOPT_GROUPS)
    if not plan.groups:
        msg = "方案里没有一个小组，不能采用"
        raise InputError(msg)
    with store.writing(actor, Action.ADOPT_GROUPS) as writer:
        require_orgs(actor, writer, plan.branch_ids)
        now = writer.data_version(*PLAN_TOPICS)
        if now != plan.data_version:
            msg = "测算之后，党员、场所或小组数据已有变动，请重新测算后再采用"
            raise StaleError(msg, mine=plan.data_version, theirs=now)
        _check_whole(writer, plan)
        run_id = writer.add_run(_run(plan))
        closed = writer.close_groups(plan.branch_ids)
        names = _names(writer, plan)
        writer.found_groups(run_id, [_new_group(group, names[group.id]) for group in plan.groups])
        writer.say(
            f"采用编组方案：新建 {len(plan.groups)} 个临时党小组，停止原有 {closed} 个",
            run=run_id,
            groups=len(plan.groups),
            seated=plan.scores.seated,
            closed=closed,
        )
    return run_id


def _check_whole(reader: Reader, plan: GroupPlan) -> None:
    """Refuse a plan that does not hold together: a seat in a plan ends the member's other seats, so it must be due."""
    branch_of = {member.id: member.branch_id for member in reader.members(plan.branch_ids)}
    hosts = {host.id for host in reader.hosts() if host.status is HostStatus.APPROVED}
    venues = {venue.id for venue in reader.venues()}
    times = Counter(seat.member_id for group in plan.groups for seat in group.seats)
    for group in plan.groups:
        seated = [seat.member_id for seat in group.seats]
        is_known = (group.place.host_id in hosts) != (group.place.venue_id in venues)
        if (
            group.branch_id not in plan.branch_ids
            or group.leader_id not in seated
            or any(branch_of.get(member) != group.branch_id or times[member] > 1 for member in seated)
            or not is_known
        ):
            msg = f"小组 {group.id} 与数据库不符（组员、组长、支部或活动地点），方案没有采用：请重新测算"
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


def _new_group(group: PlannedGroup, name: str) -> NewGroup:
    return NewGroup(
        branch_id=group.branch_id,
        name=name,
        leader_id=MemberId(group.leader_id or 0),  # `_check_whole` refuses a group without a leader
        host_id=group.place.host_id,
        venue_id=group.place.venue_id,
        seats=tuple(NewSeat(seat.member_id, seat.walk_m, seat.why) for seat in group.seats),
        reasons=(),
    )
