"""What a layer would change: rows matched with the database by their natural keys, never deleted, never doubled."""

# ruff: noqa: ANN401  # the functions here take an item of any kind of layer
from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from gis.errors import Fault
from gis.model.layers import LayerKind
from gis.services.layer_life import keep_life
from gis.services.layer_refs import estate_key, plain_name
from gis.services.layer_report import LayerState, Planned
from gis.spatial.names import canonical_building_no

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from gis.model.layers import Draft
    from gis.services.layer_refs import Known
    from gis.services.layer_report import Findings

    Key = tuple[Hashable, ...]

#: Fields that a draft fills with a default: they count only where the file has the column.
_DEFAULTED = {
    "kind": "kind",
    "status": "status",
    "level": "level",
    "is_walkable": "is_walkable",
    "capacity": "capacity",
}


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """All rows that can be applied, and labels of what the database has of this source but the file does not."""

    planned: tuple[Planned, ...]
    missing: tuple[str, ...]

    def count(self, state: LayerState) -> int:
        """Count the rows of a state."""
        return sum(1 for entry in self.planned if entry.state is state)


def plan_layer(
    kind: LayerKind, drafts: Sequence[Draft], items: Sequence[Any], known: Known, found: Findings
) -> LayerPlan:
    """Match completed items with the database; rows that repeat a key are faults of `found`."""
    existing = _EXISTING[kind](known)
    index: dict[Key, Any] = {}
    for old in existing:
        for key in keys_of(kind, old):
            index.setdefault(key, old)
    columns = frozenset(found.raw.columns)
    first: dict[Key, int] = {}
    planned: list[Planned] = []
    matched = set()
    for draft, item in zip(drafts, items, strict=True):
        keys = keys_of(kind, item)
        repeated = next((first[key] for key in keys if key in first), None)
        if repeated is not None:
            message = f"与第 {repeated} 行重复（{label_of(item)}）：请删去其中一行"
            found.faults.append(Fault(message, found.file, found.raw.sheet, draft.row, _key_label(kind, found)))
            continue
        first.update(dict.fromkeys(keys, draft.row))
        old = _match(kind, item, keys, index)
        if old is not None:
            matched.add(old.id)
        planned.append(_planned(draft, item, old, columns))
    planned = keep_life(kind, planned, existing, found)
    return LayerPlan(tuple(planned), _missing(kind, existing, items, matched, known))


def _match(kind: LayerKind, item: Any, keys: Iterable[Key], index: dict[Key, Any]) -> Any:
    old = next((index[key] for key in keys if key in index), None)
    if old is None and kind is LayerKind.ESTATES:  # an estate whose community was not known before, or is not said now
        loose = index.get(("loose", plain_name(item.name)))
        if loose is not None and not (loose.division_code and item.division_code):
            return loose
    return old


def keys_of(kind: LayerKind, item: Any) -> tuple[Key, ...]:
    """Natural keys of an item, the strongest first."""
    return tuple(_KEYS[kind](item))


def _org_keys(item: Any) -> list[Key]:
    named: list[Key] = [("name", plain_name(item.name))]
    return [("code", item.code), *named] if item.code else named


def _estate_keys(item: Any) -> list[Key]:
    keys: list[Key] = [("name", plain_name(item.name), item.division_code)]
    return [*keys, ("loose", plain_name(item.name))] if item.id is not None else keys


def _building_keys(item: Any) -> list[Key]:
    if item.estate and item.building_no:
        place = item.estate_id or estate_key(item.estate)
        return [("no", place, canonical_building_no(item.building_no))]
    return [("source", item.source_id)] if item.source_id else [("shape", item.shape)]


def label_of(item: Any) -> str:
    """Name an item for a person."""
    if hasattr(item, "building_no"):
        number = item.building_no
        return f"{item.estate}{number}{'幢' if number.isdigit() else ''}" or item.address or item.source_id
    return str(item.name or getattr(item, "grid_code", "") or getattr(item, "source_id", ""))


def _key_label(kind: LayerKind, found: Findings) -> str:
    keys = {
        LayerKind.DIVISIONS: "code",
        LayerKind.GRIDS: "grid_code",
        LayerKind.BUILDINGS: "building_no",
        LayerKind.ROADS: "source_id",
    }
    return found.label(keys.get(kind, "name"))


def _planned(draft: Draft, item: Any, old: Any, columns: frozenset[str]) -> Planned:
    if old is None:
        return Planned(draft, item, LayerState.NEW)
    merged = merge(old, item, columns)
    return Planned(draft, merged, LayerState.SAME if merged == old else LayerState.CHANGED)


def merge(old: Any, new: Any, columns: frozenset[str]) -> Any:
    """Lay what a file gives over what is stored: blanks wipe nothing, defaults count only where there is a column."""
    changes = {}
    for field in fields(new):
        value = getattr(new, field.name)
        is_given = value not in (None, "", ()) and field.name not in ("id", "version", "valid_from", "valid_to")
        if is_given and (field.name not in _DEFAULTED or _DEFAULTED[field.name] in columns):
            changes[field.name] = value
    return replace(old, **changes)


def _missing(
    kind: LayerKind, existing: Sequence[Any], items: Sequence[Any], matched: set[int], known: Known
) -> tuple[str, ...]:
    """List what earlier files of this kind delivered for the same communities, estates or organisations."""
    delivered = known.reader.import_keys(source_of(kind), kind.value)
    group = _GROUPS[kind]
    groups = {group(item) for item in items}
    return tuple(
        label_of(old) for old in existing if old.id in delivered and old.id not in matched and group(old) in groups
    )


def source_of(kind: LayerKind) -> str:
    """Name the source under which delivered rows are remembered."""
    return f"layers:{kind.value}"


_EXISTING: dict[LayerKind, Callable[[Known], Sequence[Any]]] = {
    LayerKind.DIVISIONS: lambda known: known.divisions,
    LayerKind.ORGS: lambda known: known.orgs,
    LayerKind.GRIDS: lambda known: known.grids,
    LayerKind.ESTATES: lambda known: known.estates,
    LayerKind.BUILDINGS: lambda known: known.buildings,
    LayerKind.ROADS: lambda known: known.reader.roads(),
    LayerKind.VENUES: lambda known: known.reader.venues(),
    LayerKind.HOSTS: lambda known: known.reader.hosts(with_ended=True),
}
_KEYS: dict[LayerKind, Callable[[Any], list[Key]]] = {
    LayerKind.DIVISIONS: lambda item: [("code", item.code)],
    LayerKind.ORGS: _org_keys,
    LayerKind.GRIDS: lambda item: [("code", item.grid_code)],
    LayerKind.ESTATES: _estate_keys,
    LayerKind.BUILDINGS: _building_keys,
    LayerKind.ROADS: lambda item: [("source", item.source_id)],
    LayerKind.VENUES: lambda item: [("name", plain_name(item.name), item.org_id)],
    LayerKind.HOSTS: lambda item: [("host", item.branch_id, plain_name(item.name), plain_name(item.address))],
}
_GROUPS: dict[LayerKind, Callable[[Any], Hashable]] = {
    LayerKind.DIVISIONS: lambda item: item.parent_code,
    LayerKind.ORGS: lambda _: "",
    LayerKind.GRIDS: lambda item: item.community_code,
    LayerKind.ESTATES: lambda item: item.division_code,
    LayerKind.BUILDINGS: lambda item: item.estate,
    LayerKind.ROADS: lambda _: "",
    LayerKind.VENUES: lambda item: item.org_id,
    LayerKind.HOSTS: lambda item: item.branch_id,
}
