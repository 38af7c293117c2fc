"""What all readers share: the session and the scope."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.model.ids import OrgId
from gis.store.schema import DataVersionRow, OrgRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gis.model.access import Scope


class ScopedReads:
    """A session and the scope that narrows every list."""

    session: Session
    scope: Scope | None

    @property
    def sees_street(self) -> bool:
        """Whether territory and organisation names may be listed at all."""
        return self.scope is not None and (self.scope.whole_street or bool(self.scope.org_roots))

    @property
    def sees_people(self) -> bool:
        """Whether any personal row may be listed."""
        return self.sees_street and self.scope is not None and self.scope.sees_people

    @cached_property
    def org_ids_in_scope(self) -> frozenset[OrgId]:
        """All organisations of the scope's subtrees."""
        if not self.sees_street or self.scope is None:
            return frozenset()
        pairs = [(OrgId(row.id), row.parent_id) for row in self.session.execute(select(OrgRow.id, OrgRow.parent_id))]
        if self.scope.whole_street:
            return frozenset(org for org, _ in pairs)
        children: dict[int | None, list[OrgId]] = {}
        for org, parent in pairs:
            children.setdefault(parent, []).append(org)
        found: set[OrgId] = set()
        queue = [org for org in self.scope.org_roots if any(org == known for known, _ in pairs)]
        while queue:
            org = queue.pop()
            if org not in found:
                found.add(org)
                queue.extend(children.get(org, ()))
        return frozenset(found)

    def data_version(self, *topics: str) -> int:
        """Return a number that grows with every change to `topics` (all topics when none is named)."""
        rows = self.session.scalars(select(DataVersionRow)).all()
        return sum(row.number for row in rows if not topics or row.topic in topics)
