"""新增中心户 on the map: the best places in turn, who comes to be covered, and how far one walks from each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.model.access import Action
from gis.services.access import require
from gis.services.coverage_facts import MINUTE, planner_settings
from gis.services.map_layers import standing_of, standing_points
from gis.services.next_host import NextHostRequest, next_hosts
from gis.services.settings import office_settings
from gis.services.walk_reach import Pace, outline
from gis.services.walking import metric_xy, walking_network
from gis.spatial.distances import WalkOptions
from gis.spatial.walk_areas import walk_areas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.coverage import NextHost, NextHosts
    from gis.model.people import Member
    from gis.services.map_layers import Key
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class Gained:
    """Members who come to be covered, at a point where they may be drawn; `at` is building, estate, grid or pin."""

    lon: float
    lat: float
    at: str
    members: int


@dataclass(frozen=True, slots=True)
class WalkRing:
    """How far members of an age walk in the minutes of the settings; `shape` is WKB, longitude and latitude."""

    pace: Pace
    metres: float
    shape: bytes


@dataclass(frozen=True, slots=True)
class NextSpot:
    """One proposed place: `number` in its order, `not_drawn` of those gained are not shown on maps."""

    number: int
    host: NextHost
    gained: tuple[Gained, ...]
    not_drawn: int
    rings: tuple[WalkRing, ...]


@dataclass(frozen=True, slots=True)
class NextOnMap:
    """The answer, and where it stands; `in_turn` one after another, `alone` each for itself."""

    answer: NextHosts
    minutes: int
    in_turn: tuple[NextSpot, ...]
    alone: tuple[NextSpot, ...]
    is_estimated: bool


def next_on_map(actor: Actor, store: Store, request: NextHostRequest | None = None) -> NextOnMap:
    """Ask where one more place helps most and measure how far one walks from there; nothing is saved.

    Raises
    ------
    DeniedError
        The role may not plan.
    InputError
        The number of answers or of seats is out of bounds.
    """
    require(actor, Action.VIEW_MAP)
    answer = next_hosts(actor, store, request)
    hosts = list(dict.fromkeys((*answer.in_turn, *answer.best)))
    with store.reading(actor.scope) as reader:
        options = office_settings(reader)
        wanted = {member for host in hosts for member in host.gained}
        members = {one.id: one for one in reader.members() if one.id in wanted and one.restricted_on is None}
        points = standing_points(reader, list(members.values()))
        at = np.array([(host.lon, host.lat) for host in hosts], dtype=np.float64).reshape(-1, 2)
        network, epsg = walking_network(reader, (at,)) if hosts else (None, 0)
    settings = planner_settings(options)
    walks = WalkOptions(settings.max_snap_m, settings.detour_factor)
    limits = {pace: pace.speed(options) * MINUTE * options.group_walk_min for pace in Pace}
    is_estimated, rings = False, {}
    for host, place in zip(hosts, metric_xy(at, epsg) if hosts else at, strict=True):
        areas = walk_areas(network, place[None, :], list(limits.values()), walks)
        is_estimated = is_estimated or any(area.is_estimated for area in areas)
        rings[host.key] = tuple(
            WalkRing(pace, metres, outline(area.shape, epsg))
            for (pace, metres), area in zip(limits.items(), areas, strict=True)
        )

    def spots(places: Sequence[NextHost]) -> tuple[NextSpot, ...]:
        found = []
        for number, host in enumerate(places, start=1):
            gained = _gained([members[one] for one in host.gained if one in members], points)
            not_drawn = len(host.gained) - sum(one.members for one in gained)
            found.append(NextSpot(number, host, gained, not_drawn, rings[host.key]))
        return tuple(found)

    return NextOnMap(answer, options.group_walk_min, spots(answer.in_turn), spots(answer.best), is_estimated)


def _gained(members: Sequence[Member], points: dict[Key, tuple[float, float]]) -> tuple[Gained, ...]:
    keys = Counter(key for _, key in map(standing_of, members) if key is not None and key in points)
    return tuple(Gained(*points[key], at=key[0], members=count) for key, count in sorted(keys.items()))
