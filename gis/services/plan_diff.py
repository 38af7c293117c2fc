"""What differs between two seatings, as people say it: who moved, what opened and closed, who leads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.plans import GroupDiff, MemberDiff, PlanDiff
from gis.model.seating import Seating, seating_of
from gis.services.grouping_input import meeting_places
from gis.services.plan_record import load_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gis.model.ids import MemberId, OrgId
    from gis.model.plan import GroupPlan
    from gis.model.plans import PlanVersion
    from gis.store.reader import Reader

_GONE = "（已不在册）"
GroupKey = tuple[str, str]  # branch and place key


@dataclass(frozen=True, eq=False)
class View:
    """One version: its seating, what it calls places and people, and the branches whose members it may hold."""

    label: str
    seating: Seating
    places: Mapping[str, str]
    names: Mapping[MemberId, str]
    branch_ids: tuple[OrgId, ...]


def view_of_plan(plan: GroupPlan, label: str) -> View:
    """Return the view of a plan that is not saved."""
    return View(label, seating_of(plan), _labels(plan), _names(plan), plan.branch_ids)


def view_of_version(reader: Reader, version: PlanVersion) -> View:
    """Return the view of a saved plan, as it is or as it was after so many steps.

    Raises
    ------
    NotFoundError
        The plan or the step is not there, or not in scope.
    """
    loaded = load_plan(reader, version.plan_id)
    step = loaded.record.pointer if version.step is None else version.step
    if step:
        loaded.step(step)
    places = {
        place.key: place.label for place in meeting_places(reader, loaded.head.branch_ids, loaded.base.request.settings)
    }
    shown = "" if version.step is None else "（保存时）" if not step else f"（第 {step} 步）"
    return View(
        label=f"{loaded.head.name}{shown}",
        seating=loaded.seating_at(step),
        places={**places, **_labels(loaded.base)},
        names=_names(loaded.base),
        branch_ids=loaded.head.branch_ids,
    )


def _labels(plan: GroupPlan) -> dict[str, str]:
    return {group.place.key: group.place.label for group in plan.groups}


def _names(plan: GroupPlan) -> dict[MemberId, str]:
    seated = {seat.member_id: seat.name for group in plan.groups for seat in group.seats}
    return {**{one.member_id: one.name for one in plan.unseated}, **seated}


def diff_of(reader: Reader, a: View, b: View) -> PlanDiff:
    """Return what differs from `a` to `b`; a group is a branch at a place, whatever its id."""
    members = {member.id: member for member in reader.members({*a.branch_ids, *b.branch_ids})}
    orgs = {org.id: org.name for org in reader.orgs()}
    names = {**a.names, **b.names}

    def name(member: MemberId) -> str:
        return members[member].name if member in members else names.get(member, _GONE)

    def branch(member: MemberId) -> str:
        return orgs.get(members[member].branch_id, "") if member in members else ""

    said = _Said(a, b, name, branch)
    moved, added, dropped = said.members()
    opened, closed, leaders = said.groups()
    return PlanDiff(a.label, b.label, moved, added, dropped, opened, closed, leaders)


@dataclass(frozen=True, eq=False)
class _Said:
    a: View
    b: View
    name: Callable[[MemberId], str]
    branch: Callable[[MemberId], str]

    def members(self) -> tuple[tuple[MemberDiff, ...], ...]:
        """Return who moved, who is new, who is out."""
        before, after = _where(self.a), _where(self.b)
        moved = [one for one in before.keys() & after.keys() if before[one] != after[one]]
        parts = (moved, after.keys() - before.keys(), before.keys() - after.keys())
        return tuple(self._member_rows(part, before, after) for part in parts)

    def _member_rows(
        self, part: Iterable[MemberId], before: Mapping[MemberId, str], after: Mapping[MemberId, str]
    ) -> tuple[MemberDiff, ...]:
        rows = [
            MemberDiff(
                member_id=one,
                name=self.name(one),
                branch=self.branch(one),
                before=self._place(before.get(one, "")),
                after=self._place(after.get(one, "")),
            )
            for one in part
        ]
        return tuple(sorted(rows, key=lambda row: (row.branch, row.member_id)))

    def groups(self) -> tuple[tuple[GroupDiff, ...], ...]:
        """Return which groups opened, which closed, and which have another leader."""
        before, after = self._groups(self.a), self._groups(self.b)
        both = [key for key in before.keys() & after.keys() if before[key][1] != after[key][1]]
        parts = (after.keys() - before.keys(), before.keys() - after.keys(), both)
        return tuple(tuple(self._group_row(key, before, after) for key in sorted(part)) for part in parts)

    def _group_row(
        self, key: GroupKey, before: Mapping[GroupKey, tuple[int, str]], after: Mapping[GroupKey, tuple[int, str]]
    ) -> GroupDiff:
        old, new = before.get(key, (0, "")), after.get(key, (0, ""))
        return GroupDiff(key[0], self._place(key[1]), old[0], new[0], old[1], new[1])

    def _groups(self, view: View) -> dict[GroupKey, tuple[int, str]]:
        """Size and leader of every group that has members."""
        seating, found = view.seating, {}
        sizes = Counter(seating.seats.values())
        branches = {group_id: self.branch(member) for member, group_id in sorted(seating.seats.items(), reverse=True)}
        for group_id, size in sizes.items():
            leader = seating.leaders.get(group_id)
            branch = branches[group_id] if leader is None else self.branch(leader)
            found[branch, seating.places.get(group_id, "")] = size, "" if leader is None else self.name(leader)
        return found

    def _place(self, key: str) -> str:
        return self.b.places.get(key) or self.a.places.get(key) or key


def _where(view: View) -> dict[MemberId, str]:
    return {member: view.seating.places.get(group_id, "") for member, group_id in view.seating.seats.items()}
