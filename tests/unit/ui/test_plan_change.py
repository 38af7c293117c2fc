"""What the picture of a change holds: who goes elsewhere, bundled from place to place; who stays is counted alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gis.services import map_layers
from gis.ui.plans.change import change_document

A, B, C = (120.0, 31.0), (120.01, 31.0), (120.0, 31.01)


def plan(**seats: tuple[float, float]) -> Any:
    """Return a plan with members `m<number>` at their places."""
    groups = []
    for spot in dict.fromkeys(seats.values()):
        place = SimpleNamespace(lon=spot[0], lat=spot[1], label=f"地点 {spot}", host_id=1, venue_id=None)
        mine = [SimpleNamespace(member_id=int(name[1:])) for name, at in seats.items() if at == spot]
        groups.append(SimpleNamespace(id="", place=place, seats=mine))
    return SimpleNamespace(groups=groups, branch_ids=(1,))


def change(monkeypatch: pytest.MonkeyPatch, before: Any, after: Any, *, hidden: int = 0) -> dict[str, Any]:
    at = {number: (120.02, 31.0 + number / 1000) for number in range(1, 9) if number != hidden}
    monkeypatch.setattr(map_layers, "positions_of", lambda *_: at)
    return change_document(None, None, before, after, "here")  # type: ignore[arg-type]  # only passed on


def test_who_goes_elsewhere_is_new_or_drops_out_is_drawn_and_who_stays_is_not(monkeypatch: pytest.MonkeyPatch):
    found = change(monkeypatch, plan(m1=A, m2=A, m3=A, m4=B), plan(m1=B, m2=B, m3=A, m5=A))
    assert found["said"] == [["换活动地点", 2], ["新编入", 1], ["退出", 1], ["不变（不画）", 1]]
    assert found["moves"] == [[120_000_000, 31_000_000, 120_010_000, 31_000_000, 2]]
    assert found["what"] == ["grouped", "grouped", "grouped", "ungrouped"]  # two moved, one new, one gone
    assert [number for number, _ in found["lines"]] == [0, 1, 2]
    assert [line[0] for line in found["ghost"]] == [0, 1, 3]
    assert found["closed"] == []


def test_a_place_that_nobody_uses_any_more_is_marked(monkeypatch: pytest.MonkeyPatch):
    found = change(monkeypatch, plan(m1=A, m2=C), plan(m1=A, m2=A))
    assert [(one["x"], one["y"], one["n"]) for one in found["closed"]] == [(*C, 1)]


def test_who_does_not_wish_to_be_on_the_map_is_counted_only(monkeypatch: pytest.MonkeyPatch):
    found = change(monkeypatch, plan(m1=A, m2=A), plan(m1=B, m2=A), hidden=1)
    assert found["said"][0] == ["换活动地点", 1]
    assert found["at"] == found["lines"] == found["ghost"] == []
