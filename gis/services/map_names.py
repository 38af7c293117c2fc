"""Names of the ground in a few long texts, so that 100,000 buildings are searched in milliseconds."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.spatial.display import bounds
from gis.store.initials import initials_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gis.store.reader import Reader

    Box = tuple[float, float, float, float]

MOST_LINES = 400  # of a word that stands in half of all names; the best of them are among the first
_NUMBERED = re.compile(r"(?<=\d)(?:栋|号楼|幢楼|#)")


def plainly(text: str) -> str:
    """Return a name as it is compared: full width as half, small letters, no spaces, `3栋` and `3号楼` as `3幢`."""
    bare = "".join(unicodedata.normalize("NFKC", text).lower().split())
    return _NUMBERED.sub("幢", bare)


class Lines:
    """One name a line, each belonging to an id."""

    def __init__(self, named: Iterable[tuple[int, str]]) -> None:
        pairs = [(number, name) for number, name in named if name]
        self.text = "\n" + "".join(f"{name}\n" for _, name in pairs)
        self.owners = array("q", (number for number, _ in pairs))
        self.starts = array("q", [1])
        for _, name in pairs:
            self.starts.append(self.starts[-1] + len(name) + 1)

    def holding(self, pattern: str) -> Iterator[tuple[int, str]]:
        """Yield id and line where the pattern stands, a number only as a whole: `3幢` is not in `13幢`."""
        at, count = self.text.find(pattern), 0
        while at >= 0 and count < MOST_LINES:
            line = bisect_right(self.starts, at + (pattern[0] == "\n")) - 1
            if not (pattern[0].isdecimal() and self.text[at - 1].isdecimal()):
                yield self.owners[line], self.text[self.starts[line] : self.starts[line + 1] - 1]
                count += 1
                at = self.starts[line + 1] - 1
            at = self.text.find(pattern, max(at, self.starts[line]) + (pattern[0] != "\n"))


class Names:
    """What things of one kind are called, and the first letters of the pinyin of that."""

    def __init__(self, written: Iterable[tuple[int, str]], spelled: Iterable[tuple[int, str]]) -> None:
        self.written = Lines((number, plainly(name)) for number, name in written)
        self.spelled = Lines(spelled)

    def find(self, words: Sequence[str]) -> dict[int, int]:
        """Return the rank of each id that the words may mean, the best first: 0 the very name, 4 somewhere in it."""
        found = self._ranked(plainly("".join(words)))
        if len(words) > 1:
            apart = [self._ranked(plainly(word)) for word in words]
            for number in apart[0]:
                if all(number in other for other in apart[1:]):
                    found.setdefault(number, 4)
        return found

    def _ranked(self, word: str) -> dict[int, int]:
        if not word:
            return {}
        tries = [(self.written, f"\n{word}\n"), (self.written, f"\n{word}"), (self.written, word)]
        if word.isascii() and word[0].isalpha():
            tries[1:1] = [(self.spelled, f"\n{word}\n"), (self.spelled, f"\n{word}")]
        found: dict[int, int] = {}
        for rank, (lines, pattern) in enumerate(tries):
            held = sorted(lines.holding(pattern), key=lambda pair: (len(pair[1]), pair[1]))
            for number, _ in held:
                found.setdefault(number, rank)
        return found


@dataclass(frozen=True, slots=True)
class Area:
    """A named part of the ground; `box` is west, south, east, north."""

    name: str
    detail: str
    box: Box | None


@dataclass(frozen=True, slots=True)
class GroundNames:
    """The names of one state of the territory, and what is said of each area found."""

    estates: Names
    grids: Names
    communities: Names
    buildings: Names
    areas: Mapping[tuple[str, int], Area]


def read_names(reader: Reader) -> GroundNames:
    """Read all names of the territory; 100,000 buildings take about a second, once for each import."""
    estates, grids = reader.estates(), reader.grids()
    communities = [one for one in reader.divisions() if one.code in {grid.community_code for grid in grids}]
    names = {one.code: one.name for one in reader.divisions()}
    areas: dict[tuple[str, int], Area] = {}
    for estate in estates:
        areas["estate", estate.id or 0] = Area(estate.name, names.get(estate.division_code, ""), bounds([estate.shape]))
    for grid in grids:
        detail = names.get(grid.community_code, "")
        areas["grid", grid.id or 0] = Area(grid.name or grid.grid_code, detail, bounds([grid.shape]))
    for one in communities:
        box = bounds([grid.shape for grid in grids if grid.community_code == one.code])
        areas["community", one.id or 0] = Area(one.name, names.get(one.parent_code, ""), box)
    return GroundNames(
        estates=_named((one.id or 0, (one.name, *one.aliases)) for one in estates),
        grids=_named((one.id or 0, (one.name, one.grid_code)) for one in grids),
        communities=_named((one.id or 0, (one.name,)) for one in communities),
        buildings=_buildings(reader),
        areas=areas,
    )


def _named(items: Iterable[tuple[int, Sequence[str]]]) -> Names:
    pairs = [(number, name) for number, names in items for name in names]
    return Names(pairs, [(number, said) for number, name in pairs for said in initials_of(name).split()])


def _buildings(reader: Reader) -> Names:
    rows = reader.numbered_buildings()
    said = {name: initials_of(name).split() or [""] for name in {row.estate for row in rows}}
    written = ((row.id, f"{row.estate}{row.number}" + ("幢" if row.number[-1:].isdecimal() else "")) for row in rows)
    spelled = [(row.id, f"{one}{plainly(row.number)}") for row in rows for one in said[row.estate] if one]
    return Names(written, spelled)
