"""The check of a round of visits finds what is spoiled, by name, and nothing in what the planner made."""

from __future__ import annotations

import copy
import json
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gis.errors import InputError
from gis.model.access import Action
from gis.services.visits.check import check_visits
from gis.services.visits.document import visit_document
from gis.services.visits.proposing import HalfDay, TeamRequest, VisitRequest, propose_visits
from tests.fixtures.stores import open_store
from tests.fixtures.visit_world import CLERK, VisitWorld, WorldSpec, make_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gis.store.database import Store

    Document = dict[str, Any]

DAY = date(2026, 12, 8)


def plan(world: VisitWorld, **more: object) -> Document:
    """Plan everybody of the village with three teams; the document as a file has it."""
    usual: dict[str, object] = {"teams": (TeamRequest(), TeamRequest(), TeamRequest()), "everyone": True}
    request = VisitRequest(world.village, (DAY,), seconds=0.2, **(usual | more))  # type: ignore[arg-type]  # fields by name
    proposed = propose_visits(CLERK, world.store, request)
    return json.loads(json.dumps(visit_document(CLERK, world.store, proposed.round, proposed.status)))  # type: ignore[no-any-return]  # an object


def rules(store: Store, document: Document) -> set[str]:
    """Return the codes of what is found."""
    return {one.rule for one in check_visits(CLERK, store, document)}


@pytest.fixture(scope="module")
def planned(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[VisitWorld, Document]]:
    """Give a street on which some are left out for lack of time, with its plan; nobody changes either."""
    path = tmp_path_factory.mktemp("planned") / "jiujin.db"
    shutil.copyfile(migrated_sqlite, path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        world = make_world(store, WorldSpec(members=40, buildings=6, share_windows=0.3, seed=5))
        yield world, plan(world)


@pytest.fixture
def world(sqlite_store: Store) -> VisitWorld:
    """Give a street to change."""
    return make_world(sqlite_store, WorldSpec(members=12, buildings=6, share_windows=0.3, seed=5))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_the_planner_makes_breaks_no_rule(sqlite_store: Store, seed: int) -> None:
    world = make_world(sqlite_store, WorldSpec(members=28, seed=seed))
    assert rules(sqlite_store, plan(world)) == set()
    assert rules(sqlite_store, plan(world, halves=(HalfDay.PM,), must_with={world.members[0]: 2})) == set()


def first(document: Document) -> Document:
    """Return the first stop of a team that has two in one half-day."""
    team = next(
        one for one in document["teams"] if len({s["shift"] for s in one["stops"][:2]}) == 1 < len(one["stops"])
    )
    return team["stops"][0]  # type: ignore[no-any-return]  # an object


def shifted(text: str, **by: float) -> str:
    """Return a time so much later."""
    return (datetime.fromisoformat(text) + timedelta(**by)).isoformat()


def _twice(document: Document) -> None:
    document["teams"][-1]["stops"][-1]["members"].append(first(document)["members"][0])


def _forgotten(document: Document) -> None:
    first(document)["members"] = []


def _shorter(document: Document) -> None:
    stop = next(s for team in document["teams"] for s in team["stops"] if s["walk_m"] > 50)  # a way
    stop["walk_m"] -= 20


def _hurried(document: Document) -> None:
    stop = next(s for team in document["teams"] for s in team["stops"] if s["travel_min"] > 1)
    stop["travel_min"] -= 1


def _earlier(document: Document) -> None:
    stop = first(document)
    stop["arrive"], stop["leave"] = shifted(stop["arrive"], minutes=-9), shifted(stop["leave"], minutes=-9)


def _brief(document: Document) -> None:
    first(document)["service_min"] -= 5


def _left_early(document: Document) -> None:
    first(document)["leave"] = shifted(first(document)["leave"], minutes=-5)


def _evening(document: Document) -> None:
    document["teams"][0]["shifts"][0]["to_min"] = 20 * 60


def _other_day(document: Document) -> None:
    document["teams"][0]["shifts"][0]["day"] = "2026-12-20"


def _buddy(document: Document) -> None:
    team = next(one for one in document["teams"] if one["stops"])
    other = next(one["number"] for one in document["teams"] if one is not team)
    document["request"]["must_with"] = [[team["stops"][0]["members"][0]["id"], other]]


def _excluded(document: Document) -> None:
    document["request"]["exclude"] = [first(document)["members"][0]["id"]]


def _stranger(document: Document) -> None:
    first(document)["members"][0]["id"] = 999_999


def _silent(document: Document) -> None:
    document["left_out"][0]["reason"] = ""


def _pretext(document: Document) -> None:
    stop = document["teams"][0]["stops"].pop()
    ids = [one["id"] for one in stop["members"]]
    document["left_out"].append({"who": "", "member_ids": ids, "code": "TIME", "reason": "时间已经排满"})


def _false(document: Document) -> None:
    document["left_out"][0]["code"] = "NO_PLACE"


def _scored(document: Document) -> None:
    document["scores"]["planned"] += 1


def _named(document: Document) -> None:
    document["teams"][0]["minutes"] += 30


def _crowded(document: Document) -> None:
    team = next(one for one in document["teams"] if one["stops"])
    team["stops"] += [copy.deepcopy(team["stops"][0]) for _ in range(9)]


def _nowhere(document: Document) -> None:
    document["teams"][0]["start_venue"] = 4711


def _guessed(document: Document) -> None:
    first(document)["estimated"] = True


def _gone_by(document: Document) -> None:
    document["teams"][0]["number"] = document["teams"][1]["number"]


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (_twice, "MEMBER_TWICE"),
        (_forgotten, "MEMBER_MISSING"),
        (_shorter, "WALK_WRONG"),
        (_hurried, "TRAVEL_WRONG"),
        (_earlier, "TOO_EARLY"),
        (_brief, "SERVICE_WRONG"),
        (_left_early, "LEAVE_WRONG"),
        (_evening, "SHIFT_HOURS"),
        (_other_day, "SHIFT_DAY"),
        (_buddy, "BUDDY"),
        (_excluded, "EXCLUDED"),
        (_stranger, "MEMBER_UNKNOWN"),
        (_silent, "NO_REASON"),
        (_pretext, "SERVABLE"),
        (_false, "REASON_WRONG"),
        (_scored, "SCORE_WRONG"),
        (_named, "MINUTES_WRONG"),
        (_crowded, "CAPACITY"),
        (_nowhere, "START_UNKNOWN"),
        (_guessed, "ESTIMATED"),
        (_gone_by, "TEAM_NUMBER"),
    ],
)
def test_what_is_spoiled_is_named(
    planned: tuple[VisitWorld, Document], spoil: Callable[[Document], None], rule: str
) -> None:
    world, document = planned[0], copy.deepcopy(planned[1])
    assert document["left_out"], "the street is meant to have somebody left out"
    assert rule not in rules(world.store, document)
    spoil(document)
    assert rule in rules(world.store, document)


def test_a_time_of_ones_own_that_was_given_since_is_found(world: VisitWorld) -> None:
    document = plan(world)
    stop = next(s for team in document["teams"] for s in team["stops"] if s["window"] is None)
    number = stop["members"][0]["id"]
    with world.store.writing(CLERK, Action.EDIT_CARDS) as writer:
        card = writer.cards([number])[number]
        writer.save_card(replace(card, visit_from_min=7 * 60, visit_to_min=7 * 60 + 30))
    assert {"WINDOW", "WINDOW_WRONG"} <= rules(world.store, document)


def test_a_member_who_was_restricted_since_is_found(world: VisitWorld) -> None:
    document = plan(world)
    number = first(document)["members"][0]["id"]
    with world.store.writing(CLERK, Action.EDIT_CARDS) as writer:
        member = writer.member(number)
        assert member is not None
        writer.save_members([replace(member, restricted_on=DAY)])
    assert "MEMBER_GONE" in rules(world.store, document)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: d.pop("teams"), "teams"),
        (lambda d: d["teams"][0]["stops"].append(7), "stops"),
        (lambda d: first(d).update(arrive="nachmittags"), "arrive"),
        (lambda d: first(d).update(walk_m=float("nan")), "walk_m"),
        (lambda d: d["request"].update(must_with=[[1]]), "must_with"),
        (lambda d: d.update(org_id="1"), "org_id"),
    ],
)
def test_what_is_no_round_of_visits_is_refused_with_the_place(
    planned: tuple[VisitWorld, Document], spoil: Callable[[Document], object], said: str
) -> None:
    world, document = planned[0], copy.deepcopy(planned[1])
    spoil(document)
    with pytest.raises(InputError, match=said):
        check_visits(CLERK, world.store, document)
