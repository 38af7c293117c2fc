"""One home, written in the many ways in which people write an address (domain.md 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.enums import Precision
from gis.services.sample import _names as names
from gis.services.sample._chance import weighted
from gis.services.sample._orgs import ordinal
from gis.services.sample.dirt import DirtKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from gis.services.sample._estates import House, Housing
    from gis.services.sample._homes import Home

FULL = f"{names.PROVINCE}{names.CITY}{names.COUNTY}{names.STREET}"
PREFIXES = ((FULL, 5.0), (f"{names.CITY}{names.COUNTY}{names.STREET}", 2.0), (names.STREET, 3.0), ("community", 3.0))
REMARKS = ("（租房）", "（暂住女儿家）", "(租住)", "（投亲）")
HARD_KINDS = {
    Precision.ESTATE: DirtKind.ADDRESS_ESTATE_ONLY,
    Precision.QUEUE: DirtKind.ADDRESS_NOWHERE,
    Precision.OUTSIDE: DirtKind.ADDRESS_OUTSIDE,
}
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")  # full-width digits are the point

Parts = tuple["Home", "House", "Housing"]


def write_address(chance: Random, home: Home) -> tuple[str, DirtKind]:
    """Write a home in a style drawn at random; returns the text and the style."""
    house, housing = home.house, home.housing
    if house is None or housing is None:
        return home.text, HARD_KINDS[home.precision]
    kind, write = weighted(chance, [((kind, write), weight) for kind, write, weight in _STYLES])
    text = write(chance, (home, house, housing))
    return (text, kind) if text else (_plain((home, house, housing)), DirtKind.ADDRESS_PLAIN)


def address_parts(home: Home) -> tuple[str, str, str, str, str]:
    """Split a home over the columns 街道社区, 小区, 幢, 单元, 室."""
    house, housing = home.house, home.housing
    if house is None or housing is None:
        return ("", home.text, "", "", "") if home.housing is None else ("", home.housing.name, "", "", "")
    return housing.community.name, housing.name, house.number, home.unit_label, home.room


def building_range(chance: Random, home: Home) -> str:
    """Write an address that names no single building."""
    estate = home.housing.name if home.housing else names.ESTATES[names.URBAN[0]][0]
    first = chance.randint(1, 3)
    return f"{estate}{first}-{first + chance.randint(4, 8)}幢"


def _plain(parts: Parts) -> str:
    home, house, housing = parts
    return f"{housing.name}{house.number}幢{home.unit_label}单元{home.room}室"


def _basic(_: Random, parts: Parts) -> str:
    return _plain(parts)


def _dashed(_: Random, parts: Parts) -> str:
    home, house, housing = parts
    return f"{housing.name}{house.number}-{home.unit}-{home.room}"


def _hash(_: Random, parts: Parts) -> str:
    home, house, housing = parts
    return f"{housing.name}{house.number}#{home.unit}-{home.room}"


def _numerals(_: Random, parts: Parts) -> str:
    home, house, housing = parts
    unit = ordinal(home.unit) if home.unit_label.isdigit() else home.unit_label
    return f"{housing.name}{ordinal(int(house.number))}幢{unit}单元{home.room}室"


def _number(_: Random, parts: Parts) -> str:
    home, house, housing = parts
    return f"{housing.name}{house.number}号{home.room}室"


def _block(chance: Random, parts: Parts) -> str:
    home, house, housing = parts
    word = chance.choice(("栋", "号楼", "座"))
    unit = "" if word == "座" else f"{home.unit_label}单元"
    return f"{housing.name}{house.number}{word}{unit}{home.room}{chance.choice(('室', ''))}"


def _letter(_: Random, parts: Parts) -> str:
    home, house, housing = parts
    return f"{housing.name}{house.number}{home.unit_label}{home.room}" if housing.has_letter_units else ""


def _prefixed(chance: Random, parts: Parts) -> str:
    prefix = weighted(chance, PREFIXES)
    if prefix == "community":
        prefix = names.STREET + parts[2].community.name
    return prefix + _plain(parts)


def _road(_: Random, parts: Parts) -> str:
    return f"{parts[2].street}{parts[2].door}号{_plain(parts)}"


def _door(_: Random, parts: Parts) -> str:
    home, house, housing = parts
    return f"{names.STREET}{housing.street}{housing.door}号{house.number}幢{home.unit_label}单元{home.room}室"


def _alias(chance: Random, parts: Parts) -> str:
    known = names.ALIASES.get(parts[2].name, ())
    return _plain(parts).replace(parts[2].name, chance.choice(known), 1) if known else ""


def _brackets(chance: Random, parts: Parts) -> str:
    name = parts[2].name
    if name.endswith(("北区", "南区")) and chance.random() < 0.5:  # noqa: PLR2004
        return _plain(parts).replace(name, f"{name[:-2]}（{name[-2:]}）", 1)
    return _plain(parts) + chance.choice(REMARKS)


def _full_width(_: Random, parts: Parts) -> str:
    return _plain(parts).translate(_FULL_WIDTH)


def _spaced(chance: Random, parts: Parts) -> str:
    home, house, housing = parts
    gap = chance.choice((" ", "　"))
    return f"{housing.name}{gap}{house.number}幢{gap}{home.unit_label}单元{gap}{home.room}室"


_STYLES: tuple[tuple[DirtKind, Callable[[Random, Parts], str], float], ...] = (
    (DirtKind.ADDRESS_PLAIN, _basic, 26.0),
    (DirtKind.ADDRESS_PREFIXED, _prefixed, 22.0),
    (DirtKind.ADDRESS_DASHED, _dashed, 10.0),
    (DirtKind.ADDRESS_BLOCK, _block, 9.0),
    (DirtKind.ADDRESS_ROAD, _road, 6.0),
    (DirtKind.ADDRESS_NUMBER, _number, 5.0),
    (DirtKind.ADDRESS_LETTER, _letter, 5.0),
    (DirtKind.ADDRESS_SPACED, _spaced, 4.0),
    (DirtKind.ADDRESS_BRACKETS, _brackets, 3.0),
    (DirtKind.ADDRESS_ALIAS, _alias, 3.0),
    (DirtKind.ADDRESS_HASH, _hash, 3.0),
    (DirtKind.ADDRESS_NUMERALS, _numerals, 3.0),
    (DirtKind.ADDRESS_DOOR, _door, 2.0),
    (DirtKind.ADDRESS_FULL_WIDTH, _full_width, 2.0),
)
