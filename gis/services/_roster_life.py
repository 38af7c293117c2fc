"""What was registered of a life goes before an older roster: nobody moves back, nobody comes to life again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from gis.model.life import LifeKind
from gis.services._roster_matching import same_address, shares_phone
from gis.spatial.addresses import normalise_address
from gis.store.writers.retention import ERASED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gis.model.ids import MemberId, OrgId
    from gis.model.people import Member
    from gis.store.formats.roster_rows import RosterRow
    from gis.store.reader import Reader
    from gis.store.readers.history import LifeEvent

_HOME = (LifeKind.MOVED, LifeKind.RETURNED, LifeKind.CORRECTED)
WAS = "was"  # under which the event of a correction remembers the wrong address, as a digest


class RegisteredLife:
    """Leavings, transfers and moves that people have registered of the members in scope."""

    def __init__(self, reader: Reader, members: Mapping[MemberId, Member]) -> None:
        self.left: dict[MemberId, Member] = {
            one.id: one
            for one in reader.members(include_left=True)
            if one.id is not None and one.left_on is not None and one.name != ERASED
        }
        events = [one for one in reader.life_events() if one.undone_on is None and one.member_id in members]
        self._homes = reader.home_history(_ids(events, *_HOME)) if events else {}
        self._wrong: dict[MemberId, set[str]] = {}
        for one in events:
            if WAS in one.closed:
                self._wrong.setdefault(one.member_id, set()).add(str(one.closed[WAS]))
        self._former: dict[OrgId, list[tuple[Member, str]]] = {}
        moved = _ids(events, LifeKind.TRANSFERRED)
        for number, rows in (reader.affiliation_history(moved) if moved else {}).items():
            for row in rows:
                if row.valid_to is not None and row.org_id != members[number].branch_id:
                    self._former.setdefault(row.org_id, []).append((members[number], row.valid_to.isoformat()))

    def refusal(self, row: RosterRow, branch: OrgId, member: Member | None, names: Mapping[OrgId, str]) -> str:
        """Say why a row is not imported: its person has left, or belongs to another branch by now; "" where it is."""
        if member is not None and member.left_on is not None and member.left_kind is not None:
            said = f"{member.left_on} 登记{member.left_kind.label}"
            return f"花名册上仍有该党员，但已于 {said}，本行未导入；登记有误请先撤销离开登记"
        for former, since in self._former.get(branch, ()):
            is_known = member is not None and member.id == former.id
            if is_known or (member is None and _is_same_person(row, former)):
                now = names.get(former.branch_id, "")
                return f"该党员的组织关系已于 {since} 转到“{now}”，本行未导入；已转回的请登记转接组织关系"
        return ""

    def is_old_address(self, member: Member, address: str) -> bool:
        """Whether a roster still gives an address that the member has left, or one that was put right."""
        if member.id is None or member.residence is None or same_address(member.residence.address, address):
            return False
        past = self._homes.get(member.id, ())
        if digest_of_address(address) in self._wrong.get(member.id, ()):
            return True
        return bool(past and past[-1].reason) and any(same_address(home.address, address) for home in past[:-1])


def digest_of_address(address: str) -> str:
    """Return what remembers an address without holding it."""
    return hashlib.sha256(normalise_address(address).encode()).hexdigest()[:16]


def _is_same_person(row: RosterRow, member: Member) -> bool:
    if row.name != member.name or (row.birth_ym and member.birth_ym and row.birth_ym != member.birth_ym):
        return False
    return (bool(row.birth_ym) and row.birth_ym == member.birth_ym) or shares_phone(row.phones, member)


def _ids(events: Iterable[LifeEvent], *kinds: LifeKind) -> frozenset[MemberId]:
    return frozenset(one.member_id for one in events if one.kind in kinds)
