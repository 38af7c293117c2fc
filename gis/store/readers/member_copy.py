"""Everything that is stored on one member, found by the schema: every table that refers to members is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import or_, select

from gis.model.enums import Labelled, Sensitivity
from gis.model.meetings import Side
from gis.model.visits import VisitPurpose
from gis.store.geometry import Geometry
from gis.store.readers.base import ScopedReads
from gis.store.schema import (
    AuditRow,
    Base,
    BuildingRow,
    EstateRow,
    ExportRow,
    GridRow,
    GroupRow,
    HouseholdRow,
    MemberRow,
    OrgRow,
    RuleNoteRow,
    SavedPlanRow,
    SessionRow,
    SurveyRow,
    VisitRoundRow,
    VisitSheetRow,
    VisitStopRow,
    VisitTargetRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, RowMapping, Table

    from gis.model.ids import MemberId

#: Kept by the program for itself: who wrote a row and which edition it is
_OF_THE_ROW = frozenset({"id", "created_by", "updated_by", "version"})
#: What of a row says something of the member who stands in it as somebody else's helper, leader or companion
_ROLE_COLUMNS = frozenset({"valid_from", "valid_to", "side", "role", "post", "kind", "status", "name", "duties"})
#: Kept so that a result counts once and a correction takes back what it changed, which is told with the other records
_OF_THE_VISIT = {"visit_result": ("target_id", "key", "contact_log_id", "effects")}
_CARE = frozenset({"care_need", "pairing"})
#: In these the column `name` is a person's
_NAMES_OF_PERSONS = frozenset({"contact_person", "host_household", "pairing"})


#: Codes that are kept as plain text, in words
_CODES: dict[str, dict[str, str]] = {
    "categories": {
        "retired": "离退休",
        "employed": "在职",
        "unemployed": "未就业",
        "transition": "返迁过渡期",
        "resettled": "动迁安置",
        "mobile": "流动",
        "private_enterprise": "非公企业",
        "farmer": "农民",
    },
    "purposes": {purpose.value: str(purpose.label) for purpose in VisitPurpose},
    "invited_by": {side.value: str(side.label) for side in Side},
}
_TITLE_ENDS = re.compile("[。；：，:\n（]")
_WORDS_END = re.compile("；|，空为|，检索用|，由人| YYYY|，不超过|，可多选|（UTC）|：")


@dataclass(frozen=True, slots=True)
class StoredSection:
    """The rows of one table: its meaning, and each row as pairs of what the column means and the value."""

    table: str
    title: str
    rows: tuple[tuple[tuple[str, object], ...], ...]


class MemberCopyReads(ScopedReads):
    """All that is stored on a member of the scope, without what is stored on others."""

    def everything_on(self, member_id: MemberId, *, with_care: bool) -> tuple[StoredSection, ...]:
        """Read the member's own row first, then every table that refers to members, in the schema's order.

        Care needs and pairings only `with_care`: they are for two roles alone.
        """
        member = self.session.get(MemberRow, member_id)
        if not self.sees_people or member is None or member.branch_id not in self.org_ids_in_scope:
            return ()
        copy = _Copy(self, member)
        left_out = {"member"} if with_care else {"member", *_CARE}
        others = (table for table in Base.metadata.sorted_tables if table.name not in left_out)
        tables = [Base.metadata.tables["member"], *others]
        sections = [copy.section(table) for table in tables]
        return tuple(one for one in (*sections, *copy.quoted()) if one is not None and one.rows)


class _Copy:
    def __init__(self, reader: MemberCopyReads, member: MemberRow) -> None:
        self.session, self.member = reader.session, member
        self.names = {
            "party_org": self._called(OrgRow.id, OrgRow.name),
            "grid": self._called(GridRow.id, GridRow.name),
            "estate": self._called(EstateRow.id, EstateRow.name),
            "building": self._called(BuildingRow.id, BuildingRow.building_no),
            "party_group": self._called(GroupRow.id, GroupRow.name),
            "session": self._called(SessionRow.id, SessionRow.theme),
            "survey_campaign": self._called(SurveyRow.id, SurveyRow.name),
            "household": self._called(HouseholdRow.id, HouseholdRow.file_no),
            "visit_round": self._called(VisitRoundRow.id, VisitRoundRow.name),
            "visit_sheet": self._called(VisitSheetRow.id, VisitSheetRow.number),
            "visit_stop": {number: f"{at:%Y-%m-%d %H:%M}" for number, at in self._visits()},
        }

    def _visits(self) -> Iterator[tuple[int, datetime]]:
        theirs = select(VisitTargetRow.stop_id).where(VisitTargetRow.member_id == self.member.id)
        query = select(VisitStopRow.id, VisitStopRow.arrive).where(VisitStopRow.id.in_(theirs))
        return ((row.id, row.arrive) for row in self.session.execute(query))

    def _called(self, number: Any, name: Any) -> dict[int, str]:
        return {row[0]: row[1] for row in self.session.execute(select(number, name))}

    def section(self, table: Table) -> StoredSection | None:
        """Return the rows of one table, None where it does not refer to members."""
        mine, role = _references(table)
        conditions = [column == self.member.id for column in (*mine, *role)]
        if table.name == "member":
            conditions = [table.c.id == self.member.id]
        elif table.name == "household" and self.member.household_id is not None:
            conditions = [table.c.id == self.member.household_id]
        elif table.name == "lost_contact_event":
            lost = Base.metadata.tables["lost_contact"]
            conditions = [table.c.lost_id.in_(select(lost.c.id).where(lost.c.member_id == self.member.id))]
        elif table.name == "visit_result":
            targets = Base.metadata.tables["visit_target"]
            conditions = [table.c.target_id.in_(select(targets.c.id).where(targets.c.member_id == self.member.id))]
        if not conditions:
            return None
        rows = (
            self.session.execute(select(table).where(or_(*conditions)).order_by(*table.primary_key.columns))
            .mappings()
            .all()
        )
        is_own = table.name in ("member", "household", "lost_contact_event", "visit_result")
        found = tuple(
            tuple(self._pairs(table, row, is_role=not is_own and not any(row[c] == self.member.id for c in mine)))
            for row in rows
        )
        title = str(next((m.class_.__doc__ for m in Base.registry.mappers if m.local_table is table), "") or table.name)
        return StoredSection(table.name, _TITLE_ENDS.split(title.strip())[0], found)

    def _pairs(self, table: Table, row: RowMapping, *, is_role: bool) -> Iterator[tuple[str, object]]:
        mine, role = _references(table)
        persons = {column.name for column in (*mine, *role)}
        if is_role:
            yield "本人是", "、".join(str(c.comment) for c in role if row[c] == self.member.id)
        for column in table.columns:
            value = row[column]
            if self._is_left_out(table, column, is_role=is_role) or value in (None, ""):
                continue
            if column.name in persons:
                if value != self.member.id:
                    yield words_of(column), "另一名党员"
                continue
            if column.name == "updated_at" and value == row["created_at"]:
                continue
            yield words_of(column), self._said(column, value)

    def _is_left_out(self, table: Table, column: Column[Any], *, is_role: bool) -> bool:
        if column.name in _OF_THE_ROW or column.info.get("class") is Sensitivity.S4:
            return True
        if column.name in _OF_THE_VISIT.get(table.name, ()):
            return True
        if table.name == "household" and column.name == "head_name":
            return True  # may be somebody else's name
        if not is_role:
            return False
        is_name = column.name == "name" and table.name in _NAMES_OF_PERSONS
        return column.name not in _ROLE_COLUMNS or is_name

    def _said(self, column: Column[Any], value: Any) -> object:
        target = next((key.column.table.name for key in column.foreign_keys), "")
        if target in self.names and isinstance(value, int):
            return self.names[target].get(value, str(value))
        if isinstance(column.type, Geometry):
            point = shapely.from_wkb(value).representative_point()
            return f"东经 {point.x:.6f}，北纬 {point.y:.6f}"
        if column.table.name == "visit_target" and column.name == "reasons":
            return [str(one.get("text", "")) for one in value]
        words = _CODES.get(column.name)
        if words is None:
            return plain_value(value)
        return [words.get(one, one) for one in value] if isinstance(value, list) else words.get(value, value)

    def quoted(self) -> Iterator[StoredSection]:
        """Yield what quotes the member without a reference: plans, files on disk, notes of rules, the audit log."""
        yield self._plans()
        yield self._rounds()
        exports = self.session.scalars(select(ExportRow).order_by(ExportRow.id))
        yield StoredSection(
            "export_record",
            "导出文件：含有本人信息、留在本机的文件",
            tuple(
                (("类别", one.kind), ("用途", one.reason), ("应删除日期", plain_value(one.expires_on)))
                for one in exports
                if self.member.id in one.member_ids and one.deleted_on is None
            ),
        )
        notes = select(RuleNoteRow).where(RuleNoteRow.subject == f"member:{self.member.id}").order_by(RuleNoteRow.id)
        rows = tuple((("规则", one.rule), ("理由", one.reason)) for one in self.session.scalars(notes))
        yield StoredSection("rule_note", "规则提醒的处理", rows)
        yield StoredSection("audit_log", "操作记录：哪天对本人信息做过什么", tuple(self._audits()))

    def _plans(self) -> StoredSection:
        rows = []
        for plan in self.session.scalars(select(SavedPlanRow).order_by(SavedPlanRow.id)):
            for seat in _seats(plan.published or plan.content, self.member.id):
                said = {"步行，米": seat.get("walk_m"), "步行，分钟": seat.get("minutes")}
                pairs = [("方案", plan.name), ("状态", plan.state.label)]
                rows.append((*pairs, *((key, value) for key, value in said.items() if value is not None)))
        return StoredSection("saved_plan", "编组方案中的本人", tuple(rows))

    def _rounds(self) -> StoredSection:
        """Return the rounds of visits that say why the member is not in them."""
        rows = [
            (("走访批次", visit_round.name), ("未排入的原因", str(one.get("reason", ""))))
            for visit_round in self.session.scalars(select(VisitRoundRow).order_by(VisitRoundRow.id))
            for one in visit_round.left_out
            if self.member.id in _ids(one.get("member_ids"))
        ]
        return StoredSection("visit_round", "走访批次：未排入的说明", tuple(rows))

    def _audits(self) -> Iterator[tuple[tuple[str, object], ...]]:
        for row in self.session.scalars(select(AuditRow).order_by(AuditRow.id)):
            ids = row.details.get("ids")
            touched = ids.get("member", []) if isinstance(ids, dict) else []
            if row.details.get("member_id") == self.member.id or self.member.id in touched:
                yield (("时间（UTC）", row.at.isoformat(sep=" ", timespec="seconds")), ("操作", row.summary))


def _references(table: Table) -> tuple[list[Column[Any]], list[Column[Any]]]:
    """Return the columns that say whose row it is, and those in which a member stands as somebody else's."""
    points = [c for c in table.columns if any(key.column.table.name == "member" for key in c.foreign_keys)]
    points += [c for c in table.columns if c.name.endswith("member_id") and c not in points]
    mine = [c for c in points if c.name == "member_id"]
    return mine, [c for c in points if c.name != "member_id"]


def words_of(column: Column[Any]) -> str:
    """Return what a column means, without what is for programmers: `出生年月 YYYY-MM` is 出生年月."""
    words = str(column.comment)
    short = _WORDS_END.split(words)[0]
    others = (str(one.comment) for one in column.table.columns if one is not column)
    return words if any(_WORDS_END.split(other)[0] == short for other in others) else short


def _ids(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _seats(content: object, member_id: int) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        if content.get("member_id") == member_id and "walk_m" in content:
            yield content
        for value in content.values():
            yield from _seats(value, member_id)
    elif isinstance(content, list):
        for value in content:
            yield from _seats(value, member_id)


def plain_value(value: object) -> object:
    """Return a value of the database as a document shows it."""
    if isinstance(value, Enum):
        return value.label if isinstance(value, Labelled) else value.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat(sep=" ", timespec="seconds") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, list | tuple):
        return [plain_value(one) for one in value]
    return value
