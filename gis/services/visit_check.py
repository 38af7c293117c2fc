"""Check a round of visits against the database, rule by rule; of the planner it uses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.plan_facts import Violation
    from gis.store.database import Store


def check_visits(actor: Actor, store: Store, document: dict[str, Any]) -> tuple[Violation, ...]:
    """Return every violation of a visit document, in its order."""
    raise NotImplementedError
