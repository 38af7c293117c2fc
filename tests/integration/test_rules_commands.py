"""`jiujin rules` and `jiujin lost` at the command line: what they print, what they refuse, who may confirm."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from gis.cli.main import app
from gis.model.access import Action, Role
from gis.model.contact import ContactChannel
from gis.services.accounts import SYSTEM, NewAccount, add_account
from gis.store.schema import ContactLogRow
from tests.integration.tiny_street import CLERK, TinyStreet

if TYPE_CHECKING:
    from gis.store.database import Store

PASSWORD = "Kuaile-2026-xx"


@pytest.fixture
def street(sqlite_store: Store, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> TinyStreet:
    monkeypatch.setenv("JIUJIN_DATABASE_URL", sqlite_url)
    made = TinyStreet(sqlite_store)
    with sqlite_store.writing(CLERK, Action.LOG_CONTACTS) as writer:
        writer.session.add(
            ContactLogRow(
                member_id=made.members[0],
                on_day=date(2020, 1, 1),
                channel=ContactChannel.PHONE,
                by_name="书记",
                is_reached=True,
            )
        )
    for name in ("zhibu", "cun"):
        add_account(SYSTEM, sqlite_store, NewAccount(name, name, Role.BRANCH_SECRETARY, (made.branch,)), PASSWORD)
    return made


def run(*words: str, given: str = "", code: int = 0) -> Any:
    done = CliRunner().invoke(app, [*words, "--json"], input=given)
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_check_lists_rule_level_subject_and_source(street: TinyStreet):
    document = run("rules", "check")
    (found,) = [one for one in document["violations"] if one["rule"] == "R15"]
    assert found["level"] == "warn"
    assert found["subject"] == {"kind": "member", "id": street.members[0], "name": "禾一"}
    assert "wzsrmyy.com" in found["source"]
    assert document["totals"]["warn"] == sum(one["warn"] for one in document["counts"])
    only = run("rules", "check", "--rule", "R15", "--level", "须说明")
    assert {one["rule"] for one in only["violations"]} == {"R15"}
    assert only["totals"] == document["totals"]


def test_check_of_one_organisation(street: TinyStreet):
    document = run("rules", "check", "--org", "东风二支部")
    assert {one["org"] for one in document["counts"]} == {"东风二支部"}
    assert "没有组织" in run("rules", "check", "--org", "无此支部", code=1)["error"]
    assert "没有级别" in run("rules", "check", "--level", "严重", code=1)["error"]


def test_a_note_is_kept(street: TinyStreet):
    subject = f"member:{street.members[0]}"
    assert "须写明理由" in run("rules", "note", "R15", subject, code=1)["error"]
    assert run("rules", "note", "R15", subject, "--reason", "随子女在外地，逢年过节回来")["noted"] == 1
    (found,) = run("rules", "check", "--rule", "R15")["violations"]
    assert found["settled"]
    assert found["note"]["reason"] == "随子女在外地，逢年过节回来"
    assert "没有违反" in run("rules", "note", "R01", "group:1", code=1)["error"]


def test_all_rules_are_listed_with_what_they_cannot_see():
    found = run("rules", "list")
    assert [one["id"] for one in found] == [f"R{number:02d}" for number in range(1, 22)]
    assert all(one["cannot_see"] and one["source"] and one["confidence"] for one in found)


def test_two_accounts_are_needed_with_their_passwords(street: TinyStreet):
    member = str(street.members[0])
    case = str(run("lost", "search", member, "--last-on", "2026-01-01", "--tried", "电话三次、上门两次")["id"])
    words = ("lost", "propose", case, "--code", "6", "--tried", "询问亲属和原邻居", "--password-stdin")
    assert "口令不正确" in run(*words, "--as", "zhibu", given="wrong\n", code=1)["error"]
    run(*words, "--as", "zhibu", given=PASSWORD + "\n")
    confirm = ("lost", "confirm", case, "--password-stdin")
    assert "另一名" in run(*confirm, "--as", "zhibu", given=PASSWORD + "\n", code=1)["error"]
    run(*confirm, "--as", "cun", given=PASSWORD + "\n")
    (found,) = run("lost", "list")
    assert (found["stage"], found["proposed_by"], found["confirmed_by"]) == ("confirmed", "zhibu", "cun")
    assert found["reached_on"] == "2020-01-01"
    run("lost", "close", case, "--found", "--reason", "本人来电，已联系上")
    assert run("lost", "list") == []
    (closed,) = run("lost", "list", "--closed")
    assert [step["by"] for step in closed["events"]] == ["命令行", "zhibu", "cun", "命令行"]


def test_what_the_command_line_refuses(street: TinyStreet):
    member = str(street.members[0])
    words = ("lost", "search", member, "--tried", "电话三次、上门两次", "--last-on")
    assert "还有到会或联系上" in run(*words, "2019-01-01", code=1)["error"]
    assert "日期依据" in run(*words, "2026-01-01", "--basis", "guess", code=1)["error"]
    case = str(run(*words, "2026-01-01")["id"])
    wrong = ("lost", "propose", case, "--code", "9", "--tried", "询问亲属", "--as", "zhibu", "--password-stdin")
    assert "6 居住地改变" in run(*wrong, given=PASSWORD + "\n", code=1)["error"]
    assert "没有编号 99" in run("lost", "close", "99", "--withdraw", "--reason", "登记错了人", code=1)["error"]
