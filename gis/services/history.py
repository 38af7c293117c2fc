"""Who was on the roster of an organisation and who lived in its territory on a day, computed from the histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.services.territory_sides import territory_of
from gis.store.readers.sides import Place

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import OrgId
    from gis.model.life import Standing
    from gis.store.reader import Reader


def roster_as_of(reader: Reader, org_id: OrgId, day: date) -> tuple[Standing, ...]:
    """List who belonged to an organisation or one below it on `day`, by id; only whom the scope reaches."""
    inside = territory_of(reader, day).subtree(org_id)
    return tuple(one for one in reader.standing_on(day) if one.branch_id in inside)


def residents_as_of(reader: Reader, org_id: OrgId, day: date) -> tuple[Standing, ...]:
    """List who lived in the territory of an organisation on `day`, by id; only whom the scope reaches.

    An organisation without a territory of its own counts with that of the one above it; a residence organisation that
    a person has named goes before the community of the home.
    """
    territory = territory_of(reader, day)
    here = territory.here(org_id)
    return tuple(one for one in reader.standing_on(day) if territory.residence_org(Place(*one.place)) in here)
