"""The store's promises, on SQLite and on PostgreSQL + PostGIS: scope, audit inside the transaction, no lost update."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.errors import StaleError
from gis.model.access import Action, Role, Scope, operator, scope_for
from gis.model.enums import OrgKind
from gis.model.ids import MemberId
from gis.model.organisation import PartyOrg
from gis.model.people import Member, Residence, Transition
from gis.model.territory import Building, Estate, HostHousehold
from gis.store.schema import AffiliationRow, AuditRow, MemberRow, ResidenceRow

if TYPE_CHECKING:
    from gis.model.ids import OrgId
    from gis.store.database import Store

CLERK = operator()
HOME = shapely.to_wkb(shapely.box(119.98, 31.79, 119.981, 31.791))


@pytest.fixture
def two_branches(store: Store) -> tuple[OrgId, OrgId, OrgId]:
    """One village organisation with two branches, a member and a host in each, one building."""
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (village,) = writer.save_orgs([PartyOrg(None, "东风村党总支", OrgKind.GENERAL_BRANCH)])
        first, second = writer.save_orgs(
            [PartyOrg(None, name, OrgKind.BRANCH, parent_id=village) for name in ("东风一支部", "东风二支部")]
        )
        (estate,) = writer.save_estates([Estate(None, "青禾苑")])
        (building,) = writer.save_buildings([Building(None, "青禾苑", "3", shape=HOME, estate_id=estate)])
        writer.save_members(
            Member(
                None,
                name,
                branch,
                residence=Residence("青禾苑3幢501室", building_id=building, shape=HOME),
                transition=Transition(),
            )
            for name, branch in (("禾一", first), ("禾二", second))
        )
        writer.save_hosts([HostHousehold(None, "禾户", first, 12, HOME), HostHousehold(None, "穗户", second, 12, HOME)])
    return village, first, second


def _scope(role: Role, *orgs: OrgId) -> Scope:
    return scope_for(role, frozenset(orgs))


def test_without_a_scope_there_are_no_rows(store: Store, two_branches):
    for scope in (None, Scope()):
        with store.reading(scope) as reader:
            lists = [reader.members(), reader.buildings(), reader.hosts(), reader.orgs(), reader.grids()]
            assert lists == [()] * 5


def test_a_branch_secretary_sees_the_own_branch_only(store: Store, two_branches):
    _, first, second = two_branches
    with store.reading(_scope(Role.BRANCH_SECRETARY, first)) as reader:
        assert [member.name for member in reader.members()] == ["禾一"]
        assert reader.members([second]) == ()
        assert [host.name for host in reader.hosts()] == ["禾户", ""]


def test_a_village_secretary_sees_the_subtree(store: Store, two_branches):
    village, _, _ = two_branches
    with store.reading(_scope(Role.VILLAGE_SECRETARY, village)) as reader:
        assert [member.name for member in reader.members()] == ["禾一", "禾二"]


def test_a_street_leader_sees_counts_and_no_person(store: Store, two_branches):
    with store.reading(_scope(Role.STREET_LEADER)) as reader:
        assert reader.members() == ()
        assert sum(reader.member_counts_by_grid().values()) == 2
        assert {host.name for host in reader.hosts()} == {""}


def test_geometry_comes_back_as_it_went_in(store: Store, two_branches):
    with store.reading(CLERK.scope) as reader:
        (building,) = reader.buildings()
        assert shapely.equals(shapely.from_wkb(building.shape), shapely.from_wkb(HOME))


def test_every_write_leaves_one_audit_row_with_what_it_touched(store: Store, two_branches):
    with Session(store.engine) as session:
        (row,) = session.scalars(select(AuditRow))
        assert (row.actor, row.action) == ("命令行", "import_data")
        assert "'member.new': 2" in str(row.details)
        assert "禾一" not in str(row.details)


def _fail_midway(store: Store) -> None:
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_estates([Estate(None, "不该留下苑")])
        raise RuntimeError


def test_an_exception_undoes_change_and_audit_together(store: Store, two_branches):
    before = store.data_version()
    with pytest.raises(RuntimeError):
        _fail_midway(store)
    with store.reading(CLERK.scope) as reader:
        assert [estate.name for estate in reader.estates()] == ["青禾苑"]
    with Session(store.engine) as session:
        assert len(session.scalars(select(AuditRow)).all()) == 1
    assert store.data_version() == before


def test_a_write_bumps_only_the_versions_it_touches(store: Store, two_branches):
    people, territory = store.data_version("people"), store.data_version("territory")
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_estates([Estate(None, "新苑")])
    assert store.data_version("people") == people
    assert store.data_version("territory") == territory + 1


def test_the_second_writer_of_a_row_is_refused(store: Store, two_branches):
    with store.reading(CLERK.scope) as reader:
        (mine, _) = reader.members()
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([replace(mine, phone="10000000001", residence=None, transition=None)])
    with pytest.raises(StaleError), store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([replace(mine, phone="10000000002", residence=None, transition=None)])
    with store.reading(CLERK.scope) as reader:
        assert reader.members()[0].phone == "10000000001"


def test_a_move_keeps_the_old_address_with_its_end(store: Store, two_branches):
    with store.reading(CLERK.scope) as reader:
        member = reader.members()[0]
    with store.writing(CLERK, Action.LOCATE_MEMBERS) as writer:
        writer.move(MemberId(member.id or 0), Residence("清溪里8幢201室", valid_from=date(2026, 5, 1)))
    with Session(store.engine) as session:
        rows = session.scalars(
            select(ResidenceRow).where(ResidenceRow.member_id == member.id).order_by(ResidenceRow.id)
        ).all()
        assert [(row.address, row.valid_to is None) for row in rows] == [
            ("青禾苑3幢501室", False),
            ("清溪里8幢201室", True),
        ]


def test_members_of_one_flat_share_a_household_file_until_one_moves_out(store: Store, two_branches):
    _, first, _ = two_branches
    with store.reading(CLERK.scope) as reader:
        building = reader.buildings()[0].id
    flat = Residence("青禾苑3幢甲单元501室", building_id=building, unit_no="1", room_no="501", shape=HOME)
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        pair = writer.save_members(
            Member(None, name, first, residence=flat, transition=Transition(project="东片"))
            for name in ("禾甲", "禾乙")
        )
    files = _files(store, pair)
    assert files[0] == files[1]
    with store.reading(CLERK.scope) as reader:
        mover = next(member for member in reader.members() if member.name == "禾乙")
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([replace(mover, residence=replace(flat, address="青禾苑3幢甲单元502室", room_no="502"))])
    moved = _files(store, pair)
    assert moved[0] == files[0]
    assert moved[1] not in (None, files[0])


def _files(store: Store, members: list[MemberId]) -> list[int | None]:
    with Session(store.engine) as session:
        rows = session.scalars(select(MemberRow).where(MemberRow.id.in_(members)).order_by(MemberRow.id))
        return [row.household_id for row in rows]


def test_a_change_of_branch_closes_the_old_affiliation(store: Store, two_branches):
    _, _, second = two_branches
    with store.reading(CLERK.scope) as reader:
        member = reader.members()[0]
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([replace(member, branch_id=second, residence=None, transition=None)])
    with Session(store.engine) as session:
        rows = session.scalars(
            select(AffiliationRow).where(AffiliationRow.member_id == member.id).order_by(AffiliationRow.id)
        ).all()
        assert [row.valid_to is None for row in rows] == [False, True]
        assert rows[-1].org_id == second


def test_hostile_text_is_data(store: Store, two_branches):
    _, first, _ = two_branches
    nasty = "<img src=x onerror=alert(1)>`${x}`</script>'; DROP TABLE member;--"
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([Member(None, nasty, first)])
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM member")).scalar_one() == 3
    with store.reading(CLERK.scope) as reader:
        assert reader.members()[-1].name == nasty


def test_who_wrote_a_row_stands_on_it(store: Store, two_branches):
    with Session(store.engine) as session:
        row = session.scalars(select(MemberRow)).first()
        assert row is not None
        assert (row.created_by, row.updated_by) == ("命令行", "命令行")
