"""Propose a round of visits: whom, by which team, when and in which order. Nothing is saved before it is adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.services.visit_request import HalfDay, ProposedRound, TeamRequest, VisitRequest

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import RoundId
    from gis.model.visits import VisitRound
    from gis.store.database import Store

__all__ = ["HalfDay", "ProposedRound", "TeamRequest", "VisitRequest", "adopt_visits", "propose_visits"]


def propose_visits(actor: Actor, store: Store, request: VisitRequest) -> ProposedRound:
    """Plan a round; nothing is saved."""
    raise NotImplementedError


def adopt_visits(actor: Actor, store: Store, planned: VisitRound) -> RoundId:
    """Save a proposed round as a draft; StaleError where people or visits changed since it was planned."""
    raise NotImplementedError
