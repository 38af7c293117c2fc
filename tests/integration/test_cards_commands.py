"""`jiujin cards` and `jiujin survey`: one JSON document each, the same figures as the services, and faults in words."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from gis.cli.main import app
from gis.model.access import operator
from gis.services.cards import completeness
from gis.services.sample.street import SampleRequest, sample_street
from tests.fixtures.stores import open_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def url(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give a made-up street; the tests of this module add to it."""
    path = tmp_path_factory.mktemp("cards") / "jiujin.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with closing(open_store(f"sqlite:///{path}")) as store:
        sample_street(operator(), store, SampleRequest(seed=5, members=160))
    return f"sqlite:///{path}"


def run(url: str, *words: str, code: int = 0) -> Any:
    done = CliRunner().invoke(app, [*words, "--db", url, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_completeness_names_every_member_and_its_denominator(url: str):
    said = run(url, "cards", "completeness")
    with closing(open_store(url)) as store:
        ours = completeness(operator(), store)
    assert said["total"]["members"] == len(said["members"]) == len(ours) == said["total"]["with_card"]
    assert said["denominator"] == "返迁过渡期党员（组织关系在册）"
    assert len(said["as_of"]) == 10
    six = ("whereabouts", "contact", "housing", "requests", "employment", "family")
    for name in (*six, "complete"):
        assert said["total"][name] == sum(one[name] for one in said["members"])
        assert said["total"][name] == sum(one[name] for one in said["branches"])
    for one in said["members"]:
        assert one["clear"] == sum(one[name] for name in six)
        assert one["complete"] is (one["missing"] == [])
    lacking = run(url, "cards", "list", "--lacking", "家庭情况")
    assert len(lacking) == len(ours) - said["total"]["family"]


def test_a_card_is_found_shown_edited_and_printed(url: str, tmp_path: Path):
    name = run(url, "cards", "list")[0]["name"]
    found = [one for one in run(url, "cards", "search", name) if one["card"]]
    member = str(found[0]["member"])
    assert "****" in run(url, "cards", "show", member)["phone"]
    assert "****" not in run(url, "cards", "show", member, "--phones", "核实信息")["phone"]
    emergency = ("--emergency", "禾急,15400000001,子女")
    edited = run(url, "cards", "edit", member, "--employment", "务农", "--alone", *emergency, "--verify")
    assert (edited["employment"], edited["lives_alone"], edited["emergency"]["relation"]) == ("farmer", True, "child")
    assert edited["verified_on"]
    assert run(url, "cards", "edit", member, "--visit-window", "9:00至10:30")["visit_window"] == "9:00–10:30"
    household = run(url, "cards", "household", member, "--floor", "3", "--lift", "--housing", "租房")
    assert (household["floor"], household["lift"], household["housing"]) == (3, True, "rented")
    run(url, "cards", "contact", member, "--by", "禾联", "--channel", "上门")
    number = run(url, "cards", "request", member, "--category", "学习", "--text", "想换大字材料")["request"]
    assert number in [one["request"] for one in run(url, "cards", "requests")]
    done = ("--status", "已办结", "--result", "已换")
    assert run(url, "cards", "request", member, "--handle", str(number), *done)["status"] == "closed"
    run(url, "cards", "request", member, "--none")
    run(url, "cards", "person", member, "--side", "居住地一侧", "--name", "禾网格")
    shown = run(url, "cards", "show", member)
    assert shown["contacts"][0]["by"] == "禾联"
    assert "禾网格" in [one["name"] for one in shown["contact_persons"]]
    assert shown["six_clear"]["family"] is True
    files = run(
        url, "cards", "print", member, "--reason", "测试", "--format", "docx", "--size", "a5", "--out", str(tmp_path)
    )
    assert [name for name in files["files"] if name.endswith(".docx")] == files["files"]
    assert (tmp_path / files["files"][0].rpartition("/")[2]).stat().st_size > 10_000
    assert run(url, "cards", "issue") == {"issued": 0}


def test_a_survey_from_begin_to_end(url: str):
    before = len(run(url, "survey", "list"))
    made = run(url, "survey", "create", "冬季走访", "--due", "2099-01-01")
    survey, member = str(made["survey"]), str(made["targets"][0]["member"])
    assert made["total"]["open"] == made["total"]["targets"] == len(made["targets"])
    run(url, "survey", "assign", survey, "禾走访", member)
    assert run(url, "survey", "record", survey, member, "--result", "已核实", "--by", "禾走访")["verified"] == 1
    assert run(url, "survey", "show", survey)["targets"][0]["assignee"] == "禾走访"
    assert run(url, "survey", "close", survey)["closed_on"]
    assert len(run(url, "survey", "list")) == before + 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cards", "show", "999999"), "没有编号"),
        (("cards", "list", "--lacking", "思想状况"), "可选"),
        (("cards", "completeness", "--as-of", "昨天"), "年-月-日"),
        (("cards", "print", "--reason", "走访"), "没有选中"),
        (("survey", "show", "999"), "没有编号"),
        (("survey", "create", "走访", "--due", "2000-01-01"), "不能早于"),
        (("survey", "create", "走访", "--due", "2099-01-01", "--org", "没有的组织"), "没有组织"),
    ],
)
def test_a_fault_is_said_in_a_sentence(url: str, words: tuple[str, ...], said: str):
    assert said in run(url, *words, code=1)["error"]
