"""双重管理 on both databases: counts against SQL of its own, lists against the scope, the past against moves."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.dual import LISTED, LIVES_HERE, RELATION_HERE, Cell
from gis.model.enums import OrgStatus
from gis.model.meetings import AffairType, SessionKind
from gis.model.rights import Consent, ConsentAnswer, ConsentMethod, ConsentScope
from gis.services.dual import dual_lists, dual_matrices, dual_matrix, org_named, residence_orgs
from gis.services.invitations import Occasion, invited
from gis.services.sample.street import SampleRequest, sample_street
from tests.fixtures.stores import open_store
from tests.integration.dual_street import CLERK, DualStreet, home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.model.dual import Matrix
    from gis.model.ids import OrgId
    from gis.store.database import Store

PLACES = text("""
    select m.id, m.branch_id, coalesce(g.community_code, e.division_code, '') as code, r.precision as how
    from member m
    left join residence_history r on r.member_id = m.id and r.valid_to is null
    left join grid g on g.id = r.grid_id
    left join estate e on e.id = r.estate_id
    where m.left_on is null
""")
OWNERS = text("""
    select d.division_code, o.id from org_division d join party_org o on o.id = d.org_id
    where d.valid_to is null and o.kind in ('committee', 'general_branch')
""")
BELOW = text("""
    with recursive below(id) as (
        select id from party_org where id = :org
        union all select o.id from party_org o join below b on o.parent_id = b.id)
    select id from below
""")
ABOVE = text("""
    with recursive above(id, parent_id) as (
        select id, parent_id from party_org where id = :org
        union all select o.id, o.parent_id from party_org o join above a on o.id = a.parent_id)
    select id from above
""")


@pytest.fixture
def street(store: Store) -> DualStreet:
    """Give the small street."""
    return DualStreet(store)


def counted(store: Store, org_id: OrgId) -> Counter[Cell]:
    """Count again, by SQL and the plain sense of the words, as the made-up street allows."""
    with store.engine.connect() as connection:
        rows = connection.execute(PLACES).all()
        owners = {row.division_code: row.id for row in connection.execute(OWNERS)}
        below = set(connection.scalars(BELOW, {"org": org_id}))
        above = set(connection.scalars(ABOVE, {"org": org_id}))
    codes = {
        code for code, owner in owners.items() if owner in below or (owner in above and not below & {*owners.values()})
    }
    found: Counter[Cell] = Counter()
    for _, branch, code, how in rows:
        is_known = bool(code) or how == "outside"
        column = 0 if code in codes else 1 if is_known else 2
        found[(RELATION_HERE if branch in below else tuple(Cell)[3:])[column]] += 1
    return found


@pytest.fixture(scope="module")
def made_up(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a made-up street that is only read."""
    path = tmp_path_factory.mktemp("dual") / "jiujin.db"
    shutil.copyfile(migrated_sqlite, path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        sample_street(CLERK, store, SampleRequest(seed=11, members=150))
        yield store


def check_matrices(store: Store) -> None:
    """Compare all matrices with SQL, and their sums with the roster."""
    matrices = dual_matrices(CLERK, store)
    with store.engine.connect() as connection:
        roster = connection.scalar(text("select count(*) from member where left_on is null"))
        orgs = connection.scalar(text("select count(*) from party_org where status <> 'abolished'"))
    assert len(matrices) >= (orgs or 0) > 1
    for one in matrices:
        assert dict(one.cells) == {cell: counted(store, one.org_id)[cell] for cell in Cell}, one.org
        assert total(one, tuple(Cell)) == one.street == roster
        assert one.registered == total(one, RELATION_HERE)
        assert one.resident == total(one, LIVES_HERE)


def total(one: Matrix, cells: tuple[Cell, ...]) -> int:
    """Add cells up."""
    return sum(one.cells[cell] or 0 for cell in cells)


def test_every_matrix_is_what_sql_counts_and_sums_to_the_roster_both_ways(made_up: Store):
    check_matrices(made_up)


def test_that_is_so_on_the_small_street_on_both_databases(street: DualStreet):
    check_matrices(street.store)


def test_the_sums_agree_between_branches_communities_and_street(made_up: Store):
    with made_up.reading(CLERK.scope) as reader:
        is_branch = {org.id: org.is_branch for org in reader.orgs()}
    matrices = dual_matrices(CLERK, made_up)
    street, *communities = [one for one in matrices if not is_branch[one.org_id]]
    assert sum(one.registered or 0 for one in matrices if is_branch[one.org_id]) == street.registered
    assert sum(one.registered or 0 for one in communities) == street.registered
    assert sum(one.resident or 0 for one in communities) == street.resident


def test_for_daily_study_everybody_is_invited_by_exactly_one_community(made_up: Store):
    with made_up.reading(CLERK.scope) as reader:
        members = {member.id for member in reader.members()}
        communities = [org.id for org in reader.orgs() if not org.is_branch and org.parent_id is not None]
        times = Counter(
            number
            for org_id in communities
            if org_id is not None
            for number in invited(reader, Occasion(org_id, SessionKind.STUDY_DAY, AffairType.DAILY_STUDY))
        )
    assert set(times) == members
    assert set(times.values()) == {1}


def test_the_small_street_in_the_head(street: DualStreet):
    one = dual_matrix(CLERK, street.store, street.orgs["东风"])
    assert [one.cells[cell] for cell in Cell] == [1, 4, 1, 0, 2, 0]
    assert (one.registered, one.resident, one.street) == (6, 1, 8)
    new = dual_matrix(CLERK, street.store, street.orgs["新苑"])
    assert [new.cells[cell] for cell in Cell] == [1, 0, 0, 3, 3, 1]
    branch = dual_matrix(CLERK, street.store, street.orgs["东风二"])
    assert branch.place == "东风党总支"
    assert [branch.cells[cell] for cell in Cell] == [0, 2, 0, 1, 4, 1]


def test_the_residence_side_is_what_a_person_entered_or_who_covers_the_community(street: DualStreet):
    with street.store.reading(CLERK.scope) as reader:
        found = residence_orgs(reader)
    assert found[street.members["乙"]] == street.orgs["新苑"]
    assert found[street.members["丙"]] is None
    assert found[street.members["丁"]] is None
    with street.store.engine.begin() as connection:
        connection.execute(
            text("update member set residence_org_id = :org where id = :id"),
            {"org": street.orgs["新苑支部"], "id": street.members["丁"]},
        )
    with street.store.reading(CLERK.scope) as reader:
        assert residence_orgs(reader)[street.members["丁"]] == street.orgs["新苑支部"]


def test_an_abolished_organisation_hands_its_place_to_its_successor(street: DualStreet):
    with street.store.writing(CLERK, Action.MANAGE_ORGS) as writer:
        (west,) = [org for org in writer.orgs() if org.id == street.orgs["西塘"]]

        writer.save_orgs([replace(west, status=OrgStatus.ABOLISHED, successor_id=street.orgs["新苑"])])
        writer.save_orgs(
            [
                replace(org, status=OrgStatus.ABOLISHED, successor_id=street.orgs["新苑支部"])
                for org in writer.orgs()
                if org.id == street.orgs["西塘支部"]
            ]
        )
    with street.store.reading(CLERK.scope) as reader:
        assert residence_orgs(reader)[street.members["己"]] == street.orgs["新苑"]


def test_names_stay_inside_the_scope(street: DualStreet):
    secretary = street.actor(Role.VILLAGE_SECRETARY, "新苑")
    found = dual_lists(secretary, street.store, street.orgs["新苑"])
    assert [one.name for one in found.lists[Cell.BOTH]] == ["辛"]
    assert found.lists[Cell.SEEN_NOT_MANAGED] == ()
    assert found.unnamed[Cell.SEEN_NOT_MANAGED] == 3
    with pytest.raises(DeniedError):
        dual_lists(secretary, street.store, street.orgs["东风"])


def test_who_agreed_is_named_and_no_longer_after_withdrawing(street: DualStreet):
    secretary = street.actor(Role.VILLAGE_SECRETARY, "新苑")

    def named() -> tuple[list[str], int | None]:
        found = dual_lists(secretary, street.store, street.orgs["新苑"])
        return [one.name for one in found.lists[Cell.SEEN_NOT_MANAGED]], found.unnamed[Cell.SEEN_NOT_MANAGED]

    agree(street, "乙", "新苑")
    agree(street, "戊", "西塘")  # with somebody else
    assert named() == (["乙"], None)  # two unnamed: too few to say how many
    with street.store.engine.begin() as connection:
        connection.execute(text("update consent set withdrawn_on = '2026-01-02'"))
    assert named() == ([], 3)


def agree(street: DualStreet, name: str, org: str) -> None:
    """Enter that a member agrees to be known at an organisation."""
    with street.store.writing(CLERK, Action.MANAGE_CONSENT) as writer:
        writer.add_consent(
            Consent(
                id=None,
                member_id=street.members[name],
                scope=ConsentScope.SHARE_WITH,
                answer=ConsentAnswer.GIVEN,
                given_on=date(2026, 1, 1),
                method=ConsentMethod.PAPER,
                notice_version="1",
                share_org_id=street.orgs[org],
            )
        )


def test_a_secretary_cannot_work_out_the_few_who_live_here(street: DualStreet):
    """西塘: one member of elsewhere lives there, 己."""
    one = dual_matrix(street.actor(Role.VILLAGE_SECRETARY, "西塘"), street.store, street.orgs["西塘"])
    assert one.cells[Cell.SEEN_NOT_MANAGED] is None
    assert one.cells[Cell.ELSEWHERE] is None
    assert one.resident is None
    assert one.registered == 1


def test_who_counts_only_gets_communities_and_no_small_figures(street: DualStreet):
    leader = street.actor(Role.STREET_LEADER, "")
    found = {one.org_id: one for one in dual_matrices(leader, street.store)}
    assert set(found) == {street.orgs[name] for name in ("街道", "东风", "西塘", "新苑")}
    for one in found.values():
        assert all(count is None or count == 0 or count >= 3 for count in one.cells.values()), one.org
    with pytest.raises(DeniedError):
        dual_lists(leader, street.store, street.orgs["东风"])
    with pytest.raises(InputError, match="没有单独的辖区"):
        dual_matrix(leader, street.store, street.orgs["东风一"])


@pytest.mark.parametrize("role", [role for role in Role if role.value.endswith("admin") or role is Role.LIAISON])
def test_other_roles_get_nothing(street: DualStreet, role: Role):
    with pytest.raises(DeniedError):
        dual_matrices(street.actor(role, "东风" if role is Role.LIAISON else ""), street.store)


def test_a_member_who_moves_twice_and_returns_is_right_on_every_day(street: DualStreet):
    store, member = street.store, street.members["甲"]
    moves = {
        date(2024, 1, 1): "东风",
        date(2024, 6, 1): "新苑",
        date(2025, 3, 1): "西塘",
        date(2026, 2, 1): "东风",
    }
    with store.engine.begin() as connection:
        connection.execute(text("update affiliation_history set valid_from = '2023-01-01'"))
        connection.execute(text("delete from residence_history where member_id = :id"), {"id": member})
    for day, place in moves.items():
        store.clock = partial(datetime, day.year, day.month, day.day)
        with store.writing(CLERK, Action.MOVE_MEMBERS) as writer:
            home_there = home(place, street.grids, day)
            assert home_there is not None

            writer.move(member, replace(home_there, address=f"{place} {day}"))
    store.clock = lambda: datetime(2026, 6, 1)  # noqa: DTZ001  # as stored

    def cell(org: str, day: date | None) -> Cell | None:
        found = dual_lists(CLERK, store, street.orgs[org], day).lists
        return next((one for one in LISTED if member in {row.member_id for row in found[one]}), None)

    days = [
        date(2024, 5, 31),
        date(2024, 6, 1),
        date(2025, 2, 28),
        date(2025, 3, 1),
        date(2026, 1, 31),
        date(2026, 2, 1),
    ]
    here, away, guest = Cell.BOTH, Cell.MANAGED_NOT_SEEN, Cell.SEEN_NOT_MANAGED
    assert [cell("东风", day) for day in days] == [here, away, away, away, away, here]
    assert [cell("新苑", day) for day in days] == [None, guest, guest, None, None, None]
    assert [cell("西塘", day) for day in days] == [None, None, None, guest, guest, None]
    assert cell("东风", None) is here
    assert cell("东风", date(2023, 6, 1)) is here  # before the first address on record that one is taken


def test_now_and_today_are_the_same(street: DualStreet):
    today = street.store.today()
    assert dual_matrices(CLERK, street.store, today) == dual_matrices(CLERK, street.store)


def test_a_day_to_come_is_refused(street: DualStreet):
    with pytest.raises(InputError, match="还没有到"):
        dual_matrices(CLERK, street.store, date(2999, 1, 1))


def test_an_unknown_organisation_is_named_with_similar_ones(street: DualStreet):
    with pytest.raises(NotFoundError, match="东风党总支"):
        org_named(CLERK, street.store, "东风")


def test_the_command_line_says_the_same(street: DualStreet):
    from gis.cli.main import app  # noqa: PLC0415  # the command line imports the whole product

    url = street.store.engine.url.render_as_string(hide_password=False)
    result = CliRunner().invoke(app, ["dual", "matrix", "--json", "--db", url])
    assert result.exit_code == 0, result.stderr
    rows = {row["org_id"]: row for row in json.loads(result.stdout)}
    for one in dual_matrices(CLERK, street.store):
        row = rows[one.org_id]
        assert [*row["relation_here"].values(), *row["relation_elsewhere"].values()] == list(one.cells.values())
        assert (row["registered"], row["resident"], row["street"]) == (one.registered, one.resident, one.street)
    result = CliRunner().invoke(app, ["dual", "lists", "--org", "新苑党总支", "--json", "--db", url])
    assert [row["name"] for row in json.loads(result.stdout)["lists"]["seen_not_managed"]] == ["乙", "戊", "庚"]
    assert CliRunner().invoke(app, ["dual", "matrix", "--as-of", "昨天", "--db", url]).exit_code == 1


def test_from_what_a_leader_is_shown_no_small_figure_follows(made_up: Store):
    """By linear algebra: the tree of organisations and the street's own line tell who is registered, and the total."""
    order = list(Cell)
    for one in dual_matrices(Actor("l", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset())), made_up):
        counts = dual_matrix(CLERK, made_up, one.org_id).cells
        known = [[1] * len(order), [int(cell in RELATION_HERE) for cell in order]]
        known += [[int(cell is shown) for cell in order] for shown in order if one.cells[shown] is not None]
        if one.resident is not None:
            known.append([int(cell in LIVES_HERE) for cell in order])
        rank = np.linalg.matrix_rank(np.array(known))
        for cell in order:
            if 0 < (counts[cell] or 0) < 3:  # the default below which counts are hidden
                with_it = [*known, [int(cell is other) for other in order]]
                assert np.linalg.matrix_rank(np.array(with_it)) > rank, f"{one.org}: {cell}"
