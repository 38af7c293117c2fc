"""`jiujin visits record | results | conflicts | settle | served`: one JSON document, one sentence for a fault."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from gis.cli.main import app
from gis.store.database import Store
from tests.integration.visit_street import FIRST, VisitStreet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def street(sqlite_url: str) -> Iterator[VisitStreet]:
    with closing(Store.open(sqlite_url)) as store:
        yield VisitStreet(store)


def run(street: VisitStreet, *words: str, code: int = 0) -> Any:
    url = street.store.engine.url.render_as_string(hide_password=False)
    done = CliRunner().invoke(app, ["visits", *words, "--db", url, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def figures(found: Any) -> list[object]:
    return [found[name] for name in ("applied", "accepted", "same", "conflict", "refused")]


def test_a_result_from_the_desk_its_correction_and_a_conflict(street: VisitStreet):
    number = str(street.round_id)
    words = ("record", number, "--member", "禾一", "--result", "见面", "--on", FIRST.isoformat(), "--key", "k1")
    first = run(street, *words)
    assert (first["state"], first["same"], first["message"]) == ("accepted", False, "已登记")
    assert run(street, *words)["same"] is True
    other = ("record", number, "--member", str(street.members[0]), "--result", "不在", "--on", FIRST.isoformat())
    waiting = run(street, *other)
    assert waiting["state"] == "conflict"
    (conflict,) = run(street, "conflicts", number)["conflicts"]
    assert (conflict["name"], conflict["accepted"]["result"], conflict["other"]["result"]) == (
        "禾一",
        "met",
        "not_home",
    )
    assert conflict["other"]["result_id"] == waiting["result_id"]
    assert "--accept" in run(street, "settle", str(waiting["result_id"]), code=1)["error"]
    assert run(street, "settle", str(waiting["result_id"]), "--accept")["accepted"] is True
    assert run(street, "conflicts")["conflicts"] == []
    back = run(street, *words[:-2], "--correct", "--note", "第二次见到")
    assert back["message"] == "已更正，原来是“不在”"
    run(street, "record", number, "--member", "禾二", "--result", "已迁", "--on", FIRST.isoformat())
    assert [one["name"] for one in run(street, "conflicts")["moved"]] == ["禾二"]


def test_the_months_figure(street: VisitStreet):
    run(street, "record", str(street.round_id), "--member", "禾一", "--result", "met", "--on", FIRST.isoformat())
    found = run(street, "served", "--month", f"{FIRST:%Y-%m}")
    assert (found["denominator"], found["served"], found["ways"]["上门送学"]) == (7, 1, 1)
    assert [(one["denominator"], one["served"]) for one in found["branches"]] == [(7, 1)]
    assert len(found["unserved"]) == 6


def test_a_file_is_tried_then_recorded_and_then_known(street: VisitStreet, tmp_path: Path):
    lines = [
        {"key": f"f{place}", "target": target, "result": "met", "on": FIRST.isoformat(), "by": "禾走访"}
        for place, target in enumerate(street.targets[:3])
    ]
    document = {"format": "jiujin-visit-results", "version": 1, "sheet": street.sheet(), "results": lines}
    file = tmp_path / "结果.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert figures(run(street, "results", str(file))) == [False, 3, 0, 0, 0]
    assert figures(run(street, "results", str(file))) == [False, 3, 0, 0, 0]
    assert figures(run(street, "results", str(file), "--apply")) == [True, 3, 0, 0, 0]
    assert figures(run(street, "results", str(file), "--apply")) == [True, 0, 3, 0, 0]
    own = tmp_path / "改.json"
    changed = {**lines[1], "key": "h1", "result": "not_home", "replaces": ["f1"]}
    own.write_text(json.dumps({**document, "results": [changed]}), encoding="utf-8")
    assert figures(run(street, "results", str(own), "--apply")) == [True, 1, 0, 0, 0]  # corrected, no conflict
    assert figures(run(street, "results", str(file), "--apply")) == [True, 0, 3, 0, 0]  # and it stays so
    lines[0] |= {"key": "g0", "result": "moved"}
    lines.append({**lines[1], "key": "g1", "target": 9999})
    file.write_text(json.dumps(document), encoding="utf-8")
    assert figures(run(street, "results", str(file), "--apply", code=1)) == [True, 0, 2, 1, 1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("record", "1", "--member", "无名", "--result", "见面"), "没有“无名”"),
        (("record", "99", "--member", "禾一", "--result", "见面"), "99"),
        (("record", "1", "--member", "禾一", "--result", "高兴"), "可选：见面"),
        (("record", "1", "--member", "禾一", "--result", "见面", "--on", "昨天"), "昨天"),
        (("record", "1", "--member", "禾一", "--result", "见面", "--on", "2999-01-01"), "还没有到"),
        (("results", "没有.json"), "打不开"),
        (("settle", "77", "--dismiss"), "77"),
        (("served", "--month", "十一月"), "无法识别"),
    ],
)
def test_a_fault_is_said_in_a_sentence(street: VisitStreet, words: tuple[str, ...], said: str):
    assert said in run(street, *words, code=1)["error"]
