"""Organisations from founding to abolition, on both databases: nothing that hangs on one is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.enums import GroupStatus, OrgKind, OrgStatus
from gis.model.organisation import PartyOrg
from gis.model.territory import Division
from gis.services.org_edit import OrgForm, add_org, edit_org, form_of, org_named
from gis.services.org_life import Decision, abolish, hand_over, history_of, obstacles_of, resume, wind_down
from gis.services.org_tree import directory, org_card, org_tree
from gis.store.schema import AffiliationRow, GroupMembershipRow, GroupRow
from gis.store.writers.groups import NewGroup, NewRun, NewSeat
from tests.integration.tiny_street import CLERK, TinyStreet

if TYPE_CHECKING:
    from gis.model.ids import OrgId
    from gis.store.database import Store


@pytest.fixture
def street(store: Store) -> TinyStreet:
    return TinyStreet(store)


def _org(street: TinyStreet, org_id: OrgId) -> PartyOrg:
    with street.store.reading(CLERK.scope) as reader:
        return next(org for org in reader.orgs() if org.id == org_id)


def _decision(street: TinyStreet, note: str = "") -> Decision:
    return Decision("青禾街道党工委", street.store.today(), note)


def _secretary(*roots: OrgId) -> Actor:
    return Actor("书记", Role.VILLAGE_SECRETARY, scope_for(Role.VILLAGE_SECRETARY, frozenset(roots)))


def _village(street: TinyStreet) -> OrgId:
    found = _org(street, street.branch).parent_id
    assert found is not None
    return found


def _wind_down(street: TinyStreet) -> None:
    version = _org(street, street.branch).version
    wind_down(CLERK, street.store, street.branch, _decision(street), successor_id=street.other, version=version)


def _group(street: TinyStreet) -> int:
    with street.store.writing(CLERK, Action.ADOPT_GROUPS) as writer:
        run = writer.add_run(NewRun({}, 1, "s", "ok", 0.0, 0.0))
        seats = tuple(NewSeat(one, 10.0, "") for one in street.members[:3])
        (group,) = writer.found_groups(
            run, [NewGroup(street.branch, "东风一支部小组", street.members[0], street.near, None, seats)]
        )
    return group


def test_an_organisation_with_everything_goes_to_its_successor_and_is_abolished(street: TinyStreet):
    group = _group(street)
    _wind_down(street)
    found = obstacles_of(CLERK, street.store, street.branch).obstacles
    assert [text.split("还")[0] for text in found] == ["7 名党员的组织关系", "1 个党小组", "2 户党员中心户"]
    with pytest.raises(InputError, match="还不能撤销") as refused:
        abolish(CLERK, street.store, street.branch, _decision(street), version=_org(street, street.branch).version)
    assert len(refused.value.faults) == 3
    moved = hand_over(
        CLERK, street.store, street.branch, _decision(street), version=_org(street, street.branch).version
    )
    assert (moved["members"], moved["groups"], moved["hosts"]) == (7, 1, 2)
    left = abolish(CLERK, street.store, street.branch, _decision(street), version=_org(street, street.branch).version)
    assert left == ()
    after = _org(street, street.branch)
    assert (after.status, after.successor_id, after.valid_to) == (
        OrgStatus.ABOLISHED,
        street.other,
        street.store.today(),
    )
    with street.store.reading(CLERK.scope) as reader:
        assert {member.branch_id for member in reader.members()} == {street.other}
        (one,) = reader.groups_in_force()
        assert (one.id, one.branch_id, len(one.seats)) == (group, street.other, 3)
        assert {host.branch_id for host in reader.hosts()} == {street.other}
    with Session(street.store.engine) as session:
        rows = session.scalars(select(AffiliationRow).where(AffiliationRow.member_id == street.members[0])).all()
        assert [(row.org_id, row.valid_to is None) for row in rows] == [(street.branch, False), (street.other, True)]
    kinds = [line.what for line in history_of(CLERK, street.store, street.branch).lines]
    assert kinds == ["开始撤并", "整建制转出", "撤销"]
    assert [line.what for line in history_of(CLERK, street.store, street.other).lines] == ["整建制转入"]


def test_an_abolished_organisation_is_not_in_the_tree_but_can_be_asked_for(street: TinyStreet):
    _wind_down(street)
    hand_over(CLERK, street.store, street.branch, _decision(street), version=_org(street, street.branch).version)
    abolish(CLERK, street.store, street.branch, _decision(street), version=_org(street, street.branch).version)
    tree = org_tree(CLERK, street.store)
    assert (tree.left_out, "东风一支部" in {line.name for line in tree.lines}) == (1, False)
    assert "东风一支部" in {line.name for line in org_tree(CLERK, street.store, with_abolished=True).lines}
    with pytest.raises(InputError, match="不能再改"):
        edit_org(
            CLERK,
            street.store,
            street.branch,
            replace(form_of(_org(street, street.branch)), code="X"),
            _org(street, street.branch).version,
        )


def test_winding_down_can_be_stopped(street: TinyStreet):
    _wind_down(street)
    resume(CLERK, street.store, street.branch, _decision(street), version=_org(street, street.branch).version)
    after = _org(street, street.branch)
    assert (after.status, after.successor_id) == (OrgStatus.ACTIVE, None)
    with pytest.raises(InputError, match="不在撤并中"):
        hand_over(CLERK, street.store, street.branch, _decision(street), version=after.version)


def test_a_decision_needs_an_approver_and_a_day_that_has_come(street: TinyStreet):
    version = _org(street, street.branch).version
    today = street.store.today()
    for decision in (Decision("  ", today), Decision("街道党工委", today + timedelta(days=1))):
        with pytest.raises(InputError, match="批准"):
            wind_down(CLERK, street.store, street.branch, decision, successor_id=street.other, version=version)


def test_the_successor_must_go_on_and_hold_members(street: TinyStreet):
    version = _org(street, street.branch).version
    for wrong, words in ((street.branch, "另选一个"), (999, "另选一个")):
        with pytest.raises(InputError, match=words):
            wind_down(
                CLERK,
                street.store,
                street.branch,
                _decision(street),
                successor_id=wrong,  # type: ignore[arg-type]  # a number that is none
                version=version,
            )
    wind_down(CLERK, street.store, street.branch, _decision(street), successor_id=_village(street), version=version)
    with pytest.raises(InputError, match="请选一个支部"):
        hand_over(CLERK, street.store, street.branch, _decision(street), version=_org(street, street.branch).version)


def test_an_organisation_cannot_be_continued_by_one_below_it(street: TinyStreet):
    village = _village(street)
    with pytest.raises(InputError, match="之下"):
        wind_down(
            CLERK,
            street.store,
            village,
            _decision(street),
            successor_id=street.branch,
            version=_org(street, village).version,
        )


def test_a_village_secretary_manages_only_the_own_subtree(street: TinyStreet):
    with street.store.writing(CLERK, Action.MANAGE_ORGS) as writer:
        (foreign,) = writer.save_orgs([PartyOrg(None, "青山村党总支", OrgKind.GENERAL_BRANCH)])
    secretary = _secretary(_village(street))
    add_org(secretary, street.store, OrgForm("东风三支部", OrgKind.BRANCH, _village(street)))
    with pytest.raises(DeniedError, match="青山村党总支"):
        add_org(secretary, street.store, OrgForm("混入支部", OrgKind.BRANCH, foreign))
    with pytest.raises(DeniedError, match="最上一级"):
        add_org(secretary, street.store, OrgForm("另立党委", OrgKind.COMMITTEE))
    with pytest.raises(DeniedError):
        edit_org(secretary, street.store, foreign, OrgForm("改名", OrgKind.GENERAL_BRANCH), 1)
    with pytest.raises(DeniedError):
        wind_down(
            secretary,
            street.store,
            street.branch,
            _decision(street),
            successor_id=foreign,
            version=_org(street, street.branch).version,
        )
    with pytest.raises(DeniedError):
        edit_org(
            secretary, street.store, street.branch, replace(form_of(_org(street, street.branch)), parent_id=foreign), 1
        )
    line = next(line for line in org_tree(secretary, street.store).lines if line.id == foreign)
    assert (line.members, line.is_mine) == (None, False)


@pytest.mark.parametrize("role", [Role.BRANCH_SECRETARY, Role.GROUP_LEADER, Role.STREET_LEADER, Role.SYS_ADMIN])
def test_others_look_but_do_not_change(street: TinyStreet, role: Role):
    actor = Actor("x", role, scope_for(role, frozenset({street.branch})))
    assert org_tree(actor, street.store).lines
    assert directory(actor, street.store)
    with pytest.raises(DeniedError):
        add_org(actor, street.store, OrgForm("新支部", OrgKind.BRANCH, _village(street)))


def test_an_edit_keeps_history_and_refuses_a_stale_version(street: TinyStreet):
    before = _org(street, street.branch)
    form = replace(form_of(before), office_phone="0000-5550101", term_ends_on=date(2029, 6, 30))
    assert edit_org(CLERK, street.store, street.branch, form, before.version)
    assert not edit_org(CLERK, street.store, street.branch, form, before.version)
    with pytest.raises(StaleError):
        edit_org(CLERK, street.store, street.branch, replace(form, code="DF1"), before.version)
    (line,) = history_of(CLERK, street.store, street.branch).lines
    assert line.what == "变更"
    assert "办公电话：未填 → 0000-5550101" in line.note
    card = org_card(CLERK, street.store, street.branch)
    assert (card.phone, card.phone_of) == ("0000-5550101", "东风一支部")
    assert org_named(CLERK, street.store, "东风一支部").id == street.branch
    with pytest.raises(NotFoundError):
        org_named(CLERK, street.store, "没有的")


def test_the_directory_gives_the_nearest_office(street: TinyStreet):
    village = _village(street)
    form = replace(form_of(_org(street, village)), office_phone="0000-5550100")
    edit_org(CLERK, street.store, village, form, _org(street, village).version)
    (line,) = [line for line in directory(CLERK, street.store) if line.org_id == street.branch]
    assert (line.phone, line.phone_of, line.above) == ("0000-5550100", "东风村党总支", "东风村党总支")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "东风二支部"}, "已有组织"),
        ({"name": " "}, "名称"),
        ({"office_phone": "打我手机"}, "办公电话"),
        ({"committee_size": 0}, "1 到 50"),
        ({"kind": OrgKind.GENERAL_BRANCH}, "党员须在支部"),
        ({"kind": OrgKind.TEMPORARY_BRANCH}, "依托的机构"),
        ({"division_codes": ("999999999999",)}, "区划里没有"),
        ({"founded_on": date(2020, 1, 1), "term_ends_on": date(2019, 1, 1)}, "成立日期之后"),
    ],
)
def test_what_cannot_be_saved_is_said(street: TinyStreet, changes: dict[str, object], words: str):
    before = _org(street, street.branch)
    with pytest.raises(InputError, match=words):
        edit_org(CLERK, street.store, street.branch, replace(form_of(before), **changes), before.version)  # type: ignore[arg-type]


def test_a_question_is_answered_by_a_reason(street: TinyStreet):
    before = _org(street, street.branch)
    form = replace(form_of(before), committee_size=9)
    with pytest.raises(InputError, match="理由"):
        edit_org(CLERK, street.store, street.branch, form, before.version)
    assert edit_org(CLERK, street.store, street.branch, form, before.version, reason="换届前过渡")
    after = _org(street, street.branch)
    assert edit_org(CLERK, street.store, street.branch, replace(form, code="DF"), after.version)


def test_an_organisation_cannot_stand_below_itself_or_below_a_branch(street: TinyStreet):
    village = _village(street)
    with pytest.raises(InputError, match="支部之下只设党小组"):
        add_org(CLERK, street.store, OrgForm("三", OrgKind.BRANCH, street.branch))
    with street.store.writing(CLERK, Action.MANAGE_ORGS) as writer:
        (inner,) = writer.save_orgs([PartyOrg(None, "内总支", OrgKind.GENERAL_BRANCH, parent_id=village)])
    with pytest.raises(InputError, match="在本组织之下"):
        edit_org(CLERK, street.store, village, replace(form_of(_org(street, village)), parent_id=inner), 1)


def test_the_ground_of_an_abolished_organisation_goes_to_its_successor(street: TinyStreet):
    with street.store.writing(CLERK, Action.MANAGE_ORGS) as writer:
        writer.save_divisions([Division(None, "990402002001", "东风村")])
        village = next(org for org in writer.orgs() if org.id == _village(street))
        (target,) = writer.save_orgs([PartyOrg(None, "新社区党委", OrgKind.COMMITTEE)])
        writer.save_orgs([replace(village, division_codes=("990402002001",))])
    number = _village(street)
    wind_down(CLERK, street.store, number, _decision(street), successor_id=target, version=_org(street, number).version)
    hand_over(CLERK, street.store, number, _decision(street), version=_org(street, number).version)
    abolish(CLERK, street.store, number, _decision(street), version=_org(street, number).version)
    assert _org(street, target).division_codes == ("990402002001",)
    assert _org(street, number).division_codes == ()
    assert _org(street, street.branch).parent_id == target
    ((name, first, last),) = history_of(CLERK, street.store, number).coverage
    assert (name, first is not None, last is not None) == ("东风村", True, True)


def test_closed_groups_and_old_seats_stay_with_the_old_branch(street: TinyStreet):
    group = _group(street)
    with street.store.writing(CLERK, Action.ADOPT_GROUPS) as writer:
        writer.close_groups([street.branch])
    _wind_down(street)
    hand_over(CLERK, street.store, street.branch, _decision(street), version=_org(street, street.branch).version)
    with Session(street.store.engine) as session:
        row = session.get(GroupRow, group)
        assert row is not None
        assert (row.branch_id, row.status) == (street.branch, GroupStatus.CLOSED)
        assert len(session.scalars(select(GroupMembershipRow).where(GroupMembershipRow.group_id == group)).all()) == 3
