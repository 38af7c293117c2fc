from __future__ import annotations

import pytest

from gis.spatial.addresses import chinese_number, normalise_address, parse_address, unit_index
from gis.spatial.names import canonical_building_no, fold_name, name_variants

SAME_FLAT = [
    "紫云苑3幢2单元501室",
    "紫云苑 3栋 2单元 501",
    "紫云苑3号楼2单元501室",
    "紫云苑3-2-501",
    "紫云苑3—2—501室",
    "紫云苑3#2-501",
    "紫云苑３＃２单元５０１室",
    "紫云苑三幢二单元五〇一室",
    "紫云苑3幢2梯501",
    "紫云苑3幢2门501室",
    "紫云苑3座2单元501",
    "紫云苑第3幢2单元501室",
    "紫云苑3、2、501",
    "紫云苑3幢2-501",
    "紫云苑3幢2单元5楼501室",
]


@pytest.mark.parametrize("text", SAME_FLAT)
def test_every_style_means_the_same_flat(text: str):
    address = parse_address(text)
    first = address.first
    assert (address.head, first.building_no, first.unit, first.room) == ("紫云苑", "3", "2", "501")


@pytest.mark.parametrize(
    "text", ["紫云苑3幢乙单元501室", "紫云苑3幢乙501", "紫云苑3乙501", "紫云苑3-乙-501", "紫云苑三幢乙单元五〇一室"]
)
def test_lettered_units(text: str):
    first = parse_address(text).first
    assert (first.building_no, first.unit, first.room) == ("3", "乙", "501")


@pytest.mark.parametrize(
    ("text", "head", "building", "room"),
    [
        ("紫云苑3号501室", "紫云苑", "3", "501"),
        ("青龙路12号紫云苑3号501室", "青龙路12号紫云苑", "3", "501"),
        ("青龙路12号", "青龙路12号", "", ""),
        ("青龙路12号3幢501", "青龙路12号", "3", "501"),
        ("东风村3组12号", "东风村3组12号", "", ""),
        ("紫云苑12-1203", "紫云苑", "12", "1203"),
        ("紫云苑501室", "紫云苑", "", "501"),
        ("紫云苑A座1203", "紫云苑", "A", "1203"),
        ("三里二村21幢103室", "三里二村", "21", "103"),
    ],
)
def test_a_number_alone_is_a_building_unless_a_road_stands_before_it(text: str, head: str, building: str, room: str):
    address = parse_address(text)
    assert (address.head, address.first.building_no, address.first.room) == (head, building, room)


def test_a_range_names_no_single_building():
    assert parse_address("紫云苑1-10幢").is_range
    assert not parse_address("紫云苑3-1幢501").is_range


def test_what_can_be_read_in_two_ways_keeps_both():
    assert [r.building_no for r in parse_address("紫云苑3-2-501").readings] == ["3", "3-2"]
    assert [r.building_no for r in parse_address("紫云苑12幢或13幢").readings] == ["12", "13"]


def test_repeated_divisions_are_dropped():
    text = "江南省禾州市嘉穗区江南省禾州市嘉穗区紫云苑3幢"
    assert normalise_address(text) == "江南省禾州市嘉穗区紫云苑3幢"


def test_digits_of_a_name_do_not_run_into_the_building():
    assert parse_address("阳光100 3幢501").first.building_no != "1003"


@pytest.mark.parametrize(
    ("text", "number"),
    [("十二", 12), ("二十一", 21), ("五〇一", 501), ("一百零三", 103), ("十", 10), ("", None), ("甲", None)],
)
def test_chinese_numbers(text: str, number: int | None):
    assert chinese_number(text) == number


def test_units_are_counted():
    assert [unit_index(unit) for unit in ("2", "乙", "B", "东")] == [2, 2, 2, None]


@pytest.mark.parametrize("text", ["3", "03栋", "3号楼", "三幢", "3#", "3座", "三"])
def test_building_numbers_are_one(text: str):
    assert canonical_building_no(text) == "3"


def test_names_fold_and_vary():
    assert fold_name("紫云苑小区") == "紫云苑"
    assert fold_name("三里二村") == fold_name("三里2村")
    assert "青龙南苑" in name_variants("青龙苑南区")
    assert "青龙苑南区" in name_variants("青龙南苑")
