"""Reads a plan document that somebody else may have written: every fault of its shape is said, with its place."""

from __future__ import annotations

import math
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any

from gis.errors import Fault, InputError
from gis.model.ids import OrgId
from gis.model.plan import SETTING_BOUNDS, USUAL_BOUNDS, GroupingRequest, GroupingSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

MIN_SIZE = 3  # R01: no setting goes below
_LARGEST = 1e300  # as a float; whole numbers have no end
_NUMBER, _ID, _TEXT = "数", "编号", "文字"
_TOP = {"status": _TEXT, "objective": _NUMBER, "bound": _NUMBER}
_TOP_MAY = {
    "gap": _NUMBER,
    "unseated_penalty": _NUMBER,
    "group_price": _NUMBER,
    "longest_price": _NUMBER,
    "changes_cost_m": _NUMBER,
    "data_version": _ID,
}
_REQUEST_MAY = {"seconds": _NUMBER, "seed": _ID, "mixed_reason": _TEXT}
_SCORES = ("seated", "mean_walk_m", "p90_walk_m", "longest_walk_m")
_GROUP = {"branch": _TEXT, "leader": _ID}
_SEAT = {"member": _ID, "walk_m": _NUMBER, "minutes": _NUMBER}
_LEFT_OUT = {"member": _ID}
_LEFT_OUT_MAY = {"code": _TEXT, "reason": _TEXT}
#: In lists that a document may have, null standing for none
_OTHER_PLACE = {"host": _TEXT, "walk_m": _NUMBER, "rule": _TEXT}
_WHAT_WOULD_HELP = {"kind": _TEXT, "host": _TEXT, "member": _ID}
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
    yield from _odd(document, _TOP_MAY, "")
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
            yield from _listed(seat, "alternatives", _OTHER_PLACE, f"{at}.")
    for path, one in _items(document, "unseated", ""):
        yield from _wrong(one, _LEFT_OUT, f"{path}.")
        yield from _odd(one, _LEFT_OUT_MAY, f"{path}.")
        yield from _listed(one, "changes", _WHAT_WOULD_HELP, f"{path}.")
    yield from _listed(document, "changes", {"member": _ID}, "")
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


def _odd(item: dict[str, Any], kinds: dict[str, str], path: str) -> Iterator[tuple[str, str]]:
    """Name what need not be there but is of the wrong kind."""
    for name, kind in kinds.items():
        if name in item and not _is(item[name], kind):
            yield f"{path}{name}", f"应是{kind}"


def _listed(parent: dict[str, Any], name: str, kinds: dict[str, str], path: str) -> Iterator[tuple[str, str]]:
    """Name what is wrong with a list of objects that need not be there; null in them stands for none."""
    found = parent.get(name, [])
    if not isinstance(found, list):
        yield f"{path}{name}", "应是一个列表"
        return
    for number, item in enumerate(found):
        at = f"{path}{name}[{number}]"
        if isinstance(item, dict):
            yield from _odd({key: value for key, value in item.items() if value is not None}, kinds, f"{at}.")
        else:
            yield at, "应是一个对象"


def _is(value: object, kind: str) -> bool:
    if kind == _TEXT:
        return isinstance(value, str)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) if kind == _ID else abs(value) < math.inf and abs(value) <= _LARGEST


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
    yield from _odd(request, _REQUEST_MAY, "request.")


def _settings_faults(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, usual in asdict(GroupingSettings()).items():
        if name not in given:
            continue
        if isinstance(usual, bool):
            if not isinstance(given[name], bool):
                yield f"request.settings.{name}", "应是 true 或 false"
            continue
        least, most = SETTING_BOUNDS.get(name, USUAL_BOUNDS)
        least = 0 if name == "min_size" else least  # what is below R01 is read as three
        if not _is(given[name], _NUMBER) or not least <= given[name] <= most:
            yield f"request.settings.{name}", f"应是 {least:g} 到 {most:g} 的数"


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
