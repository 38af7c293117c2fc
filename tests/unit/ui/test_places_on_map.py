from __future__ import annotations

from gis.model.enums import HostStatus, VenueKind
from gis.model.ids import HostId, OrgId, VenueId
from gis.model.territory import HostHousehold, Venue
from gis.services.map_layers import Places
from gis.ui import encoding


def host(number: int, name: str, **more: object) -> HostHousehold:
    return HostHousehold(HostId(number), name, OrgId(1), 8, None, floor=3, **more)  # type: ignore[arg-type]  # by name


def test_places_say_whether_there_is_room_and_whether_they_are_in_use():
    hosts = (
        host(1, "某户"),
        host(2, "", status=HostStatus.SUSPENDED, is_step_free=False),
        host(3, "", equipment=("电视",)),
    )
    venue = Venue(VenueId(4), "候选室", VenueKind.CANDIDATE, 20, None, floor=1, is_step_free=True)
    taken = {("host", 1): 8, ("host", 3): None}
    found = encoding.places(Places(tuple((one, 1.0, 2.0) for one in hosts), ((venue, 1.0, 2.0),), taken))
    assert [one["t"] for one in found["hosts"]] == [8, 0, None]
    assert [one["u"] for one in found["hosts"]] == ["", "suspended", ""]
    assert [one["sf"] for one in found["hosts"]] == [None, 0, None]
    assert (found["venues"][0]["u"], found["venues"][0]["fl"], found["venues"][0]["sf"]) == ("proposed", 1, 1)


def test_a_layer_of_hosts_carries_no_name_and_no_way_to_the_flat():
    found = encoding.places(Places(((host(1, "某户"), 1.0, 2.0), (host(2, ""), 1.0, 2.0)), (), {}))
    assert "某户" not in str(found)
    assert [one["fl"] for one in found["hosts"]] == [3, None]
