"""Laws of rounds of visits on small made-up streets: what is proposed passes the check, and names everybody once."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.model.visits import TravelWay
from gis.services.visits.check import check_visits
from gis.services.visits.document import visit_document
from gis.services.visits.proposing import HalfDay, TeamRequest, VisitRequest, propose_visits
from tests.fixtures.stores import open_store
from tests.fixtures.visit_world import CLERK, WorldSpec, make_world

DAYS = (date(2026, 12, 8), date(2026, 12, 9))

worlds = st.builds(
    WorldSpec,
    seed=st.integers(0, 10_000),
    members=st.integers(1, 22),
    buildings=st.integers(1, 7),
    has_roads=st.booleans(),
    has_venue=st.booleans(),
    share_windows=st.sampled_from([0.0, 0.3, 0.8]),
)
teams = st.builds(
    TeamRequest,
    way=st.sampled_from(list(TravelWay)),
    is_from_first_door=st.booleans(),
    is_returning=st.booleans(),
)
wishes = st.fixed_dictionaries(
    {
        "days": st.sampled_from([DAYS[:1], DAYS]),
        "halves": st.sampled_from([(HalfDay.AM,), (HalfDay.PM,), tuple(HalfDay)]),
        "teams": st.lists(teams, min_size=1, max_size=3).map(tuple),
        "seed": st.integers(0, 99),
    }
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spec=worlds, wish=wishes, named=st.integers(0, 3))
def test_what_is_proposed_passes_the_check(
    migrated_sqlite: Path, spec: WorldSpec, wish: dict[str, object], named: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jiujin.db"
        shutil.copyfile(migrated_sqlite, path)
        with closing(open_store(f"sqlite:///{path}")) as store:
            world = make_world(store, spec)
            bound = dict.fromkeys(world.members[:named], 1)
            request = VisitRequest(world.village, everyone=True, seconds=0.1, must_with=bound, **wish)  # type: ignore[arg-type]  # fields by name
            proposed = propose_visits(CLERK, store, request)
            document = json.loads(json.dumps(visit_document(CLERK, store, proposed.round, proposed.status)))
            assert check_visits(CLERK, store, document) == ()
            there = [one.member_id for t in proposed.round.teams for s in t.stops for one in s.targets]
            there += [member for one in proposed.round.left_out for member in one.member_ids]
            assert sorted(there) == sorted(world.members)
