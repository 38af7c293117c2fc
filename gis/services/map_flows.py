"""流向: lines original village → community → place of the group, counted as the board counts its flows.

Roles that see counts only get the flows of the board, which hides small ones together with all its other figures; of
the second leg they get what tells no small set even beside those.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.model.flows import FlowCard, FlowLine, FlowMap, FlowMember, FlowRequest, Leg, Untold
from gis.model.kpis import KpiKey
from gis.services.access import require
from gis.services.board_suppress import Table, shown_figures
from gis.services.dual import on_wall_and_dual
from gis.services.kpis_counting import NO_VILLAGE, OUTSIDE, UNKNOWN, flow_of
from gis.services.on_wall import kept_now
from gis.services.seats_shown import on_wall_and_seats
from gis.services.village_places import Gazetteer
from gis.services.wall_counts import wall_now
from gis.spatial.display import centres

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gis.model.access import Actor
    from gis.model.wall import Wall, WallCounts
    from gis.services.on_wall import OnWall
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.readers.flows import GroupSpot, MovingPerson

    Spot = tuple[float, float]
    Pair = tuple[str, str]

NO_PLACE = "?"
_NOWHERE = {OUTSIDE: Untold.OUTSIDE, UNKNOWN: Untold.UNKNOWN}


def read_flows(actor: Actor, store: Store, request: FlowRequest | None = None) -> FlowMap:
    """Bundle the members in transition of the scope by village, community and place of the group.

    Roles that see counts only cannot ask by branch, and get the first leg alone where they ask for one village.
    """
    require(actor, Action.VIEW_MAP)
    require(actor, Action.VIEW_KPIS)
    asked = request or FlowRequest()
    if not actor.scope.sees_people:
        shown, facts, _ = _shown_flows(actor, store)
        counts = shown.of_village(asked.village) if asked.village else shown
        villages = tuple(dict.fromkeys(village for village, _ in shown.home if village != NO_VILLAGE))
        with store.reading(actor.scope) as reader:
            return _Drawing(facts, counts, Gazetteer(reader)).drawn(villages)
    with store.reading(actor.scope) as reader:
        facts = _Facts(reader, reader.moving_people(store.today()))
        return _Drawing(facts, facts.counts(facts.asked(asked)), Gazetteer(reader)).drawn(facts.villages())


def on_wall_and_flows(actor: Actor, store: Store) -> OnWall:
    """Return what a role that sees counts only knows from the flows and all before them (`gis.services.on_wall`)."""
    require(actor, Action.VIEW_KPIS)
    return _shown_flows(actor, store)[2]


def _shown_flows(actor: Actor, store: Store) -> tuple[_Counts, _Facts, OnWall]:
    return kept_now(actor, store, "flows", lambda: _choose(actor, store))


def _choose(actor: Actor, store: Store) -> tuple[_Counts, _Facts, OnWall]:
    before = on_wall_and_dual if actor.may(Action.VIEW_MATRIX) else on_wall_and_seats
    wall, on_wall = wall_now(actor, store), before(actor, store)
    with store.reading(actor.scope) as reader:
        facts = _Facts(reader, reader.moving_people(store.today(), on_wall.people))
    shown = _of_wall(facts, wall, on_wall)
    return shown, facts, on_wall.beside_these(_masks(facts, shown))


def flow_card(actor: Actor, store: Store, request: FlowRequest, key: int) -> FlowCard:
    """Say who is in a line: by group, and by name for those who may see members.

    Raises
    ------
    NotFoundError
        There is no such line any more.
    """
    line = next((one for one in read_flows(actor, store, request).lines if one.key == key), None)
    if line is None:
        msg = "这条流向已不存在，请刷新页面"
        raise NotFoundError(msg)
    if not (actor.scope.sees_people and actor.may(Action.VIEW_MEMBERS)):
        return FlowCard(line)
    with store.reading(actor.scope) as reader:
        facts = _Facts(reader, reader.moving_people(store.today()))
        return _card(reader, facts, line, [k for k in facts.asked(request) if facts.is_in(k, line)])


class _Facts:
    """Everybody in transition with the ends of both legs."""

    def __init__(self, reader: Reader, people: Sequence[MovingPerson]) -> None:
        self.people = people
        names = {one.code: one.name for one in reader.divisions()}
        self.pairs: list[Pair] = [flow_of(one.person, names) for one in people]
        codes = [one.person.place.community_code if one.person.place is not None else "" for one in people]
        self.code_of = {pair[1]: code for pair, code in zip(self.pairs, codes, strict=True) if code}
        self.spots = reader.group_spots({one.group_id for one in people if one.group_id is not None})
        self.places = {_place_key(spot): spot for spot in self.spots.values()}
        self.meets = [_place_key(self.spots.get(one.group_id or 0)) for one in people]

    def asked(self, request: FlowRequest) -> list[int]:
        """Return who is asked for, by position."""
        return [
            k
            for k, one in enumerate(self.people)
            if (not request.village or self.pairs[k][0] == request.village)
            and (not request.branch_ids or one.person.branch_id in request.branch_ids)
        ]

    def villages(self) -> tuple[str, ...]:
        """Name the villages, the one with the most members first."""
        found = Counter(village for village, _ in self.pairs if village != NO_VILLAGE)
        return tuple(sorted(found, key=lambda name: (-found[name], name)))

    def is_in(self, k: int, line: FlowLine) -> bool:
        """Whether somebody goes along a line."""
        if line.leg is Leg.HOME:
            return self.pairs[k] == (line.start, line.end)
        return self.pairs[k][1] == line.start and self.meets[k] == line.place

    def counts(self, chosen: Sequence[int]) -> _Counts:
        """Count these people, all of them shown."""
        seated = [k for k in chosen if self.meets[k]]
        return _Counts(
            total=len(chosen),
            grouped=len(seated),
            home=Counter(self.pairs[k] for k in chosen),
            seated=Counter(self.pairs[k] for k in seated),
            meeting=Counter((self.pairs[k][1], self.meets[k]) for k in seated),
        )


def _place_key(spot: GroupSpot | None) -> str:
    return "" if spot is None else f"{spot.kind}-{spot.number}" if spot.shape else NO_PLACE


@dataclass(frozen=True, slots=True)
class _Counts:
    """The figures that are shown: by village and community, how many of these sit in a group, by community and place.

    `total` and `grouped` are None where they are not shown. A pair that is not in `seated` has no figure, unless all
    are shown.
    """

    total: int | None
    grouped: int | None
    home: Mapping[Pair, int]
    seated: Mapping[Pair, int]
    meeting: Mapping[Pair, int]
    is_whole: bool = True

    def seated_of(self, pair: Pair) -> int | None:
        """Return how many of a flow sit in a group, None where that is not shown."""
        return self.seated.get(pair, 0 if self.is_whole else None)

    def of_village(self, village: str) -> _Counts:
        """Leave the flows of one village; what is hidden of it is not told."""
        home = {pair: count for pair, count in self.home.items() if pair[0] == village}
        return replace(self, total=None, grouped=None, home=home, meeting={})


def _of_wall(facts: _Facts, wall: Wall, on_wall: OnWall) -> _Counts:
    """Take the flows of the board, and of the rest what tells no small set beside all that the wall shows."""
    board = wall.board
    home = {(one.village, one.community): one.count for one in board.flows}
    total, grouped = board.kpi(KpiKey.TRANSITION).numerator, board.kpi(KpiKey.GROUPED).numerator
    sets = _Sets(facts)
    if total is not None:
        sets.figures["all"] = np.ones(len(facts.people), dtype=bool)
    if grouped is not None:
        sets.figures["grouped"] = sets.seated
    sets.add_communities({node.name: node.counts for node in wall.children(wall.street.key)})
    sets.add_flows(home)
    by_itself = shown_figures(sets.figures, sets.tables, wall.suppress_below, never=sets.never)
    asked = [name for kind in ("meeting", "seated") for name in sets.pairs[kind] if name in by_itself]
    shown = on_wall.also({name: [sets.figures[name]] for name in asked})

    def told(kind: str) -> dict[Pair, int]:
        return {pair: sets.count(name) for name, pair in sets.pairs[kind].items() if name in shown}

    return _Counts(total, grouped, home, told("seated"), told("meeting"), is_whole=False)


def _masks(facts: _Facts, shown: _Counts) -> list[NDArray[np.bool_]]:
    """Say who counts in the figures that the map shows beside those of the board."""
    seated = np.array([bool(place) for place in facts.meets], dtype=bool)
    ways = [(community, place) for (_, community), place in zip(facts.pairs, facts.meets, strict=True)]
    meeting = [np.array([one == way for one in ways], dtype=bool) for way in shown.meeting]
    return meeting + [np.array([one == pair for one in facts.pairs], dtype=bool) & seated for pair in shown.seated]


class _Sets:
    """The figures of the map beside those of the board, as sets of persons; the more important first."""

    def __init__(self, facts: _Facts) -> None:
        self.facts = facts
        self.figures: dict[str, NDArray[np.bool_]] = {}
        self.tables: list[Table] = []
        self.never: list[str] = ["ungrouped"]
        self.pairs: dict[str, dict[str, Pair]] = {"meeting": {}, "seated": {}}
        self.seated = np.array([bool(place) for place in facts.meets], dtype=bool)

    def count(self, name: str) -> int:
        """Count a figure."""
        return int(self.figures[name].sum())

    def add_communities(self, counts: Mapping[str, WallCounts]) -> None:
        """Add what is known of the communities: who lives there, and who of them sits in a group."""
        for k, (name, known) in enumerate(counts.items()):
            mask = np.array([community == name for _, community in self.facts.pairs], dtype=bool)
            if known.transition is not None:
                self.figures[f"community/{k}"] = mask
            if known.grouped is not None:
                self.figures[f"community/{k}/grouped"] = mask & self.seated

    def add_flows(self, home: Mapping[Pair, int]) -> None:
        """Add the flows of the board, then who meets where, then who of a flow sits in a group."""
        facts = self.facts
        ways = [(community, place) for (_, community), place in zip(facts.pairs, facts.meets, strict=True)]
        of_home = {pair: self._mask(facts.pairs, pair) for pair in home}
        self.figures |= {f"home/{k}": mask for k, mask in enumerate(of_home.values())}
        self.figures["ungrouped"] = ~self.seated
        lines: dict[str, list[str]] = {}
        for k, (way, _) in enumerate(Counter(way for way in ways if way[1]).most_common()):
            lines.setdefault(way[0], []).append(name := f"meeting/{k}")
            self.pairs["meeting"][name] = way
            self.figures[name] = self._mask(ways, way)
        for k, (community, names) in enumerate(lines.items()):
            self._add_rest(f"ungrouped/{k}", self._mask(ways, (community, "")))
            self.tables.append(Table(((*names, f"ungrouped/{k}"),)))
        for k, (pair, mask) in enumerate(of_home.items()):
            self.pairs["seated"][f"seated/{k}"] = pair
            self.figures[f"seated/{k}"] = mask & self.seated
            self._add_rest(f"not/{k}", mask & ~self.seated)
            self.tables.append(Table(((f"seated/{k}", f"not/{k}"),)))

    def _add_rest(self, name: str, mask: NDArray[np.bool_]) -> None:
        self.figures[name] = mask
        self.never.append(name)

    @staticmethod
    def _mask(found: Sequence[Pair], wanted: Pair) -> NDArray[np.bool_]:
        return np.array([one == wanted for one in found], dtype=bool)


class _Drawing:
    """Puts counts between places, and says of each that cannot be drawn why."""

    def __init__(self, facts: _Facts, counts: _Counts, gazetteer: Gazetteer) -> None:
        self.facts, self.counts = facts, counts
        self.villages = gazetteer.villages(village for village, _ in counts.home if village != NO_VILLAGE)
        self.communities = gazetteer.communities(set(facts.code_of.values()))
        placed = {key: spot.shape for key, spot in facts.places.items() if key != NO_PLACE}
        at = centres(list(placed.values()))
        self.meets = {key: (float(x), float(y)) for key, (x, y) in zip(placed, at, strict=True)}
        self.lines: list[FlowLine] = []
        self.untold: Counter[tuple[Leg, Untold]] = Counter()

    def drawn(self, villages: tuple[str, ...]) -> FlowMap:
        """Return the picture; the thickest lines first."""
        for pair, count in self.counts.home.items():
            self._home(pair, count)
        for pair, count in self.counts.meeting.items():
            self._meeting(pair, count)
        self._rest()
        places = [village for village, _ in self.counts.home if village != NO_VILLAGE]
        return FlowMap(
            total=self.counts.total,
            lines=tuple(sorted(self.lines, key=lambda one: (one.leg.value, -one.count, one.start, one.end, one.place))),
            untold=tuple((leg, why, count) for (leg, why), count in sorted(self.untold.items()) if count),
            villages=villages,
            nowhere=tuple(sorted({name for name in places if name not in self.villages})),
        )

    def _community(self, name: str) -> Spot | None:
        return self.communities.get(self.facts.code_of.get(name, ""))

    def _home(self, pair: Pair, count: int) -> None:
        (village, community), to = pair, self._community(pair[1])
        start = self.villages.get(village)
        if community in _NOWHERE:
            self.untold[Leg.HOME, _NOWHERE[community]] += count
        elif village == NO_VILLAGE:
            self.untold[Leg.HOME, Untold.NO_VILLAGE] += count
        elif start is None or to is None:
            why = Untold.VILLAGE_NOWHERE if start is None else Untold.COMMUNITY_NOWHERE
            self.untold[Leg.HOME, why] += count
        else:
            seated = self.counts.seated_of(pair)
            self.lines.append(FlowLine(Leg.HOME, village, community, count, seated, start[0], to, how=start[1]))

    def _meeting(self, pair: Pair, count: int) -> None:
        (community, place), start = pair, self._community(pair[0])
        if community in _NOWHERE:
            self.untold[Leg.MEETING, _NOWHERE[community]] += count
        elif place not in self.meets or start is None:
            why = Untold.COMMUNITY_NOWHERE if place in self.meets else Untold.PLACE_NOWHERE
            self.untold[Leg.MEETING, why] += count
        else:
            end = self.facts.places[place].place
            self.lines.append(
                FlowLine(Leg.MEETING, community, end, count, count, start, self.meets[place], place=place)
            )

    def _rest(self) -> None:
        """Say how many are in no figure, where the whole is shown."""
        total, grouped = self.counts.total, self.counts.grouped
        if total is not None:
            self.untold[Leg.HOME, Untold.FEW] = total - sum(self.counts.home.values())
        if total is not None and grouped is not None:
            self.untold[Leg.MEETING, Untold.FEW] = grouped - sum(self.counts.meeting.values())
            self.untold[Leg.MEETING, Untold.UNGROUPED] = total - grouped


def _card(reader: Reader, facts: _Facts, line: FlowLine, mine: Sequence[int]) -> FlowCard:
    people = [facts.people[k] for k in mine]
    orgs = {org.id: org.name for org in reader.orgs()}
    names = reader.names_in_scope({one.member_id for one in people})
    group = {number: spot.name for number, spot in facts.spots.items()}
    by_group = Counter(one.group_id for one in people)
    members = [
        FlowMember(
            one.member_id,
            names[one.member_id],
            orgs.get(one.person.branch_id, ""),
            group.get(one.group_id or 0, ""),
        )
        for one in people
        if one.member_id in names
    ]
    return FlowCard(
        line,
        groups=tuple((group.get(number, ""), count) for number, count in by_group.most_common() if number is not None),
        ungrouped=by_group.get(None, 0),
        members=tuple(sorted(members, key=lambda one: (not one.group, one.branch, one.member_id))),
        unnamed=len(people) - len(members),
    )
