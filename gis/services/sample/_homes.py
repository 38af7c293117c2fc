"""Where people live: flats in the estates, and the few addresses that nobody can find."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from gis.model.enums import Precision
from gis.services.sample import _names as names
from gis.services.sample._chance import weighted

if TYPE_CHECKING:
    from random import Random

    from gis.services.sample._estates import House, Housing

LETTERS = "甲乙丙丁"
QUEUE_PLACES = (
    "{street}附近出租屋",
    "{street}沿街店铺楼上",
    "青禾老街{no}号后院",
    "亲戚家（地址待补）",
    "{street}公交站旁集体宿舍",
)


@dataclass(frozen=True, slots=True)
class Home:
    """A home; `house` and `housing` are None where nobody can tell from the address."""

    precision: Precision
    text: str
    house: House | None = None
    housing: Housing | None = None
    unit: int = 0
    floor: int = 0
    room: str = ""

    @property
    def unit_label(self) -> str:
        """The unit as the estate labels it."""
        if self.housing is None or not self.unit:
            return ""
        return LETTERS[self.unit - 1] if self.housing.has_letter_units else str(self.unit)


@dataclass(frozen=True)
class Stock:
    """The flats of some estates, to draw homes from by the number of flats."""

    houses: tuple[tuple[House, Housing], ...]
    cumulated: tuple[int, ...]

    def draw(self, chance: Random) -> Home:
        """Draw a flat."""
        at = bisect(self.cumulated, chance.randrange(self.cumulated[-1]))
        house, housing = self.houses[at]
        return flat_in(chance, house, housing)


def stock_of(estates: list[Housing]) -> Stock:
    """Collect the flats of these estates; ruins have none."""
    houses = tuple((house, estate) for estate in estates if not estate.is_old_village for house in estate.houses)
    flats = (house.units * house.floors * house.flats_per_floor for house, _ in houses)
    return Stock(houses, tuple(accumulate(flats)))


def flat_in(chance: Random, house: House, housing: Housing) -> Home:
    """Draw a flat of one building."""
    unit, floor = chance.randint(1, house.units), chance.randint(1, house.floors)
    room = f"{floor}{chance.randint(1, house.flats_per_floor):02d}"
    label = LETTERS[unit - 1] if housing.has_letter_units else str(unit)
    text = f"{housing.name}{house.number}幢{label}单元{room}室"
    return Home(Precision.BUILDING, text, house, housing, unit, floor, room)


def near(estates: list[Housing], centre: Housing, within_m: float) -> list[Housing]:
    """Estates whose middle lies within a distance of another's, the estate itself first."""
    x, y = centre.shape.centroid.coords[0]
    away = [(float(np.hypot(*(np.array(e.shape.centroid.coords[0]) - (x, y)))), e.name, e) for e in estates]
    return [estate for metres, _, estate in sorted(away, key=lambda row: row[:2]) if metres <= within_m]


def blurred(chance: Random, home: Home, odds: tuple[float, float, float]) -> Home:
    """Make a home harder to find with these odds: estate only, not to be found, outside the street."""
    estate, queue, outside = odds
    what = weighted(
        chance,
        (
            (Precision.ESTATE, estate),
            (Precision.QUEUE, queue),
            (Precision.OUTSIDE, outside),
            (Precision.BUILDING, 1 - estate - queue - outside),
        ),
    )
    if what is Precision.ESTATE and home.housing is not None:
        return Home(what, home.housing.name, None, home.housing)
    if what is Precision.QUEUE:
        street = chance.choice(names.STREETS_ACROSS + names.STREETS_ALONG)
        return Home(what, chance.choice(QUEUE_PLACES).format(street=street, no=chance.randint(1, 90)))
    if what is Precision.OUTSIDE:
        return away(chance)
    return home


def away(chance: Random) -> Home:
    """Draw an address in another district or city."""
    text = chance.choice(names.AWAY).format(
        no=chance.randint(1, 40), unit=chance.randint(1, 4), room=f"{chance.randint(1, 6)}{chance.randint(1, 4):02d}"
    )
    return Home(Precision.OUTSIDE, text)
