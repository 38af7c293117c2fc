"""The settings of the office: every threshold that people may change, read by everyone through here."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError
from gis.model.access import Action
from gis.model.settings import ORDERED, OfficeSettings, SettingSpec, setting_specs
from gis.services.access import require

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gis.model.access import Actor
    from gis.store.database import Store
    from gis.store.reader import Reader

MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class SettingView:
    """One setting with what is in force; `version` 0: the default, nobody has set it."""

    spec: SettingSpec
    value: float
    version: int

    @property
    def is_default(self) -> bool:
        """Whether the value in force is the product's own."""
        return self.value == self.spec.default


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One wanted change: `value` None goes back to the default; `version` as in the view, None does not ask."""

    key: str
    value: float | None
    version: int | None = None


def office_settings(reader: Reader) -> OfficeSettings:
    """Return the settings in force; a row that no longer fits counts as not set."""
    specs = {spec.key: spec for spec in setting_specs()}
    kept = {
        key: _typed(specs[key], value)
        for key, (value, _) in reader.settings_set().items()
        if key in specs and _fault(specs[key], value) == ""
    }
    wanted = OfficeSettings(**kept)  # type: ignore[arg-type]  # whole numbers where the field is one, see `_typed`
    return wanted if not _disorder(asdict(wanted)) else OfficeSettings()


def list_settings(actor: Actor, store: Store) -> tuple[SettingView, ...]:
    """List all settings in order with what is in force."""
    require(actor, Action.CHANGE_SETTINGS)
    with store.reading(actor.scope) as reader:
        values, kept = asdict(office_settings(reader)), reader.settings_set()
    return tuple(
        SettingView(spec, values[spec.key], kept[spec.key][1] if spec.key in kept else 0) for spec in setting_specs()
    )


def change_settings(actor: Actor, store: Store, changes: Collection[SettingChange]) -> None:
    """Set or reset several settings in one transaction; who, when and the values are in the audit.

    Raises
    ------
    InputError
        A key is unknown, a value out of bounds, or two settings contradict each other; every fault is named.
    StaleError
        Somebody else changed one of them since it was read.
    """
    require(actor, Action.CHANGE_SETTINGS)
    specs = {spec.key: spec for spec in setting_specs()}
    _refuse(_faults(specs, changes))
    with store.writing(actor, Action.CHANGE_SETTINGS) as writer:
        before = asdict(office_settings(writer))
        wanted = {one.key: specs[one.key].default if one.value is None else one.value for one in changes}
        _refuse([Fault(text, field=specs[key].label) for key, text in _disorder(before | wanted).items()])
        for one in changes:
            value = None if one.value is None else _typed(specs[one.key], one.value)
            writer.save_setting(one.key, value, one.version)
        said = {key: [before[key], value] for key, value in wanted.items() if before[key] != value}
        writer.say(_summary(specs, said), settings=said)


def _summary(specs: Mapping[str, SettingSpec], said: Mapping[str, list[float]]) -> str:
    if not said:
        return "保存默认值，没有变化"
    parts = [f"{specs[key].label} {old:g} → {new:g}" for key, (old, new) in said.items()]
    more = f"等 {len(parts)} 项" if len(parts) > MAX_NAMED else ""
    return "调整默认值：" + "；".join(parts[:MAX_NAMED]) + more


def _refuse(faults: list[Fault]) -> None:
    if faults:
        msg = "默认值没有保存：" + "；".join(str(one) for one in faults)
        raise InputError(msg, tuple(faults))


def _faults(specs: Mapping[str, SettingSpec], changes: Collection[SettingChange]) -> list[Fault]:
    found = [
        Fault(f"没有“{one.key}”这一项，用 settings list 查看", field=one.key) for one in changes if one.key not in specs
    ]
    found += [
        Fault(why, field=specs[one.key].label)
        for one in changes
        if one.key in specs and one.value is not None and (why := _fault(specs[one.key], one.value))
    ]
    return found


def _fault(spec: SettingSpec, value: object) -> str:
    """Say what is wrong with a value, "" when nothing is."""
    bounds = f"请填 {spec.least:g}–{spec.most:g} {spec.unit}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return bounds
    if not spec.least <= value <= spec.most:  # also catches what is not a number
        return bounds
    if spec.is_whole and value != int(value):
        return f"{bounds}之间的整数"
    return ""


def _typed(spec: SettingSpec, value: object) -> float:
    number = float(value)  # type: ignore[arg-type]  # checked by `_fault`
    return int(number) if spec.is_whole else number


def _disorder(values: Mapping[str, float]) -> dict[str, str]:
    """Return by key what contradicts what."""
    labels = {spec.key: spec.label for spec in setting_specs()}
    return {
        low: f"须{'不大于' if is_equal_fine else '小于'}“{labels[high]}”（{values[high]:g}）"
        for low, high, is_equal_fine in ORDERED
        if values[low] > values[high] or (values[low] == values[high] and not is_equal_fine)
    }
