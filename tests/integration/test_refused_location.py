"""A member who refuses an exact location: the point and the address are nowhere, and stay nowhere, whoever writes."""

from __future__ import annotations

import json
import struct
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis.cli.main import app
from gis.errors import Fault, InputError
from gis.model.access import Action, operator
from gis.model.enums import HostStatus, MapPrecision, OrgKind, PositionSource, Precision
from gis.model.ids import PlanId
from gis.model.organisation import PartyOrg
from gis.model.papers import PaperFormat
from gis.model.people import Member, Residence, Transition
from gis.model.plan import GroupingRequest
from gis.model.rights import ConsentAnswer, ConsentScope
from gis.model.territory import Building, Division, Estate, Grid, HostHousehold
from gis.services.consent import ConsentEntry, record_consent, withdraw_consent
from gis.services.grouping import propose_groups
from gis.services.locating import list_unlocated, pin_position
from gis.services.map_layers import people_on_map
from gis.services.notices import NoticeKind, notice_file
from gis.services.plans import list_plans, open_plan, save_plan
from gis.store.database import Store
from gis.store.schema import Base, ContactLogRow, HostRow, ModeDecisionRow, ResidenceRow, SavedPlanRow
from gis.store.writers.imports import NewBatch

if TYPE_CHECKING:
    from gis.model.ids import GridId, HostId, MemberId, OrgId

CLERK = operator()
EXACT = (120.0012345678, 31.0023456789)  # of the home now, and of the flat as host
BEFORE = (120.0045678912, 31.0034567891)  # of the home before
ADDRESS, OLD_ADDRESS = "青禾苑7幢丁单元1703室", "老虎弄88号后楼亭子间"
REFUSE = ConsentEntry(ConsentScope.EXACT_LOCATION, ConsentAnswer.REFUSED)


def _wkb(point: tuple[float, float]) -> bytes:
    return bytes(shapely.to_wkb(shapely.Point(*point)))


def _square(west: float, south: float, side: float) -> bytes:
    return bytes(shapely.to_wkb(shapely.box(west, south, west + side, south + side)))


@dataclass
class Street:
    """Two grids, one estate, one branch of seven; the second member is the one who will refuse, and a host."""

    store: Store
    branch: OrgId
    members: list[MemberId]
    grids: list[GridId]
    host: HostId

    @property
    def who(self) -> MemberId:
        return self.members[1]


def _build(store: Store, exact: tuple[float, float] = EXACT, address: str = ADDRESS) -> Street:
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_divisions([Division(None, "990402001001", "青竹社区")])
        grids = writer.save_grids(
            Grid(None, f"99040200100100{n}", f"第{n}网格", "990402001001", shape=_square(120 + n * 0.01, 31, 0.01))
            for n in (0, 1)
        )
        (estate,) = writer.save_estates([Estate(None, "青禾苑", shape=_square(120.001, 31.001, 0.004))])
        own, *others = writer.save_buildings(
            Building(None, "", number, _square(120.0010 + n * 0.001, 31.0022, 0.0003), estate, grids[0], floors=18)
            for n, number in enumerate(("7", "8", "9"))
        )
        (village,) = writer.save_orgs([PartyOrg(None, "东风村党总支", OrgKind.GENERAL_BRANCH)])
        (branch,) = writer.save_orgs([PartyOrg(None, "东风一支部", OrgKind.BRANCH, parent_id=village)])

        def home(n: int) -> Residence:
            point = (120.002 + n * 0.0003, 31.0024)
            return Residence(
                f"青禾苑8幢{n}01室",
                Precision.BUILDING,
                PositionSource.ADDRESS,
                1.0,
                others[0],
                estate,
                grids[0],
                room_no=f"{n}01",
                shape=_wkb(point),
            )

        def member(n: int, residence: Residence) -> Member:
            more: dict[str, Any] = {"birth_ym": "1956-01", "is_leader_eligible": True, "transition": Transition()}
            return Member(None, f"禾{n}", branch, residence=residence, **more)

        old = Residence(OLD_ADDRESS, Precision.BUILDING, PositionSource.PIN, 1.0, shape=_wkb(BEFORE))
        members = writer.save_members(member(n, old if n == 1 else home(n)) for n in range(7))
        now = Residence(
            address,
            Precision.BUILDING,
            PositionSource.PIN,
            1.0,
            own,
            estate,
            grids[0],
            unit_no="丁",
            room_no="1703",
            shape=_wkb(exact),
        )
        (kept,) = [one for one in writer.members() if one.id == members[1]]
        writer.save_members([replace(kept, residence=now)])
        host, _ = writer.save_hosts(
            [
                HostHousehold(None, "禾1", branch, 12, _wkb(exact), address, members[1], own, 17, is_step_free=True),
                HostHousehold(None, "禾3", branch, 12, _wkb((120.003, 31.0024)), "青禾苑9幢101室", None, others[1]),
            ]
        )
        writer.add_batch(
            NewBatch(
                "花名册.xlsx", "0" * 64, "roster:x", faults=[Fault(f"现住址“{address}”不清", row=3, field="现住址")]
            )
        )
        writer.session.add(
            ContactLogRow(
                member_id=members[1],
                on_day=date(2026, 1, 2),
                channel="visit",
                by_name="联络员",
                is_reached=True,
                note=f"到{address}看望",
            )
        )
    return Street(store, branch, members, grids, host)


def _plan(street: Street) -> None:
    plan = propose_groups(CLERK, street.store, GroupingRequest(branch_ids=(street.branch,), seconds=2))
    assert any(seat.member_id == street.who for group in plan.groups for seat in group.seats)
    save_plan(CLERK, street.store, plan, "秋季方案")


def _needles(points: tuple[tuple[float, float], ...], texts: tuple[str, ...]) -> list[bytes]:
    found = [struct.pack("<d", number) for point in points for number in point]
    found += [struct.pack("<dd", *point) for point in points]
    found += [repr(number).encode() for point in points for number in point]
    for text in texts:
        found += [text.encode(), json.dumps(text)[1:-1].encode(), text.encode("utf-16-le"), text.encode("gbk")]
    return found


SECRETS = _needles((EXACT, BEFORE), (ADDRESS, OLD_ADDRESS, "亭子间", "丁单元1703"))


def _assert_clean(content: bytes, where: str) -> None:
    found = [needle for needle in SECRETS if needle in content]
    assert not found, (where, found)


def _everything(store: Store) -> bytes:
    """Return all rows of all tables as text, with geometry as it is stored."""
    parts: list[str | bytes] = []
    with Session(store.engine) as session:
        for table in Base.metadata.sorted_tables:
            cells = [value for row in session.execute(select(table)) for value in row]
            parts += [v if isinstance(v, bytes) else json.dumps(v, default=str, ensure_ascii=False) for v in cells]
    return b"\n".join(part if isinstance(part, bytes) else part.encode() for part in parts)


@pytest.fixture
def street(store: Store) -> Street:
    return _build(store)


def test_before_the_refusal_it_is_there(street: Street):
    content = _everything(street.store)
    assert ADDRESS.encode() in content
    assert struct.pack("<dd", *EXACT) in content


def test_after_it_no_row_of_any_table_has_it(street: Street):
    _plan(street)
    outcome = record_consent(CLERK, street.store, street.who, REFUSE)
    assert any("网格" in text for text in outcome.effects)
    _assert_clean(_everything(street.store), "rows")
    with street.store.reading(CLERK.scope) as reader:
        member = next(one for one in reader.members() if one.id == street.who)
        hosts = {host.id: host for host in reader.hosts(with_ended=True)}
    assert member.residence is not None
    assert member.residence.precision is Precision.GRID
    assert member.residence.grid_id == street.grids[0]
    assert member.residence.address == "青禾苑"
    assert member.residence.building_id is None
    assert member.map_precision is MapPrecision.GRID
    assert shapely.equals(
        shapely.from_wkb(member.residence.shape), shapely.from_wkb(_square(120, 31, 0.01)).representative_point()
    )
    host = hosts[street.host]
    assert (host.status, host.building_id, host.address) == (HostStatus.SUSPENDED, None, "青禾苑")


def test_the_others_keep_what_they_have(street: Street):
    def others() -> list[Any]:
        with Session(street.store.engine) as session:
            rows = session.execute(select(ResidenceRow.__table__).where(ResidenceRow.member_id != street.who))
            hosts = session.execute(select(HostRow.__table__).where(HostRow.id != street.host))
            return [*map(tuple, rows), *map(tuple, hosts)]

    before = others()
    record_consent(CLERK, street.store, street.who, REFUSE)
    assert others() == before


def test_whoever_writes_later_writes_roughly(street: Street):
    record_consent(CLERK, street.store, street.who, REFUSE)
    exact = Residence(
        ADDRESS,
        Precision.BUILDING,
        PositionSource.CONFIRMED,
        1.0,
        room_no="1703",
        shape=_wkb(EXACT),
        grid_id=street.grids[0],
    )
    with street.store.writing(CLERK, Action.LOCATE_MEMBERS) as writer:
        writer.move(street.who, exact)
    with street.store.writing(CLERK, Action.LOCATE_MEMBERS) as writer:
        member = next(one for one in writer.members() if one.id == street.who)
        writer.save_members([replace(member, residence=exact, map_precision=MapPrecision.EXACT)])
    with street.store.reading(CLERK.scope) as reader:
        home = next(one for one in reader.members() if one.id == street.who).residence
    assert home is not None
    pin_position(CLERK, street.store, street.who, EXACT, home.version)
    with street.store.writing(CLERK, Action.LOCATE_MEMBERS) as writer:  # past all doors: the row itself
        row = ResidenceRow(
            member_id=street.who,
            address=OLD_ADDRESS,
            precision=Precision.BUILDING,
            source=PositionSource.PIN,
            confidence=1.0,
            candidates=[],
            valid_from=date(2020, 1, 1),
            valid_to=date(2021, 1, 1),
            geom=_wkb(BEFORE),
        )
        writer.session.add(row)
        host = writer.session.get(HostRow, street.host)
        assert host is not None
        host.address, host.geom = ADDRESS, _wkb(EXACT)
    _assert_clean(_everything(street.store), "rows")
    assert street.who not in {one.member_id for one in list_unlocated(CLERK, street.store)}


def test_withdrawing_is_as_refusing_and_saying_yes_again_opens(street: Street):
    given = ConsentEntry(ConsentScope.EXACT_LOCATION, ConsentAnswer.GIVEN)
    record_consent(CLERK, street.store, street.who, given)
    assert ADDRESS.encode() in _everything(street.store)
    withdraw_consent(CLERK, street.store, street.who, ConsentScope.EXACT_LOCATION)
    _assert_clean(_everything(street.store), "rows")
    with pytest.raises(InputError):
        withdraw_consent(CLERK, street.store, street.who, ConsentScope.EXACT_LOCATION)
    record_consent(CLERK, street.store, street.who, given)
    exact = Residence(ADDRESS, Precision.BUILDING, PositionSource.PIN, 1.0, shape=_wkb(EXACT))
    with street.store.writing(CLERK, Action.LOCATE_MEMBERS) as writer:
        writer.move(street.who, exact)
    assert ADDRESS.encode() in _everything(street.store)


def test_planning_and_the_map_go_on_with_the_grid(street: Street):
    record_consent(CLERK, street.store, street.who, REFUSE)
    plan = propose_groups(CLERK, street.store, GroupingRequest(branch_ids=(street.branch,), seconds=2))
    asked = {seat.member_id for group in plan.groups for seat in group.seats} | {one.member_id for one in plan.unseated}
    assert street.who in asked
    assert not any(one.code == "NOT_LOCATED" for one in plan.unseated)
    marks = people_on_map(CLERK, street.store).marks
    (mark,) = [mark for mark in marks if mark.at == "grid"]
    assert (mark.building_id, mark.grid_id) == (None, street.grids[0])


def test_the_database_file_has_no_byte_of_it(sqlite_store: Store, sqlite_url: str):
    street = _build(sqlite_store)
    _plan(street)
    record_consent(CLERK, sqlite_store, street.who, REFUSE)
    for file in sorted(Path(sqlite_url.removeprefix("sqlite:///")).parent.glob("jiujin.db*")):
        _assert_clean(file.read_bytes(), file.name)


def test_commands_and_papers_do_not_have_it(
    sqlite_store: Store, sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    street = _build(sqlite_store)
    record_consent(CLERK, sqlite_store, street.who, REFUSE)
    for command in (
        ["members", "list", "--json"],
        ["plan", "groups", "--json", str(tmp_path / "plan.json"), "--seconds", "2"],
    ):
        done = CliRunner().invoke(app, [*command, "--db", sqlite_url])
        _assert_clean(done.output.encode(), " ".join(command))
    for file in tmp_path.glob("*.json"):
        _assert_clean(file.read_bytes(), file.name)
    plan = propose_groups(CLERK, sqlite_store, GroupingRequest(branch_ids=(street.branch,), seconds=2))
    save_plan(CLERK, sqlite_store, plan, "冬季方案")
    (head,) = [one for one in list_plans(CLERK, sqlite_store) if one.name == "冬季方案"]
    for form in (PaperFormat.DOCX, PaperFormat.XLSX):
        content = notice_file(CLERK, sqlite_store, head.id, NoticeKind.GROUP_LIST, form).content
        with ZipFile(BytesIO(content)) as parts:
            for name in parts.namelist():
                _assert_clean(parts.read(name), f"{form.value}:{name}")
    _assert_clean(caplog.text.encode(), "log")


def test_what_goes_out_does_not_depend_on_where_the_home_was(tmp_path: Path, migrated_sqlite: Path):
    """Two streets that differ in one exact home alone say exactly the same once it is refused, in any encoding."""
    said = []
    for number, exact in enumerate((EXACT, (120.0039999, 31.0041111))):
        file = tmp_path / f"{number}.db"
        file.write_bytes(migrated_sqlite.read_bytes())
        with closing(Store.open(f"sqlite:///{file}")) as store:
            street = _build(store, exact, ADDRESS if number == 0 else "青禾苑9幢甲单元204室")
            record_consent(CLERK, store, street.who, REFUSE)
            people = people_on_map(CLERK, store)
            plan = propose_groups(CLERK, store, GroupingRequest(branch_ids=(street.branch,), seconds=2))
            said.append((people, plan.groups, plan.unseated, plan.objective))
    assert said[0] == said[1]


def test_one_answer_is_in_force_for_each_matter(street: Street):
    for answer in (ConsentAnswer.GIVEN, ConsentAnswer.REFUSED, ConsentAnswer.GIVEN):
        record_consent(CLERK, street.store, street.who, ConsentEntry(ConsentScope.MOBILITY, answer))
    with street.store.reading(CLERK.scope) as reader:
        answers = reader.consents([street.who])
    assert [(one.answer.value, one.withdrawn_on is None) for one in answers] == [
        ("given", False),
        ("refused", False),
        ("given", True),
    ]
    with Session(street.store.engine) as session:
        assert session.scalar(select(func.count()).select_from(ResidenceRow)) == 8


def test_what_was_worked_out_from_home_or_gait_goes_too(street: Street):
    """A walk of no metres to a known host is an address; the reason of a mode may name the gait."""
    decided = {"mode": "deliver_study_home", "proposed": "deliver_study_home", "is_override": False}
    trace = {"facts": {"group_walk_m": 0, "near_place": "禾3家", "mobility": "cannot_leave"}, "why": "不便出门"}
    with street.store.writing(CLERK, Action.SET_MODES) as writer:
        row = ModeDecisionRow(
            member_id=street.who, rule="cannot_leave", trace=trace, valid_from=date(2026, 1, 1), **decided
        )
        writer.session.add(row)
    _plan(street)
    record_consent(CLERK, street.store, street.who, ConsentEntry(ConsentScope.MOBILITY, ConsentAnswer.REFUSED))
    with Session(street.store.engine) as session:
        (one,) = session.scalars(select(ModeDecisionRow))
        assert (one.rule, one.mode.value, one.trace["facts"]) == ("home_visit", "deliver_study_home", {})
        (plan,) = session.scalars(select(SavedPlanRow))
        text = json.dumps(plan.content, ensure_ascii=False)
    (seat,) = [one for one in _seats(json.loads(text)) if one["member_id"] == street.who]
    assert (seat["walk_m"] % 100, seat["why"], seat["alternatives"]) == (0, "", [])
    assert open_plan(CLERK, street.store, PlanId(plan.id)).plan.groups


def _seats(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [seat for one in value for seat in _seats(one)]
    if not isinstance(value, dict):
        return []
    own = [value] if {"member_id", "walk_m", "why"} <= value.keys() else []
    return own + [seat for one in value.values() for seat in _seats(one)]
