"""党员中心户 from application to end, and joint bodies, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from gis.errors import DeniedError, GisError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.bodies import BodyKind, BodyRole
from gis.model.enums import HostStatus, MemberStatus, OrgKind, PositionSource, Precision
from gis.model.organisation import PartyOrg
from gis.model.people import Residence
from gis.model.territory import Division
from gis.services.bodies import BodyForm, SeatForm, add_body, add_seat, end_body, end_seat, list_bodies
from gis.services.host_checks import STEPS, HostStep
from gis.services.host_life import Stop, end_host, resume_host, set_capacity, sign_agreement, suspend_host, take_step
from gis.services.hosts import HostForm, HostLine, apply_host, list_hosts
from gis.store.writers.groups import NewGroup, NewRun, NewSeat
from tests.integration.tiny_street import CLERK, TinyStreet, at, person

if TYPE_CHECKING:
    from gis.model.ids import HostId, MemberId, OrgId
    from gis.store.database import Store


class Street(TinyStreet):
    """The tiny street with members who may apply, one probationary, and a village elsewhere."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        with store.writing(CLERK, Action.IMPORT_DATA) as writer:
            (self.village,) = [org.id for org in writer.orgs() if org.name == "东风村党总支" and org.id is not None]
            (self.hill,) = writer.save_orgs([PartyOrg(None, "青山村党总支", OrgKind.GENERAL_BRANCH)])
            (self.foreign,) = writer.save_orgs([PartyOrg(None, "青山支部", OrgKind.BRANCH, parent_id=self.hill)])
            home = Residence("青禾路400号", Precision.BUILDING, PositionSource.CONFIRMED, 1.0, shape=at(400))
            self.fit, self.young, self.stranger = writer.save_members(
                [
                    person("户一", self.branch, 400, residence=home),
                    person("户二", self.branch, 400, residence=home, member_status=MemberStatus.PROBATIONARY),
                    person("山一", self.foreign, 400, residence=home),
                ]
            )

    def line(self, host: HostId) -> HostLine:
        return next(line for line in list_hosts(CLERK, self.store) if line.host.id == host)

    def approved(self, member: MemberId | None = None) -> HostId:
        host = apply_host(CLERK, self.store, HostForm(member or self.fit, 12, date(2025, 1, 1)))
        for n, step in enumerate(STEPS[1:], 2):
            take_step(CLERK, self.store, host, step, date(2025, 1, n), self.line(host).host.version)
        return host


@pytest.fixture
def street(store: Store) -> Street:
    return Street(store)


def _actor(role: Role, root: OrgId) -> Actor:
    return Actor("x", role, scope_for(role, frozenset({root})))


def test_four_steps_in_order_make_a_host(street: Street):
    host = apply_host(CLERK, street.store, HostForm(street.fit, 12, date(2025, 1, 10)))
    assert street.line(host).next_step is HostStep.RECOMMENDED
    with pytest.raises(InputError, match="先登记党员推荐"):
        take_step(CLERK, street.store, host, HostStep.APPROVED, date(2025, 2, 1), 1)
    with pytest.raises(InputError, match="不早于个人报名"):
        take_step(CLERK, street.store, host, HostStep.RECOMMENDED, date(2025, 1, 9), 1)
    for n, step in enumerate(STEPS[1:]):
        version = street.line(host).host.version
        status = take_step(CLERK, street.store, host, step, date(2025, 1, 10), version)
        assert status is (HostStatus.APPROVED if n == 2 else HostStatus.PROPOSED)
    after = street.line(host)
    assert after.next_step is None
    assert after.faults == ("没有签订中心户协议的日期", "没有指定负责人")
    with pytest.raises(InputError, match="不早于支部审定"):
        sign_agreement(CLERK, street.store, host, date(2025, 1, 9), after.host.version)
    sign_agreement(CLERK, street.store, host, date(2025, 1, 12), after.host.version)
    assert (street.line(host).faults, street.line(host).responsible) == ((), "户一")


def test_a_day_ahead_or_a_stale_version_is_refused(street: Street):
    tomorrow = street.store.today() + timedelta(days=1)
    with pytest.raises(InputError, match="今天之后"):
        apply_host(CLERK, street.store, HostForm(street.fit, 12, tomorrow))
    host = apply_host(CLERK, street.store, HostForm(street.fit, 12))
    today = street.store.today()
    take_step(CLERK, street.store, host, HostStep.RECOMMENDED, today, 1)
    with pytest.raises(StaleError):
        take_step(CLERK, street.store, host, HostStep.GROUP_PROPOSED, today, 1)


def test_only_a_full_member_with_a_known_home_applies_and_once(street: Street):
    for member, words in ((street.young, "正式党员"), (street.members[6], "没有定位")):
        with pytest.raises(InputError, match=words):
            apply_host(CLERK, street.store, HostForm(member, 12))
    apply_host(CLERK, street.store, HostForm(street.fit, 12))
    with pytest.raises(InputError, match="不必重复"):
        apply_host(CLERK, street.store, HostForm(street.fit, 12))


@pytest.mark.parametrize(("seats", "why"), [(15, ""), (16, "客厅大")])
def test_more_seats_than_usual_ask_for_a_reason(street: Street, seats: int, why: str):
    if why:
        with pytest.raises(InputError, match="理由"):
            apply_host(CLERK, street.store, HostForm(street.fit, seats))
    host = apply_host(CLERK, street.store, HostForm(street.fit, seats, reason=why))
    assert street.line(host).host.capacity_reason == why
    assert street.line(host).faults == ()
    set_capacity(CLERK, street.store, host, 10, street.line(host).host.version)
    assert street.line(host).host.capacity_reason == ""


def test_groups_that_meet_there_are_named_before_a_stop(street: Street):
    host = street.approved()
    with street.store.writing(CLERK, Action.ADOPT_GROUPS) as writer:
        run = writer.add_run(NewRun({}, 1, "s", "ok", 0.0, 0.0))
        seats = tuple(NewSeat(one, 10.0, "") for one in street.members[:3])
        writer.found_groups(run, [NewGroup(street.branch, "禾小组", street.members[0], host, None, seats)])
    today, version = street.store.today(), street.line(host).host.version
    for attempt in (
        lambda: suspend_host(CLERK, street.store, host, Stop(today), version),
        lambda: end_host(CLERK, street.store, host, Stop(today, "迁居"), version),
    ):
        with pytest.raises(InputError, match="新的活动地点") as refused:
            attempt()
        assert [str(fault) for fault in refused.value.faults] == ["禾小组（3 人）"]
    suspend_host(CLERK, street.store, host, Stop(today, groups_settled=True), version)
    assert street.line(host).host.status is HostStatus.SUSPENDED


def test_suspended_resumed_ended(street: Street):
    host, today = street.approved(), street.store.today()
    suspend_host(CLERK, street.store, host, Stop(today), street.line(host).host.version)
    resume_host(CLERK, street.store, host, street.line(host).host.version)
    with pytest.raises(InputError, match="没有暂停"):
        resume_host(CLERK, street.store, host, street.line(host).host.version)
    with pytest.raises(InputError, match="撤销原因"):
        end_host(CLERK, street.store, host, Stop(today), street.line(host).host.version)
    end_host(CLERK, street.store, host, Stop(today, "户主迁居"), street.line(host).host.version)
    after = street.line(host).host
    assert (after.status, after.ended_on, after.ended_reason) == (HostStatus.ENDED, today, "户主迁居")
    again = apply_host(CLERK, street.store, HostForm(street.fit, 12))
    assert again != host


def test_hosts_are_for_the_own_branches(street: Street):
    host = street.approved()
    own, other = _actor(Role.BRANCH_SECRETARY, street.branch), _actor(Role.BRANCH_SECRETARY, street.foreign)
    assert host in {line.host.id for line in list_hosts(own, street.store)}
    assert list_hosts(other, street.store) == ()
    today = street.store.today()
    for attempt in (
        lambda: suspend_host(other, street.store, host, Stop(today), 4),
        lambda: apply_host(other, street.store, HostForm(street.fit, 5)),
        lambda: set_capacity(other, street.store, host, 5, 4),
    ):
        with pytest.raises(GisError):
            attempt()
    with pytest.raises(DeniedError):
        suspend_host(_actor(Role.GROUP_LEADER, street.branch), street.store, host, Stop(today), 4)


def test_an_alliance_joins_organisations_of_several_towns(street: Street):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_divisions([Division(None, "990402002000", "青禾街道")])
    body = add_body(CLERK, street.store, BodyForm("青禾联盟", BodyKind.ALLIANCE, street.village, date(2025, 1, 1)))
    add_seat(CLERK, street.store, body, SeatForm(org_id=street.hill))
    add_seat(CLERK, street.store, body, SeatForm(name="稻花厂党支部", town="白苹镇", role=BodyRole.SECRETARY))
    (line,) = list_bodies(CLERK, street.store)
    assert [(one.name, one.is_outside) for one in line.seats] == [
        ("东风村党总支", False),
        ("青山村党总支", False),
        ("稻花厂党支部", True),
    ]
    assert "白苹镇" in line.towns
    seat = line.seats[2].seat
    end_seat(CLERK, street.store, seat.id, seat.version)  # type: ignore[arg-type]  # saved
    with pytest.raises(InputError, match="不能退出"):
        end_seat(CLERK, street.store, line.seats[0].seat.id, 1)  # type: ignore[arg-type]  # saved
    end_body(CLERK, street.store, body, line.body.version)
    assert list_bodies(CLERK, street.store) == ()
    (old,) = list_bodies(CLERK, street.store, with_ended=True)
    assert all(one.seat.valid_to is not None for one in old.seats)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (SeatForm(), "指明一个成员"),
        (SeatForm(name="甲厂党支部"), "所属镇"),
        (SeatForm(name="甲厂党支部", town="镇", role=BodyRole.LEAD), "已有牵头"),
        (SeatForm(name="甲厂党支部", town="镇", valid_from=date(2999, 1, 1)), "今天之后"),
    ],
)
def test_what_is_no_member_of_a_body_is_refused(street: Street, form: SeatForm, words: str):
    body = add_body(CLERK, street.store, BodyForm("青禾联盟", BodyKind.ALLIANCE, street.village))
    with pytest.raises(InputError, match=words):
        add_seat(CLERK, street.store, body, form)


def test_people_join_activity_groups_only_and_are_seen_by_their_own(street: Street):
    alliance = add_body(CLERK, street.store, BodyForm("青禾联盟", BodyKind.ALLIANCE, street.village))
    group = add_body(CLERK, street.store, BodyForm("志愿组", BodyKind.ACTIVITY_GROUP, street.village))
    with pytest.raises(InputError, match="只参加活动小组"):
        add_seat(CLERK, street.store, alliance, SeatForm(member_id=street.fit))
    add_seat(CLERK, street.store, group, SeatForm(member_id=street.fit))
    add_seat(CLERK, street.store, group, SeatForm(member_id=street.stranger))

    def seen(actor: Actor) -> set[str]:
        return {one.name for line in list_bodies(actor, street.store) for one in line.seats if one.seat.member_id}

    assert seen(CLERK) == {"户一", "山一"}
    assert seen(_actor(Role.BRANCH_SECRETARY, street.branch)) == {"户一"}
    assert seen(_actor(Role.STREET_LEADER, street.branch)) == set()


def test_a_body_is_managed_by_who_leads_it(street: Street):
    own, other = _actor(Role.VILLAGE_SECRETARY, street.village), _actor(Role.VILLAGE_SECRETARY, street.hill)
    body = add_body(own, street.store, BodyForm("青禾联盟", BodyKind.ALLIANCE, street.village))
    for attempt in (
        lambda: add_seat(other, street.store, body, SeatForm(org_id=street.hill)),
        lambda: end_body(other, street.store, body, 1),
        lambda: add_body(other, street.store, BodyForm("混", BodyKind.ALLIANCE, street.village)),
    ):
        with pytest.raises(DeniedError):
            attempt()
    with pytest.raises(InputError, match="已有联合体"):
        add_body(other, street.store, BodyForm("青禾联盟", BodyKind.ALLIANCE, street.hill))
    with pytest.raises(NotFoundError):
        end_body(own, street.store, 999, 1)  # type: ignore[arg-type]  # a number that is none
