"""What stands before an estate's name in an address: divisions, a road with its number, filler words.

A prefix that is not understood to the last character makes an estate doubtful: 新青龙苑 is not 青龙苑. Which city,
district and street are home is learned from the divisions and from addresses that name the home street.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import DivisionLevel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gis.model.territory import Division

_HAN = r"[\u3400-\u9fff\U00020000-\U000323af]"
_FILLER = re.compile(
    r"(?:办事处|居民委员会|村民委员会|居委会|村委会|现居住|现居|现住|暂住|租住|借住|居住|租房|住址|地址|位于|住|租|在|于|的)"
)
_ROAD = re.compile(
    rf"{_HAN}{{1,8}}?(?:大道|大街|路|街|巷|道|弄)(?![道区村心])(?:\d{{1,4}}(?:-\d{{1,3}})?(?:号|弄)?(?:院|大院)?)?"
)
_POSTCODE = re.compile(r"\d{6}(?=\D)")
_PROVINCE = re.compile(rf"{_HAN}{{2,7}}?(?:省|自治区|特别行政区)")
_CITY = re.compile(rf"{_HAN}{{2,7}}?市(?![场民区心镇集])")
_COUNTY = re.compile(rf"{_HAN}{{1,6}}?(?<![小社园新南北东西中一二三四五六七八九十期\dA-Z])(?:区|县|旗)")
_COUNTY_AFTER_CITY = re.compile(rf"{_HAN}{{1,6}}?(?:区|县|旗)")
_STREET = re.compile(rf"{_HAN}{{1,7}}?街道(?:办事处)?|{_HAN}{{2,6}}?[镇乡](?!政府)")
_VILLAGE = re.compile(rf"{_HAN}{{1,8}}?(?:居民委员会|村民委员会|居委会|村委会|社区)")
_OLD_VILLAGE = re.compile(rf"{_HAN}{{1,5}}?(?<!新)村(?:\d{{1,2}}[组队])?")
_SUFFIX = re.compile(
    r"(?:居民委员会|村民委员会|居委会|村委会|社区|街道办事处|街道|特别行政区|自治区|自治县|省|市|区|县|旗|镇|乡|村)$"
)
#: Names by which other places are called without 省 or 市; public list of province-level divisions.
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|"
    "云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_BARE_PROVINCE = re.compile(rf"(?:{_PROVINCES})(?![省市自特路街大])(?=.{{4,}})")
MIN_LEARNED = 3
MIN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Token:
    """One division named in an address; `level` None for a village that is on no list."""

    name: str
    level: DivisionLevel | None


@dataclass(frozen=True, slots=True)
class Prefix:
    """The divisions and the road that a prefix names, and what of it was not understood."""

    tokens: tuple[Token, ...] = ()
    road: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """The names of the home divisions by level, as stems (青禾 for 青禾街道), and the communities' codes."""

    names: Mapping[DivisionLevel, frozenset[str]] = field(default_factory=dict)
    communities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    full_names: tuple[tuple[str, DivisionLevel], ...] = ()

    def is_foreign(self, token: Token) -> bool:
        """Whether the token names another place of a level whose home name is known."""
        if token.level is None or token.level is DivisionLevel.VILLAGE:
            return False
        levels = [token.level]
        if token.level in (DivisionLevel.CITY, DivisionLevel.COUNTY):
            levels = [DivisionLevel.CITY, DivisionLevel.COUNTY]  # 县级市 is written like a city
        known = [name for level in levels for name in self.names.get(level, ())]
        anywhere = {name for names in self.names.values() for name in names}
        own = stem(token.name)
        is_known = own in anywhere or any(own.endswith(name) for name in known)  # 禾州青禾街道 is 青禾街道
        return bool(self.names.get(token.level)) and not is_known

    def is_undecided(self, tokens: Iterable[Token]) -> bool:
        """Whether a city or district is named that cannot be compared, and the home street is not."""
        found = tuple(tokens)
        streets = self.names.get(DivisionLevel.STREET, frozenset())
        if any(token.level is DivisionLevel.STREET and stem(token.name) in streets for token in found):
            return False
        anywhere = {name for names in self.names.values() for name in names}
        wide = (DivisionLevel.PROVINCE, DivisionLevel.CITY, DivisionLevel.COUNTY)
        return any(token.level in wide and stem(token.name) not in anywhere for token in found)


def stem(name: str) -> str:
    """Drop the kind of a division: 青禾街道 and 青禾 are the same."""
    short = _SUFFIX.sub("", name)
    return short if len(short) > 1 else name


def home_of(divisions: Iterable[Division]) -> Home:
    """Collect the home names from the divisions of the street."""
    names: dict[DivisionLevel, set[str]] = {}
    communities: dict[str, list[str]] = {}
    full: list[tuple[str, DivisionLevel]] = []
    for division in divisions:
        if not division.name:
            continue
        names.setdefault(division.level, set()).add(stem(division.name))
        full.append((division.name, division.level))
        if division.level is DivisionLevel.VILLAGE:
            communities.setdefault(stem(division.name), []).append(division.code)
    return Home(
        {level: frozenset(found) for level, found in names.items()},
        {name: tuple(codes) for name, codes in communities.items()},
        tuple(sorted(full, key=lambda pair: -len(pair[0]))),
    )


def learn_home(home: Home, texts: Iterable[str]) -> Home:
    """Add the province, city and district that addresses of the home street name before it.

    A name counts when at least three addresses, and half of those that name the level, agree.
    """
    streets = home.names.get(DivisionLevel.STREET, frozenset())
    counts: dict[DivisionLevel, Counter[str]] = {}
    for text in texts:
        tokens = read_prefix(text, home).tokens
        if not any(token.level is DivisionLevel.STREET and stem(token.name) in streets for token in tokens):
            continue
        for token in tokens:
            if token.level in (DivisionLevel.PROVINCE, DivisionLevel.CITY, DivisionLevel.COUNTY):
                counts.setdefault(token.level, Counter())[stem(token.name)] += 1
    names = dict(home.names)
    for level, counter in counts.items():
        if not names.get(level):
            total = sum(counter.values())
            names[level] = frozenset(n for n, c in counter.items() if c >= MIN_LEARNED and c >= MIN_SHARE * total)
    return Home(names, home.communities, home.full_names)


def read_prefix(text: str, home: Home) -> Prefix:
    """Read divisions, road and filler from the left for as long as they are understood."""
    tokens: list[Token] = []
    road = ""
    rest = text
    while rest:
        step = None if _FILLER.match(rest) else _known(rest, home) or _generic(rest, tokens)
        if step is None:
            match = _FILLER.match(rest) or _POSTCODE.match(rest) or (_ROAD.match(rest) if not road else None)
            if match is None:
                break
            road = match.group() if match.re is _ROAD else road
            rest = rest[match.end() :].lstrip("-")
            continue
        token, length = step
        tokens.append(token)
        rest = rest[length:].lstrip("-")
    return Prefix(tuple(tokens), road, rest)


def _known(text: str, home: Home) -> tuple[Token, int] | None:
    for name, level in home.full_names:
        if text.startswith(name):
            return Token(name, level), len(name)
    for level, stems in home.names.items():
        if level is DivisionLevel.VILLAGE:
            continue
        for short in sorted(stems, key=len, reverse=True):
            match = re.match(
                rf"{re.escape(short)}(?:街道办事处|街道|省|市|区|县|镇|乡)?(?!路|街|大道|巷|花园|苑|新村|小区|家园)",
                text,
            )
            if match and len(short) > 1:
                return Token(short, level), match.end()
    return None


def _generic(text: str, before: list[Token]) -> tuple[Token, int] | None:
    levels = {token.level for token in before}
    after_city = bool(levels & {DivisionLevel.CITY, DivisionLevel.PROVINCE})
    patterns: tuple[tuple[re.Pattern[str], DivisionLevel | None], ...] = (
        (_PROVINCE, DivisionLevel.PROVINCE),
        (_BARE_PROVINCE, DivisionLevel.PROVINCE),
        (_CITY, DivisionLevel.CITY),
        (_COUNTY_AFTER_CITY if after_city else _COUNTY, DivisionLevel.COUNTY),
        (_STREET, DivisionLevel.STREET),
        (_VILLAGE, DivisionLevel.VILLAGE),
        (_OLD_VILLAGE, None),
    )
    for pattern, level in patterns:
        if pattern is _BARE_PROVINCE and before:
            continue
        if level in levels and level is not None and level is not DivisionLevel.CITY:
            continue
        match = pattern.match(text)
        if match and not _ROAD_INSIDE.search(match.group()):
            return Token(match.group(), level), match.end()
    return None


_ROAD_INSIDE = re.compile(r"(?:路|大道|大街|巷)(?=.)")
