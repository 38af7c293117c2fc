"""Organisations: their names are known inside the whole street, their members are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.model.ids import OrgId
from gis.model.organisation import PartyOrg
from gis.store.readers.base import ScopedReads
from gis.store.schema import OrgDivisionRow, OrgRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class OrganisationReads(ScopedReads):
    """Party organisations and what they cover."""

    def orgs(self) -> tuple[PartyOrg, ...]:
        """List all organisations by id."""
        if not self.sees_street:
            return ()
        codes: dict[int, list[str]] = {}
        for link in self.session.scalars(select(OrgDivisionRow).where(OrgDivisionRow.valid_to.is_(None))):
            codes.setdefault(link.org_id, []).append(link.division_code)
        rows = self.session.scalars(select(OrgRow).order_by(OrgRow.id)).all()
        return tuple(org_of(row, codes.get(row.id, ())) for row in rows)

    def org_names(self, ids: Collection[OrgId]) -> dict[OrgId | None, str]:
        """Return the names of a few organisations."""
        if not self.sees_street:
            return {}
        query = select(OrgRow.id, OrgRow.name).where(OrgRow.id.in_(frozenset(ids)))
        return {OrgId(number): name for number, name in self.session.execute(query)}

    def branches_in_scope(self) -> tuple[PartyOrg, ...]:
        """List the branches whose people and groups the scope reaches, by id."""
        return tuple(org for org in self.orgs() if org.is_branch and org.id in self.org_ids_in_scope)


def org_of(row: OrgRow, division_codes: Sequence[str]) -> PartyOrg:
    """Row to model."""
    return PartyOrg(
        id=OrgId(row.id),
        name=row.name,
        kind=row.kind,
        parent_id=OrgId(row.parent_id) if row.parent_id else None,
        code=row.code,
        community_kind=row.community_kind,
        status=row.status,
        division_codes=tuple(sorted(division_codes)),
        founded_on=row.founded_on,
        valid_to=row.valid_to,
        successor_id=OrgId(row.successor_id) if row.successor_id else None,
        approved_by=row.approved_by,
        approved_on=row.approved_on,
        term_ends_on=row.term_ends_on,
        committee_size=row.committee_size,
        task_body=row.task_body,
        unit_count=row.unit_count,
        office_phone=row.office_phone,
        version=row.version,
    )
