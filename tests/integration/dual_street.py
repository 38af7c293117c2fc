"""Two villages and a resettlement community on one street, small enough to count in the head.

Members of 东风 (two branches) and 西塘 (one branch), by where they live:

| who | relation | lives |
|---|---|---|
| 甲 | 东风一 | 东风 |
| 乙 | 东风一 | 新苑 |
| 丙 | 东风一 | outside the street |
| 丁 | 东风一 | not known |
| 戊 | 东风二 | 新苑 |
| 己 (probationary) | 东风二 | 西塘 |
| 庚 | 西塘支部 | 新苑 |
| 辛 | 新苑支部 | 新苑 |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from gis.model.access import Action, Actor, Role, operator, scope_for
from gis.model.enums import DivisionLevel, MemberStatus, OrgKind, Precision
from gis.model.ids import GridId, MemberId, OrgId
from gis.model.organisation import PartyOrg
from gis.model.people import Member, Residence
from gis.model.territory import Division, Grid

if TYPE_CHECKING:
    from datetime import date

    from gis.store.database import Store

CLERK = operator()
CODES = {"东风": "990402001001", "西塘": "990402001002", "新苑": "990402001003"}


def home(place: str, grids: dict[str, GridId], since: date | None = None) -> Residence | None:
    """Return a residence in a community, outside the street, or none."""
    if not place:
        return None
    if place not in grids:
        return Residence(f"{place}某处", precision=Precision.OUTSIDE, valid_from=since)
    return Residence(f"{place}1幢", precision=Precision.BUILDING, grid_id=grids[place], valid_from=since)


class DualStreet:
    """The street; ids by name."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.writing(CLERK, Action.IMPORT_DATA) as writer:
            writer.save_divisions(
                Division(None, code, f"{name}社区", DivisionLevel.VILLAGE) for name, code in CODES.items()
            )
            grids = writer.save_grids(
                Grid(None, f"{code}001", name, code, shape=shapely.to_wkb(shapely.box(120 + k, 31, 120.9 + k, 32)))
                for k, (name, code) in enumerate(CODES.items())
            )
            self.grids: dict[str, GridId] = dict(zip(CODES, grids, strict=True))
            self.orgs = self._orgs(writer)
            people = [
                ("甲", "东风一", "东风"),
                ("乙", "东风一", "新苑"),
                ("丙", "东风一", "外县"),
                ("丁", "东风一", ""),
                ("戊", "东风二", "新苑"),
                ("己", "东风二", "西塘"),
                ("庚", "西塘支部", "新苑"),
                ("辛", "新苑支部", "新苑"),
            ]
            ids = writer.save_members(
                Member(
                    None,
                    name,
                    self.orgs[branch],
                    phone="13000000001",
                    post="支部书记" if name in "甲戊" else "",
                    member_status=MemberStatus.PROBATIONARY if name == "己" else MemberStatus.FULL,
                    residence=home(place, self.grids),
                )
                for name, branch, place in people
            )
            self.members: dict[str, MemberId] = {name: number for (name, _, _), number in zip(people, ids, strict=True)}

    def _orgs(self, writer: object) -> dict[str, OrgId]:
        save = writer.save_orgs  # type: ignore[attr-defined]  # a writer
        (street,) = save(
            [PartyOrg(None, "街道党工委", OrgKind.WORKING_COMMITTEE, division_codes=tuple(CODES.values()))]
        )
        found = {"街道": street}
        for name, branches in {"东风": ("东风一", "东风二"), "西塘": ("西塘支部",), "新苑": ("新苑支部",)}.items():
            codes = (CODES[name],)
            (found[name],) = save(
                [PartyOrg(None, f"{name}党总支", OrgKind.GENERAL_BRANCH, parent_id=street, division_codes=codes)]
            )
            for branch in branches:
                (found[branch],) = save(
                    [PartyOrg(None, branch, OrgKind.BRANCH, parent_id=found[name], division_codes=codes)]
                )
        return found

    def actor(self, role: Role, org: str) -> Actor:
        """Return somebody with a role at an organisation."""
        roots = frozenset({self.orgs[org]}) if org else frozenset[OrgId]()
        return Actor(role.value, role, scope_for(role, roots))
