"""片区 and posts in grids, on both databases: gaps and doubles are named, everybody has a contact, scopes hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import shapely

from gis.errors import DeniedError, GisError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.bodies import Area, GridPost
from gis.model.enums import MemberStatus, OrgKind, Precision
from gis.model.ids import AreaId
from gis.model.organisation import PartyOrg
from gis.model.people import Residence
from gis.model.territory import Building, Division, Estate, Grid
from gis.services.area_report import AreaReport, area_report, contact_of
from gis.services.areas import AreaForm, close_area, list_areas, place_member, save_area
from gis.services.org_territory import ground_of, org_of_grid
from gis.services.posts import PostForm, add_post, end_post, list_posts, show_post_phone
from tests.integration.tiny_street import CLERK, TinyStreet, at, person

if TYPE_CHECKING:
    from gis.model.ids import BuildingId, OrgId
    from gis.store.database import Store

CODE = "990402002001"
SQUARE = bytes(shapely.to_wkb(shapely.box(119.979, 31.789, 120.02, 31.791)))


class Village(TinyStreet):
    """The tiny street with a grid, an estate of four buildings, and members who live in them."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        with store.writing(CLERK, Action.IMPORT_DATA) as writer:
            (self.village,) = [org.id for org in writer.orgs() if org.name == "东风村党总支" and org.id is not None]
            writer.save_divisions([Division(None, CODE, "东风村")])
            village = next(org for org in writer.orgs() if org.id == self.village)
            writer.save_orgs([replace(village, division_codes=(CODE,), office_phone="0000-5550100")])
            (self.grid,) = writer.save_grids([Grid(None, f"{CODE}001", "一网格", CODE, shape=SQUARE)])
            (self.estate,) = writer.save_estates([Estate(None, "青禾苑")])
            self.houses: list[BuildingId] = writer.save_buildings(
                Building(None, "青禾苑", str(n), at(200.0 * n), self.estate, self.grid) for n in range(1, 5)
            )
            homes = [self._home(0), self._home(0), self._home(1), self._home(3), Residence("青禾苑", Precision.ESTATE)]
            homes[4] = replace(homes[4], estate_id=self.estate, grid_id=self.grid, shape=at(500))
            rows = [
                replace(one, residence=home, transition=None)
                for one, home in zip(writer.members([self.branch]), homes, strict=False)
            ]
            writer.save_members(rows)
            (self.hill,) = writer.save_orgs([PartyOrg(None, "青山村党总支", OrgKind.GENERAL_BRANCH)])
            (self.foreign,) = writer.save_orgs([PartyOrg(None, "青山支部", OrgKind.BRANCH, parent_id=self.hill)])
            (self.stranger,) = writer.save_members([person("山一", self.foreign, 400, residence=self._home(1))])

    def _home(self, number: int) -> Residence:
        return Residence(
            f"青禾苑{number + 1}幢",
            Precision.BUILDING,
            building_id=self.houses[number],
            estate_id=self.estate,
            grid_id=self.grid,
            shape=at(200.0 * (number + 1)),
        )

    def area(self, name: str, *numbers: int, leader: int = 0) -> AreaId:
        form = AreaForm(name, self.members[leader], frozenset(self.houses[n] for n in numbers))
        return save_area(CLERK, self.store, self.village, form)

    def report(self) -> AreaReport:
        return area_report(CLERK, self.store, self.village)


@pytest.fixture
def street(store: Store) -> Village:
    return Village(store)


def _secretary(root: OrgId, role: Role = Role.VILLAGE_SECRETARY) -> Actor:
    return Actor("书记", role, scope_for(role, frozenset({root})))


def _version(street: Village, area_id: AreaId) -> int:
    return next(line.area.version for line in list_areas(CLERK, street.store) if line.area.id == area_id)


def test_every_member_is_counted_once_and_gaps_say_why(street: Village):
    street.area("东片", 0, 1)
    found = street.report()
    assert (found.total, found.sizes, found.by_org) == (7, {"东片": 3}, "东风村党总支")
    assert len(found.gaps) + len(found.doubles) + sum(found.sizes.values()) == found.total
    assert {one.name: one.why for one in found.gaps} == {
        "禾四": "所住楼栋不在任何片区",
        "禾五": "住址没有定到楼栋",
        "禾六": "住址还没有定位",
        "禾七": "住址还没有定位",
    }


def test_who_is_known_to_the_estate_is_placed_when_one_area_has_all_of_it(street: Village):
    street.area("全片", 0, 1, 2, 3)
    assert "禾五" not in {one.name for one in street.report().gaps}


def test_a_member_can_be_placed_by_hand_and_back(street: Village):
    east = street.area("东片", 0, 1)
    place_member(CLERK, street.store, street.members[5], east)
    assert street.report().sizes == {"东片": 4}
    assert contact_of(CLERK, street.store, street.members[5]).why == "由人指定"
    place_member(CLERK, street.store, street.members[5], None)
    assert street.report().sizes == {"东片": 3}


def test_a_building_in_two_areas_is_refused_and_named_where_it_got_in(street: Village):
    street.area("东片", 0, 1)
    with pytest.raises(InputError, match="青禾苑 1幢已在片区“东片”"):
        street.area("西片", 0, 2)
    with street.store.writing(CLERK, Action.MANAGE_ORGS) as writer:
        writer.save_area(Area(None, "西片", street.village, street.members[1], frozenset({street.houses[0]})))
    assert [(one.name, one.areas) for one in street.report().doubles] == [
        ("禾一", ("东片", "西片")),
        ("禾二", ("东片", "西片")),
    ]


@pytest.mark.parametrize("numbers", [(0, 1), (2, 3)])
def test_an_outline_takes_the_buildings_inside(street: Village, numbers: tuple[int, int]):
    points = [shapely.from_wkb(at(200.0 * (n + 1))) for n in numbers]
    outline = bytes(shapely.to_wkb(shapely.union_all(points).buffer(0.0003).convex_hull))
    save_area(CLERK, street.store, street.village, AreaForm("圈", street.members[0], polygon=outline))
    (line,) = list_areas(CLERK, street.store)
    assert line.area.building_ids == frozenset(street.houses[n] for n in numbers)


def test_an_area_has_exactly_one_leader_a_full_member_of_the_organisation(street: Village):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        young = next(one for one in writer.members() if one.id == street.members[1])
        writer.save_members([replace(young, member_status=MemberStatus.PROBATIONARY, residence=None, transition=None)])
    houses = frozenset(street.houses[:1])
    for leader, words in (
        (None, "只有一名负责人|须有且只有一名"),
        (street.members[1], "正式党员"),
        (street.stranger, "本组织"),
    ):
        with pytest.raises(InputError, match=words):
            save_area(CLERK, street.store, street.village, AreaForm("东片", leader, houses))
    with pytest.raises(InputError, match="还没有楼栋"):
        save_area(CLERK, street.store, street.village, AreaForm("东片", street.members[0]))
    with street.store.writing(CLERK, Action.MANAGE_ORGS) as writer:
        writer.save_area(Area(None, "空", street.village, None, houses))
    assert [(one.area, one.message) for one in street.report().faults] == [("空", "还没有负责人")]


def test_changes_keep_history_and_refuse_a_stale_version(street: Village):
    east = street.area("东片", 0)
    form = AreaForm("东片", street.members[0], frozenset(street.houses[:2]))
    version = _version(street, east)
    save_area(CLERK, street.store, street.village, form, area_id=east, version=version)
    other = AreaForm("东片二", street.members[0], frozenset(street.houses[:2]))
    save_area(CLERK, street.store, street.village, other, area_id=east, version=_version(street, east))
    with pytest.raises(StaleError):
        save_area(CLERK, street.store, street.village, form, area_id=east, version=version)
    close_area(CLERK, street.store, east, _version(street, east))
    assert list_areas(CLERK, street.store) == ()
    with street.store.reading(CLERK.scope) as reader:
        (old,) = reader.areas(with_closed=True)
        assert (old.name, old.valid_to) == ("东片二", street.store.today())
    with pytest.raises(NotFoundError):
        close_area(CLERK, street.store, east, 1)


def test_who_is_my_contact(street: Village):
    street.area("东片", 0, 1, leader=2)
    found = contact_of(CLERK, street.store, street.members[0])
    assert (found.area, found.leader, found.branch_phone, found.why) == ("东片", "禾三", "0000-5550100", "按所住楼栋")


def test_another_village_divides_and_sees_nothing_here(street: Village):
    east = street.area("东片", 0, 1)
    other = _secretary(street.hill)
    (line,) = list_areas(other, street.store)
    assert (line.leader, line.has_leader, line.area.leader_id) == ("", True, None)
    for attempt in (
        lambda: area_report(other, street.store, street.village),
        lambda: save_area(other, street.store, street.village, AreaForm("混", None)),
        lambda: close_area(other, street.store, east, 1),
        lambda: place_member(other, street.store, street.members[0], east),
        lambda: contact_of(other, street.store, street.members[0]),
    ):
        with pytest.raises(GisError):
            attempt()
    with pytest.raises(DeniedError):
        save_area(_secretary(street.branch, Role.BRANCH_SECRETARY), street.store, street.village, AreaForm("混", None))


def test_the_ground_of_an_organisation(street: Village):
    street.area("东片", 0, 1)
    own = ground_of(CLERK, street.store, street.village)
    assert ([part.name for part in own.parts], own.whose) == (["东风村", "东片"], "")
    shared = ground_of(CLERK, street.store, street.branch)
    assert ([part.name for part in shared.parts], shared.whose) == (["东风村", "东片"], "东风村党总支")
    patch = shapely.from_wkb(own.parts[1].shape)
    assert all(patch.covers(shapely.from_wkb(at(200.0 * n))) for n in (1, 2))
    assert org_of_grid(CLERK, street.store, street.grid) == street.village
    assert ground_of(CLERK, street.store, street.foreign).parts == ()


def test_branches_that_share_a_community_leave_its_grids_to_the_committee(street: Village):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        branches = [org for org in writer.orgs() if org.parent_id == street.village]
        writer.save_orgs([replace(org, division_codes=(CODE,)) for org in branches])
    assert org_of_grid(CLERK, street.store, street.grid) == street.village
    own = _secretary(street.branch, Role.BRANCH_SECRETARY)
    assert org_of_grid(own, street.store, street.grid) == street.branch


def test_posts_of_a_grid(street: Village):
    chief = add_post(CLERK, street.store, PostForm(street.grid, GridPost.GRID_CHIEF, "网一", phone="0000-5550001"))
    assert [gap.message for gap in list_posts(CLERK, street.store).gaps] == ["只有网格长一人"]
    add_post(CLERK, street.store, PostForm(street.grid, GridPost.VOLUNTEER, "网一", phone="0000-5550001"))
    add_post(
        CLERK,
        street.store,
        PostForm(street.grid, GridPost.BUILDING_HEAD, member_id=street.members[0], building_id=street.houses[0]),
    )
    found = list_posts(CLERK, street.store)
    assert (len(found.lines), found.people, found.gaps) == (3, 2, ())
    assert found.lines[0].also == ("一网格志愿者",)
    end_post(CLERK, street.store, chief, found.lines[0].assignment.version)
    assert [gap.message for gap in list_posts(CLERK, street.store).gaps] == ["没有网格长"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"post": GridPost.GRID_CHIEF}, "姓名"),
        ({"post": GridPost.GRID_CHIEF, "name": "甲", "phone": "问我"}, "工作电话"),
        ({"post": GridPost.BUILDING_HEAD, "name": "甲"}, "哪一幢"),
        ({"post": GridPost.BUILDING_HEAD, "name": "甲", "building_id": 9999}, "不在该网格"),
        ({"post": GridPost.GRID_WORKER, "name": "甲", "duties": "长" * 301}, "职责"),
    ],
)
def test_what_is_no_post_is_refused(street: Village, form: dict[str, object], words: str):
    with pytest.raises(InputError, match=words):
        add_post(CLERK, street.store, PostForm(street.grid, **form))  # type: ignore[arg-type]  # fields by name


def test_a_post_on_an_earlier_day_and_twice(street: Village):
    today = street.store.today()
    form = PostForm(street.grid, GridPost.GRID_CHIEF, "网一", valid_from=today - timedelta(days=30))
    chief = add_post(CLERK, street.store, form)
    with pytest.raises(InputError, match="已有网格长"):
        add_post(CLERK, street.store, PostForm(street.grid, GridPost.GRID_CHIEF, "网二"))
    end_post(CLERK, street.store, chief, 1, on=today - timedelta(days=10))
    before = list_posts(CLERK, street.store, as_of=today - timedelta(days=20))
    assert [line.assignment.name for line in before.lines] == ["网一"]
    assert list_posts(CLERK, street.store).lines == ()


def test_a_work_phone_is_shown_in_full_for_a_reason(street: Village):
    post = add_post(CLERK, street.store, PostForm(street.grid, GridPost.GRID_CHIEF, "网一", phone="0000-5550001"))
    with pytest.raises(InputError, match="用途"):
        show_post_phone(CLERK, street.store, post, " ")
    assert show_post_phone(CLERK, street.store, post, "通知开会") == "0000-5550001"
    with pytest.raises(NotFoundError):
        show_post_phone(_secretary(street.hill), street.store, post, "通知开会")


def test_posts_are_for_the_own_communities(street: Village):
    add_post(CLERK, street.store, PostForm(street.grid, GridPost.GRID_CHIEF, "网一", phone="0000-5550001"))
    for role in (Role.VILLAGE_SECRETARY, Role.BRANCH_SECRETARY):
        root = street.village if role is Role.VILLAGE_SECRETARY else street.branch
        assert len(list_posts(_secretary(root, role), street.store).lines) == 1
    assert list_posts(_secretary(street.hill), street.store).lines == ()
    with pytest.raises(DeniedError):
        add_post(_secretary(street.hill), street.store, PostForm(street.grid, GridPost.VOLUNTEER, "混"))
    with pytest.raises(DeniedError):
        list_posts(Actor("l", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset())), street.store)
