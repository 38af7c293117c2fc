"""What a card asks about one place or one group is what the lists say of it, for every scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gis.model.access import Role
from gis.model.enums import HostStatus
from gis.model.plan import GroupingRequest
from gis.services.adopting import adopt_groups
from gis.services.grouping import propose_groups
from tests.integration.test_scopes import TwoVillages
from tests.integration.tiny_street import CLERK

if TYPE_CHECKING:
    from gis.store.database import Store
    from gis.store.reader import Reader


@pytest.fixture
def grouped(store: Store) -> TwoVillages:
    """Both villages with the groups of a plan in force."""
    two = TwoVillages(store)
    plan = propose_groups(CLERK, store, GroupingRequest(seconds=2))
    adopt_groups(CLERK, store, plan)
    return two


def _check(reader: Reader, two: TwoVillages) -> int:
    buildings = {building.id for building in reader.buildings() if building.id is not None}
    hosts, venues, groups = reader.hosts(with_ended=True), reader.venues(), reader.groups_in_force()
    for building in buildings:
        assert reader.hosts_at(building) == tuple(one for one in reader.hosts() if one.building_id == building)
        assert reader.venues_at(building) == tuple(one for one in venues if one.building_id == building)
    for host_id, host in ((one.id, one) for one in hosts if one.id is not None):
        assert reader.host(host_id) == host
        assert reader.groups_meeting_at(host_id=host_id) == tuple(one for one in groups if one.host_id == host_id)
    for venue_id, venue in ((one.id, one) for one in venues if one.id is not None):
        assert reader.venue(venue_id) == venue
        assert reader.groups_meeting_at(venue_id=venue_id) == tuple(one for one in groups if one.venue_id == venue_id)
    for number in range(1, 9):
        assert reader.group_in_force(number) == next((one for one in groups if one.id == number), None)
    names = {org.id: org.name for org in reader.orgs()}
    assert reader.org_names([two.branch, two.foreign]) == {
        org: name for org, name in names.items() if org in (two.branch, two.foreign)
    }
    here = reader.building_ids_in(two.grid)
    in_grid = sum(one.building_id in here for one in reader.hosts()), sum(one.building_id in here for one in venues)
    assert reader.places_in_grid(two.grid) == (len(here), *in_grid)
    return len(groups)


def test_narrow_questions_are_answered_as_the_lists_are(grouped: TwoVillages):
    two = grouped
    with two.store.reading(CLERK.scope) as reader:
        assert _check(reader, two) > 0
        assert any(host.status is HostStatus.APPROVED for host in reader.hosts())
    for role in (Role.BRANCH_SECRETARY, Role.STREET_LEADER, Role.VIEWER_BIG_SCREEN):
        with two.store.reading(two.actor(role, two.branch).scope) as reader:
            _check(reader, two)
    with two.store.reading(two.actor(Role.BRANCH_SECRETARY, two.foreign).scope) as reader:
        _check(reader, two)
        (host,) = reader.hosts_at(two.building)
        assert host.name == "山户"
    with two.store.reading(None) as reader:
        assert (reader.host(two.stranger_host), reader.hosts_at(two.building)) == (None, ())
        assert (reader.places_in_grid(two.grid), reader.org_names([two.branch])) == ((0, 0, 0), {})
