"""What a row of the record of visits says, and what it must never say."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from gis.model.ids import MemberId, RoundId
from gis.model.visits import VisitPurpose, VisitResult
from gis.services.visits.exports import details_of, participants, way_of
from gis.store.readers.visit_records import VisitRecord


def record(result: VisitResult = VisitResult.MET, **given: object) -> VisitRecord:
    values: dict[str, object] = {
        "member_id": MemberId(1),
        "round_id": RoundId(1),
        "result": result,
        "on_day": date(2026, 8, 5),
        "arrive": datetime(2026, 8, 5, 9),  # noqa: DTZ001  # local, naive
        "by_name": "禾走访",
        "visitors": ("禾走访", "禾同行"),
        "purposes": (VisitPurpose.STUDY, VisitPurpose.CONDOLENCE),
        "material": "学习资料",
        "note": "",
        "group": "",
    }
    return VisitRecord(**(values | given))  # type: ignore[arg-type]  # fields by name


def test_a_visit_says_purpose_result_material_and_note():
    said = details_of(record(note="想要大字本。"))
    assert said == "送学上门、走访慰问，见到本人；送去学习资料；想要大字本。"


@pytest.mark.parametrize("result", list(VisitResult))
def test_no_row_tells_of_a_hospital(result: VisitResult):
    said = details_of(record(result, note="在住院，家属说下月回"))
    assert "院" not in said
    assert "家属" not in said


def test_who_is_in_hospital_was_not_met_and_the_note_stays_inside():
    assert details_of(record(VisitResult.IN_HOSPITAL, note="家属说下月回")) == "送学上门、走访慰问，未见到本人。"


@pytest.mark.parametrize("note", ["思想有波动", "对补偿不满", "腿脚有残疾", "刚做完手术"])
def test_opinions_and_health_in_a_note_stay_inside(note: str):
    assert note not in details_of(record(note=note))


def test_nothing_is_handed_over_to_whom_nobody_met():
    assert "资料" not in details_of(record(VisitResult.NOT_HOME))


def test_the_way_is_one_of_three():
    assert way_of(record()) == "入户"
    assert way_of(record(VisitResult.PHONED)) == "电话"
    assert way_of(record(group="东风小组")) == "集中学习"
    assert way_of(record(VisitResult.PHONED, group="东风小组")) == "电话"


def test_a_group_session_is_told_of_each_of_its_members():
    assert details_of(record(group="东风小组")) == "组织东风小组集中学习，本人参加；送去学习资料。"
    assert details_of(record(VisitResult.NOT_HOME, group="东风小组")) == "组织东风小组集中学习，本人未到场。"


def test_everybody_of_the_team_took_part_and_whoever_stood_in():
    assert participants(record()) == ("禾走访", "禾同行")
    assert participants(record(by_name="禾代班")) == ("禾代班", "禾走访", "禾同行")
    assert participants(record(by_name="")) == ("禾走访", "禾同行")
