"""Attacks on the scopes, on SQLite and on PostgreSQL: who asks for what is not theirs gets nothing, and leaves a trace.

Two villages: 东风 with the two branches of `tiny_street`, 青山 with one branch that has nothing to do with it.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from gis.config import Settings
from gis.errors import BusyError, ConfigError, DeniedError, GisError, InputError, NotFoundError, SignInError, StaleError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.enums import OrgKind, Precision, VenueKind
from gis.model.ids import MemberId, OrgId, UserId
from gis.model.layers import LayerKind
from gis.model.organisation import PartyOrg
from gis.model.people import Residence
from gis.model.plan import GroupingRequest
from gis.model.territory import Building, Estate, Grid, HostHousehold, Venue
from gis.services import accounts, map_cards, map_layers, passwords
from gis.services.access import scope_digest
from gis.services.adopting import adopt_groups
from gis.services.group_card import group_card
from gis.services.grouping import propose_groups
from gis.services.groups_view import compare_with_force, list_groups
from gis.services.import_layers import apply_layers
from gis.services.import_log import list_batches
from gis.services.import_roster import RosterRequest, apply_roster, count_located
from gis.services.layer_report import LayerImportRequest
from gis.services.locating import confirm_candidate, list_unlocated, pin_position
from gis.services.plan_check import check_plan
from gis.services.plan_document import plan_document
from gis.services.plan_sheet import plan_workbook
from gis.store import database
from gis.store.database import Store
from gis.store.schema import AuditRow, DataVersionRow, GroupMembershipRow, GroupRow, ResidenceRow, SignInRow
from tests.integration.tiny_street import CLERK, TinyStreet, at, person

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gis.model.plan import GroupPlan

PASSWORD = "Qinghe-2026-x"  # of made-up accounts
SQUARE = shapely.to_wkb(shapely.box(119.979, 31.789, 120.01, 31.791))
SETTINGS = Settings()
STRANGER_NAME, STRANGER_PHONE = "山外人", "13000000007"


class TwoVillages(TinyStreet):
    """The tiny street and a second village on it, with a building where members of both live."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        with store.writing(CLERK, Action.IMPORT_DATA) as writer:
            (self.village,) = [org.id for org in writer.orgs() if org.name == "东风村党总支" and org.id is not None]
            (self.hill,) = writer.save_orgs([PartyOrg(None, "青山村党总支", OrgKind.GENERAL_BRANCH)])
            (self.foreign,) = writer.save_orgs(
                [PartyOrg(None, "青山支部", OrgKind.BRANCH, parent_id=self.hill)],
            )
            (self.grid,) = writer.save_grids([Grid(None, "320400000001001", "一网格", "320400000001", shape=SQUARE)])
            (estate,) = writer.save_estates([Estate(None, "青禾苑")])
            (self.building,) = writer.save_buildings(
                [Building(None, "青禾苑", "3", shape=at(400), estate_id=estate, grid_id=self.grid)]
            )
            home = Residence(
                "青禾苑3幢501室", building_id=self.building, grid_id=self.grid, shape=at(400), precision=Precision.QUEUE
            )
            people = [
                person(name, self.foreign, 400, residence=home, phone=STRANGER_PHONE, is_leader_eligible=True)
                for name in (STRANGER_NAME, "山二", "山三")
            ]
            self.strangers: list[MemberId] = writer.save_members(people)
            (self.stranger_host,) = writer.save_hosts(
                [
                    HostHousehold(
                        None, "山户", self.foreign, 12, at(400), "青禾苑3幢302室", building_id=self.building, floor=3
                    )
                ]
            )
            writer.save_venues([Venue(None, "青山活动室", next(iter(VenueKind)), 30, at(450), org_id=self.hill)])

    def actor(self, role: Role, *orgs: OrgId) -> Actor:
        return Actor(f"u-{role.value}", role, scope_for(role, frozenset(orgs)))

    @property
    def secretary(self) -> Actor:
        return self.actor(Role.BRANCH_SECRETARY, self.branch)

    def version_of(self, member: MemberId) -> int:
        with Session(self.store.engine) as session:
            query = select(ResidenceRow.version).where(ResidenceRow.member_id == member)
            return session.scalars(query).one()


@pytest.fixture
def two(store: Store) -> TwoVillages:
    return TwoVillages(store)


def _audits(store: Store) -> list[AuditRow]:
    with Session(store.engine) as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.id)))


def _plan(two: TwoVillages) -> GroupPlan:
    plan = propose_groups(CLERK, two.store, GroupingRequest(branch_ids=(two.branch,), seconds=2))
    assert plan.groups
    return plan


def test_a_secretary_reads_nothing_of_another_branch(two: TwoVillages):
    actor, store = two.secretary, two.store
    with store.reading(actor.scope) as reader:
        assert {member.branch_id for member in reader.members()} == {two.branch}
        assert reader.members([two.foreign]) == ()
        assert reader.residents(building_id=two.building) == ()
        assert reader.member_counts_by_grid().get(two.grid, 0) == 0
        assert reader.groups_in_force([two.foreign]) == ()
    assert map_layers.positions_of(actor, store, [two.foreign]) == {}
    seen = map_layers.people_on_map(actor, store)
    assert {mark.branch_id for mark in (*seen.marks, *seen.left_out)} == {two.branch}
    assert {one.branch for one in list_unlocated(actor, store)} <= {"东风一支部"}
    assert count_located(actor, store) != count_located(CLERK, store)
    assert map_cards.building_card(actor, store, two.building).members == ()
    assert map_cards.grid_card(actor, store, two.grid).members.total == 0
    with pytest.raises(DeniedError):
        propose_groups(actor, store, GroupingRequest(branch_ids=(two.branch, two.foreign)))
    with pytest.raises(DeniedError):
        list_batches(actor, store)


def test_a_host_elsewhere_is_a_building_with_seats(two: TwoVillages):
    card = map_cards.host_card(two.secretary, two.store, two.stranger_host)
    assert (card.host.name, card.host.address, card.host.member_id, card.host.floor) == ("", "", None, None)
    (host,) = map_cards.building_card(two.secretary, two.store, two.building).hosts
    assert (host.name, host.floor, host.capacity) == ("", None, 12)
    assert map_cards.host_card(CLERK, two.store, two.stranger_host).host.floor == 3
    plan = propose_groups(two.secretary, two.store, GroupingRequest(seconds=2))
    assert "山户" not in str(plan_document(plan))


@pytest.mark.parametrize("role", [Role.STREET_LEADER, Role.SYS_ADMIN, Role.VIEWER_BIG_SCREEN, Role.AUDIT_ADMIN])
def test_roles_that_count_get_no_person_and_no_plan(two: TwoVillages, role: Role):
    actor, store, plan = two.actor(role), two.store, _plan(two)
    adopt_groups(CLERK, store, plan)
    attempts: list[Callable[[], object]] = [
        lambda: map_layers.people_on_map(actor, store),
        lambda: map_layers.positions_of(actor, store, [two.branch]),
        lambda: list_unlocated(actor, store),
        lambda: count_located(actor, store),
        lambda: check_plan(actor, store, plan_document(plan)),
        lambda: plan_workbook(actor, store, plan),
        lambda: compare_with_force(actor, store, plan),
        lambda: propose_groups(actor, store, GroupingRequest()),
        lambda: adopt_groups(actor, store, plan),
    ]
    for attempt in attempts:
        with pytest.raises(DeniedError):
            attempt()
    with store.reading(actor.scope) as reader:
        assert not [*reader.members(), *reader.groups_in_force(), *reader.residents(building_id=two.building)]
        assert {host.name + host.address for host in reader.hosts()} <= {""}
    with pytest.raises(DeniedError):
        group_card(actor, store, 1)
    if role is Role.STREET_LEADER:
        # one or two at a place are nobody's business
        assert all(count is None or count >= 3 for count in map_layers.places_on_map(actor, store).taken.values())
        assert list_groups(actor, store) == ()
        assert map_cards.building_card(actor, store, two.building).members is None


def test_a_group_has_its_card_for_its_own_branch(two: TwoVillages):
    adopt_groups(CLERK, two.store, _plan(two))
    (group, *_) = list_groups(two.secretary, two.store)
    card = group_card(two.secretary, two.store, group.id)
    assert (card.name, card.branch, card.leader, card.size) == (
        group.name,
        group.branch,
        group.leader,
        len(group.seats),
    )
    walks = [seat.walk_m for seat in group.seats if seat.walk_m is not None]
    assert (card.longest_walk_m, card.n_unknown_walks) == (max(walks), len(group.seats) - len(walks))
    assert card.mean_walk_m == pytest.approx(sum(walks) / len(walks))
    elsewhere = two.actor(Role.BRANCH_SECRETARY, two.foreign)
    with pytest.raises(NotFoundError):
        group_card(elsewhere, two.store, group.id)
    assert map_layers.people_on_map(elsewhere, two.store).groups == ()
    (place,) = [one for one in map_layers.people_on_map(CLERK, two.store).groups if one.group_id == group.id]
    homes = {(mark.lon, mark.lat) for mark in map_layers.people_on_map(CLERK, two.store).marks if mark.at != "grid"}
    assert place.leader_at is None or place.leader_at in homes


def test_nobody_places_a_member_of_another_branch(two: TwoVillages):
    stranger = two.strangers[0]
    version = two.version_of(stranger)
    with pytest.raises(NotFoundError):
        confirm_candidate(two.secretary, two.store, stranger, two.building, version)
    with pytest.raises(NotFoundError):
        pin_position(two.secretary, two.store, stranger, (119.98, 31.79), version)
    for place in ((float("nan"), 31.79), (float("inf"), 1e9), (0.0, 0.0)):
        with pytest.raises(InputError):
            pin_position(CLERK, two.store, stranger, place, version)
    for role in (Role.GROUP_LEADER, Role.LIAISON, Role.STREET_LEADER):
        with pytest.raises(DeniedError):
            confirm_candidate(two.actor(role, two.foreign), two.store, stranger, two.building, version)
    assert two.version_of(stranger) == version


def test_a_placed_home_leaves_no_address_in_the_audit(two: TwoVillages):
    stranger = two.strangers[0]
    confirm_candidate(CLERK, two.store, stranger, two.building, two.version_of(stranger))
    audit = _audits(two.store)[-1]
    assert audit.details["member_id"] == stranger
    assert "building_id" not in audit.details
    with pytest.raises(StaleError):
        confirm_candidate(CLERK, two.store, stranger, two.building, 1)


def test_a_villages_roster_tells_and_changes_nothing_of_another_village(two: TwoVillages, tmp_path: Path):
    with two.store.reading(CLERK.scope) as reader:
        before = reader.members([two.foreign])
    path = tmp_path / "花名册.csv"
    rows = [
        "姓名,所在党支部,出生年月,联系电话,人员类别,现住址",
        f"{STRANGER_NAME},青山支部,1956-01,{STRANGER_PHONE},正式党员,青禾苑1幢",
        f"{STRANGER_NAME},东风一支部,1956-01,{STRANGER_PHONE},正式党员,青禾苑1幢",
        f"{STRANGER_NAME},,1956-01,{STRANGER_PHONE},正式党员,青禾苑1幢",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    report = apply_roster(two.actor(Role.VILLAGE_SECRETARY, two.village), two.store, RosterRequest(path))
    assert (report.new, report.changed, report.missing, report.merges) == (1, 0, 0, ())  # as if nobody knew the name
    assert "不在您的管理范围" in str(report.faults[0])
    assert two.strangers[0] not in report.missing_members
    with two.store.reading(CLERK.scope) as reader:
        assert reader.members([two.foreign]) == before
    said = f"{_audits(two.store)[-1].summary}{_audits(two.store)[-1].details}"
    assert STRANGER_NAME not in said
    assert STRANGER_PHONE not in said


def test_layers_are_for_the_street(two: TwoVillages, tmp_path: Path):
    path = tmp_path / "hosts.csv"
    path.write_text("姓名,所在党支部\n山户,青山支部\n", encoding="utf-8")
    for role in (Role.VILLAGE_SECRETARY, Role.BRANCH_SECRETARY, Role.STREET_LEADER, Role.SYS_ADMIN):
        with pytest.raises(DeniedError):
            apply_layers(two.actor(role, two.village), two.store, LayerImportRequest(path, LayerKind.HOSTS, ""))


def test_a_plan_with_somebody_elses_people_is_not_adopted(two: TwoVillages):
    """Adopting ends the other seats of everybody in the plan: a foreign member in it would lose theirs."""
    plan = _plan(two)
    group = plan.groups[0]
    foreign = replace(group.seats[0], member_id=two.strangers[0], name=STRANGER_NAME)
    bad_place = replace(group.place, host_id=None, venue_id=None)
    broken = [
        replace(group, seats=(*group.seats, foreign)),
        replace(group, branch_id=two.foreign, leader_id=two.strangers[0], seats=(foreign,)),
        replace(group, branch_id=two.other),
        replace(group, leader_id=two.strangers[0]),
        replace(group, seats=(*group.seats, group.seats[0])),
        replace(group, place=bad_place),
    ]
    for one in broken:
        with pytest.raises(InputError):
            adopt_groups(two.secretary, two.store, replace(plan, groups=(one,)))
    for branches in ((two.foreign,), (two.branch, two.foreign)):
        with pytest.raises(DeniedError):
            adopt_groups(two.secretary, two.store, replace(plan, branch_ids=branches))
    twice = replace(plan, groups=(group, replace(group, id="G2")))
    with pytest.raises(InputError):
        adopt_groups(two.secretary, two.store, twice)
    with Session(two.store.engine) as session:
        assert session.scalars(select(GroupRow)).all() == []
        assert session.scalars(select(GroupMembershipRow)).all() == []
    assert [audit.action for audit in _audits(two.store)].count("adopt_groups") == 0


def test_an_old_plan_is_no_way_round_a_new_scope(two: TwoVillages):
    plan, moved = _plan(two), two.actor(Role.BRANCH_SECRETARY, two.foreign)
    for attempt in (plan_workbook, compare_with_force, adopt_groups):
        with pytest.raises(DeniedError):
            attempt(moved, two.store, plan)


def test_a_groups_name_holds_no_persons_name_and_its_branch_learns_where_it_meets(two: TwoVillages):
    plan = _plan(two)
    group = plan.groups[0]
    moved = replace(group, place=replace(group.place, host_id=two.stranger_host, label="山户家"))
    adopt_groups(CLERK, two.store, replace(plan, groups=(moved, *plan.groups[1:])))
    (found,) = [one for one in list_groups(two.secretary, two.store) if one.place == "山户家"]
    assert found.name == "东风一支部临时党小组（青禾苑 3幢）"
    assert map_cards.host_card(two.secretary, two.store, two.stranger_host).host.address == "青禾苑3幢302室"
    assert map_cards.host_card(two.actor(Role.BRANCH_SECRETARY, two.other), two.store, two.stranger_host).groups == ()
    outsider = map_cards.host_card(two.actor(Role.BRANCH_SECRETARY, two.other), two.store, two.stranger_host)
    assert (outsider.host.name, outsider.host.address) == ("", "")


def test_the_longest_names_still_make_a_group(store: Store):
    two = TwoVillages(store)
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (org,) = [one for one in writer.orgs() if one.id == two.branch]
        writer.save_orgs([replace(org, name="禾" * 200)])
        (estate,) = writer.estates()
        writer.save_estates([replace(estate, name="苑" * 200)])
        host = next(one for one in writer.hosts() if one.id == two.near)
        writer.save_hosts([replace(host, building_id=two.building)])
    adopt_groups(CLERK, store, _plan(two))
    with Session(store.engine) as session:
        (name,) = session.scalars(select(GroupRow.name))
    assert name == "禾" * 200 + "临时党小组（" + "苑" * 200 + " 3幢）"


def test_the_audit_names_nobody(two: TwoVillages):
    adopt_groups(CLERK, two.store, _plan(two))
    said = "".join(f"{audit.summary}{audit.details}" for audit in _audits(two.store))
    assert not [word for word in ("禾一", "近禾", STRANGER_NAME, STRANGER_PHONE, "青禾苑") if word in said]


def _side_by_side(*acts: Callable[[], object]) -> list[str]:
    """Run acts at the same moment; returns how each ended."""
    gate, ends = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        gate.wait(10)
        try:
            act()
            ends[number] = "done"
        except (GisError, DBAPIError) as error:
            ends[number] = type(error).__name__

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(ends)


def test_a_plan_adopted_twice_at_once_is_adopted_once(two: TwoVillages):
    plan = _plan(two)
    ends = _side_by_side(*[lambda: adopt_groups(CLERK, two.store, plan)] * 3)
    assert ends == ["StaleError", "StaleError", "done"]
    with Session(two.store.engine) as session:
        open_seats = session.scalars(select(GroupMembershipRow.member_id).where(GroupMembershipRow.valid_to.is_(None)))
        assert sorted(open_seats) == sorted(seat.member_id for group in plan.groups for seat in group.seats)
    assert [audit.action for audit in _audits(two.store)].count("adopt_groups") == 1


def test_first_writers_of_an_empty_database_queue(store: Store):
    def write(number: int) -> Callable[[], object]:
        def run() -> None:
            with store.writing(CLERK, Action.IMPORT_DATA, "导入") as writer:
                writer.save_estates([Estate(None, f"苑{number}")])

        return run

    assert _side_by_side(*map(write, range(4))) == ["done"] * 4
    assert len(_audits(store)) == 4
    with Session(store.engine) as session:
        assert {row.topic: row.number for row in session.scalars(select(DataVersionRow))} == {"territory": 4}
    assert [audit.data_version for audit in _audits(store)] == [1, 2, 3, 4]


def test_a_writer_that_waits_too_long_is_told_so_and_nothing_is_saved(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database._begin_to_write, "__kwdefaults__", {"wait_ms": 50})  # no long wait here
    token = accounts.sign_in(store, accounts.ADMIN_NAME, accounts.ensure_administrator(store) or "")
    with Session(store.engine) as session:
        (sign_in,) = session.scalars(select(SignInRow))
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_estates([Estate(None, "青禾苑")])
        with pytest.raises(BusyError, match="数据库正忙"), store.writing(CLERK, Action.IMPORT_DATA):
            pass
        store.touch_sign_in(sign_in.token_hash)  # left out, and nobody is held up
        assert accounts.account_for_token(store, token, settings=SETTINGS).username == "admin"
    assert len([audit for audit in _audits(store) if audit.action == "import_data"]) == 1


class _Killed(BaseException):
    """The power fails."""


def test_what_was_cut_off_in_the_middle_has_not_happened(two: TwoVillages):
    before = len(_audits(two.store))

    def half() -> None:
        with two.store.writing(CLERK, Action.ADOPT_GROUPS) as writer:
            writer.save_estates([Estate(None, "半座苑")])
            raise _Killed

    with pytest.raises(_Killed):
        half()
    assert len(_audits(two.store)) == before
    with two.store.reading(CLERK.scope) as reader:
        assert [estate.name for estate in reader.estates()] == ["青禾苑"]


def test_a_reader_sees_one_moment(two: TwoVillages):
    with two.store.reading(CLERK.scope) as reader:
        seen = len(reader.members()), reader.data_version()
        with two.store.writing(CLERK, Action.IMPORT_DATA) as writer:
            writer.save_members([person("新人", two.branch, 10)])
        assert (len(reader.members()), reader.data_version()) == seen


def test_what_goes_wrong_in_the_database_names_nobody(two: TwoVillages):
    with pytest.raises(IntegrityError) as error, two.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([person(STRANGER_NAME, OrgId(999_999), 10, phone=STRANGER_PHONE)])
    said = "".join(str(error.value).split("DETAIL")[:1])
    assert STRANGER_NAME not in said
    assert STRANGER_PHONE not in said


def test_an_address_that_cannot_be_read_keeps_its_password_to_itself():
    with pytest.raises(ConfigError) as error:
        Store.open("postgresql://jiujin:ge/heim@host:no-port/db")
    assert "heim" not in str(error.value)


def _account(store: Store, role: Role = Role.STREET_CLERK, *orgs: OrgId) -> tuple[str, UserId]:
    name = f"u-{role.value}"
    accounts.add_account(accounts.SYSTEM, store, accounts.NewAccount(name, name, role, orgs), PASSWORD)
    found = next(one for one in accounts.list_accounts(accounts.SYSTEM, store) if one.username == name)
    return name, found.id


def test_guesses_sent_side_by_side_count_one_by_one(store: Store):
    name, _ = _account(store)
    ends = _side_by_side(*[lambda: accounts.sign_in(store, name, "wrong")] * 5)
    assert ends == ["SignInError"] * 5
    with pytest.raises(SignInError, match="已锁定"):
        accounts.sign_in(store, name, PASSWORD)


def test_a_right_guess_after_the_lock_does_not_count(store: Store, monkeypatch: pytest.MonkeyPatch):
    """The password is checked outside the transaction; a lock that fell meanwhile still holds."""
    name, _ = _account(store)
    check = passwords.matches  # the moment between the check and the transaction

    def while_others_guess(password_hash: str, password: str) -> bool:
        monkeypatch.setattr(accounts, "matches", check)
        for _ in range(accounts.MAX_FAILURES):
            with pytest.raises(SignInError):
                accounts.sign_in(store, name, "wrong")
        return check(password_hash, password)

    monkeypatch.setattr(accounts, "matches", while_others_guess)
    with pytest.raises(SignInError, match="已锁定"):
        accounts.sign_in(store, name, PASSWORD)


def test_an_open_screen_is_no_place_to_guess_the_password(store: Store):
    name, _ = _account(store)
    actor = accounts.actor_for_token(store, accounts.sign_in(store, name, PASSWORD), settings=SETTINGS)
    for _ in range(accounts.MAX_FAILURES):
        with pytest.raises(SignInError, match="原口令不正确"):
            accounts.change_password(actor, store, "wrong", "Xinhe-2026-y")
    with pytest.raises(SignInError, match="已锁定"):
        accounts.change_password(actor, store, PASSWORD, "Xinhe-2026-y")


def test_a_new_scope_counts_from_the_next_request(two: TwoVillages):
    name, user = _account(two.store, Role.BRANCH_SECRETARY, two.branch)
    token = accounts.sign_in(two.store, name, PASSWORD)
    before = accounts.actor_for_token(two.store, token, settings=SETTINGS)
    accounts.set_account_scope(accounts.SYSTEM, two.store, user, [two.foreign])
    after = accounts.actor_for_token(two.store, token, settings=SETTINGS)
    assert after.scope.org_roots == {two.foreign}
    assert scope_digest(before) != scope_digest(after)
    assert _audits(two.store)[-1].details["before"] == [two.branch]
    assert _audits(two.store)[-1].details["after"] == [two.foreign]
    with pytest.raises(InputError, match="需要指定"):
        accounts.set_account_scope(accounts.SYSTEM, two.store, user, [])
    with pytest.raises(NotFoundError):
        accounts.set_account_scope(accounts.SYSTEM, two.store, UserId(999_999), [two.foreign])
    with pytest.raises(DeniedError):
        accounts.set_account_scope(accounts.SYSTEM, two.store, user, [OrgId(999_999)])


@pytest.mark.parametrize("username", ["", " ", "a b", "a\x00b", "a\u202eb", "x" * 65])
def test_a_name_that_cannot_be_typed_is_no_account(store: Store, username: str):
    new = accounts.NewAccount(username, "x", Role.STREET_CLERK)
    with pytest.raises(InputError):
        accounts.add_account(accounts.SYSTEM, store, new)


@pytest.mark.parametrize("username", ["a\x00b", "\ud800", "x" * 10_000, "' OR 1=1 --", "ADMIN"])
def test_a_hostile_name_is_a_wrong_name(store: Store, username: str):
    accounts.ensure_administrator(store)
    with pytest.raises(SignInError, match="不正确"):
        accounts.sign_in(store, username, "x")


@pytest.mark.parametrize("password", ["\x00", "\ud800", "x" * 10_000, ""])
def test_a_hostile_password_is_a_wrong_password(store: Store, password: str):
    accounts.ensure_administrator(store)
    with pytest.raises(SignInError, match="不正确"):
        accounts.sign_in(store, "admin", password)


def test_sessions_long_ended_are_cleared_away(store: Store):
    name, _ = _account(store)
    accounts.sign_in(store, name, PASSWORD)
    store.clock = lambda: database.utc_now() + timedelta(days=3)
    accounts.sign_in(store, name, PASSWORD)
    with Session(store.engine) as session:
        assert len(session.scalars(select(SignInRow)).all()) == 1


def test_the_database_file_is_for_its_owner_alone(tmp_path: Path):
    path = tmp_path / "new" / "jiujin.db"
    store = Store.open(f"sqlite:///{path}")
    accounts.ensure_administrator(store)
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()}
    store.close()
    assert set(modes.values()) == {"0o600"}
    assert "jiujin.db-wal" in modes
