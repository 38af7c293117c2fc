"""Where else a home is written down: texts and documents that quote an address or a point, over the whole schema.

Found by the schema's columns, not by a list of tables: a column that somebody adds is looked at as well.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, String, Text, cast, false, func, or_, select
from sqlalchemy.orm.attributes import flag_modified

from gis.store.schema import Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

#: The ground itself, the accounts and the log that must not change: none of them quotes a member's home
_NOT_LOOKED_AT = frozenset(
    {
        *("audit_log", "audit_head", "data_version", "app_user", "role", "scope", "sign_in", "setting", "holiday"),
        *("building", "estate", "division", "grid", "road", "venue", "area", "import_key", "export_record"),
    }
)
ROUND_M = 100  # a walk to three known places, to the metre, would tell a home
LEAST_TEXT = 4  # shorter ones are words that mean many things
CANNOT_LEAVE = "CANNOT_LEAVE"
M_PER_MIN = 60.0
_SAME = 1e-7  # degrees, about a centimetre


@dataclass(frozen=True, slots=True)
class Traces:
    """What is to be found, and what stands there instead.

    `texts` maps an exact text to its rough one; `points` are degrees (longitude, latitude) with the rough point, None
    where there is none; `member_ids` are the members whose walks are told to the next `ROUND_M` metres, `nameless`
    those whose name in a document becomes another. Texts shorter than `least` are left alone.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    points: tuple[tuple[tuple[float, float], tuple[float, float] | None], ...] = ()
    member_ids: frozenset[int] = frozenset()
    nameless: Mapping[int, str] = field(default_factory=dict)
    least: int = LEAST_TEXT

    def text(self, value: str) -> str:
        """Return a text without the exact ones, the longest first."""
        for exact in sorted(self.texts, key=len, reverse=True):
            if len(exact) >= self.least and exact in value:
                value = value.replace(exact, self.texts[exact])
        return value

    def value(self, value: Any) -> Any:  # any JSON
        """Return JSON without exact texts and points; seats of the members lose their exact walks."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return self._pair(value) or [self.value(one) for one in value]
        if isinstance(value, dict):
            found = {key: self.value(one) for key, one in value.items()}
            return self._blurred_seat(self._moved(found))
        return value

    def _rough_of(self, lon: object, lat: object) -> tuple[float | None, float | None] | None:
        if not isinstance(lon, int | float) or not isinstance(lat, int | float):
            return None
        for (x, y), rough in self.points:
            if abs(x - lon) < _SAME and abs(y - lat) < _SAME:
                return rough or (None, None)
        return None

    def _pair(self, value: list[Any]) -> list[Any] | None:
        rough = self._rough_of(value[0], value[1]) if len(value) == 2 else None  # noqa: PLR2004  # a point
        return list(rough) if rough is not None else None

    def _moved(self, value: dict[str, Any]) -> dict[str, Any]:
        rough = self._rough_of(value.get("lon"), value.get("lat"))
        return value if rough is None else {**value, "lon": rough[0] or 0.0, "lat": rough[1] or 0.0}

    def _blurred_seat(self, value: dict[str, Any]) -> dict[str, Any]:
        who = value.get("member_id", value.get("member"))
        if isinstance(who, int) and who in self.nameless and "name" in value:
            value = {**value, "name": self.nameless[who]}
        if who not in self.member_ids or isinstance(who, bool):
            return value
        blurred: dict[str, Any] = {key: _rounded(key, one) for key, one in value.items()}
        if value.get("code") == CANNOT_LEAVE:
            blurred["code"] = "PREFERS_HOME_VISIT"  # where the member meets stays, why does not
        if isinstance(blurred.get("walk_m"), float) and "minutes" in value:
            blurred["minutes"] = max(1, round(blurred["walk_m"] / M_PER_MIN))  # at nobody's own pace
        blurred |= {key: "" for key in ("why", "reason", "smallest_change", "text") if isinstance(value.get(key), str)}
        blurred |= {key: [] for key in ("alternatives", "changes") if isinstance(value.get(key), list)}
        return blurred


def _rounded(key: str, value: object) -> object:
    if not key.endswith("_m") or isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return float(round(value / ROUND_M) * ROUND_M)


def remove_traces(session: Session, traces: Traces, tables: frozenset[str] = frozenset()) -> dict[str, int]:
    """Replace what is found in every text and document of the schema, or of `tables`; returns changed rows by table."""
    changed: dict[str, int] = {}
    for mapper in sorted(Base.registry.mappers, key=lambda one: str(one.local_table)):
        table = mapper.local_table.name  # type: ignore[attr-defined]  # mapped to tables
        columns = [one for one in mapper.local_table.columns if isinstance(one.type, JSON | String | Text)]
        if table in _NOT_LOOKED_AT or not columns or (tables and table not in tables):
            continue
        for row in session.scalars(
            select(mapper.class_).where(_candidates(session, mapper.local_table.columns, traces))
        ):
            if _clean(row, columns, traces):
                changed[table] = changed.get(table, 0) + 1
    session.flush()
    return changed


def _candidates(session: Session, columns: Iterable[Any], traces: Traces) -> Any:  # a condition
    """Say which rows to look at: of the members, with a document of seats, or quoting something."""
    position = func.strpos if session.get_bind().dialect.name == "postgresql" else func.instr
    needles = [text for text in traces.texts if len(text) >= traces.least]
    numbers = [repr(lon) for (lon, _), _ in traces.points]
    conditions = []
    for column in columns:
        if isinstance(column.type, JSON):
            quoted = [json.dumps(text)[1:-1] for text in needles]  # as JSON is stored: not ASCII is escaped
            seats = ['"member_id": ', '"member": '] if traces.member_ids or traces.nameless else []
            as_text = cast(column, Text)
            conditions += [position(as_text, needle) > 0 for needle in (*quoted, *needles, *numbers, *seats)]
        elif isinstance(column.type, String | Text) and not getattr(column.type, "enums", None):
            conditions += [position(column, needle) > 0 for needle in needles]
    return or_(*conditions) if conditions else false()


def _clean(row: Any, columns: Iterable[Any], traces: Traces) -> bool:  # any mapped row
    is_changed = False
    for column in columns:
        old = getattr(row, column.key)
        new = traces.value(old) if isinstance(column.type, JSON) else old
        if isinstance(old, str) and not getattr(column.type, "enums", None):
            new = traces.text(old)
        if new != old:
            setattr(row, column.key, new)
            if isinstance(column.type, JSON):
                flag_modified(row, column.key)
            is_changed = True
    return is_changed
