"""组织生活 on both databases: plan, invite from the right side, record, fixed days, calendar file, papers."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Role
from gis.model.enums import (
    GroupKind,
    GroupRole,
    GroupStatus,
    MembershipStatus,
    OrgKind,
    OrgStatus,
    Preference,
    SeatSource,
)
from gis.model.ids import GroupId, SessionId, VenueId
from gis.model.meetings import (
    AffairType,
    AttendanceState,
    Holiday,
    SessionFormat,
    SessionKind,
    Side,
)
from gis.model.papers import PaperFormat
from gis.services.calendar import save_holidays
from gis.services.fixed_days import FixedDaysRequest, plan_fixed_days, propose_fixed_days
from gis.services.invitations import Occasion, propose_invitation
from gis.services.session_ics import sessions_ics
from gis.services.session_papers import SessionPaper, session_paper
from gis.services.session_views import SessionQuery, list_sessions, open_session, plan_choices
from gis.services.sessions import (
    SessionPlan,
    SessionRecord,
    cancel_session,
    change_session,
    invite_session,
    plan_session,
    record_guests,
    record_session,
)
from gis.services.settings import SettingChange, change_settings
from gis.store.schema import GroupMembershipRow, GroupRow
from tests.fixtures.stores import open_store
from tests.integration.dual_street import CLERK, DualStreet, home
from tests.integration.test_dual import agree

if TYPE_CHECKING:
    from gis.services.invitations import Invitation
    from gis.store.database import Store

TODAY = date(2026, 3, 2)
CAME, ABSENT, EXCUSED, LATER = (
    AttendanceState.ATTENDED,
    AttendanceState.ABSENT,
    AttendanceState.EXCUSED,
    AttendanceState.SERVED_LATER,
)


@pytest.fixture
def street(store: Store) -> DualStreet:
    """Give the small street on 2 March 2026."""
    store.clock = lambda: datetime(2026, 3, 2, 4)  # noqa: DTZ001  # as stored
    return DualStreet(store)


def planned(street: DualStreet, org: str = "东风", **changes: object) -> SessionPlan:
    """Return a plan of an assembly on 1 March."""
    plan = SessionPlan(
        org_id=street.orgs[org],
        kind=SessionKind.BRANCH_ASSEMBLY,
        affair=AffairType.VILLAGE_MAJOR_DECISION,
        planned_at=datetime(2026, 3, 1, 14),  # noqa: DTZ001  # local
        theme="讨论道路整修",
    )
    return replace(plan, **changes)  # type: ignore[arg-type]  # fields by name


def asked(street: DualStreet, org: str, kind: SessionKind, affair: AffairType) -> Invitation:
    """Return who is invited."""
    return propose_invitation(CLERK, street.store, Occasion(street.orgs[org], kind, affair))


def names(found: Invitation) -> str:
    """Return the names in one word."""
    return "".join(one.name for one in found.invitees)


def test_the_affair_decides_which_side_invites(street: DualStreet):
    decision = asked(street, "东风", SessionKind.OTHER, AffairType.VILLAGE_MAJOR_DECISION)
    assert (decision.side, names(decision)) == (Side.RELATION, "甲乙丙丁戊己")
    activity = asked(street, "新苑", SessionKind.SERVICE_DAY, AffairType.COMMUNITY_ACTIVITY)
    assert (activity.side, names(activity)) == (Side.RESIDENCE, "乙戊庚辛")
    study = asked(street, "东风", SessionKind.STUDY_DAY, AffairType.DAILY_STUDY)
    assert (study.side, names(study)) == (Side.RESIDENCE, "甲丙丁")  # 丙 lives outside, of 丁 nobody knows


def test_an_assembly_is_the_relation_s_whatever_it_is_about(street: DualStreet):
    found = asked(street, "东风一", SessionKind.BRANCH_ASSEMBLY, AffairType.DAILY_STUDY)
    assert (found.side, names(found)) == (Side.RELATION, "甲乙丙丁")


def test_who_wishes_to_go_back_studies_at_the_old_branch(street: DualStreet):
    with street.store.writing(CLERK, Action.SET_CONDITIONS) as writer:
        (member,) = [one for one in writer.members() if one.name == "乙"]
        writer.save_members([replace(member, preference=Preference.HOME_BRANCH, residence=None)])
    assert names(asked(street, "东风一", SessionKind.STUDY_DAY, AffairType.DAILY_STUDY)) == "甲乙丙丁"
    assert names(asked(street, "新苑", SessionKind.STUDY_DAY, AffairType.DAILY_STUDY)) == "戊庚辛"


def test_votes_and_how_many_must_come(street: DualStreet):
    found = asked(street, "东风", SessionKind.BRANCH_ASSEMBLY, AffairType.VILLAGE_MAJOR_DECISION)
    assert {one.name: one.has_vote for one in found.invitees} == dict.fromkeys("甲乙丙丁戊", True) | {"己": False}
    assert next(one.no_vote for one in found.invitees if one.name == "己") == "预备党员没有表决权（R19）"
    assert found.quorum is not None
    assert (found.quorum.votes, found.quorum.needed) == (5, 3)
    election = asked(street, "东风", SessionKind.BRANCH_ASSEMBLY, AffairType.ELECTION)
    assert election.quorum is not None
    assert election.quorum.needed == 4
    study = asked(street, "东风", SessionKind.STUDY_DAY, AffairType.DAILY_STUDY)
    assert study.quorum is None


def test_who_is_suspended_has_no_vote(street: DualStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (member,) = [one for one in writer.members() if one.name == "甲"]
        writer.save_members([replace(member, membership_status=MembershipStatus.SUSPENDED, residence=None)])
    found = asked(street, "东风", SessionKind.BRANCH_ASSEMBLY, AffairType.VILLAGE_MAJOR_DECISION)
    assert found.quorum is not None
    assert found.quorum.votes == 4
    assert found.invitees[0].no_vote == "已停止党籍"


def test_a_committee_is_who_has_a_post(street: DualStreet):
    assert names(asked(street, "东风一", SessionKind.COMMITTEE_MEETING, AffairType.DAILY_STUDY)) == "甲"


def test_telephones_are_masked(street: DualStreet):
    found = asked(street, "东风", SessionKind.BRANCH_ASSEMBLY, AffairType.ELECTION)
    assert {one.phone for one in found.invitees} == {"130****0001"}


def test_the_residence_side_counts_whom_it_does_not_know(street: DualStreet):
    occasion = Occasion(street.orgs["新苑"], SessionKind.STUDY_DAY, AffairType.DAILY_STUDY)
    secretary = street.actor(Role.VILLAGE_SECRETARY, "新苑")
    found = propose_invitation(secretary, street.store, occasion)
    assert (names(found), found.unnamed) == ("辛", 3)
    agree(street, "乙", "新苑")
    found = propose_invitation(secretary, street.store, occasion)
    assert (names(found), found.unnamed) == ("乙辛", None)
    assert found.invitees[0].phone == ""


def test_the_own_branch_sees_the_invitation_passes_it_on_and_records(street: DualStreet):
    store, host = street.store, street.actor(Role.VILLAGE_SECRETARY, "新苑")
    plan = planned(street, "新苑", kind=SessionKind.STUDY_DAY, affair=AffairType.DAILY_STUDY)
    number = plan_session(host, store, plan)
    assert [one.name for one in open_session(host, store, number).attendees] == ["辛"]
    branch = street.actor(Role.BRANCH_SECRETARY, "东风一")
    (line,) = list_sessions(branch, store, SessionQuery())
    assert (line.is_guest, line.count.invited) == (True, 1)
    sheet = open_session(branch, store, number)
    assert [one.name for one in sheet.attendees] == ["乙"]
    assert record_guests(branch, store, number, {street.members["乙"]: CAME}) == 1
    counts = open_session(host, store, number).line.count
    assert (counts.invited, counts.attended) == (4, 1)
    with pytest.raises(InputError, match="不在这次的通知名单"):
        record_guests(branch, store, number, {street.members["庚"]: CAME})
    with pytest.raises(NotFoundError):
        record_session(branch, store, number, SessionRecord(TODAY, "", {}))
    with pytest.raises(NotFoundError):
        open_session(branch, store, SessionId(99))


def test_a_session_from_plan_to_record(street: DualStreet):
    store, who = street.store, street.members
    number = plan_session(CLERK, store, planned(street))
    (line,) = list_sessions(CLERK, store, SessionQuery())
    assert line.missing == ("计划安排", "形式", "责任人")
    assert line.complete == 1
    states = {who["甲"]: CAME, who["乙"]: CAME, who["丙"]: ABSENT, who["丁"]: EXCUSED, who["戊"]: CAME, who["己"]: CAME}
    record_session(CLERK, store, number, SessionRecord(date(2026, 3, 1), "同意整修", states))
    sheet = open_session(CLERK, store, number)
    assert (sheet.line.count.attended, sheet.line.count.votes, sheet.line.count.votes_present) == (4, 5, 3)
    assert sheet.line.session.record == "同意整修"
    record_session(CLERK, store, number, SessionRecord(date(2026, 3, 1), "同意整修", {who["丙"]: LATER}))
    assert open_session(CLERK, store, number).line.count.states[LATER] == 1
    with store.reading(CLERK.scope) as reader:
        last = reader.last_attended()
    assert set(last) == {who[name] for name in "甲乙丙戊己"}
    assert set(last.values()) == {date(2026, 3, 1)}


def test_a_full_record_has_all_five(street: DualStreet):
    plan = planned(street, plan="会前通知", format=SessionFormat.MEETING, responsible="支部书记")
    number = plan_session(CLERK, street.store, plan)
    record_session(CLERK, street.store, number, SessionRecord(date(2026, 3, 1), "记录", {street.members["甲"]: CAME}))
    line = open_session(CLERK, street.store, number).line
    assert (line.missing, line.complete) == ((), 5)


def test_the_list_follows_who_moves_and_keeps_who_came(street: DualStreet):
    store, who = street.store, street.members
    plan = planned(street, "新苑", kind=SessionKind.SERVICE_DAY, affair=AffairType.COMMUNITY_ACTIVITY)
    number = plan_session(CLERK, store, plan)
    record_session(CLERK, store, number, SessionRecord(date(2026, 3, 1), "", {who["乙"]: CAME}))
    with store.writing(CLERK, Action.MOVE_MEMBERS) as writer:
        for name, place in (("乙", "东风"), ("戊", "东风"), ("甲", "新苑")):
            there = home(place, street.grids)
            assert there is not None
            writer.move(who[name], replace(there, address=f"{place}新址"))
    done = invite_session(CLERK, store, number)
    assert (done.invited, done.added, done.removed) == (3, 1, 1)
    left = {one.name: one.state for one in open_session(CLERK, store, number).attendees}
    assert left == dict.fromkeys("甲庚辛", AttendanceState.INVITED) | {"乙": CAME}


def test_a_cancelled_session_stays_in_the_register(street: DualStreet):
    number = plan_session(CLERK, street.store, planned(street))
    cancel_session(CLERK, street.store, number)
    assert list_sessions(CLERK, street.store, SessionQuery()) == ()
    (line,) = list_sessions(CLERK, street.store, SessionQuery(with_cancelled=True))
    assert line.session.cancelled_on == TODAY
    with pytest.raises(InputError, match="已取消"):
        record_session(CLERK, street.store, number, SessionRecord(TODAY, "", {}))
    with pytest.raises(InputError, match="不再通知"):
        invite_session(CLERK, street.store, number)


def test_what_was_held_is_not_cancelled_nor_planned_anew(street: DualStreet):
    number = plan_session(CLERK, street.store, planned(street))
    record_session(CLERK, street.store, number, SessionRecord(TODAY, "", {street.members["甲"]: CAME}))
    with pytest.raises(InputError):
        cancel_session(CLERK, street.store, number)
    with pytest.raises(InputError):
        change_session(CLERK, street.store, number, planned(street), 2)


def test_a_plan_changed_by_two_is_refused_to_the_second(street: DualStreet):
    number = plan_session(CLERK, street.store, planned(street))
    change_session(CLERK, street.store, number, planned(street, theme="一"), 1)
    with pytest.raises(StaleError):
        change_session(CLERK, street.store, number, planned(street, theme="二"), 1)
    with pytest.raises(StaleError):
        record_session(CLERK, street.store, number, SessionRecord(TODAY, "", {street.members["甲"]: CAME}), 1)


def test_a_day_to_come_is_not_recorded(street: DualStreet):
    number = plan_session(CLERK, street.store, planned(street))
    with pytest.raises(InputError, match="还没有到"):
        record_session(CLERK, street.store, number, SessionRecord(date(2026, 3, 3), "", {}))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"theme": " "}, "请写主题"),
        ({"theme": "字" * 201}, "201 个字"),
        ({"planned_at": datetime(2206, 3, 1)}, "核对年份"),  # noqa: DTZ001  # local
        ({"kind": SessionKind.GROUP_MEETING}, "须选定"),
        ({"group_id": GroupId(1)}, "只有党小组会"),
        ({"venue_id": VenueId(77)}, "场所不存在"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(street: DualStreet, changes: dict[str, object], why: str):
    with pytest.raises(InputError, match=why):
        plan_session(CLERK, street.store, replace(planned(street), **changes))  # type: ignore[arg-type]  # by name
    assert list_sessions(CLERK, street.store, SessionQuery()) == ()


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"status": OrgStatus.ABOLISHED}, "已撤销"), ({"kind": OrgKind.TEMPORARY_BRANCH}, "临时党支部不组织选举")],
)
def test_some_organisations_hold_no_such_session(street: DualStreet, changes: dict[str, object], why: str):
    with street.store.writing(CLERK, Action.MANAGE_ORGS) as writer:
        (org,) = [one for one in writer.orgs() if one.name == "东风一"]
        writer.save_orgs([replace(org, **changes)])  # type: ignore[arg-type]  # fields by name
    with pytest.raises(InputError, match=why):
        plan_session(CLERK, street.store, planned(street, "东风一", affair=AffairType.ELECTION))


def test_nobody_plans_for_others(street: DualStreet):
    secretary = street.actor(Role.BRANCH_SECRETARY, "东风一")
    with pytest.raises(DeniedError):
        plan_session(secretary, street.store, planned(street, "东风二"))
    with pytest.raises(DeniedError):
        list_sessions(street.actor(Role.STREET_LEADER, ""), street.store, SessionQuery())


def found_group(street: DualStreet) -> GroupId:
    """Found a group of 乙 and 戊 at 东风一."""
    with street.store.writing(CLERK, Action.ADOPT_GROUPS) as writer:
        row = GroupRow(
            branch_id=street.orgs["东风一"],
            name="新苑小组",
            kind=GroupKind.ORDINARY,
            status=GroupStatus.CONFIRMED,
            valid_from=TODAY,
        )
        writer.session.add(row)
        writer.session.flush()
        for name in "乙丙":
            writer.session.add(
                GroupMembershipRow(
                    group_id=row.id,
                    member_id=street.members[name],
                    role=GroupRole.MEMBER,
                    source=SeatSource.MANUAL,
                    valid_from=TODAY,
                )
            )
        return GroupId(row.id)


def test_a_group_leader_holds_group_meetings_only(street: DualStreet):
    group, leader = found_group(street), street.actor(Role.GROUP_LEADER, "东风一")
    plan = planned(street, "东风一", kind=SessionKind.GROUP_MEETING, affair=AffairType.DAILY_STUDY, group_id=group)
    sheet = open_session(leader, street.store, plan_session(leader, street.store, plan))
    assert ([one.name for one in sheet.attendees], sheet.group) == (["乙", "丙"], "新苑小组")
    with pytest.raises(DeniedError, match="党小组会"):
        plan_session(leader, street.store, planned(street, "东风一"))
    assert plan_choices(leader, street.store).groups == {group: (street.orgs["东风一"], "新苑小组")}


def test_fixed_days_move_from_holidays_and_are_planned_once(street: DualStreet):
    table = [Holiday(date(2026, 5, 5), name="劳动节"), Holiday(date(2026, 9, 5), is_workday=True)]
    save_holidays(CLERK, street.store, table)
    kinds = (SessionKind.STUDY_DAY, SessionKind.SERVICE_DAY)
    request = FixedDaysRequest((street.orgs["新苑"], street.orgs["东风"]), 2026, kinds=kinds)
    found = plan_fixed_days(CLERK, street.store, request)
    days = {(one.kind, one.nominal.month): one.day for one in found.days}
    assert days[SessionKind.STUDY_DAY, 5] == date(2026, 5, 6)
    assert days[SessionKind.STUDY_DAY, 4] == date(2026, 4, 7 - 1)  # a Sunday
    assert days[SessionKind.STUDY_DAY, 9] == date(2026, 9, 5)  # a Saturday that is worked
    assert days[SessionKind.SERVICE_DAY, 7] == date(2026, 7, 27)
    assert len(found.new) == 48
    assert propose_fixed_days(CLERK, street.store, request).new == ()
    lines = list_sessions(CLERK, street.store, SessionQuery(kinds=("study_day",)))
    assert len(lines) == 24
    assert {one.count.invited for one in lines if one.org == "新苑党总支"} == {4}


def test_a_shift_never_leaves_the_month(street: DualStreet):
    change_settings(CLERK, street.store, [SettingChange("study_day", 31)])
    request = FixedDaysRequest((street.orgs["东风"],), 2026, months=(2, 5))
    days = [one.day for one in propose_fixed_days(CLERK, street.store, request).days]
    assert days == [date(2026, 2, 27), date(2026, 5, 29)]


def test_a_year_without_a_table_is_said(street: DualStreet):
    request = FixedDaysRequest((street.orgs["东风"],), 2027)
    assert propose_fixed_days(CLERK, street.store, request).years_unknown == (2027,)


def test_the_calendar_file_can_be_read_and_names_nobody(street: DualStreet):
    theme = "学习文件，讨论；安排\\走访, " + "很长的主题" * 20
    plan_session(CLERK, street.store, planned(street, theme=theme[:200], responsible="甲"))
    content = sessions_ics(CLERK, street.store, SessionQuery())
    assert content == sessions_ics(CLERK, street.store, SessionQuery())
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()  # no letter is cut in two
    unfolded = content.replace(b"\r\n ", b"").decode().split("\r\n")
    summary = next(line for line in unfolded if line.startswith("SUMMARY:"))
    plain = summary.removeprefix("SUMMARY:").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    assert plain == f"东风党总支：{theme[:200].strip()}"
    assert "DTSTART;TZID=Asia/Shanghai:20260301T140000" in unfolded
    assert "甲" not in content.decode()


@pytest.mark.parametrize("kind", list(SessionPaper))
@pytest.mark.parametrize("form", [PaperFormat.DOCX, PaperFormat.XLSX])
def test_papers_are_made_and_logged(street: DualStreet, kind: SessionPaper, form: PaperFormat):
    number = plan_session(CLERK, street.store, planned(street))
    made = session_paper(CLERK, street.store, number, kind, form)
    assert made.content[:2] == b"PK"
    with street.store.engine.connect() as connection:
        said = connection.scalar(text("select summary from audit_log order by id desc limit 1"))
    assert said == f"导出{kind.label}（{form.label}）"


def test_a_paper_without_anybody_is_refused(street: DualStreet):
    plan = planned(street, "西塘", kind=SessionKind.SERVICE_DAY, affair=AffairType.COMMUNITY_ACTIVITY)
    number = plan_session(CLERK, street.store, plan)
    secretary = street.actor(Role.VILLAGE_SECRETARY, "西塘")
    with pytest.raises(InputError, match="还没有人"):
        session_paper(secretary, street.store, number, SessionPaper.SIGN_IN, PaperFormat.DOCX)


def test_the_command_line_does_it_all(sqlite_url: str):
    from gis.cli.main import app  # noqa: PLC0415  # the command line imports the whole product

    with closing(open_store(sqlite_url)) as store:
        street = DualStreet(store)

    def run(*words: str) -> dict[str, object]:
        result = CliRunner().invoke(app, ["sessions", *words, "--json", "--db", sqlite_url])
        assert result.exit_code == 0, result.output
        found: dict[str, object] = json.loads(result.stdout)
        return found

    what = ("--org", "东风党总支", "--kind", "支部党员大会", "--affair", "换届选举")
    made = run("plan", *what, "--at", "2026-03-01 14:00", "--theme", "换届")
    assert (made["invited"], made["votes"], made["quorum"]["needed"]) == (6, 5, 4)  # type: ignore[index]  # a document
    number = str(made["id"])
    done = run("record", number, "--held-on", "2026-03-01", "--absent", str(street.members["甲"]), "--rest", "到会")
    assert done["states"] == {"invited": 0, "attended": 5, "excused": 0, "absent": 1, "served_later": 0}
    assert run("invite", number) == {"invited": 6, "added": 0, "removed": 0}
    assert run("show", number)["held_on"] == "2026-03-01"
    assert len(run("calendar", "--year", "2026", "--org", "东风党总支", "--apply")["days"]) == 12  # type: ignore[arg-type]
    assert len(run("list")) == 13
    wrong = ["plan", "--org", "东风党总支", "--kind", "茶话会", "--at", "2026-03-01", "--theme", "x"]
    for words in (wrong, ["show", "99"]):
        assert CliRunner().invoke(app, ["sessions", *words, "--db", sqlite_url]).exit_code == 1
