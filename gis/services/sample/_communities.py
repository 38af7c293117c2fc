"""Who owns which blocks: thirteen communities tile the street, base grids tile each community."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.model.enums import CommunityKind
from gis.services.sample import _names as names
from gis.services.sample._chance import stream

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from random import Random

    from shapely.geometry.base import BaseGeometry

    from gis.services.sample._lattice import Block, Lattice

ROUNDS = 12
TRIES = 60
MIN_BLOCKS = 6  # normal blocks of a community: room for its estates
BLOCKS_PER_GRID = 2.0


@dataclass(frozen=True, slots=True)
class Community:
    """A community or village with its blocks, in the order of codes."""

    code: str
    name: str
    kind: CommunityKind
    blocks: tuple[Block, ...]
    grids: tuple[tuple[Block, ...], ...]
    shape: BaseGeometry


def make_communities(seed: int, lattice: Lattice) -> tuple[Community, ...]:
    """Divide the street: the three urban ones in the middle, the five villages at the rim."""
    chance = stream(seed, "communities")
    count = len(names.URBAN) + len(names.RESETTLED) + len(names.VILLAGES)
    parts = _divide(chance, lattice, lattice.blocks, count, MIN_BLOCKS)
    middle = [float(np.hypot(*_middle(lattice, part))) for part in parts]
    order = sorted(range(count), key=lambda i: middle[i])
    inner, outer = order[: -len(names.VILLAGES)], order[-len(names.VILLAGES) :]
    urban, resettled = inner[: len(names.URBAN)], inner[len(names.URBAN) :]
    found = [
        _community(chance, lattice, parts[i], name, (kind, first + number))
        for kind, first, members, wanted in (
            (CommunityKind.URBAN, 1, urban, names.URBAN),
            (CommunityKind.RESETTLEMENT, 1 + len(names.URBAN), resettled, names.RESETTLED),
            (CommunityKind.DEMOLITION_VILLAGE, 201, outer, names.VILLAGES),
        )
        for number, (i, name) in enumerate(zip(sorted(members, key=lambda i: parts[i][0]), wanted, strict=True))
    ]
    return tuple(sorted(found, key=lambda community: community.code))


def _community(
    chance: Random, lattice: Lattice, blocks: tuple[Block, ...], name: str, kind_and_number: tuple[CommunityKind, int]
) -> Community:
    kind, number = kind_and_number
    wanted = max(3, round(len(blocks) / BLOCKS_PER_GRID))
    grids = _divide(chance, lattice, blocks, min(wanted, len(blocks)), 1)
    ordered = sorted(grids, key=lambda grid: (-_middle(lattice, grid)[1] // 400, _middle(lattice, grid)[0]))
    return Community(
        code=f"{names.STREET_CODE[:9]}{number:03d}",
        name=name,
        kind=kind,
        blocks=blocks,
        grids=tuple(ordered),
        shape=area_of(lattice, blocks),
    )


def area_of(lattice: Lattice, blocks: Collection[Block]) -> BaseGeometry:
    """Join blocks into one area that keeps every point of their edges, so that neighbours fit to the bit."""
    joined: BaseGeometry = shapely.coverage_union_all([lattice.shape[block] for block in blocks])
    parts: list[BaseGeometry] = shapely.get_parts(joined).tolist()
    return parts[0] if len(parts) == 1 else joined


def _middle(lattice: Lattice, blocks: Sequence[Block]) -> tuple[float, float]:
    centres = np.array([lattice.shape[block].centroid.coords[0] for block in blocks])
    x, y = centres.mean(axis=0)
    return float(x), float(y)


def _divide(
    chance: Random, lattice: Lattice, blocks: Sequence[Block], count: int, least: int
) -> list[tuple[Block, ...]]:
    """Cut blocks into `count` connected parts of like size, each with at least `least` normal blocks."""
    best: tuple[float, list[tuple[Block, ...]]] | None = None
    for _ in range(TRIES):
        parts = _by_centres(chance, lattice, blocks, count)
        if len(parts) < count:
            continue
        sizes = [sum(not lattice.is_thin(block) for block in part) for part in parts]
        unfit = sum(max(0, least - size) for size in sizes)
        grade = 100.0 * unfit + float(np.std(sizes))
        if best is None or grade < best[0]:
            best = grade, parts
        if not unfit and grade < 1.2:  # noqa: PLR2004  # sizes differ by little more than a block
            break
    return best[1] if best else [tuple(blocks)]


def _by_centres(chance: Random, lattice: Lattice, blocks: Sequence[Block], count: int) -> list[tuple[Block, ...]]:
    """Lloyd's rounds on the middles of blocks, then scraps are given to their neighbours."""
    middles = np.array([lattice.shape[block].centroid.coords[0] for block in blocks])
    weight = np.array([lattice.shape[block].area for block in blocks])
    centres = middles[sorted(chance.sample(range(len(blocks)), count))]
    label = np.zeros(len(blocks), dtype=np.int64)
    for _ in range(ROUNDS):
        label = np.argmin(((middles[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2), axis=1)
        for part in np.unique(label):
            own = label == part
            centres[part] = np.average(middles[own], axis=0, weights=weight[own])
    owner = {block: int(part) for block, part in zip(blocks, label, strict=True)}
    _mend(owner)
    parts = [tuple(block for block in blocks if owner[block] == part) for part in sorted(set(owner.values()))]
    return [part for part in parts if part]


def _mend(owner: dict[Block, int]) -> None:
    """Give every piece that is cut off from its part to a neighbouring part."""
    for part in sorted(set(owner.values())):
        pieces = sorted(_pieces({block for block in owner if owner[block] == part}), key=lambda p: (-len(p), min(p)))
        for piece in pieces[1:]:
            for block in sorted(piece):
                around = [owner[other] for other in neighbours(block) if other in owner and other not in piece]
                if around:
                    owner[block] = around[0]


def _pieces(blocks: set[Block]) -> list[set[Block]]:
    left, pieces = set(blocks), []
    while left:
        piece, queue = set(), [min(left)]
        while queue:
            block = queue.pop()
            if block in left:
                left.remove(block)
                piece.add(block)
                queue.extend(other for other in neighbours(block) if other in left)
        pieces.append(piece)
    return pieces


def neighbours(block: Block) -> tuple[Block, Block, Block, Block]:
    """Return the four blocks beside a block, whether they exist or not."""
    c, r = block
    return (c + 1, r), (c - 1, r), (c, r + 1), (c, r - 1)
