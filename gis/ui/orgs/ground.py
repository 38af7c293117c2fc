"""The ground of an organisation on a map: put aside for the account, fetched by address."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gis.services.org_territory import ground_of, ground_version
from gis.spatial.display import bounds, centres, rings
from gis.ui import drafts, encoding

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.services.org_territory import Ground
    from gis.store.database import Store

KEPT = 64
#: Outline first, then the 片区 in turn; clear of the colours of members, hosts and venues
OUTLINE = "#6b1f1f"
TONES = ("#1b7f79", "#8a5a00", "#6a3d9a", "#2f6f2f", "#a0336b", "#365c9a")


def ground_address(actor: Actor, store: Store, org_id: OrgId) -> str | None:
    """Put the ground aside for this account and return its address; None where there is nothing to draw."""
    body = _kept(store, org_id, ground_version(actor, store), _Unkeyed(actor))
    return drafts.put(actor, store, body) if body else None


def ground_box(ground: Ground) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of a ground."""
    return bounds([part.shape for part in ground.parts])


def ground_document(ground: Ground) -> dict[str, Any]:
    """Encode the parts as rings with their colours, and a name inside each."""
    shapes = [part.shape for part in ground.parts]
    areas = [part for part in ground.parts if part.is_area]
    colour = {part.name: TONES[number % len(TONES)] for number, part in enumerate(areas)}
    tones = [colour[part.name] if part.is_area else OUTLINE for part in ground.parts]
    labels = [
        {"x": round(float(x), 6), "y": round(float(y), 6), "text": part.name, "tone": tone}
        for part, tone, (x, y) in zip(ground.parts, tones, centres(shapes), strict=True)
        if part.is_area
    ]
    return {
        "kind": "ground",
        "title": f"{ground.org}的范围" + (f"（随{ground.whose}）" if ground.whose else ""),
        "place": f"org-{ground.org_id}",
        "shape": "polygon",
        "items": len(shapes),
        "path": encoding.paths(rings(shapes)),
        "tones": tones,
        "is_area": [part.is_area for part in ground.parts],
        "labels": labels,
        "at": [],
        "what": [],
        "lines": [],
        "places": [],
    }


class _Unkeyed:
    """An argument that takes no part in the key of the cache: a ground holds no persons and is the same for all."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Unkeyed)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=KEPT)
def _kept(store: Store, org_id: OrgId, version: int, unkeyed: _Unkeyed) -> bytes:  # noqa: ARG001  # a part of the key
    ground = ground_of(unkeyed.actor, store, org_id)
    return encoding.as_json(ground_document(ground)) if ground.parts else b""
