"""`jiujin org`, `area`, `posts`, `hosts`, `bodies`: each tells in JSON what it did."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from gis.cli.main import app
from gis.model.access import Action
from gis.model.enums import Precision
from gis.model.people import Residence
from gis.model.territory import Building, Division, Estate, Grid
from gis.store.database import Store
from tests.integration.test_areas_and_posts import CODE, SQUARE
from tests.integration.tiny_street import CLERK, TinyStreet, at


@pytest.fixture
def url(sqlite_url: str) -> str:
    with closing(Store.open(sqlite_url)) as store:
        street = TinyStreet(store)
        with store.writing(CLERK, Action.IMPORT_DATA) as writer:
            writer.save_divisions([Division(None, CODE, "东风村")])
            (grid,) = writer.save_grids([Grid(None, f"{CODE}001", "一网格", CODE, shape=SQUARE)])
            (estate,) = writer.save_estates([Estate(None, "青禾苑")])
            (house,) = writer.save_buildings([Building(None, "青禾苑", "1", at(200), estate, grid)])
            home = Residence("青禾苑1幢", Precision.BUILDING, building_id=house, grid_id=grid, shape=at(200))
            writer.save_members(
                replace(one, residence=home, transition=None) for one in writer.members([street.branch])[:4]
            )
    return sqlite_url


def run(url: str, *words: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, [*words, "--db", url, "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_an_organisation_by_commands(url: str):
    added = run(url, "org", "add", "东风三支部", "--kind", "党支部", "--parent", "东风村党总支", "--reason", "新设支部")
    assert added["name"] == "东风三支部"
    run(url, "org", "edit", "东风一支部", "--phone", "0000-5550101")
    assert run(url, "org", "show", "东风一支部")["phone"] == "0000-5550101"
    assert {row["phone"] for row in run(url, "org", "phones")} == {"", "0000-5550101"}
    day = ["--approved-by", "街道党工委", "--approved-on", "2026-01-01"]
    run(url, "org", "wind-down", "东风一支部", "--successor", "东风二支部", *day)
    assert len(run(url, "org", "abolish", "东风一支部", "--check")["obstacles"]) == 2
    refused = run(url, "org", "abolish", "东风一支部", *day, code=1)
    assert len(refused["faults"]) == 2
    assert run(url, "org", "hand-over", "东风一支部", *day)["moved"]["members"] == 7
    assert run(url, "org", "abolish", "东风一支部", *day)["status"] == "abolished"
    events = [event["what"] for event in run(url, "org", "history", "东风一支部")["events"]]
    assert sorted(events) == ["变更", "开始撤并", "撤销", "整建制转出"]
    assert "东风一支部" not in {line["name"] for line in run(url, "org", "tree")["lines"]}
    assert "东风一支部" in {line["name"] for line in run(url, "org", "tree", "--abolished")["lines"]}


def test_areas_posts_and_groups_by_commands(url: str):
    area = run(url, "area", "add", "东片", "--org", "东风村党总支", "--leader", "1", "--estate", "1")["area"]
    assert run(url, "area", "list")[0]["leader"] == "禾一"
    found = run(url, "area", "check", "--org", "东风村党总支")
    assert (found["total"], found["sizes"]) == (7, {"东片": 4})
    run(url, "area", "place", "5", str(area))
    assert run(url, "area", "contact", "5")["leader"] == "禾一"
    run(url, "area", "edit", str(area), "--name", "东一片")
    post = run(url, "posts", "add", "1", "网格长", "--name", "网一", "--phone", "0000-5550001")["post_id"]
    assert run(url, "posts", "list")["posts"][0]["phone"].endswith("0001")
    run(url, "posts", "end", str(post))
    assert run(url, "posts", "list")["posts"] == []
    run(url, "area", "close", str(area))
    group = run(
        url, "org", "group-add", "东风一支部", "一组", "--leader", "1", "--building", "1", "--decided", "2026-01-01",
        "--reported", "2026-01-05", "--reason", "就近编组",
    )["group"]  # fmt: skip
    line = next(one for one in run(url, "org", "tree")["lines"] if one["level"] == "group")
    assert (line["id"], line["members"], line["ground"]) == (group, 4, "青禾苑 1幢")
    again = run(
        url,
        "org",
        "group-add",
        "东风一支部",
        "二组",
        "--leader",
        "1",
        "--building",
        "1",
        "--decided",
        "2026-01-01",
        code=1,
    )
    assert "已在别的党小组" in again["error"]
    small = run(url, "org", "group-add", "东风一支部", "三组", "--leader", "5", "--decided", "2026-01-01", code=1)
    assert "R01" in small["error"]
    run(url, "org", "group-close", str(group))


def test_hosts_and_bodies_by_commands(url: str):
    host = run(url, "hosts", "apply", "1", "--capacity", "12", "--on", "2025-01-01")["host"]
    for day, step in enumerate(("党员推荐", "党小组建议", "支部审定"), 2):
        run(url, "hosts", "step", str(host), step, "--on", f"2025-01-0{day}")
    run(url, "hosts", "agree", str(host), "--on", "2025-01-05")
    row = next(one for one in run(url, "hosts", "list") if one["host"] == host)
    assert (row["status"], row["responsible"], row["faults"]) == ("approved", "禾一", [])
    run(url, "hosts", "capacity", str(host), "20", "--reason", "客厅大")
    run(url, "hosts", "suspend", str(host))
    run(url, "hosts", "resume", str(host))
    assert run(url, "hosts", "end", str(host), "--reason", "迁居")["status"] == "ended"
    body = run(url, "bodies", "add", "青禾联盟", "--kind", "党建联盟", "--lead", "东风村党总支")["body"]
    seat = run(url, "bodies", "join", str(body), "--name", "稻花厂党支部", "--town", "白苹镇")["seat"]
    assert len(run(url, "bodies", "list")[0]["members"]) == 2
    run(url, "bodies", "leave", str(seat))
    run(url, "bodies", "end", str(body))
    assert run(url, "bodies", "list") == []
    assert len(run(url, "bodies", "list", "--ended")) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("org", "show", "没有的"), "没有组织"),
        (("org", "add", "甲", "--kind", "什么"), "可选"),
        (("hosts", "step", "99", "党员推荐"), "没有编号"),
        (("posts", "end", "99"), "没有编号"),
        (("area", "close", "99"), "没有编号"),
        (("bodies", "end", "99"), "没有编号"),
        (("org", "wind-down", "东风一支部", "--successor", "东风二支部"), "批准日期"),
    ],
)
def test_what_is_not_there_is_said(url: str, words: tuple[str, ...], said: str):
    assert said in run(url, *words, code=1)["error"]
