"""A round as the map draws it: put aside once, fetched by address, never riding on a rerun."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.services.visits.paths import team_paths
from gis.ui import drafts, encoding, session
from gis.ui.text import minutes
from gis.ui.visits.words import at, team_name

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from gis.model.access import Actor
    from gis.services.visits.paths import RouteLeg
    from gis.services.visits.views import RoundView, StopView, TeamView
    from gis.store.database import Store

KEPT, MOST_KEPT = "visits_pictures", 7
MOST_WORDS = 8  # lines of a tip


def put_round_once(actor: Actor, store: Store, view: RoundView, stamp: Hashable) -> str:
    """Put the round aside unless this tab did so before; `stamp` changes with everything that the picture shows."""
    kept: dict[Hashable, str] = session.recall(KEPT) or {}
    address = kept.get(stamp)
    if address is None or not drafts.is_kept(actor, store, address):
        ways = [team_paths(actor, store, team) for team in view.teams]
        address = drafts.put(actor, store, encoding.as_json(round_document(view, ways)))
        session.remember(KEPT, {**dict(list(kept.items())[-MOST_KEPT:]), stamp: address})
    return address


def round_document(view: RoundView, ways: Sequence[Sequence[RouteLeg]]) -> dict[str, Any]:
    """Encode the round: numbered pins, the ways of each team between them, where each team starts."""
    return {
        "kind": "round",
        "title": f"走访（{view.round.state.label}）" if view.round.id else "走访（尚未保存）",
        "place": f"round {view.round.id}",
        "at": [],
        "what": [],
        "lines": [],
        "places": [],
        "teams": [{"t": number, "name": _label(team)} for number, team in enumerate(view.teams) if team.stops],
        "pins": [pin for number, team in enumerate(view.teams) for pin in _pins(team, number)],
        "walks": [walk for number in range(len(view.teams)) for walk in walks_of(ways[number], number)],
        "starts": [_start(team, number) for number, team in enumerate(view.teams) if team.stops and team.start_lonlat],
    }


def _label(team: TeamView) -> str:
    return team_name(team.team.number, team.team.visitors)


def _start(team: TeamView, number: int) -> dict[str, Any]:
    lon, lat = team.start_lonlat or (0.0, 0.0)
    return {"x": round(lon, 6), "y": round(lat, 6), "name": team.start, "t": number}


def _pins(team: TeamView, number: int) -> list[dict[str, Any]]:
    """Return one pin for all stops of a team at one point."""
    together: dict[tuple[float, float], list[StopView]] = {}
    for stop in team.stops:
        if stop.lonlat is not None:
            together.setdefault((round(stop.lonlat[0], 6), round(stop.lonlat[1], 6)), []).append(stop)
    return [
        {
            "x": lon,
            "y": lat,
            "t": number,
            "text": spans([stop.stop.position for stop in stops]),
            "words": [f"第 {team.team.number} 组", *(_said(stop) for stop in stops)][:MOST_WORDS],
            "ids": [int(stop.stop.id or 0) for stop in stops],
            "done": all(target.result is not None for stop in stops for target in stop.targets),
        }
        for (lon, lat), stops in together.items()
    ]


def _said(stop: StopView) -> str:
    return f"{stop.stop.position}　{at(stop.stop.arrive)}　{stop.title}　{minutes(stop.stop.service_min)}"


def spans(numbers: Sequence[int]) -> str:
    """Return `3`, `3-5`, `3 7`; the first and how many more where they are scattered."""
    ordered = sorted(numbers)
    if all(after == before + 1 for before, after in pairwise(ordered)):
        return str(ordered[0]) if len(ordered) == 1 else f"{ordered[0]}-{ordered[-1]}"
    return f"{ordered[0]}+{len(ordered) - 1}"


def walks_of(ways: Sequence[RouteLeg], number: int) -> list[dict[str, Any]]:
    """Encode the ways of a team."""
    return [
        {"t": number, "d": encoding.deltas(np.array(leg.lonlat, dtype=float)), "rough": leg.is_estimated}
        for leg in ways
        if len(leg.lonlat) > 1
    ]
