"""The figures of the big screen, each against SQL written on its own, and what counts-only roles learn from them."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gis.errors import DeniedError, InputError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.boards import BoardKind
from gis.model.enums import HostStatus
from gis.model.kpis import KpiKey
from gis.model.visits import ResultSource, VisitResult
from gis.model.wall import WallCounts, WallLevel
from gis.services import covered
from gis.services.boards import read_boards
from gis.services.coverage import read_coverage
from gis.services.coverage_facts import read_coverage_facts
from gis.services.dual import dual_matrix
from gis.services.kpi import count_board, read_kpis
from gis.services.kpi_document import kpi_document
from gis.services.kpis_counting import home_of
from gis.services.sample.street import SampleRequest, sample_street
from gis.services.served import served_in_month
from gis.services.settings import SettingChange, change_settings
from gis.services.visits.results import record_results
from gis.services.wall_counts import read_wall
from gis.store import schema as s
from gis.ui.navigation import SCREENS
from tests.fixtures.attack import assert_safe
from tests.fixtures.stores import open_store
from tests.integration.tiny_street import CLERK, person
from tests.integration.visit_street import VisitStreet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.model.kpis import KpiBoard
    from gis.model.wall import Wall
    from gis.services.kpis_counting import Sets
    from gis.store.database import Store

SCREEN = Actor("screen", Role.VIEWER_BIG_SCREEN, scope_for(Role.VIEWER_BIG_SCREEN, frozenset()))
MOVING = "EXISTS (SELECT 1 FROM transition_episode t WHERE t.member_id = m.id AND t.returned_on IS NULL)"
ROSTER = "FROM member m WHERE m.left_on IS NULL"
#: Full years by month, from `YYYY-MM`, on :ym
AGE = "CAST(substr(:ym, 1, 4) AS INTEGER) - CAST(substr(m.birth_ym, 1, 4) AS INTEGER)"
AGE = f"({AGE} - CASE WHEN substr(:ym, 6, 2) < substr(m.birth_ym, 6, 2) THEN 1 ELSE 0 END)"
BY_HAND = {
    KpiKey.REGISTERED: f"SELECT count(*) {ROSTER}",
    KpiKey.TRANSITION: f"SELECT count(*) {ROSTER} AND {MOVING}",
    KpiKey.ELDER: f"SELECT count(*) {ROSTER} AND {MOVING} AND m.birth_ym <> '' AND {AGE} >= 60",
    KpiKey.AGED: f"SELECT count(*) {ROSTER} AND {MOVING} AND m.birth_ym <> '' AND {AGE} >= 80",
    KpiKey.GROUPED: f"""SELECT count(*) {ROSTER} AND {MOVING} AND m.id IN (
        SELECT g.member_id FROM group_membership g JOIN party_group p ON p.id = g.group_id
        WHERE g.valid_to IS NULL AND p.valid_to IS NULL AND p.status = 'confirmed' AND p.kind = 'transition')""",
    KpiKey.SERVED: f"""SELECT count(*) {ROSTER} AND {MOVING} AND m.restricted_on IS NULL AND m.id IN (
        SELECT a.member_id FROM attendance a JOIN session s ON s.id = a.session_id
        WHERE a.state IN ('attended', 'served_later') AND s.cancelled_on IS NULL AND s.held_on BETWEEN :first AND :today
        UNION SELECT vt.member_id FROM visit_result vr JOIN visit_target vt ON vt.id = vr.target_id
        WHERE vr.state = 'accepted' AND vr.result = 'met' AND vr.on_day BETWEEN :first AND :today
        UNION SELECT c.member_id FROM contact_log c JOIN study_mode_decision d ON d.member_id = c.member_id
        WHERE d.mode = 'online_study' AND d.valid_to IS NULL AND c.channel IN ('phone', 'wechat')
          AND c.is_reached = :yes AND c.on_day BETWEEN :first AND :today)""",
    KpiKey.OVERDUE: f"""SELECT count(*) {ROSTER} AND {MOVING} AND NOT EXISTS (
        SELECT 1 FROM (
            SELECT c.member_id AS who, c.on_day AS met FROM contact_log c WHERE c.is_reached = :yes
            UNION ALL SELECT a.member_id, s.held_on FROM attendance a JOIN session s ON s.id = a.session_id
            WHERE a.state IN ('attended', 'served_later') AND s.held_on IS NOT NULL) seen
        WHERE seen.who = m.id AND seen.met >= CASE WHEN EXISTS (
            SELECT 1 FROM study_mode_decision d
            WHERE d.member_id = m.id AND d.valid_to IS NULL AND d.mode = 'attend_home_branch')
            THEN :long_ago ELSE :ago END)""",
    KpiKey.RESIDENT: f"""SELECT count(*) {ROSTER} AND (m.residence_org_id IS NOT NULL OR EXISTS (
        SELECT 1 FROM residence_history r LEFT JOIN grid g ON g.id = r.grid_id LEFT JOIN estate e ON e.id = r.estate_id
        JOIN org_division o ON o.division_code = coalesce(g.community_code, e.division_code) AND o.valid_to IS NULL
        WHERE r.member_id = m.id AND r.valid_to IS NULL))""",
}
MODES = f"""SELECT coalesce(d.mode, ''), count(*) FROM member m
    LEFT JOIN study_mode_decision d ON d.member_id = m.id AND d.valid_to IS NULL
    WHERE m.left_on IS NULL AND {MOVING} GROUP BY coalesce(d.mode, '')"""


HOMES = f"""SELECT {{place}}, count(*) FROM member m
    JOIN residence_history r ON r.member_id = m.id AND r.valid_to IS NULL {{more}}
    WHERE m.left_on IS NULL AND {MOVING} GROUP BY {{place}}"""


@pytest.fixture(scope="module")
def made_up(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a made-up street that is only read."""
    path = tmp_path_factory.mktemp("kpis") / "jiujin.db"
    shutil.copyfile(migrated_sqlite, path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        sample_street(CLERK, store, SampleRequest(seed=11, members=150))
        yield store


@pytest.fixture
def street(store: Store) -> VisitStreet:
    made = VisitStreet(store)
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members(
            [
                person("禾邻", made.street.other, 10, birth_ym="1940-12"),
                person("禾居", made.branch, 20, transition=None),
                person("禾幼", made.branch, 20, birth_ym="1990-01"),
            ]
        )
    record_results(CLERK, store, [made.said(k, VisitResult.MET) for k in (0, 2, 3)], ResultSource.DESK)
    return made


def check(store: Store, board: KpiBoard) -> None:
    day = board.day
    asked = {
        "ym": f"{day:%Y-%m}",
        "first": day.replace(day=1),
        "today": day,
        "yes": True,
        "ago": date.fromordinal(day.toordinal() - 30),
        "long_ago": date.fromordinal(day.toordinal() - 90),
    }
    with store.engine.connect() as connection:
        for key, query in BY_HAND.items():
            used = {name: value for name, value in asked.items() if f":{name}" in query}
            if connection.dialect.name == "sqlite":
                used = {name: str(value) if isinstance(value, date) else value for name, value in used.items()}
            assert board.kpi(key).numerator == connection.execute(text(query), used).scalar(), key
        modes: dict[str, Any] = {row[0]: row[1] for row in connection.execute(text(MODES))}
    assert [one.count for one in board.modes.parts] == [
        modes.get(mode, 0)
        for mode in ("attend_home_branch", "deliver_study_group", "deliver_study_home", "online_study", "")
    ]


def sums(board: KpiBoard) -> None:
    """Every split adds up to its whole; what is not shown is said."""
    whole = board.kpi(KpiKey.TRANSITION).value
    for split in (board.ages, board.modes):
        assert split.whole == whole
        if whole is not None:
            assert sum(one.count or 0 for one in split.parts) + (split.rest or 0) == whole
    assert whole is None or sum(one.count for one in board.flows) + (board.flows_rest or 0) == whole
    last = board.trend[-1]
    assert (last.registered, last.transition, last.served) == (
        board.kpi(KpiKey.REGISTERED).numerator,
        whole,
        board.kpi(KpiKey.SERVED).numerator,
    )


def test_each_figure_is_what_sql_counts_on_both_databases(street: VisitStreet):
    board = read_kpis(CLERK, street.store)
    check(street.store, board)
    sums(board)
    assert (board.kpi(KpiKey.REGISTERED).value, board.kpi(KpiKey.TRANSITION).value) == (10, 9)
    assert (board.kpi(KpiKey.SERVED).numerator, board.kpi(KpiKey.SERVED).value) == (3, 33.3)
    assert (board.kpi(KpiKey.ELDER).value, board.kpi(KpiKey.AGED).value) == (8, 1)
    # By hand along the road: three of 70 within 810 m of the host at 100 m, one of that at 1,500 m, and 禾邻 and 禾幼
    assert (board.kpi(KpiKey.COVERED).numerator, board.kpi(KpiKey.COVERED).denominator) == (6, 9)
    assert {one.org: one.transition for one in board.orgs} == {"东风一支部": 8, "东风二支部": 1}


def test_so_is_each_of_a_made_up_street_and_it_agrees_with_the_other_screens(made_up: Store):
    board = read_kpis(CLERK, made_up)
    check(made_up, board)
    sums(board)
    overdue, _, _, aged, _ = read_boards(CLERK, made_up)
    assert (board.kpi(KpiKey.OVERDUE).value, board.kpi(KpiKey.AGED).value) == (overdue.count, aged.count)
    served = served_in_month(CLERK, made_up)
    assert (board.kpi(KpiKey.SERVED).numerator, board.kpi(KpiKey.SERVED).denominator) == (
        served.served,
        served.denominator,
    )
    coverage = read_coverage(CLERK, made_up)
    assert (board.kpi(KpiKey.COVERED).numerator, board.kpi(KpiKey.COVERED).denominator) == (
        coverage.count,
        coverage.denominator,
    )
    top = next(org for org in read_top(made_up))
    matrix = dual_matrix(CLERK, made_up, top)
    assert (board.kpi(KpiKey.REGISTERED).value, board.kpi(KpiKey.RESIDENT).value) == (
        matrix.registered,
        matrix.resident,
    )
    for key in (KpiKey.TRANSITION, KpiKey.GROUPED, KpiKey.SERVED, KpiKey.OVERDUE):
        assert sum(getattr(one, key.value) for one in board.orgs) == board.kpi(key).numerator


def read_top(store: Store) -> list[Any]:
    with store.reading(CLERK.scope) as reader:
        return [org.id for org in reader.orgs() if org.parent_id is None]


def test_a_secretary_gets_the_figures_of_the_own_branches(made_up: Store):
    with made_up.reading(CLERK.scope) as reader:
        village = next(org.id for org in reader.orgs() if org.parent_id is not None and not org.is_branch)
    assert village is not None
    role = Role.VILLAGE_SECRETARY
    secretary = Actor("v", role, scope_for(role, frozenset({village})))
    board = read_kpis(secretary, made_up)
    matrix = dual_matrix(secretary, made_up, village)
    assert (board.kpi(KpiKey.REGISTERED).value, board.kpi(KpiKey.RESIDENT).value) == (
        matrix.registered,
        matrix.resident,
    )
    sums(board)


def test_coverage_is_measured_again_only_where_something_that_it_rests_on_has_changed(
    street: VisitStreet, monkeypatch: pytest.MonkeyPatch
):
    calls = []

    def counted(*given: Any) -> Any:
        calls.append(given)
        return read_coverage_facts(*given)

    monkeypatch.setattr(covered, "read_coverage_facts", counted)
    for expected in (1, 1):
        assert read_kpis(CLERK, street.store).kpi(KpiKey.COVERED).numerator == 6
        assert len(calls) == expected
    record_results(CLERK, street.store, [street.said(1, VisitResult.MET)], ResultSource.DESK)
    assert read_kpis(CLERK, street.store).kpi(KpiKey.SERVED).numerator == 4
    assert len(calls) == 1
    with street.store.writing(CLERK, Action.MANAGE_HOSTS) as writer:
        writer.session.get(s.HostRow, street.street.near).status = HostStatus.ENDED  # type: ignore[union-attr]  # it is there
    assert read_kpis(CLERK, street.store).kpi(KpiKey.COVERED).numerator == 1


def test_every_figure_leads_to_a_screen_that_opens_its_list(made_up: Store):
    links = {one.key: one.link for one in read_kpis(CLERK, made_up).kpis}
    assert {link.partition("?")[0] for link in links.values()} <= {screen.address for screen in SCREENS}
    kinds = {link.partition("kind=")[2] for link in links.values() if "kind=" in link}
    assert kinds <= {kind.value for kind in BoardKind}


def test_a_past_month_is_told_from_the_histories_and_nothing_before_them(street: VisitStreet):
    store = street.store
    with store.writing(CLERK, Action.MOVE_MEMBERS) as writer:
        for row in writer.session.query(s.AffiliationRow):
            row.valid_from = date(2026, 8, 15)
        gone = writer.session.get(s.MemberRow, street.members[1])
        gone.left_on = date(2026, 10, 20)  # type: ignore[union-attr]  # it is there
        episode = writer.session.query(s.TransitionRow).filter_by(member_id=street.members[2]).one()
        episode.started_on = date(2026, 9, 10)
    board = read_kpis(CLERK, store)
    assert board.trend_from == date(2026, 8, 15)
    told = {one.month: (one.registered, one.transition) for one in board.trend}
    assert told["2026-07"] == (None, None)
    assert told["2026-08"] == (10, 8)
    assert told["2026-09"] == (10, 9)
    assert told["2026-10"] == (9, 8)
    assert told["2026-11"] == (9, 8)
    assert len(board.trend) == 12
    sums(board)


def test_nothing_small_is_told_to_the_screen_nor_worked_out_from_board_and_map(made_up: Store, street: VisitStreet):
    for store in (made_up, street.store):
        wall = read_wall(SCREEN, store)
        sums(wall.board)
        of_all = count_board(CLERK, store)
        figures, shown = dict(of_all.sets.figures), board_counts(wall.board, of_all.sets)
        moves = of_all.sets.moves
        figures |= {f"flow/{k}": moves.flow_at == k for k in range(len(moves.flows))}
        for name, (mask, count) in places(store, wall).items():
            figures[name], shown[name] = mask, count
        assert not [name for name, count in shown.items() if count is not None and 0 < count < 3]
        assert_safe(figures, shown)


def test_each_place_of_the_map_is_what_sql_counts_and_its_parts_sum_to_it(made_up: Store):
    wall = read_wall(CLERK, made_up)
    with made_up.engine.connect() as connection:
        grids = {row[0]: row[1] for row in connection.execute(text(HOMES.format(place="r.grid_id", more="")))}
        more = """JOIN building b ON b.id = r.building_id AND b.grid_id = r.grid_id
            AND m.map_precision NOT IN ('grid', 'hidden') AND m.restricted_on IS NULL"""
        buildings = {row[0]: row[1] for row in connection.execute(text(HOMES.format(place="b.id", more=more)))}
    shown: dict[WallLevel, dict[int | None, int | None]] = {level: {} for level in WallLevel}
    for node in wall.nodes.values():
        shown[node.level][node.number] = node.counts.transition
    assert {grid: count for grid, count in shown[WallLevel.GRID].items() if count} == {
        grid: count for grid, count in grids.items() if grid is not None
    }
    assert shown[WallLevel.BUILDING] == buildings
    assert wall.street.counts.transition == wall.board.kpi(KpiKey.TRANSITION).value == sum(grids.values())


def test_shown_parts_and_rest_sum_to_each_place(made_up: Store):
    for actor in (CLERK, SCREEN):
        wall = read_wall(actor, made_up)
        for node in wall.nodes.values():
            parts = [*(one.counts for one in wall.children(node.key)), *(one.counts for one in node.others)]
            for measure in ("transition", "grouped", "served"):
                whole, rest = getattr(node.counts, measure), getattr(node.rest, measure)
                if node.level is not WallLevel.BUILDING and whole is not None:
                    assert whole == rest + sum(getattr(one, measure) or 0 for one in parts)
                    assert actor is SCREEN or rest == 0


def board_counts(board: KpiBoard, sets: Sets) -> dict[str, int | None]:
    """Return every number on the board by the name of its figure."""
    found: dict[str, int | None] = {one.key.value: one.numerator for one in board.kpis}
    found["served/of"] = board.kpi(KpiKey.SERVED).denominator
    found |= {f"age/{k}": one.count for k, one in enumerate(board.ages.parts) if k}
    modes = ("attend_home_branch", "deliver_study_group", "deliver_study_home", "online_study", "")
    found |= {f"mode/{mode}": one.count for mode, one in zip(modes, board.modes.parts, strict=True)}
    for one in board.orgs:
        for measure in ("transition", "grouped", "served", "overdue"):
            found[f"org/{one.org_id}/{measure}"] = getattr(one, measure)
    found |= {f"flow/{sets.moves.flows.index((one.village, one.community))}": one.count for one in board.flows}
    told = [one for one in board.trend if one.as_of >= (board.trend_from or board.day)][:-1]
    for number, month in enumerate(told):
        for measure in ("registered", "transition", "served"):
            found[f"trend/{number}/{measure}"] = getattr(month, measure)
    return found


def places(store: Store, wall: Wall) -> dict[str, tuple[Any, int | None]]:
    """Return every number of the map: who counts in it, and what is shown of it."""
    counting = count_board(CLERK, store).counting
    homes = [(home_of(one), one.home.grid_id, one.home.building_id) for one in counting.people]
    masks = {"transition": counting.moving, "grouped": counting.grouped, "served": counting.served}
    found: dict[str, tuple[Any, int | None]] = {}
    for key, node in wall.nodes.items():
        level = ("street", "community", "grid", "building").index(node.level.value)
        here = [home[level - 1] == (node.code if level == 1 else node.number) if level else True for home in homes]
        for measure, mask in masks.items():
            found[f"{key}/{measure}"] = (mask & np.array(here, dtype=bool), getattr(node.counts, measure))
    return found


def test_the_screen_sees_no_name_and_no_id(made_up: Store):
    with made_up.reading(CLERK.scope) as reader:
        names = {one.name for one in reader.members()}
    document = json.dumps(kpi_document(read_kpis(SCREEN, made_up)), ensure_ascii=False)
    assert not [name for name in names if name in document]
    with made_up.reading(SCREEN.scope) as reader:
        people = reader.counted_people([(date(2026, 11, 1), date(2026, 11, 22))], date(2026, 11, 22))
    assert {(one.board.member_id, one.board.name) for one in people if one.board} <= {(0, "")}


def test_an_office_that_hides_more_hides_more(street: VisitStreet):
    change_settings(CLERK, street.store, [SettingChange("suppress_below", 20)])
    board = read_kpis(SCREEN, street.store)
    assert {one.numerator for one in board.kpis} <= {None, 0}


def test_only_today_is_told_and_not_to_everybody(street: VisitStreet):
    today = read_kpis(CLERK, street.store).day
    assert read_kpis(CLERK, street.store, today).day == today
    with pytest.raises(InputError, match="只有今天"):
        read_kpis(CLERK, street.store, date(2026, 10, 1))
    liaison = Actor("l", Role.LIAISON, scope_for(Role.LIAISON, frozenset({street.branch})))
    with pytest.raises(DeniedError):
        read_kpis(liaison, street.store)


def test_an_empty_street_has_noughts(sqlite_store: Store):
    for actor in (CLERK, SCREEN):
        board = read_kpis(actor, sqlite_store)
        assert [one.numerator for one in board.kpis] == [0] * len(KpiKey)
        assert board.kpi(KpiKey.SERVED).value is None
        assert read_wall(actor, sqlite_store).street.counts == WallCounts(0, 0, 0)


def test_the_command_line_says_the_same(made_up: Store):
    from gis.cli.main import app  # noqa: PLC0415  # the command line imports the whole product

    url = made_up.engine.url.render_as_string(hide_password=False)
    result = CliRunner().invoke(app, ["kpis", "--json", "--db", url])
    assert result.exit_code == 0, result.stderr
    wanted = kpi_document(read_kpis(CLERK, made_up))
    document = json.loads(result.stdout)
    assert document["kpis"] == json.loads(json.dumps(wanted["kpis"]))
    assert {row["definition"] for row in document["kpis"]} - {""}
    said = CliRunner().invoke(app, ["kpis", "--db", url])
    assert "已编组率" in said.stdout
