from __future__ import annotations

from dataclasses import replace

import pytest

from gis.model.enums import BuildingStatus, Precision
from gis.model.ids import BuildingId, EstateId
from gis.model.territory import Estate
from gis.spatial.locate import Gazetteer
from gis.spatial.location import Location
from tests.fixtures.rosters import BAMBOO, VIOLET, numbered_territory
from tests.unit.spatial.test_addresses import SAME_FLAT

HOME = [f"江南省禾州市嘉穗区青禾街道紫云苑{number}幢" for number in range(1, 6)]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(*numbered_territory(), HOME)


def found(gazetteer: Gazetteer, text: str) -> tuple[str, int | None]:
    location = gazetteer.locate(text)
    return location.precision.value, location.building_id


@pytest.mark.parametrize("text", SAME_FLAT)
def test_every_style_finds_the_building(gazetteer: Gazetteer, text: str):
    assert found(gazetteer, text) == ("exact", 303)


@pytest.mark.parametrize(
    ("text", "building"),
    [
        ("江南省禾州市嘉穗区青禾街道紫云社区紫云苑3幢501", 303),
        ("禾州市嘉穗区紫云苑小区3幢", 303),
        ("青禾街道紫云花苑3号楼", 303),
        ("青龙路12号紫云苑3号501室", 303),
        ("紫云苑(租房)3幢501", 303),
        ("紫云苑3幢501室（女儿家）", 303),
        ("现住紫云苑三幢", 303),
        ("青龙苑南区3幢", 103),
        ("青龙南苑3幢", 103),
        ("青龙苑（南区）3幢", 103),
        ("青龙苑北3幢", 203),
        ("阳光100 3幢501", 403),
        ("三里2村3幢501", 503),
        ("三里二村三号", 503),
        ("东风村紫云苑3幢", 303),
        ("租住在青禾街道紫云苑三号楼", 303),
        ("青禾街道办事处紫云社区居委会紫云苑3幢", 303),
        ("禾州青禾街道紫云苑3幢", 303),
        ("紫云苑3棟2單元501室", 303),
        ("紫云苑叁幢", 303),
        ("紫云苑3-2-501 租", 303),
    ],
)
def test_names_as_people_write_them(gazetteer: Gazetteer, text: str, building: int):
    assert found(gazetteer, text) == ("exact", building)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("新紫云苑3幢501", "another name that ends alike"),
        ("紫云苑二期3幢501", "a part that is not known"),
        ("紫芸苑3幢501", "a slip of the pen, or another estate"),
        ("青龙苑3幢", "south or north"),
        ("青竹苑社区紫云苑3幢", "the community contradicts the estate"),
        ("紫云苑3幢或4幢", "two buildings"),
        ("紫云苑12幢5单元", "no such building"),
        ("阳光1003幢501", "which digits are the name's"),
        ("紫云苑3幢5单元501", "the building has four units"),
        ("紫云苑3", "perhaps not a building"),
        ("紫云苑3幢（临穗区）", "another district, said afterwards"),
        ("紫云苑对面3幢", "beside it, not in it"),
        ("紫云苑3幢和青龙苑南区5幢", "two homes"),
    ],
)
def test_doubt_never_ends_in_a_building(gazetteer: Gazetteer, text: str, why: str):
    location = gazetteer.locate(text)
    assert location.building_id is None, why
    assert location.reason, why


def test_doubt_comes_with_candidates(gazetteer: Gazetteer):
    assert gazetteer.locate("紫芸苑3幢501").candidates == (303,)
    assert set(gazetteer.locate("青龙苑3幢").candidates) == {103, 203}
    assert gazetteer.locate("紫云苑3幢5单元501").candidates == (303,)


def test_the_estate_alone_is_half_sure(gazetteer: Gazetteer):
    location = gazetteer.locate("紫云苑")
    assert (location.precision, location.estate_id, location.confidence) == (Precision.ESTATE, 3, 0.5)
    assert location.shape is not None


def test_the_community_alone_goes_to_a_person(gazetteer: Gazetteer):
    location = gazetteer.locate("青禾街道紫云社区")
    assert (location.precision, location.confidence) == (Precision.COMMUNITY, 0.2)


@pytest.mark.parametrize(
    "text",
    [
        "江南省禾州市临穗区白苹街道芦花苑3幢501室",
        "禾州市云麓区石帆镇松涛新村3幢",
        "岭北省云泽市海棠区碧波花园3栋",
        "稷城市汀兰区紫云苑3幢501",
        "上海市浦东新区张江路3弄2号",
    ],
)
def test_other_cities_and_districts_are_outside(gazetteer: Gazetteer, text: str):
    assert found(gazetteer, text) == ("outside", None)


def test_an_unknown_place_is_not_outside(gazetteer: Gazetteer):
    assert found(gazetteer, "城市花园3幢501") == ("queue", None)
    assert found(gazetteer, "春耕路附近出租屋") == ("queue", None)


def test_without_knowing_the_home_city_a_city_makes_it_doubtful():
    gazetteer = Gazetteer(*numbered_territory())
    assert found(gazetteer, "稷城市汀兰区紫云苑3幢501") == ("queue", None)
    assert found(gazetteer, "禾州市嘉穗区青禾街道紫云苑3幢501") == ("exact", 303)


def test_two_estates_of_one_name_need_the_community():
    estates, buildings, divisions = numbered_territory()
    twin = Estate(EstateId(9), "紫云苑", (), BAMBOO)
    other = replace(buildings[20], id=BuildingId(903), estate_id=EstateId(9), building_no="3")
    gazetteer = Gazetteer([*estates, twin], [*buildings, other], divisions)
    assert found(gazetteer, "紫云苑3幢") == ("queue", None)
    assert found(gazetteer, "青竹苑社区紫云苑3幢") == ("exact", 903)
    assert found(gazetteer, "紫云社区紫云苑3幢") == ("exact", 303)
    assert VIOLET != BAMBOO


def test_two_readings_of_existing_buildings_are_a_doubt():
    estates, buildings, divisions = numbered_territory()
    extra = replace(buildings[20], id=BuildingId(999), building_no="3-2")
    location = Gazetteer(estates, [*buildings, extra], divisions).locate("紫云苑3-2-501")
    assert location.building_id is None
    assert set(location.candidates) == {303, 999}


def test_nobody_lives_in_a_demolished_building():
    estates, buildings, divisions = numbered_territory()
    ruins = [replace(b, status=BuildingStatus.DEMOLISHED) for b in buildings]
    assert found(Gazetteer(estates, ruins, divisions), "紫云苑3幢") == ("queue", None)


def test_a_building_with_a_door_number_of_its_own():
    estates, buildings, divisions = numbered_territory()
    house = replace(buildings[0], id=BuildingId(777), estate_id=None, building_no="", address="青龙路18号")
    gazetteer = Gazetteer(estates, [*buildings, house], divisions)
    assert found(gazetteer, "青禾街道青龙路18号501室") == ("exact", 777)
    assert found(gazetteer, "青龙路19号") == ("queue", None)


@pytest.mark.parametrize("text", ["", "无", "不详", "-", "　"])
def test_no_address_is_no_place(gazetteer: Gazetteer, text: str):
    assert gazetteer.locate(text) == Location(Precision.QUEUE, reason="没有地址")


def test_beside_a_building_is_not_in_it(gazetteer: Gazetteer):
    for text in ("紫云苑3幢旁边平房", "紫云苑3幢西侧", "紫云苑3幢对面"):
        location = gazetteer.locate(text)
        assert (location.building_id, location.precision) == (None, Precision.QUEUE)
        assert location.candidates
