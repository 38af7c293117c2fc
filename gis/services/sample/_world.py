"""The whole made-up street in one value, and its geometry in the stored coordinate system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.services.sample._communities import make_communities
from gis.services.sample._estates import make_estates, make_paths
from gis.services.sample._lattice import make_lattice
from gis.services.sample._orgs import make_orgs
from gis.services.sample._places import make_hosts, make_venues
from gis.services.sample._population import make_people, market_of
from gis.services.sample._roads import make_streets
from gis.spatial.crs import points_to_display, points_to_metric

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.services.sample._communities import Community
    from gis.services.sample._estates import House, Housing
    from gis.services.sample._lattice import Block, Lattice
    from gis.services.sample._orgs import Org
    from gis.services.sample._people import Person
    from gis.services.sample._places import Host, Place
    from gis.services.sample._roads import Way

METRIC_EPSG = 4549
MIDDLE_LONLAT = (119.98, 31.79)  # so that the metric zone is EPSG:4549; nothing of the real ground is shown
DECIMALS = 9  # a tenth of a millimetre: neighbouring areas still fit


@dataclass(frozen=True)
class World:
    """Everything that a seed and a number of members make."""

    seed: int
    lattice: Lattice
    communities: tuple[Community, ...]
    estates: tuple[Housing, ...]
    ways: tuple[Way, ...]
    orgs: tuple[Org, ...]
    people: tuple[Person, ...]
    hosts: tuple[Host, ...]
    venues: tuple[Place, ...]

    @property
    def houses(self) -> tuple[House, ...]:
        """All buildings, estate by estate."""
        return tuple(house for estate in self.estates for house in estate.houses)

    def grid_codes(self) -> dict[Block, str]:
        """Return the code of the base grid that holds each block."""
        return {
            block: f"{community.code}{number:03d}"
            for community in self.communities
            for number, grid in enumerate(community.grids, 1)
            for block in grid
        }


def make_world(seed: int, members: int) -> World:
    """Make the street; the same numbers make the same street."""
    lattice = make_lattice(seed)
    communities = make_communities(seed, lattice)
    streets = make_streets(seed, lattice)
    estates = make_estates(seed, lattice, streets, communities)
    paths = make_paths(seed, lattice, streets, {estate.block for estate in estates})
    orgs = make_orgs(seed, communities, members)
    people = make_people(seed, orgs, market_of(communities, estates))
    return World(
        seed=seed,
        lattice=lattice,
        communities=communities,
        estates=estates,
        ways=(*streets.ways, *paths, *(lane for estate in estates for lane in estate.lanes)),
        orgs=orgs,
        people=people,
        hosts=make_hosts(seed, people),
        venues=make_venues(seed, orgs, communities, estates),
    )


def origin() -> tuple[float, float]:
    """Return where the middle of the street lies in the metric zone: metres east, north."""
    east, north = points_to_metric(np.array([MIDDLE_LONLAT]), METRIC_EPSG)[0]
    return round(float(east), 2), round(float(north), 2)


def to_lonlat(shape: Any) -> Any:  # noqa: ANN401  # any geometry, and the same kind comes back
    """Turn a geometry in street metres into longitude, latitude."""
    middle = np.array(origin())

    def move(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.round(points_to_display(points + middle, METRIC_EPSG), DECIMALS)

    return shapely.transform(shape, move)


def wkb(shape: Any) -> bytes:  # noqa: ANN401  # any geometry
    """Return a geometry in street metres as the store keeps it."""
    return bytes(shapely.to_wkb(to_lonlat(shape)))
