"""A team's list as data for the script that draws it: on the phone (online) and in the offline file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from gis.services.visit_views import RoundView, TeamView


def list_document(view: RoundView, team: TeamView, *, sheet: str, expires_on: date | None) -> dict[str, object]:
    """Return what `assets/visit_list.js` draws; plain JSON values, see the head of that file for the fields."""
    raise NotImplementedError


def as_script_json(document: object) -> str:
    """Write JSON that may stand inside a script element whatever people have typed."""
    raise NotImplementedError


def list_script() -> str:
    """Return the shared script."""
    raise NotImplementedError


def list_style() -> str:
    """Return the shared style."""
    raise NotImplementedError
