"""`jiujin plan …` on saved plans: the whole way at the command line, one JSON document each, faults in Chinese."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from gis.cli.main import app
from tests.fixtures.stores import open_store
from tests.integration.plan_street import PlanStreet

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def street(sqlite_url: str) -> PlanStreet:
    with closing(open_store(sqlite_url)) as store:
        return PlanStreet(store)


@pytest.fixture
def run(street: PlanStreet, sqlite_url: str) -> Callable[..., Any]:
    def invoke(*arguments: object, code: int = 0) -> Any:
        given = ["plan", *map(str, arguments), "--db", sqlite_url]
        done = CliRunner().invoke(app, [*given, "--json"])
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)

    saved = CliRunner().invoke(
        app, ["plan", "groups", "--street", "--seconds", "3", "--save", "春季", "--db", sqlite_url]
    )
    assert saved.exit_code == 0, saved.output
    assert "已存为方案 1" in saved.output
    return invoke


def test_the_whole_way(street: PlanStreet, run: Callable[..., Any]):
    (head,) = run("list")
    assert (head["name"], head["state"], head["seated"]) == ("春季", "draft", 14)
    shown = run("edit", "move", 1, "--member", street.first[3], "--to", street.place(1), "--preview")
    assert shown["version"] == 1
    assert run("edit", "move", 1, "--member", street.first[3], "--to", street.place(1))["version"] == 2
    assert run("undo", 1)["text"].startswith("撤销：一3")
    assert run("redo", 1)["version"] == 4
    assert run("edit", "swap", 1, "--member", street.first[0], "--member", street.first[7])["version"] == 5
    run("edit", "leader", 1, "--group", "G3", "--member", street.second[0])
    assert run("copy", 1, "--name", "备选")["plan"] == 2
    first, second = run("compare", 1, 2)
    assert first["scores"] == second["scores"]
    diff = run("diff", "1@0", "1")
    assert {row["name"] for row in diff["moved"]} == {"一0", "一3", "一7"}
    assert run("rerun", 1)["is_same"] is True
    assert run("submit", 1)["state"] == "review"
    assert run("send-back", 1, "--reason", "再看看")["state"] == "draft"
    run("submit", 1)
    assert run("decide", 1, "--on", "2020-01-02")["decided_on"] == "2020-01-02"
    assert run("report", 1)["state"] == "reported"
    assert run("publish", 1)["state"] == "published"
    assert run("start", 1)["state"] == "running"
    document = run("show", 1)
    assert [event["kind"] for event in document["events"]][-2:] == ["published", "started"]
    assert document["plan"]["status"] == "edited"
    assert run("stop", 1, "--reason", "回迁完成")["state"] == "stopped"
    assert run("discard", 2)["discarded"] is True


FAULTS: list[tuple[tuple[object, ...], str]] = [
    (("show", 9), "没有编号为 9 的方案"),
    (("edit", "move", 1, "--member", 1), "请二选一"),
    (("edit", "swap", 1, "--member", 1), "两名党员"),
    (("edit", "place", 1, "--group", "G1", "--place", "H99"), "没有可用的活动地点"),
    (("edit", "merge", 1, "--group", "G1", "--group", "G3"), "不同支部"),
    (("edit", "split", 1, "--group", "G7", "--member", 1, "--place", "H1"), "没有小组 G7"),
    (("undo", 1), "没有可以撤销"),
    (("undo", 1, "--version", 7), "现在是第 1 版"),
    (("diff", "1@x", "1"), "不是方案编号"),
    (("publish", 1), "说明原因"),
    (("decide", 1, "--on", "明天"), "年-月-日"),
    (("stop", 1, "--reason", "x"), "不能停止"),
    (("rename", 1, "--name", " "), "方案名称"),
    (("refresh", 1), "最新数据"),
    (("repair", 1, "--seconds", 2), "方案不变"),
]


def test_faults_are_said_in_chinese(run: Callable[..., Any]):
    for arguments, words in FAULTS:
        assert words in run(*arguments, code=1)["error"], arguments
