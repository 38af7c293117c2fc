"""`jiujin plan visits` and `plan check` of its document: the JSON that scripts rely on, and faults in Chinese."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from gis.cli.main import app
from tests.fixtures.stores import open_store
from tests.fixtures.visit_world import CLERK, WorldSpec, make_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fixtures.visit_world import VisitWorld

USUAL = ("--branch", "禾田村党总支", "--date", "2026-12-08", "--seconds", "0.2", "--everyone")


@pytest.fixture
def world(sqlite_url: str) -> VisitWorld:
    with closing(open_store(sqlite_url)) as store:
        return make_world(store, WorldSpec(members=16))


@pytest.fixture
def run(world: VisitWorld, sqlite_url: str) -> Callable[..., Any]:
    """Run `jiujin plan …`, look at the exit code, return what it wrote."""
    assert world.members

    def invoke(*arguments: object, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["plan", *map(str, arguments), "--db", sqlite_url])
        assert done.exit_code == code, done.output
        return done.stdout if code == 0 else done.output

    return invoke


def test_the_document_that_scripts_rely_on(run: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "round.json"
    document = json.loads(run("visits", *USUAL, "--teams", 3, "--json", "-o", path))
    assert document == json.loads(path.read_text(encoding="utf-8"))
    assert {"status", "teams", "left_out", "scores"} <= document.keys()
    assert len(document["teams"]) == 3
    assert [one["visitors"] for one in document["teams"]] == [["第 1 组"], ["第 2 组"], ["第 3 组"]]
    for team in document["teams"]:
        assert {"visitors", "stops", "minutes"} <= team.keys()
        for stop in team["stops"]:
            assert {"member", "arrive", "leave", "travel_min", "walk_m"} <= stop.keys()
            assert isinstance(stop["member"], str)
            assert [one["name"] for one in stop["members"]] == stop["member"].split("、")
    assert all({"who", "reason"} <= one.keys() for one in document["left_out"])
    assert json.loads(run("check", path, "--json")) == {"violations": [], "changed_settings": {}}
    assert "核对通过" in run("check", path)
    document["teams"][0]["minutes"] += 60
    path.write_text(json.dumps(document), encoding="utf-8")
    assert "MINUTES_WRONG" in run("check", path, code=1)


def test_visitors_ways_starts_and_named_teams(run: Callable[..., str], world: VisitWorld) -> None:
    who = world.members[0]
    more = ("--visitor", "1:麦甲，麦乙", "--visitor", "2：稻甲、稻乙", "--way", "2:ebike", "--start", "2:none")
    text = run("visits", *USUAL, "--teams", 2, *more, "--with", f"{who}=2", "--exclude", world.members[1], "--json")
    document = json.loads(text)
    first, second = document["teams"]
    assert (first["visitors"], second["visitors"]) == (["麦甲", "麦乙"], ["稻甲", "稻乙"])
    assert (first["way"], second["way"]) == ("walk", "ebike")
    assert (first["start"], second["start_venue"]) == ("禾田党群服务中心", None)
    assert document["request"]["must_with"] == [[who, 2]]
    assert who not in [one["id"] for stop in first["stops"] for one in stop["members"]]
    assert [one["code"] for one in document["left_out"] if world.members[1] in one["member_ids"]] == ["EXCLUDED"]


def test_adopted_as_a_draft(run: Callable[..., str], world: VisitWorld, sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "round.json"
    said = run("visits", *USUAL, "--teams", 2, "--half", "am", "--adopt", "-o", path, "--name", "十二月第一批")
    assert "十二月第一批" in said
    number = json.loads(path.read_text(encoding="utf-8"))["round"]
    with closing(open_store(sqlite_url)) as store, store.reading(CLERK.scope) as reader:
        kept = reader.visit_round(number)
    assert kept is not None
    assert (kept.name, kept.org_id) == ("十二月第一批", world.village)
    assert "核对通过" in run("check", path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--date", "8.12.2026", "--street"), "2026-11-24"),
        (("--date", "2026-12-08", "--branch", "月亮支部"), "月亮支部"),
        (("--date", "2026-12-08", "--street", "--half", "night"), "--half"),
        (("--date", "2026-12-08", "--street", "--way", "飞机"), "walk"),
        (("--date", "2026-12-08", "--street", "--visitor", "麦甲"), "组号"),
        (("--date", "2026-12-08", "--street", "--visitor", "3:麦甲"), "第 3 组"),
        (("--date", "2026-12-08", "--street", "--with", "某某"), "姓名=组号"),
        (("--date", "2026-12-08", "--street", "--member", "查无此人"), "查无此人"),
        (("--date", "2026-12-08", "--street", "--start", "月球"), "月球"),
        (("--date", "2026-12-08", "--street", "--include", "随便"), "入户送学到期"),
    ],
)
def test_faults_say_what_to_write(run: Callable[..., str], arguments: tuple[str, ...], said: str) -> None:
    assert said in run("visits", *arguments, code=1)


def test_a_range_has_to_be_chosen(run: Callable[..., str]) -> None:
    run("visits", "--date", "2026-12-08", code=2)


def test_nobody_due_says_what_to_do_next(run: Callable[..., str]) -> None:
    text = run("visits", "--street", "--date", "2026-12-08", "--include", "摸排未完成", "--seconds", 0)
    assert "--member" in text
