"""The gate that every service asks before it does anything."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from gis.errors import DeniedError
from gis.model.access import ACTION_LABELS, decide

if TYPE_CHECKING:
    from collections.abc import Collection

    from gis.model.access import Action, Actor
    from gis.model.ids import OrgId
    from gis.store.reader import Reader


def require(actor: Actor, action: Action) -> None:
    """Let the actor pass or say why not.

    Raises
    ------
    DeniedError
        The role may not do this kind of work; the message carries the reason of the table.
    """
    decision = decide(actor.role, action)
    if not decision.is_allowed:
        msg = f"{actor.role.label}不能{ACTION_LABELS[action]}：{decision.reason}"
        raise DeniedError(msg)


def require_orgs(actor: Actor, reader: Reader, org_ids: Collection[OrgId]) -> None:
    """Let the actor pass when all these organisations lie in the actor's scope.

    Raises
    ------
    DeniedError
        One of them lies outside.
    """
    outside = frozenset(org_ids) - reader.org_ids_in_scope
    if outside:
        names = {org.id: org.name for org in reader.orgs()}
        shown = "、".join(names.get(org, str(org)) for org in sorted(outside)[:3])
        msg = f"{actor.display_name or actor.name}的管理范围不包括：{shown}"
        raise DeniedError(msg)


def scope_digest(actor: Actor) -> str:
    """Return a short text that is equal for actors who may read the same rows; used in addresses of layers."""
    return hashlib.sha256(repr((actor.role.value, actor.scope.key)).encode()).hexdigest()[:16]
