"""Who in the database a roster's row is: name + birth month + branch, then name + phone, else a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.spatial.addresses import normalise_address

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from gis.model.ids import MemberId, OrgId
    from gis.model.imports import Decision
    from gis.model.people import Member
    from gis.store.formats.roster_rows import RosterRow

_AGE_SLACK = 1  # 周岁 or 虚岁, and the ledger may be a year old


@dataclass(frozen=True, slots=True)
class Match:
    """`member` is None for somebody new; `candidates` are those a person must choose from."""

    member: Member | None = None
    candidates: tuple[MemberId, ...] = ()
    reason: str = ""
    is_decided: bool = False


class Decisions:
    """The answers to a merge list, by place in the file."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        """Index by place; a file with one sheet may be answered without its name."""
        self._by_place = {(one.sheet, one.row): one for one in decisions}

    def answer(self, row: RosterRow, members: Mapping[MemberId, Member]) -> Match | None:
        """Return what was decided of a row, None where nothing was.

        Raises
        ------
        InputError
            The member named is not there, is outside the scope, or is called otherwise.
        """
        one = self._by_place.get((row.sheet, row.row)) or self._by_place.get(("", row.row))
        if one is None:
            return None
        member = None if one.member_id is None else members.get(one.member_id)
        if one.member_id is not None and (member is None or member.name != row.name):
            msg = f"第 {row.row} 行不能认定为党员 {one.member_id}：没有这名党员、姓名不同，或不在您的管理范围"
            raise InputError(msg)
        return Match(member, is_decided=True)


class Matcher:
    """The members in scope, by name; built once for an import."""

    def __init__(self, members: Iterable[Member], as_of: date) -> None:
        """Index by name."""
        self._as_of = as_of
        self._by_name: dict[str, list[Member]] = {}
        for member in members:
            self._by_name.setdefault(member.name, []).append(member)

    def match(self, row: RosterRow, branches: Collection[OrgId], taken: Collection[MemberId]) -> Match:
        """Match a row whose branch is one of `branches`; `taken` are members that other rows have claimed."""
        alike = [member for member in self._by_name.get(row.name, ()) if _has_same_birth(row, member)]
        by_phone = [member for member in alike if shares_phone(row.phones, member)]
        named = [member for member in alike if self._is_as_old(row, member)]
        same_branch = [member for member in named if member.branch_id in branches]
        if row.birth_ym:
            exact = [member for member in same_branch if member.birth_ym == row.birth_ym]
            if len(exact) == 1:
                return Match(exact[0])
        if len(by_phone) == 1:
            return Match(by_phone[0])
        by_age = [m for m in same_branch if row.age is not None and m.birth_ym and not _phones_differ(row, m)]
        if len(by_age) == 1 and len(same_branch) == 1:
            return Match(by_age[0])
        free = [member for member in same_branch if member.id not in taken]
        if not free and not by_phone:
            return Match()
        ids = tuple(member.id for member in (by_phone or free) if member.id is not None)
        return Match(None, ids, "同支部有同名党员，出生年月和电话不足以判断是否同一人")

    def _is_as_old(self, row: RosterRow, member: Member) -> bool:
        """Whether the age written down, a year more or less, does not contradict the birth month."""
        age = member.age_on(self._as_of)
        return row.age is None or age is None or abs(age - row.age) <= _AGE_SLACK


def _has_same_birth(row: RosterRow, member: Member) -> bool:
    return not row.birth_ym or not member.birth_ym or row.birth_ym == member.birth_ym


def shares_phone(phones: Sequence[str], member: Member) -> bool:
    """Whether one of the numbers is the member's."""
    return bool(set(phones) & {number for number in (member.phone, *member.phone2.split("/")) if number})


def _phones_differ(row: RosterRow, member: Member) -> bool:
    return bool(row.phones) and bool(member.phone) and not shares_phone(row.phones, member)


def same_address(one: str, other: str) -> bool:
    """Whether two texts are the same address but for spelling."""
    return one == other or normalise_address(one) == normalise_address(other)
