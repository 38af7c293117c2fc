"""The tree of party organisations: one working committee, thirteen communities, their branches and branch sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import CommunityKind, OrgKind
from gis.services.sample import _names as names
from gis.services.sample._chance import spread, stream

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from gis.services.sample._communities import Community

MEAN_BRANCH, MAX_BRANCH = 1366 / 30, 50  # source 004: 30 branches, 1,366 members; R07: generally at most 50
#: Members of one community of each kind, as in source 004: 640, 410 and 316 of 1,366
WEIGHT = {
    CommunityKind.RESETTLEMENT: 640 / 5,
    CommunityKind.DEMOLITION_VILLAGE: 410 / 5,
    CommunityKind.URBAN: 316 / 3,
}
_ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Org:
    """One organisation; `parent` is a place in the list, `members` counts what belongs to it directly."""

    name: str
    kind: OrgKind
    code: str
    parent: int | None = None
    community: str = ""
    community_kind: CommunityKind | None = None
    members: int = 0


def make_orgs(seed: int, communities: Sequence[Community], members: int) -> tuple[Org, ...]:
    """Build the tree; parents come before their children and branches hold all members."""
    chance = stream(seed, "orgs")
    orgs = [Org("中共青禾街道工作委员会", OrgKind.WORKING_COMMITTEE, "QH")]
    weights = [WEIGHT[community.kind] * chance.uniform(0.92, 1.08) for community in communities]
    branches = max(len(communities), round(members / MEAN_BRANCH))
    counts = [1 + extra for extra in spread(branches - len(communities), _beyond_one(weights, branches))]
    sizes = _sizes(chance, members, sum(counts))
    for number, (community, count) in enumerate(zip(communities, counts, strict=True), 1):
        parent = len(orgs)
        orgs.append(_committee(community, f"QH{number:02d}", is_large=count > 2))  # noqa: PLR2004  # R09: above 100 members
        orgs.extend(
            Org(
                name=f"{community.name}{f'第{ordinal(i)}' if count > 1 else ''}党支部",
                kind=OrgKind.BRANCH,
                code=f"QH{number:02d}{i:02d}",
                parent=parent,
                community=community.code,
                members=sizes.pop(),
            )
            for i in range(1, count + 1)
        )
    return tuple(orgs)


def _beyond_one(weights: list[float], branches: int) -> list[float]:
    share = [weight / sum(weights) * branches - 1 for weight in weights]
    return [max(0.05, extra) for extra in share]


def _committee(community: Community, code: str, *, is_large: bool) -> Org:
    kind = OrgKind.COMMITTEE if is_large else OrgKind.GENERAL_BRANCH
    return Org(f"{community.name}{kind.label}", kind, code, 0, community.code, community.kind)


def _sizes(chance: Random, members: int, branches: int) -> list[int]:
    sizes = spread(members, [chance.uniform(0.9, 1.07) for _ in range(branches)])
    while max(sizes) > MAX_BRANCH and min(sizes) < MAX_BRANCH:
        sizes[sizes.index(max(sizes))] -= 1
        sizes[sizes.index(min(sizes))] += 1
    return sizes


def ordinal(number: int) -> str:
    """Write 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _ORDINALS[ones - 1]
    return ("" if tens == 1 else _ORDINALS[tens - 1]) + "十" + (_ORDINALS[ones - 1] if ones else "")


def is_village(org: Org) -> bool:
    """Whether the organisation belongs to a village that is being demolished."""
    return org.community.startswith(names.STREET_CODE[:9] + "2")
