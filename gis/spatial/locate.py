"""Address → building, against the estates and buildings that are known.

An exact building has confidence 1, an estate 0.5, a community 0.2; below 0.5 a person decides (domain.md 3.4). Being
unsure is cheap and a wrong building is not: a similar name, an unread prefix, two estates of one name, a community
that contradicts the estate, two buildings of one number all end with candidates, never with a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from gis.model.enums import BuildingStatus, DivisionLevel, Precision
from gis.spatial.addresses import Address, Reading, normalise_address, parse_address, unit_index
from gis.spatial.location import Location
from gis.spatial.names import canonical_building_no, fold_name, name_variants
from gis.spatial.points import middle_of, point_of
from gis.spatial.prefixes import Home, Prefix, home_of, learn_home, read_prefix, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gis.model.ids import BuildingId, EstateId
    from gis.model.territory import Building, Division, Estate

MAX_CANDIDATES = 5
SIMILAR = 0.6  # names less alike than this are no help to the person who decides
_TAIL_WORDS = re.compile(r"^(?:住宅小区|小区|住宅区|安置小区|大院|院|内|里面|里|中)*$")
_REMARK = re.compile(r"租|借|暂|投亲|原|旁|附近|对面|后面|旧|家|过渡|女儿|儿子|亲戚|同住|户主|老")
_BESIDE = re.compile(r"旁|附近|对面|对过|隔壁|平房|简易房|[前后]面|[东西南北]侧|(?<=幢)[前后东西南北]边")
_ROOM = re.compile(r"^\d{2,5}[A-Z]?$")
_DIRECTION = re.compile(r"^[东西南北中前后新老]$")


@dataclass(slots=True)
class _Place:
    """An estate with its buildings by canonical number."""

    name: str
    estate_id: EstateId | None
    division_code: str
    shape: bytes | None
    buildings: dict[str, list[Building]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Match:
    place: _Place
    prefix: Prefix
    tail: str


class Gazetteer:
    """All known names, ready to be asked; built once for a whole import."""

    def __init__(
        self,
        estates: Iterable[Estate],
        buildings: Iterable[Building],
        divisions: Iterable[Division],
        sample: Iterable[str] = (),
    ) -> None:
        """Index the names; `sample` are addresses from which the home city and district are learned."""
        self.home: Home = home_of(divisions)
        self._places: list[_Place] = []
        self._names: dict[str, list[_Place]] = {}
        self._doors: dict[tuple[str, str], list[Building]] = {}
        self._numbered: tuple[tuple[str, str], ...] = ()
        self._index(estates, buildings)
        self.home = learn_home(self.home, (normalise_address(text) for text in sample))

    def _index(self, estates: Iterable[Estate], buildings: Iterable[Building]) -> None:
        by_id: dict[EstateId | None, _Place] = {}
        aliases: list[tuple[str, _Place]] = []
        for estate in estates:
            place = _Place(estate.name, estate.id, estate.division_code, estate.shape)
            self._places.append(place)
            by_id[estate.id] = place
            aliases.extend((name, place) for name in (estate.name, *estate.aliases))
        for building in buildings:
            home = by_id.get(building.estate_id) if building.estate_id is not None else None
            if home is not None:
                home.buildings.setdefault(canonical_building_no(building.building_no), []).append(building)
            elif len(building.building_no) > 2 and not any(char.isdigit() for char in building.building_no):  # noqa: PLR2004
                # a building with a name of its own, such as 青禾大厦
                place = _Place(building.building_no, None, "", building.shape, {"": [building]})
                self._places.append(place)
                aliases.append((building.building_no, place))
            self._index_door(building)
        for name, place in aliases:
            self._add_name(fold_name(normalise_address(name)), place)
        self._add_variants()
        self._numbered = tuple(
            sorted(
                {
                    (normalise_address(name), fold_name(normalise_address(name)))
                    for name, _ in aliases
                    if re.search(r"[0-9A-Z号]", normalise_address(name))
                },
                key=lambda pair: -len(pair[0]),
            )
        )

    def _index_door(self, building: Building) -> None:
        if building.address:
            parsed = parse_address(building.address)
            prefix = read_prefix(parsed.head, self.home)
            if prefix.road and re.search(r"\d", prefix.road):
                number = canonical_building_no(parsed.first.building_no or building.building_no)
                self._doors.setdefault((_road_key(prefix.road), number), []).append(building)

    def _add_name(self, name: str, place: _Place) -> None:
        if name and place not in self._names.setdefault(name, []):
            self._names[name].append(place)

    def _add_variants(self) -> None:
        """Add 青龙南苑 for 青龙苑南区 where only one estate could be meant."""
        found: dict[str, list[_Place]] = {}
        for place in self._places:
            for variant in name_variants(fold_name(normalise_address(place.name))):
                if place not in found.setdefault(variant, []):
                    found[variant].append(place)
        for variant, places in found.items():
            if variant not in self._names and len(places) == 1:
                self._names[variant] = places

    def locate(self, text: str) -> Location:
        """Find the building of an address, or say how much is known and who could be meant."""
        address = parse_address(text)
        if address.is_blank:
            return Location(Precision.QUEUE, reason="没有地址")
        address, remark_doubt = self._choose_spelling(self._shield(address, text))
        matches = self._matches(address.head)
        if not matches:
            return self._without_estate(address)
        best = [match for match in matches if not match.prefix.rest and _is_whole(match)]
        best = best or [match for match in matches if not match.prefix.rest and _DIRECTION.match(match.tail)]
        if not best or remark_doubt:
            return self._doubtful(address, matches)
        if _BESIDE.search(re.sub(r"\([^()]*\)", "", address.text)):
            return self._doubtful(address, best, "写的是某幢附近，不是这幢楼")
        return self._in_estate(address, best)

    def _shield(self, address: Address, text: str) -> Address:
        """Keep digits that belong to a name: 阳光100 is an estate, not building 100."""
        plain = address.text
        for name, _ in self._numbered:
            at = plain.find(name)
            if at < 0 or (name[-1].isdigit() and plain[at + len(name) : at + len(name) + 1].isdigit()):
                continue
            end = at + len(name)
            if end <= len(address.head):
                return address
            rest = parse_address(plain[end:])
            readings = rest.readings or ()
            return Address(text, plain, plain[:end] + rest.head, readings, rest.remarks, rest.is_range)
        return address

    def _choose_spelling(self, address: Address) -> tuple[Address, bool]:
        """Read 紫云苑(南区) as 紫云苑南区; a remark such as (租房) is left out; anything else makes it doubtful."""
        open_remarks = [remark for remark in address.remarks if not _REMARK.search(remark)]
        if not open_remarks:
            return address, False
        named = [token for remark in open_remarks for token in read_prefix(remark, self.home).tokens]
        if any(self.home.is_foreign(token) for token in named):
            return address, True
        dissolved = parse_address(re.sub(r"[()]", "", address.text))
        for match in self._matches(dissolved.head):
            if not match.prefix.rest and _TAIL_WORDS.match(match.tail):
                return dissolved, False
        before = address.text.split("(", 1)[0]
        is_after_building = bool(parse_address(before).readings)
        return address, not is_after_building and bool(self._matches(address.head))

    def _matches(self, head: str) -> list[_Match]:
        """Known names in the head, the longest at each end; names inside a longer found name are dropped."""
        folded = fold_name(head)
        spans = [
            (at, at + len(name), place)
            for name, places in self._names.items()
            for at in [folded.rfind(name)]
            if at >= 0
            for place in places
        ]
        kept = [
            span
            for span in spans
            if not any(
                other[0] <= span[0] and span[1] <= other[1] and other[1] - other[0] > span[1] - span[0]
                for other in spans
            )
        ]
        return [_Match(place, read_prefix(folded[:at], self.home), folded[end:]) for at, end, place in kept]

    def _in_estate(self, address: Address, matches: list[_Match]) -> Location:
        foreign = [t for match in matches for t in match.prefix.tokens if self.home.is_foreign(t)]
        if any(token.level is not DivisionLevel.STREET for token in foreign):
            return Location(Precision.OUTSIDE, reason=f"地址在{foreign[0].name}，不在本街道")
        matches = self._agreeing(matches)
        if not foreign and any(self.home.is_undecided(match.prefix.tokens) for match in matches):
            return self._doubtful(address, matches, "不能确定地址里的市、区是不是本地")
        if foreign or len(matches) != 1:
            return self._doubtful(address, matches, f"地址写的是{foreign[0].name}" if foreign else "有同名小区")
        match = matches[0]
        conflict = self._conflict(match)
        if conflict:
            return self._doubtful(address, matches, conflict)
        return self._in_place(address, match)

    def _agreeing(self, matches: list[_Match]) -> list[_Match]:
        """Among several estates of one name keep those in the community that the address names."""
        if len(matches) < 2:  # noqa: PLR2004 - two make a doubt
            return matches
        named = [match for match in matches if self._communities(match) and not self._conflict(match)]
        return named if len(named) == 1 else matches

    def _communities(self, match: _Match) -> list[str]:
        names = [stem(token.name) for token in match.prefix.tokens if token.level is DivisionLevel.VILLAGE]
        return [code for name in names for code in self.home.communities.get(name, ())]

    def _conflict(self, match: _Match) -> str:
        """Say how the community named contradicts the estate's, or ""."""
        tokens = [token for token in match.prefix.tokens if token.level is DivisionLevel.VILLAGE]
        if not tokens or not self.home.communities or not match.place.division_code:
            return ""
        known = self._communities(match)
        if not known:
            return f"没有叫“{tokens[0].name}”的社区"
        return "" if match.place.division_code in known else f"“{match.place.name}”不在{tokens[0].name}"

    def _in_place(self, address: Address, match: _Match) -> Location:
        place = match.place
        if "" in place.buildings and place.estate_id is None:
            return self._named_building(place, address)
        readings = [_with_direction(reading, match.tail) for reading in address.readings]
        hits = [
            (reading, building)
            for reading in readings
            if reading.building_no
            for building in place.buildings.get(canonical_building_no(reading.building_no), [])
        ]
        found = list({building.id: building for _, building in hits}.values())
        if address.is_range and not found:
            return Location(Precision.QUEUE, estate_id=place.estate_id, reason="写了几幢楼，不是一幢", is_range=True)
        if len(found) == 1 and not address.is_plain_number:
            return self._exact(found[0], hits[0][0], place)
        if not found and _DIRECTION.match(match.tail):
            return self._doubtful(address, [match])
        return self._estate_only(place, readings, found, _why_no_building(place, readings, found))

    def _named_building(self, place: _Place, address: Address) -> Location:
        found = place.buildings[""]
        if len(found) > 1:
            return Location(Precision.QUEUE, candidates=_ids(found), reason="有同名的楼，请确认")
        return self._exact(found[0], address.first, place)

    def _exact(self, building: Building, reading: Reading, place: _Place) -> Location:
        index = unit_index(reading.unit) if reading.unit else None
        if building.status is BuildingStatus.DEMOLISHED:
            return Location(
                Precision.QUEUE,
                estate_id=place.estate_id,
                candidates=_ids([building]),
                reason="该楼已登记为拆除，请核对",
            )
        if index is not None and building.units and index > building.units:
            reason = f"{building.building_no} 幢只有 {building.units} 个单元，地址写的是{reading.unit}单元"
            return self._estate_only(place, [reading], [building], reason)
        return Location(
            Precision.BUILDING,
            building.id,
            place.estate_id,
            reading.unit,
            reading.room,
            point_of(building.shape),
        )

    @staticmethod
    def _estate_only(
        place: _Place, readings: Sequence[Reading], candidates: Sequence[Building], reason: str
    ) -> Location:
        reading = readings[0] if readings else Reading()
        shape = point_of(place.shape) or middle_of([b for rows in place.buildings.values() for b in rows])
        return Location(
            Precision.ESTATE,
            None,
            place.estate_id,
            reading.unit,
            reading.room,
            shape,
            _ids(candidates),
            reason,
        )

    def _without_estate(self, address: Address) -> Location:
        prefix = read_prefix(fold_name(address.head), self.home)
        foreign = [token for token in prefix.tokens if self.home.is_foreign(token)]
        if foreign:
            return Location(Precision.OUTSIDE, reason=f"地址在{foreign[0].name}，不在本街道")
        if address.is_range:
            return Location(Precision.QUEUE, reason="写了几幢楼，不是一幢", is_range=True)
        doors = self._at_door(address, prefix)
        if len(doors) == 1:
            building = doors[0]
            reading = address.first
            return Location(
                Precision.BUILDING,
                building.id,
                building.estate_id,
                reading.unit,
                reading.room,
                point_of(building.shape),
            )
        similar = self._similar(prefix.rest or address.head, address)
        if not prefix.rest and any(token.level is DivisionLevel.VILLAGE for token in prefix.tokens) and not prefix.road:
            return Location(Precision.COMMUNITY, candidates=similar, reason="地址只写到社区")
        reason = "没有找到这个小区" if prefix.rest else "地址没有写小区"
        return Location(Precision.QUEUE, candidates=similar or _ids(doors), reason=reason)

    def _at_door(self, address: Address, prefix: Prefix) -> list[Building]:
        if prefix.rest or not re.search(r"\d", prefix.road):
            return []
        key = _road_key(prefix.road)
        numbers = {canonical_building_no(reading.building_no) for reading in address.readings if reading.building_no}
        if numbers:
            return [building for number in numbers for building in self._doors.get((key, number), [])]
        return [building for (road, _), found in self._doors.items() if road == key for building in found]

    def _doubtful(self, address: Address, matches: list[_Match], reason: str = "小区名称不能确定") -> Location:
        foreign = [t for match in matches for t in match.prefix.tokens if self.home.is_foreign(t)]
        if any(token.level is not DivisionLevel.STREET for token in foreign):
            return Location(Precision.OUTSIDE, reason=f"地址在{foreign[0].name}，不在本街道")
        found = [b for match in matches for b in self._numbered_buildings(match.place, address)]
        more = self._similar(read_prefix(fold_name(address.head), self.home).rest, address)
        return Location(
            Precision.QUEUE, candidates=tuple(dict.fromkeys((*_ids(found), *more)))[:MAX_CANDIDATES], reason=reason
        )

    def _similar(self, name: str, address: Address) -> tuple[BuildingId, ...]:
        """List buildings of the wanted number in estates whose name is like this one, the most alike first."""
        if not name:
            return ()
        scored = sorted(
            (
                (-SequenceMatcher(None, name, known, autojunk=False).ratio(), known)
                for known in self._names
                if set(name) & set(known)
            ),
        )
        found = [
            building
            for score, known in scored[:MAX_CANDIDATES]
            if -score >= SIMILAR
            for place in self._names[known]
            for building in self._numbered_buildings(place, address)
        ]
        return tuple(dict.fromkeys(_ids(found)))[:MAX_CANDIDATES]

    @staticmethod
    def _numbered_buildings(place: _Place, address: Address) -> list[Building]:
        wanted = [canonical_building_no(r.building_no) for r in address.readings if r.building_no]
        return [building for number in wanted for building in place.buildings.get(number, [])]


def _is_whole(match: _Match) -> bool:
    """Whether nothing of weight stands after the name; after a building with a name of its own a room may."""
    is_named = match.place.estate_id is None
    return bool(_TAIL_WORDS.match(match.tail) or (is_named and _ROOM.match(match.tail)))


def _why_no_building(place: _Place, readings: Sequence[Reading], found: Sequence[Building]) -> str:
    if len(found) > 1:
        return "可能是其中一幢，请确认"
    if found:
        return "数字后没有写“幢”，请确认"
    number = next((reading.building_no for reading in readings if reading.building_no), "")
    return f"“{place.name}”没有 {number} 幢" if number else "地址没有写幢号"


def _with_direction(reading: Reading, tail: str) -> Reading:
    """Read 紫云苑东3幢 as building 东3."""
    if not _DIRECTION.match(tail) or not reading.building_no:
        return reading
    return Reading(tail + reading.building_no, reading.unit, reading.floor, reading.room)


def _road_key(road: str) -> str:
    return re.sub(r"(?<=\d)(?:号|弄)?(?:院|大院)?$", "", fold_name(road))


def _ids(buildings: Iterable[Building]) -> tuple[BuildingId, ...]:
    return tuple(building.id for building in buildings if building.id is not None)[:MAX_CANDIDATES]
