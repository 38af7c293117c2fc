"""Facts about the sheet on paper and in the offline file: who stands on it, in which order, and what must not."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp

from gis.services.visits.listing import as_script_json, list_document, said_walk
from gis.services.visits.map import draw_map
from gis.services.visits.offline import offline_html
from gis.services.visits.papers import SheetPrint, sheet_paper, sheet_pdf
from tests.fixtures.components import need
from tests.fixtures.visit_sheets import (
    NOW,
    NUMBER,
    chessboard,
    door,
    doors,
    lonlat,
    person,
    round_of,
    session,
    sheet,
    team_of,
)

ADDRESS = "https://jiujin.example"
EVIL = '</script><script>alert("1")</script>'


def wanted(team, address=ADDRESS):
    has_place = any(stop.lonlat for stop in team.stops)
    return SheetPrint(sheet(), draw_map(chessboard(), team) if has_place else "", address, "禾书记", NOW)


def printed(team):
    """Return the text of each page, without spaces and line ends."""
    need("chinese-font")
    pdf = pypdfium2.PdfDocument(sheet_pdf(round_of(team), team, wanted(team)))
    return pdf, [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pdf]


def test_the_code_opens_the_sheet_of_this_round():
    pdf, _ = printed(doors(3))
    codes = zxingcpp.read_barcodes(pdf[0].render(scale=3).to_pil())
    assert [code.text for code in codes] == [f"{ADDRESS}/visits/s/{NUMBER}"]


@pytest.mark.parametrize("count", [1, 8, 16, 40])
def test_every_stop_stands_whole_on_one_page_in_turn_under_the_head_of_the_list(count):
    team = doors(count)
    _, pages = printed(team)
    text = "".join(pages)
    names = [target.name for stop in team.stops for target in stop.targets]
    at = [text.index(name) for name in names]
    assert at == sorted(at)
    for stop in team.stops:  # the note line closes a stop: it is on the page of the name
        page = next(page for page in pages if stop.targets[0].name in page)
        assert "备注" in page[page.index(stop.targets[-1].name) :]
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页/共{len(pages)}页" in page
        assert NUMBER in page
        assert "禾书记2026-11-1909:00" in page  # the watermark
    assert all("走访对象" in page for page in pages if any(name in page for name in names))
    assert len(pages) <= 2 + count / 5


def test_a_long_group_breaks_between_members_and_loses_nobody():
    people = tuple(person(k, f"禾丙{k:02d}") for k in range(60))
    _, pages = printed(team_of((session(1, lonlat(250, 250), people),)))
    text = "".join(pages)
    assert [text.count(one.name) for one in people] == [1] * 60
    assert text.count("电话代") >= 60


def test_long_names_and_addresses_wrap_and_are_not_read_as_markup():
    name, where = "#strong[甲]*乙*" + "阿" * 60, "$x$ " + "长" * 200 + "x" * 120
    stop = replace(door(1, None, (person(1, name),)), place=where, building="", estate="", unit="", room="")
    _, pages = printed(team_of((stop,)))
    text = "".join(pages).replace("\u200b", "")
    assert name in text
    assert re.sub(r"\s", "", where) in text


def test_a_telephone_only_where_the_team_may_see_it():
    known, unknown = person(1, "禾甲", phone="15400001111"), replace(person(2, "禾乙"), phone="15400002222")
    team = team_of((door(1, lonlat(50, 50), (known,)), door(2, lonlat(150, 50), (unknown,))))
    paper = sheet_paper(round_of(team), team, wanted(team))
    assert [stop.members[0].phone for stop in paper.stops] == ["电话 154 0000 1111", "电话由支部联系"]
    page = offline_html(round_of(team), team, wanted(team)).decode()
    assert "15400001111" in page
    assert "15400002222" not in page


def test_no_paper_says_that_somebody_was_in_hospital_or_why_they_are_visited():
    team = doors(2)
    paper = sheet_paper(round_of(team), team, wanted(team))
    assert paper.stops[0].members[0].lines == ("上次 10 月 10 日：没见到",)
    document = json.dumps(list_document(round_of(team), team, sheet=NUMBER, expires_on=None), ensure_ascii=False)
    assert document.count("住院") == 1  # the name of the box


def test_half_day_and_house_stand_once_over_what_they_hold_for():
    team = doors(4)
    paper = sheet_paper(round_of(team), team, wanted(team))
    assert [stop.half_day for stop in paper.stops] == ["11 月 20 日（周五）上午", "", "11 月 20 日（周五）下午", ""]
    houses = [replace(stop, building="9幢") for stop in team.stops]
    paper = sheet_paper(round_of(team), replace(team, stops=tuple(houses)), wanted(team))
    assert [stop.place for stop in paper.stops] == ["青禾苑　9幢", "", "青禾苑　9幢", ""]


def test_a_house_without_name_is_pointed_at_on_the_map():
    nameless = [
        replace(door(k, lonlat(50, 50), (person(k, "禾"),)), estate="", building="", place="2单元 502室")
        for k in (1, 2)
    ]
    team = team_of(tuple(nameless))
    paper = sheet_paper(round_of(team), team, wanted(team))
    assert [(stop.place, stop.where) for stop in paper.stops] == [
        ("楼栋未编号（图上 1、2 号）", "2单元 502室　5 楼无电梯"),
        ("", "2单元 502室　5 楼无电梯"),
    ]


def test_what_is_not_on_the_map_says_so():
    team = team_of(
        (door(1, None, (person(1, "禾"),)), replace(door(2, None, (person(2, "禾"),)), building="", place=""))
    )
    paper = sheet_paper(round_of(team), team, wanted(team))
    assert [stop.where for stop in paper.stops] == [
        "2单元 502室　5 楼无电梯（图上没有标出）",
        "地点未登记，请先电话问清",
    ]


def test_without_an_address_there_is_no_code():
    team = doors(1)
    assert sheet_paper(round_of(team), team, wanted(team, address=" ")).qr_svg == ""


def test_the_way_is_said_in_tens_of_metres_and_estimates_as_such():
    team = doors(2)
    stop = team.stops[0]
    assert said_walk(team.team, stop) == "步行 210 米，3 分钟"
    assert (
        said_walk(team.team, replace(stop, stop=replace(stop.stop, is_estimated=True)))
        == "步行约 210 米，3 分钟（估算）"
    )
    here = replace(team.stops[1].stop, walk_m=0.0, travel_min=0.0)
    assert said_walk(team.team, replace(team.stops[1], stop=here)) == "同一栋"


def test_the_offline_file_asks_nothing_from_outside_and_keeps_texts_texts():
    team = team_of((replace(door(1, lonlat(50, 50), (person(1, EVIL),)), title=EVIL, place=EVIL, estate=EVIL),))
    view = round_of(team)
    view = replace(view, round=replace(view.round, name=EVIL))
    page = offline_html(view, team, replace(wanted(team), printed_by=EVIL)).decode()
    assert page.count("<script") == 2  # data and code
    assert "alert(" not in page.split("</script>")[-1]
    assert not re.search(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", page)
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|WebSocket", page)
    data = re.search(r'id="jv-data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["stops"][0]["targets"][0]["name"] == EVIL


def test_script_json_survives_whatever_people_type():
    text = "</script><!-- & \u2028 \u2029 ]]> ' \" \\"
    written = as_script_json({"a": text})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"a": text}


def test_the_same_sheet_gives_the_same_bytes():
    need("chinese-font")
    team = doors(2)
    one, other = (sheet_pdf(round_of(team), team, wanted(team)) for _ in range(2))
    assert BytesIO(one).read() == other
