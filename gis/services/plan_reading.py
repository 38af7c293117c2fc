"""Reads a plan document that somebody else may have written: every fault of its shape is said, with its place."""

from __future__ import annotations

import math
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any

from gis.errors import Fault, InputError
from gis.model.ids import OrgId
from gis.model.plan import GroupingRequest, GroupingSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

MIN_SIZE = 3  # R01: no setting goes below
_NUMBER, _ID, _TEXT = "数", "编号", "文字"
_TOP = {"status": _TEXT, "objective": _NUMBER, "bound": _NUMBER}
_SCORES = ("seated", "mean_walk_m", "p90_walk_m", "longest_walk_m")
_GROUP = {"branch": _TEXT, "leader": _ID}
_SEAT = {"member": _ID, "walk_m": _NUMBER, "minutes": _NUMBER}
_LEFT_OUT = {"member": _ID}
_PLACES = ("required_places", "forbidden_places", "preferred_places")


def check_shape(document: object) -> None:
    """Refuse what is not a plan.

    Raises
    ------
    InputError
        Names every place, such as `groups[0].members[1].walk_m`.
    """
    faults = tuple(Fault(message, field=path) for path, message in _faults(document))
    if faults:
        msg = "不是方案文件：" + "；".join(f"{fault.field} {fault.message}" for fault in faults[:3])
        raise InputError(msg, faults)


def _faults(document: object) -> Iterator[tuple[str, str]]:
    if not isinstance(document, dict):
        yield "文件", "应是一个对象"
        return
    yield from _wrong(document, _TOP, "")
    scores = document.get("scores")
    if isinstance(scores, dict):
        yield from _wrong(scores, dict.fromkeys(_SCORES, _NUMBER), "scores.")
    else:
        yield "scores", "应是一个对象"
    for path, group in _items(document, "groups", ""):
        yield from _wrong(group, _GROUP, f"{path}.")
        for place in ("host", "venue"):
            if group.get(place) is not None and not _is(group[place], _ID):
                yield f"{path}.{place}", "应是编号或空"
        for at, seat in _items(group, "members", f"{path}."):
            yield from _wrong(seat, _SEAT, f"{at}.")
            for where, _ in _items({"alternatives": [], **seat}, "alternatives", f"{at}."):
                if where.endswith("?"):
                    yield where, "应是一个列表"
    for path, one in _items(document, "unseated", ""):
        yield from _wrong(one, _LEFT_OUT, f"{path}.")
    yield from _request_faults(document.get("request", {}))


def _items(parent: dict[str, Any], name: str, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a list; what is not a list of objects comes out as an object without any key."""
    found = parent.get(name)
    if not isinstance(found, list):
        yield f"{path}{name}?", {}
        return
    for number, item in enumerate(found):
        yield f"{path}{name}[{number}]", item if isinstance(item, dict) else {}


def _wrong(item: dict[str, Any], wanted: dict[str, str], path: str) -> Iterator[tuple[str, str]]:
    for name, kind in wanted.items():
        if not _is(item.get(name), kind):
            yield f"{path}{name}", f"缺少或不是{kind}"


def _is(value: object, kind: str) -> bool:
    if kind == _TEXT:
        return isinstance(value, str)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) if kind == _ID else math.isfinite(value)


def _request_faults(request: object) -> Iterator[tuple[str, str]]:
    if not isinstance(request, dict):
        yield "request", "应是一个对象"
        return
    branches = request.get("branches", [])
    if not isinstance(branches, list) or not all(_is(branch, _ID) for branch in branches):
        yield "request.branches", "应是支部编号的列表"
    given = request.get("settings", {})
    if not isinstance(given, dict):
        yield "request.settings", "应是一个对象"
        return
    yield from _settings_faults(given)
    for name in _PLACES:
        keys = request.get(name, [])
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            yield f"request.{name}", "应是地点的列表，如 H12、V3"
    frozen = request.get("frozen_groups", [])
    if not isinstance(frozen, list) or not all(_is(number, _ID) for number in frozen):
        yield "request.frozen_groups", "应是小组编号的列表"
    if not isinstance(request.get("mixed_reason", ""), str):
        yield "request.mixed_reason", "应是文字"


def _settings_faults(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, usual in asdict(GroupingSettings()).items():
        if name not in given:
            continue
        if isinstance(usual, bool):
            if not isinstance(given[name], bool):
                yield f"request.settings.{name}", "应是 true 或 false"
        elif not _is(given[name], _NUMBER) or given[name] < 0:
            yield f"request.settings.{name}", "应是不小于 0 的数"


def settings_of(document: dict[str, Any]) -> GroupingSettings:
    """Return the settings that the plan was asked with; no group is allowed below three members."""
    given = document.get("request", {}).get("settings", {})
    known = {field.name for field in fields(GroupingSettings)}
    found = GroupingSettings(**{name: value for name, value in given.items() if name in known})
    return replace(found, min_size=max(found.min_size, MIN_SIZE))


def request_of(document: dict[str, Any]) -> GroupingRequest:
    """Return what the plan was asked with; keys that the document does not have are as usual."""
    given, usual = document.get("request", {}), GroupingRequest()
    return GroupingRequest(
        branch_ids=tuple(OrgId(branch) for branch in given.get("branches", ())),
        is_all_members=bool(given.get("all_members", usual.is_all_members)),
        seconds=float(given.get("seconds", usual.seconds)),
        seed=int(given.get("seed", usual.seed)),
        settings=settings_of(document),
        required_places=tuple(given.get("required_places", ())),
        forbidden_places=tuple(given.get("forbidden_places", ())),
        preferred_places=tuple(given.get("preferred_places", ())),
        frozen_groups=tuple(given.get("frozen_groups", ())),
        mixed_reason=str(given.get("mixed_reason", "")),
    )


def changed_settings(document: dict[str, Any]) -> dict[str, float]:
    """Return the settings that differ from the defaults: who reads a clean check should know them."""
    found, usual = settings_of(document), GroupingSettings()
    return {
        field.name: getattr(found, field.name)
        for field in fields(GroupingSettings)
        if getattr(found, field.name) != getattr(usual, field.name)
    }


def seats_of(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield every seat with its group."""
    for group in document["groups"]:
        for seat in group["members"]:
            yield group, seat


def place_key(group: dict[str, Any]) -> str:
    """Return `H12` for a host and `V3` for a venue."""
    return f"H{group['host']}" if group.get("host") is not None else f"V{group.get('venue')}"
