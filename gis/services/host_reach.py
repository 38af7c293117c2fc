"""How many members in transition can walk to each host, and how many of its seats are taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.model.access import Action
from gis.services.abilities import needs_step_free, walking_pace
from gis.services.access import require
from gis.services.coverage_facts import centres_of, planner_settings
from gis.services.grouping_input import meeting_places
from gis.services.settings import office_settings
from gis.services.walk_reach_counts import is_placed
from gis.services.walking import metric_xy, walking_network
from gis.spatial.distances import WalkOptions, walk_matrix

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import HostId
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class HostReach:
    """Of an approved host with a position: members of the scope within their own limit; taken and free seats."""

    within: int
    taken: int
    free: int


def hosts_reach(actor: Actor, store: Store) -> dict[HostId, HostReach]:
    """Measure for every approved host who of the scope's members in transition can walk there, grouped or not.

    Raises
    ------
    DeniedError
        The role may not see members.
    """
    require(actor, Action.VIEW_MEMBERS)
    today = store.today()
    with store.reading(actor.scope) as reader:
        settings = planner_settings(office_settings(reader))
        places = [place for place in meeting_places(reader, (), settings) if place.host_id is not None]
        members = [member for member, _ in reader.people_to_reach() if is_placed(member)]
        taken = reader.seats_taken()
        at = np.array([(place.lon, place.lat) for place in places], dtype=np.float64).reshape(-1, 2)
        homes = centres_of([member.residence.shape for member in members if member.residence])
        if not places:
            return {}
        network, epsg = walking_network(reader, (at,))
    limits = np.array([walking_pace(member, settings, today)[0] for member in members], dtype=np.float64)
    needs = np.array([needs_step_free(member) for member in members], dtype=np.bool_)
    options = WalkOptions(settings.max_snap_m, settings.detour_factor)
    longest = float(limits.max(initial=settings.limit_m))
    near = np.zeros((len(members), len(places)), dtype=np.bool_)
    if members:
        walks = walk_matrix(network, metric_xy(homes, epsg), metric_xy(at, epsg), longest, options).walk_m
        step_free = np.array([place.is_step_free for place in places], dtype=np.bool_)
        near = (walks <= limits[:, None]) & (step_free[None, :] | ~needs[:, None])
    return {
        place.host_id: HostReach(int(near[:, k].sum()), taken.get(("host", place.host_id), 0), place.capacity)
        for k, place in enumerate(places)
        if place.host_id is not None
    }
