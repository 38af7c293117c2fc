"""Every way of writing an address names the building that it means."""

from __future__ import annotations

import pytest

from gis.model.ids import BuildingId, EstateId
from gis.model.territory import Building, Estate
from gis.services.sample import _rows as rows
from gis.services.sample._addresses import _STYLES, address_parts, building_range, write_address
from gis.services.sample._chance import stream
from gis.services.sample._homes import Home, flat_in
from gis.services.sample._world import World, make_world, wkb
from gis.services.sample.dirt import DirtKind
from gis.spatial.addresses import parse_address
from gis.spatial.locate import Gazetteer


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(41, 200)


@pytest.fixture(scope="module")
def gazetteer(world: World) -> Gazetteer:
    estates = [Estate(EstateId(i), e.name, e.aliases, e.division_code) for i, e in enumerate(rows.estates_of(world))]
    ids = {estate.name: estate.id for estate in estates if estate.id is not None}
    buildings = [
        Building(
            BuildingId(number),
            estate.name,
            house.number,
            wkb(house.shape),
            estate_id=ids[estate.name],
            address=rows.door_address(estate, house),
            units=house.units,
            status=house.status,
        )
        for number, (estate, house) in enumerate((e, h) for e in world.estates for h in e.houses)
    ]
    return Gazetteer(estates, buildings, rows.divisions_of(world))


def _homes(world: World, count: int) -> list[Home]:
    chance = stream(5, "homes")
    lived_in = [estate for estate in world.estates if not estate.is_old_village]
    picked = [chance.choice(lived_in) for _ in range(count)]
    return [flat_in(chance, chance.choice(estate.houses), estate) for estate in picked]


@pytest.mark.parametrize("style", [kind for kind, _, _ in _STYLES])
def test_a_style_names_its_building(world: World, gazetteer: Gazetteer, style: DirtKind):
    write = next(write for kind, write, _ in _STYLES if kind is style)
    houses = list(world.houses)
    for home in _homes(world, 60):
        assert home.house is not None
        assert home.housing is not None
        text = write(stream(9, "text"), (home, home.house, home.housing))
        if text:
            found = gazetteer.locate(text)
            assert found.building_id is not None, text
            assert houses[found.building_id] == home.house, text


def test_people_who_cannot_be_placed_are_not(world: World, gazetteer: Gazetteer):
    for person in world.people:
        if person.home is not None:
            text, _ = write_address(stream(3, "text"), person.home)
            assert gazetteer.locate(text).precision == person.home.precision, text


def test_parts_join_to_the_same_building(world: World, gazetteer: Gazetteer):
    for home in _homes(world, 40):
        community, estate, building, unit, room = address_parts(home)
        found = gazetteer.locate(f"{community}{estate}{building}幢{unit}单元{room}室")
        assert found.building_id is not None
        assert world.houses[found.building_id] == home.house


def test_a_range_is_read_as_one(world: World):
    assert all(parse_address(building_range(stream(i, "range"), _homes(world, 1)[0])).is_range for i in range(5))
