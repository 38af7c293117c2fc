"""Study modes through the services, on both databases: measured, proposed, decided, and out of others' sight."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis.cli.main import app
from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.contact import Employment
from gis.model.enums import (
    GroupKind,
    GroupRole,
    GroupStatus,
    MembershipStatus,
    MobilityLevel,
    OrgKind,
    Precision,
    Preference,
    SeatSource,
    VenueKind,
)
from gis.model.ids import MemberId, OrgId
from gis.model.modes import Flip, ModeRule, StudyMode
from gis.model.organisation import PartyOrg
from gis.model.people import Residence, Transition
from gis.model.plan import GroupingRequest
from gis.model.territory import Venue
from gis.services.adopting import adopt_groups
from gis.services.grouping import propose_groups
from gis.services.modes import (
    ModeLine,
    ModeOverride,
    ModePick,
    accept_modes,
    list_modes,
    mode_history,
    override_mode,
    propose_modes,
    warnings_for,
)
from gis.services.sample.street import SampleRequest, sample_street
from gis.services.settings import SettingChange, change_settings
from gis.services.travel import travel_burden
from gis.store.schema import AuditRow, CardRow, GroupMembershipRow, GroupRow, MemberRow
from tests.integration.tiny_street import CLERK, TinyStreet, at, person

if TYPE_CHECKING:
    from gis.store.database import Store

GROUP, HOME = StudyMode.DELIVER_STUDY_GROUP, StudyMode.DELIVER_STUDY_HOME
BACK, ONLINE = StudyMode.ATTEND_HOME_BRANCH, StudyMode.ONLINE_STUDY


@pytest.fixture
def street(store: Store) -> TinyStreet:
    """Give the tiny street with the old branch's base at 900 m."""
    street = TinyStreet(store)
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        village = next(org.id for org in writer.orgs() if org.name == "东风村党总支")
        writer.save_venues([Venue(None, "东风村老办公楼", VenueKind.HOME_BRANCH_BASE, 60, at(900), org_id=village)])
    return street


def lines(street: TinyStreet, actor: Actor = CLERK) -> dict[str, ModeLine]:
    return {one.name: one for one in propose_modes(actor, street.store).lines}


def change(street: TinyStreet, member_id: MemberId, **values: Any) -> None:
    """Change columns of a member's row, as another screen would."""
    with street.store.writing(CLERK, Action.SET_CONDITIONS) as writer:
        row = writer.session.get_one(MemberRow, member_id)
        for name, value in values.items():
            setattr(row, name, value)


def set_card(street: TinyStreet, member_id: MemberId, **values: Any) -> None:
    with street.store.writing(CLERK, Action.EDIT_CARDS) as writer:
        row = writer.session.scalar(select(CardRow).where(CardRow.member_id == member_id))
        if row is None:
            row = CardRow(member_id=member_id, card_no=f"T{member_id}", issued_on=date(2026, 1, 1))
            writer.session.add(row)
        for name, value in values.items():
            setattr(row, name, value)


def test_ways_are_measured_along_the_road(street: TinyStreet):
    facts = {name: one.proposal.facts for name, one in lines(street).items()}
    assert (facts["禾一"].return_walk_m, facts["禾四"].return_walk_m) == (900, 1100)
    assert facts["禾一"].group_walk_m == 100  # the near host
    assert facts["禾六"].step_free_walk_m == 1380  # the near host has steps
    assert facts["禾七"].return_walk_m is None
    assert lines(street)["禾一"].travel.place == "东风村老办公楼"


def test_the_circle_holds_as_many_as_a_new_group_needs(street: TinyStreet):
    facts = {name: one.proposal.facts for name, one in lines(street).items()}
    assert facts["禾一"].circle_m == 150  # 禾六 at 120 and 禾二 at 150; 禾五 wishes to go back
    assert facts["禾三"].circle_m == 180  # 禾二 150 away, 禾六 180
    assert facts["禾四"].circle_m == 1850  # 禾三 1700 away, 禾二 1850
    change_settings(CLERK, street.store, [SettingChange("new_group_members", 4)])
    assert lines(street)["禾一"].proposal.facts.circle_m == 300


def test_each_member_gets_a_mode_with_its_reason(street: TinyStreet):
    found = {name: (one.proposal.rule, one.proposal.mode) for name, one in lines(street).items()}
    assert found == {
        "禾一": (ModeRule.JOIN_GROUP, GROUP),
        "禾二": (ModeRule.JOIN_GROUP, GROUP),
        "禾三": (ModeRule.JOIN_GROUP, GROUP),
        "禾四": (ModeRule.JOIN_GROUP, GROUP),
        "禾五": (ModeRule.PREFERENCE, BACK),
        "禾六": (ModeRule.NEW_GROUP, GROUP),
        "禾七": (ModeRule.HOME_VISIT, HOME),
    }
    assert "住址还没有核定，到“定位”页核定" in lines(street)["禾七"].warnings


def test_a_changed_flip_changes_the_mode_as_announced(street: TinyStreet):
    """Every flip that an office can bring about by itself is tried in the database, and taken back."""
    for number, mobility in zip(street.members, (MobilityLevel.FREE, None) * 3, strict=False):
        change(street, number, mobility_level=mobility)
    set_card(street, street.members[6], can_use_smartphone=True)
    tried = 0
    for line in lines(street).values():
        for flip in line.proposal.flips:
            if flip.fact in SETTERS:
                bring_about(street, line.member_id, flip)
                now = propose_modes(CLERK, street.store, member_id=line.member_id).lines[0]
                assert now.proposal.mode is flip.mode, flip
                take_back(street, line, flip)
                tried += 1
    assert tried > 20
    assert {name: one.proposal.mode for name, one in lines(street).items()}["禾五"] is BACK


SETTERS = {"preference", "mobility", "age", "max_walk_m", "is_suspended", "can_use_smartphone"}


def bring_about(street: TinyStreet, member_id: MemberId, flip: Flip) -> None:
    _set_fact(street, member_id, flip.fact, flip.after)


def take_back(street: TinyStreet, line: ModeLine, flip: Flip) -> None:
    _set_fact(street, line.member_id, flip.fact, flip.before)


def _set_fact(street: TinyStreet, member_id: MemberId, fact: str, value: Any) -> None:
    if fact == "can_use_smartphone":
        set_card(street, member_id, can_use_smartphone=value)
    elif fact == "age":
        year = street.store.clock().year
        change(street, member_id, birth_ym="" if value is None else f"{year - value}-01")
    elif fact == "is_suspended":
        change(street, member_id, membership_status=MembershipStatus.SUSPENDED if value else MembershipStatus.NORMAL)
    else:
        column = {"mobility": "mobility_level"}.get(fact, fact)
        change(street, member_id, **{column: value})


def test_a_group_in_force_keeps_its_members_and_fills_up(street: TinyStreet):
    adopt_groups(CLERK, street.store, propose_groups(CLERK, street.store, GroupingRequest(seconds=10)))
    seated = [one for one in lines(street).values() if one.group]
    assert {one.name for one in seated} >= {"禾一", "禾二", "禾三"}
    assert all(one.proposal.facts.has_group for one in seated)
    assert {one.proposal.rule for one in seated} == {ModeRule.JOIN_GROUP}


def test_a_full_host_is_no_place_to_join(street: TinyStreet):
    change_settings(CLERK, street.store, [SettingChange("host_capacity", 3)])
    adopt_groups(CLERK, street.store, propose_groups(CLERK, street.store, GroupingRequest(seconds=10)))
    late = person("禾八", street.branch, 0)
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (number,) = writer.save_members([late])
    line = propose_modes(CLERK, street.store, member_id=number).lines[0]
    assert line.proposal.facts.group_walk_m in (None, 1500)
    assert line.proposal.rule is not ModeRule.JOIN_GROUP


def test_without_roads_ways_are_estimated_and_say_so(store: Store):
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (branch,) = writer.save_orgs([PartyOrg(None, "东风支部", OrgKind.BRANCH)])
        writer.save_venues([Venue(None, "老办公楼", VenueKind.HOME_BRANCH_BASE, 60, at(1000), org_id=branch)])
        writer.save_members([person("禾一", branch, 0)])
    travel = propose_modes(CLERK, store).lines[0].travel
    assert (travel.walk_m, travel.is_estimated) == (1300, True)  # straight × 1.3


def test_an_empty_street_has_nothing_to_propose(store: Store):
    assert propose_modes(CLERK, store).lines == ()
    assert travel_burden(CLERK, store).lines == ()


def test_a_branch_without_a_base_says_that_the_way_is_unknown(store: Store):
    street = TinyStreet(store)
    line = lines(street)["禾一"]
    assert line.travel.unknown_why.startswith("原支部阵地没有登记位置")
    assert line.proposal.facts.return_walk_m is None


def pick(line: ModeLine) -> ModePick:
    return ModePick(line.member_id, line.proposal.mode, line.based_on)


def test_accepting_keeps_facts_and_trace_and_changes_nothing_twice(street: TinyStreet):
    found = lines(street)
    assert accept_modes(CLERK, street.store, [pick(one) for one in found.values()]) == 7
    assert accept_modes(CLERK, street.store, [pick(one) for one in lines(street).values()]) == 0
    (kept,) = mode_history(CLERK, street.store, found["禾五"].member_id)
    assert (kept.mode, kept.proposed, kept.rule, kept.is_override, kept.decided_by) == (
        BACK,
        BACK,
        "preference",
        False,
        CLERK.name,
    )
    facts = kept.trace["facts"]
    assert isinstance(facts, dict)
    assert facts["return_walk_m"] == 700
    assert len(list_modes(CLERK, street.store)) == 7


def test_an_override_needs_a_reason_and_the_history_is_dated(street: TinyStreet):
    line = lines(street)["禾一"]
    accept_modes(CLERK, street.store, [pick(line)])
    now = lines(street)["禾一"]
    with pytest.raises(InputError, match="请写明理由"):
        override_mode(CLERK, street.store, ModeOverride(line.member_id, HOME, "　", now.based_on))
    with pytest.raises(InputError, match="至多 200 字"):
        override_mode(CLERK, street.store, ModeOverride(line.member_id, HOME, "长" * 201, now.based_on))
    later = street.store.clock() + timedelta(days=30)
    street.store.clock = lambda: later
    override_mode(CLERK, street.store, ModeOverride(line.member_id, HOME, "本人近期要照顾家人", now.based_on))
    first, second = mode_history(CLERK, street.store, line.member_id)
    assert first.valid_to == second.valid_from == street.store.today()
    assert (second.mode, second.proposed, second.is_override, second.valid_to) == (HOME, GROUP, True, None)
    assert lines(street)["禾一"].decision == second


def test_a_decision_on_what_is_no_longer_so_is_refused(street: TinyStreet):
    line = lines(street)["禾一"]
    change(street, line.member_id, mobility_level=MobilityLevel.CANNOT_LEAVE)
    with pytest.raises(StaleError, match="上门送学（入户）"):
        accept_modes(CLERK, street.store, [pick(line)])
    assert list_modes(CLERK, street.store) == ()


def test_the_second_of_two_who_decide_is_told(street: TinyStreet):
    line = lines(street)["禾一"]
    accept_modes(CLERK, street.store, [pick(line)])
    with pytest.raises(StaleError, match="他人确定"):
        override_mode(CLERK, street.store, ModeOverride(line.member_id, HOME, "想在家学", line.based_on))


def test_one_stale_pick_undoes_all(street: TinyStreet):
    found = lines(street)
    accept_modes(CLERK, street.store, [pick(found["禾一"])])
    other = replace(pick(found["禾二"]))
    wrong = replace(pick(found["禾一"]), based_on=0)
    override_mode(CLERK, street.store, ModeOverride(found["禾一"].member_id, HOME, "想在家学"))
    with pytest.raises(StaleError):
        accept_modes(CLERK, street.store, [other, wrong])
    assert found["禾二"].member_id not in {one.member_id for _, one in list_modes(CLERK, street.store)}


def test_warnings_speak_of_an_unsafe_trip(street: TinyStreet):
    line = lines(street)["禾五"]
    change(street, line.member_id, birth_ym="1930-01")
    assert lines(street)["禾五"].proposal.mode is BACK  # the wish wins
    assert any(one.startswith("不宜单独往返原支部：") for one in lines(street)["禾五"].warnings)
    set_card(street, line.member_id, can_use_smartphone=False)
    assert warnings_for(CLERK, street.store, line.member_id, ONLINE) == (
        "本人意愿是“愿回原支部”：须与本人商定，意愿变了先改意愿",
        "不会用智能手机：不能只靠网络，另须安排小组或上门",
    )


def test_eighty_and_over_are_always_asked(street: TinyStreet):
    number = street.members[0]
    change(street, number, birth_ym="1940-01")
    assert "80 岁以上：先问本人意愿，再确定" in lines(street)["禾一"].warnings
    change(street, number, preference=Preference.GROUP)
    assert "80 岁以上：先问本人意愿，再确定" not in lines(street)["禾一"].warnings


def test_the_burden_names_who_should_not_go_alone(street: TinyStreet):
    change(street, street.members[1], birth_ym="1940-01")
    found = {one.name: one for one in travel_burden(CLERK, street.store).lines}
    assert found["禾六"].reasons == ("需要搀扶",)
    assert found["禾二"].reasons == (f"{found['禾二'].age} 岁（80 岁起）",)
    assert found["禾一"].reasons == ()
    assert "行动能力未核定" in found["禾一"].to_clear_up
    assert (found["禾一"].travel.walk_m, found["禾一"].travel.walk_min, found["禾一"].travel.ride_min) == (900, 17, 13)


def test_work_and_smartphone_come_from_the_card(street: TinyStreet):
    set_card(street, street.members[0], can_use_smartphone=True, employment=Employment.EMPLOYED)
    facts = lines(street)["禾一"].proposal.facts
    assert (facts.can_use_smartphone, facts.is_working) == (True, True)


def test_whose_data_are_restricted_is_left_alone(street: TinyStreet):
    change(street, street.members[1], restricted_on=date(2026, 1, 1))
    found = lines(street)
    assert "禾二" not in found
    assert found["禾一"].proposal.facts.circle_m == 300  # 禾二 is nobody's fellow
    with pytest.raises(InputError, match="限制使用"):
        propose_modes(CLERK, street.store, member_id=street.members[1])


def test_a_seat_in_another_branchs_group_counts_for_its_own_secretary_too(street: TinyStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (guest,) = writer.save_members([person("客一", street.other, 50)])
        leader = street.members[0]
        group = GroupRow(
            branch_id=street.branch,
            name="混编组",
            kind=GroupKind.TRANSITION,
            status=GroupStatus.CONFIRMED,
            leader_member_id=leader,
            host_id=street.near,
            valid_from=date(2026, 1, 1),
        )
        writer.session.add(group)
        writer.session.flush()
        writer.session.add(
            GroupMembershipRow(
                group_id=group.id,
                member_id=guest,
                role=GroupRole.MEMBER,
                source=SeatSource.MANUAL,
                valid_from=date(2026, 1, 1),
            )
        )
    (line,) = propose_modes(actor(Role.BRANCH_SECRETARY, street.other), street.store).lines
    assert (line.group, line.proposal.rule) == ("混编组", ModeRule.JOIN_GROUP)


def test_the_sample_street_has_decided_for_some_and_never_against_a_wish(sqlite_store: Store):
    sample_street(CLERK, sqlite_store, SampleRequest(seed=3, members=400))
    sheet = propose_modes(CLERK, sqlite_store)
    decided = [one.decision for one in sheet.lines if one.decision]
    assert 0.4 < len(decided) / len(sheet.lines) < 0.8
    assert all(one.reason for one in decided if one.is_override)
    assert not any(one.is_override for one in decided if one.rule == ModeRule.PREFERENCE)


def actor(role: Role, *orgs: OrgId) -> Actor:
    return Actor(f"u-{role.value}", role, scope_for(role, frozenset(orgs)))


def test_another_branch_sees_and_decides_nothing(street: TinyStreet):
    accept_modes(CLERK, street.store, [pick(one) for one in lines(street).values()])
    other = actor(Role.BRANCH_SECRETARY, street.other)
    number = street.members[0]
    assert propose_modes(other, street.store).lines == ()
    assert list_modes(other, street.store) == ()
    assert travel_burden(other, street.store).lines == ()
    with pytest.raises(DeniedError):
        propose_modes(other, street.store, [street.branch])
    with pytest.raises(NotFoundError):
        propose_modes(other, street.store, member_id=number)
    with pytest.raises(NotFoundError):
        mode_history(other, street.store, number)
    with pytest.raises(NotFoundError):
        override_mode(other, street.store, ModeOverride(number, HOME, "不归我管"))
    with street.store.reading(other.scope) as reader:
        assert reader.study_modes() == {}
        assert reader.study_mode_history(number) == ()
        assert reader.card_abilities() == {}


@pytest.mark.parametrize(
    "role", [one for one in Role if one not in (Role.STREET_CLERK, Role.VILLAGE_SECRETARY, Role.BRANCH_SECRETARY)]
)
def test_roles_without_the_right_get_a_reason(sqlite_store: Store, role: Role):
    with pytest.raises(DeniedError):
        propose_modes(actor(role, OrgId(1)), sqlite_store)
    with pytest.raises(DeniedError):
        travel_burden(actor(role, OrgId(1)), sqlite_store)
    with sqlite_store.reading(scope_for(role, frozenset({OrgId(1)}))) as reader:
        assert reader.study_modes() == {}


def test_who_moved_back_or_left_is_not_proposed(street: TinyStreet):
    change(street, street.members[0], left_on=date(2026, 1, 1))
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([person("回迁", street.branch, 10, transition=None), person("新来", street.branch, 10)])
    assert "禾一" not in lines(street)
    assert "回迁" not in lines(street)
    assert lines(street)["新来"].proposal.mode is GROUP


def test_the_audit_names_nobody(street: TinyStreet):
    found = lines(street)
    accept_modes(CLERK, street.store, [pick(one) for one in found.values()], "会上逐人商定")
    with Session(street.store.engine) as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert last is not None
    assert last.summary == "接受 7 名党员的学习方式"
    assert not any(name in json.dumps(last.details, ensure_ascii=False) + last.summary for name in found)


def run(street: TinyStreet, *words: str, code: int = 0) -> Any:
    address = street.store.engine.url.render_as_string(hide_password=False)
    done = CliRunner().invoke(app, ["modes", *words, "--json", "--db", address])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_the_command_line_says_what_the_services_say(street: TinyStreet):
    told = run(street, "propose", "--street")["members"]
    assert [one["mode"] for one in told] == [one.proposal.mode.value for one in lines(street).values()]
    first = told[0]
    assert {"mode", "rule", "facts", "rejected", "flips", "warnings"} <= set(first)
    assert {"fact", "from", "to", "mode"} <= set(first["flips"][0])
    assert {"rule", "why"} <= set(first["rejected"][0])
    assert run(street, "accept", "--branch", "东风一支部") == {"changed": 7, "unchanged": 0}
    number = str(street.members[0])
    assert "写明理由" in run(street, "override", number, "--mode", "上门送学（入户）", code=1)["error"]
    said = run(street, "override", number, "--mode", "上门送学（入户）", "--reason", "本人要求")
    assert (said["mode"], said["proposed"]) == ("deliver_study_home", "deliver_study_group")
    assert [one["valid_to"] is None for one in run(street, "history", number)] == [False, True]
    assert len(run(street, "list")) == 7
    assert run(street, "burden")["advised_against"] == 1


def test_residence_known_to_the_estate_only_is_an_estimate(street: TinyStreet):
    home = Residence("青禾苑", Precision.ESTATE, shape=at(50))
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (number,) = writer.save_members(
            [
                person(
                    "禾九",
                    street.branch,
                    50,
                    residence=home,
                    transition=Transition(),
                    mobility_level=MobilityLevel.FREE,
                )
            ]
        )
    line = propose_modes(CLERK, street.store, member_id=number).lines[0]
    assert line.travel.is_estimated
    assert line.proposal.rule is ModeRule.RETURN_HOME
    assert any("路程是估算" in one for one in line.warnings)
