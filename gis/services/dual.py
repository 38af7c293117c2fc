"""双重管理: relation × residence of any organisation; who is seen but not managed, managed but not seen, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.services.territory_sides import territory_of

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import MemberId, OrgId
    from gis.store.reader import Reader


def residence_orgs(reader: Reader, day: date | None = None) -> dict[MemberId, OrgId | None]:
    """Return the residence-side organisation of each member of the scope, now or on an earlier day.

    What a person entered (`member.residence_org_id`) goes before the organisation that covers the community of the
    residence; None: not known, outside the street, or nobody covers it.
    """
    territory = territory_of(reader, day)
    return {member_id: territory.residence_org(place) for member_id, place in reader.places(day).items()}
