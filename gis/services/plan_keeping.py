"""A plan as plain JSON that is read back whole: what a saved plan is kept as.

Unlike `plan_document`, which other programs read, this follows the dataclasses field by field, so that a plan
comes back equal. A field that a later program added takes its default when an older plan is read; one that a later
program dropped is passed over.
"""

from __future__ import annotations

import math
import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from gis.errors import ConfigError
from gis.model import enums, ids
from gis.model import plan as plan_model
from gis.model.plan import GroupPlan

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = "jiujin-saved-plan/1"
T = TypeVar("T")
_INFINITE = "inf"  # JSON has no infinity: a walk where no way leads


def keep_plan(plan: GroupPlan) -> dict[str, Any]:
    """Return the plan as lists and dictionaries."""
    return {"format": FORMAT, "plan": plain(plan)}


def kept_plan(content: Mapping[str, Any]) -> GroupPlan:
    """Return the plan that `keep_plan` made the content of.

    Raises
    ------
    ConfigError
        The content was written by a program that this one does not understand.
    """
    if content.get("format") != FORMAT:
        msg = "这份方案由更新版本的程序保存，请升级本程序"
        raise ConfigError(msg)
    return read_plain(GroupPlan, content["plan"])


def plain(value: Any) -> Any:  # noqa: ANN401  # any field of a plan
    """Return a value of a dataclass field as JSON holds it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [plain(item) for item in value]
    return _plain_one(value)


def _plain_one(value: Any) -> Any:  # noqa: ANN401  # as above
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    is_endless = isinstance(value, float) and math.isinf(value)
    return _INFINITE if is_endless else value


def read_plain(kind: type[T], value: Mapping[str, Any]) -> T:
    """Return the dataclass that `plain` took apart."""
    hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type]  # a class can be hashed
    given: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # every kind here is a dataclass
        if field.name in value:
            given[field.name] = _read(hints[field.name], value[field.name])
        elif field.default is MISSING and field.default_factory is MISSING:
            msg = f"这份方案缺少 {field.name}，无法打开"
            raise ConfigError(msg)
    return kind(**given)


@cache
def _hints(kind: type[object]) -> dict[str, Any]:
    """Return the types of the fields; the model imports ids and dates for the type checker only."""
    known = {**vars(enums), **vars(ids), **vars(plan_model), "date": date}
    return get_type_hints(kind, localns=known)


def _read(hint: Any, value: Any) -> Any:  # noqa: ANN401  # as the type says
    while hasattr(hint, "__supertype__"):  # an id is its number
        hint = hint.__supertype__
    origin = get_origin(hint)
    if origin in (types.UnionType, Union):
        inner = [one for one in get_args(hint) if one is not type(None)]
        return None if value is None else _read(inner[0], value)
    if origin is tuple:
        return _read_tuple(get_args(hint), value)
    if origin is frozenset:
        return frozenset(_read(get_args(hint)[0], item) for item in value)
    if origin is dict:
        key, item = get_args(hint)
        return {_read(key, name): _read(item, found) for name, found in value.items()}
    return _read_one(hint, value)


def _read_tuple(args: tuple[Any, ...], value: Any) -> tuple[Any, ...]:  # noqa: ANN401  # as above
    if len(args) == 2 and args[1] is Ellipsis:  # noqa: PLR2004  # tuple[kind, ...]
        return tuple(_read(args[0], item) for item in value)
    return tuple(_read(arg, item) for arg, item in zip(args, value, strict=True))


def _read_one(hint: Any, value: Any) -> Any:  # noqa: ANN401  # as above
    if is_dataclass(hint) and isinstance(hint, type):
        return read_plain(hint, value)
    if hint is date:
        return date.fromisoformat(value)
    if hint is float:
        return float(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if hint is int and isinstance(value, str):
        return int(value)
    return value
