"""Import a roster: read, resolve branches, match people, locate addresses; report everything, then apply at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError
from gis.model.access import Action
from gis.model.rights import ConsentScope
from gis.services._roster_branches import BranchFinder, Found
from gis.services._roster_life import RegisteredLife
from gis.services._roster_matching import Decisions, Match, Matcher
from gis.services._roster_merge import digest_of, new_member, with_address, with_row
from gis.services._roster_report import Located, MergeCase, RosterReport, located_of
from gis.services.access import require
from gis.spatial.addresses import parse_address
from gis.spatial.coarse import is_same_rough_home, rough_home
from gis.spatial.locate import Gazetteer
from gis.store.formats.files import check_file, sha256_of
from gis.store.formats.roster import Roster, RosterSheet, read_roster
from gis.store.formats.roster_faults import write_faults
from gis.store.formats.roster_headers import LAYOUT_LABELS, Layout
from gis.store.writers.imports import NewBatch

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from pathlib import Path

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.model.imports import Decision
    from gis.model.people import Member
    from gis.model.territory import Building
    from gis.store.database import Store
    from gis.store.formats.roster_rows import RosterRow
    from gis.store.reader import Reader
    from gis.store.writer import Writer

__all__ = ["Located", "MergeCase", "RosterReport", "RosterRequest", "apply_roster", "count_located", "dry_run_roster"]

TARGET = "member"
MOST_ROWS = 20  # named in one note
MAX_MB = 50  # a whole street's roster is below 2 MB


@dataclass(frozen=True, slots=True)
class RosterRequest:
    """A roster file; `sheet` "" reads every roster-like sheet. `faults_to` asks for the marked copy of the file.

    `other_addresses` of the same office help to tell the home city from others; `file_name` is shown where the file
    was uploaded under a name of our own; `decisions` answer rows of the merge list.
    """

    path: Path
    sheet: str = ""
    faults_to: Path | None = None
    other_addresses: tuple[str, ...] = ()
    file_name: str = ""
    decisions: tuple[Decision, ...] = ()


def dry_run_roster(actor: Actor, store: Store, request: RosterRequest) -> RosterReport:
    """Say what importing a roster would do; the database stays as it is.

    Raises
    ------
    DeniedError
        The actor may not import.
    InputError
        The file as a whole is at fault.
    """
    require(actor, Action.IMPORT_DATA)
    today = store.today()
    roster = _read(request, today)
    with store.reading(actor.scope) as reader:
        report = _Import(reader, today, request).run(roster).report(is_applied=False)
    _write_faults(request, report)
    return report


def apply_roster(actor: Actor, store: Store, request: RosterRequest) -> RosterReport:
    """Import a roster in one transaction; rows at fault are left out and listed.

    Raises
    ------
    DeniedError
        The actor may not import.
    InputError
        The file as a whole is at fault; nothing has changed.
    """
    require(actor, Action.IMPORT_DATA)
    today = store.today()
    roster = _read(request, today)
    digest = sha256_of(request.path)
    with store.writing(actor, Action.IMPORT_DATA) as writer:
        work = _Import(writer, today, request).run(roster)
        report = work.report(is_applied=True)
        work.save(writer, report, digest)
    _write_faults(request, report)
    return report


def count_located(actor: Actor, store: Store) -> Located:
    """Count the addressed members in the actor's scope by how exactly their homes are known."""
    require(actor, Action.VIEW_MEMBERS)
    with store.reading(actor.scope) as reader:
        return located_of(reader.members())


def _read(request: RosterRequest, today: date) -> Roster:
    check_file(request.path, MAX_MB)
    return read_roster(request.path, sheet=request.sheet, as_of=today, file_name=request.file_name)


def _write_faults(request: RosterRequest, report: RosterReport) -> None:
    if request.faults_to is not None:
        merges = [Fault(case.reason, report.file, case.sheet, case.row, "姓名") for case in report.merges]
        write_faults(request.path, request.faults_to, (*report.faults, *merges))


@dataclass(slots=True)
class _Outcome:
    """What a sheet's rows come to."""

    saves: list[tuple[Member, str]] = field(default_factory=list)
    kept: list[tuple[Member, str]] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    faults: list[Fault] = field(default_factory=list)
    merges: list[MergeCase] = field(default_factory=list)
    missing: list[MemberId] = field(default_factory=list)


class _Import:
    """One import against one state of the database."""

    def __init__(self, reader: Reader, today: date, request: RosterRequest) -> None:
        self.reader, self.today, self.other_addresses = reader, today, request.other_addresses
        self.decisions = Decisions(request.decisions)
        orgs = reader.orgs()
        self.finder = BranchFinder(orgs)
        if not self.finder.has_branches:
            msg = "还没有党支部：请先导入党组织，再导入花名册"
            raise InputError(msg)
        self.mine = reader.org_ids_in_scope
        self.members = {member.id: member for member in reader.members() if member.id is not None}
        self.life = RegisteredLife(reader, self.members)
        self.everybody = {**self.members, **self.life.left}
        self.matcher = Matcher(self.everybody.values(), today)
        self.old_addresses: list[int] = []
        self.buildings: dict[int, Building] = {b.id: b for b in reader.buildings() if b.id is not None}
        self.refused, self.places = reader.refused(ConsentScope.EXACT_LOCATION), reader.rough_places()
        self.digests = {layout: reader.import_digests(_source(layout), TARGET) for layout in Layout}
        self.outcomes: dict[Layout, _Outcome] = {}
        self.seen: dict[tuple[str, str, OrgId], tuple[str, int]] = {}
        self.claimed: dict[MemberId, tuple[str, int]] = {}
        self.after: dict[object, Member] = {}
        self.nameless: dict[tuple[str, OrgId], list[RosterRow]] = {}

    def run(self, roster: Roster) -> _Import:
        """Work through all sheets."""
        self.roster = roster
        addresses = [row.address for sheet in roster.sheets for row in sheet.rows]
        known = [m.residence.address for m in self.members.values() if m.residence is not None]
        self.gazetteer = Gazetteer(
            self.reader.estates(),
            self.buildings.values(),
            self.reader.divisions(),
            (*addresses, *known, *self.other_addresses),
        )
        for sheet in roster.sheets:
            outcome = self.outcomes.setdefault(sheet.layout, _Outcome())
            branches: set[OrgId] = set()
            for row in sheet.rows:
                branches |= self._row(sheet, row, outcome)
            self._note_missing(sheet, branches, outcome)
        return self

    def _row(self, sheet: RosterSheet, row: RosterRow, outcome: _Outcome) -> set[OrgId]:
        """Resolve one row; returns the branches that it speaks for."""
        found = self._branch(sheet, row)
        match = self._match(sheet.layout, row, found)
        if match.member is not None and (len(found.ids) != 1 or match.member.branch_id in found.ids):
            found = Found((match.member.branch_id,))
        if len(found.ids) != 1:
            return self._fault(outcome, row, "所在党支部", found.why or "所在党支部为空：请补填")
        branch = found.ids[0]
        if branch not in self.mine:
            return self._fault(outcome, row, "所在党支部", f"“{self.finder.names[branch]}”不在您的管理范围，未导入")
        refusal = self.life.refusal(row, branch, match.member, self.finder.names)
        if refusal:
            self._fault(outcome, row, "姓名", refusal)
            return {branch}
        if self._is_repeated(outcome, row, branch, match):
            return {branch}
        if match.candidates:
            name = self.finder.names[branch]
            outcome.merges.append(MergeCase(row.sheet, row.row, row.name, name, match.reason, match.candidates))
            return {branch}
        self._take(sheet.layout, row, branch, match, outcome)
        return {branch}

    def _branch(self, sheet: RosterSheet, row: RosterRow) -> Found:
        context = [text for text in (row.section, sheet.name, *sheet.titles, self.roster.file) if text]
        if row.branch:
            return self.finder.find(row.branch, [row.village, *context] if row.village else context)
        inside = self.finder.find_in(context)
        if inside.ids or inside.why or not row.village:
            return inside
        return self.finder.of_village(row.village)

    def _match(self, layout: Layout, row: RosterRow, found: Found) -> Match:
        decided = self.decisions.answer(row, self.everybody)
        if decided is not None:
            return decided
        match = self.matcher.match(row, found.ids or tuple(self.mine), self.claimed)
        said = self.digests[layout]  # what was decided of the same words before holds again
        known = [n for n in match.candidates if said.get(n) == digest_of(row, self.everybody[n].branch_id)]
        return Match(self.everybody[known[0]]) if len(known) == 1 else match

    def _is_repeated(self, outcome: _Outcome, row: RosterRow, branch: OrgId, match: Match) -> bool:
        """Refuse the same person twice in one file; two namesakes without birth months go to a person."""
        place = (row.sheet, row.row)
        first = self.claimed.get(match.member.id) if match.member is not None and match.member.id else None
        if match.is_decided:
            pass
        elif row.birth_ym:
            first = first or self.seen.get((row.name, row.birth_ym, branch))
            self.seen.setdefault((row.name, row.birth_ym, branch), place)
        else:
            others = self.nameless.setdefault((row.name, branch), [])
            others.append(row)
            same = next((o for o in others[:-1] if o.phones == row.phones and o.address == row.address), None)
            first = first or ((same.sheet, same.row) if same else None)
            if not first and len(others) > 1 and match.member is None:
                reason = f"与第 {others[0].row} 行同支部同名，都没有出生年月，分不清是否同一人：请补填出生年月"
                name = self.finder.names[branch]
                outcome.merges.append(MergeCase(row.sheet, row.row, row.name, name, reason))
                return True
        if first:
            where = f"工作表“{first[0]}”第 {first[1]} 行" if first[0] != row.sheet else f"第 {first[1]} 行"
            self._fault(outcome, row, "姓名", f"与{where}重复（同支部、同名、同出生年月），本行未导入")
        return first is not None

    def _take(self, layout: Layout, row: RosterRow, branch: OrgId, match: Match, outcome: _Outcome) -> None:
        """Make or change the member of a row."""
        before = match.member
        digest = digest_of(row, branch)
        if parse_address(row.address).is_range and self.gazetteer.locate(row.address).is_range:
            self._fault(outcome, row, "现住址", "写了几幢楼，不是一幢：请写明住在哪一幢")
            return
        if before is None:
            if row.member_status is None:
                self._fault(outcome, row, "人员类别", "没有正式或预备：请补填 正式党员 或 预备党员")
                return
            after = new_member(row, branch, layout)
        else:
            is_same = before.id is not None and self.digests[layout].get(before.id) == digest
            after = before if is_same else with_row(before, row, branch, layout)
            if is_same and before.residence is not None:
                row = replace(row, address=before.residence.address)  # a row that says nothing new moves nobody
        after = self._move(layout, row, before, after)
        if before is not None and before.id is not None:
            self.claimed[before.id] = (row.sheet, row.row)
        self.after[before.id if before is not None and before.id is not None else (row.sheet, row.row)] = after
        outcome.new += before is None
        outcome.changed += before is not None and after != before
        (outcome.kept if after == before else outcome.saves).append((after, digest))

    def _move(self, layout: Layout, row: RosterRow, before: Member | None, after: Member) -> Member:
        if not row.address:
            return after
        is_settled = (
            layout is not Layout.TRANSITION
            and before is not None
            and before.is_in_transition
            and before.residence is not None
            and before.id in self.digests[Layout.TRANSITION]
        )
        if before is not None and self.life.is_old_address(before, row.address):
            self.old_addresses.append(row.row)
            return after
        # the ledger of the transition knows the home of today, the other rosters often the demolished one
        if is_settled:
            return after
        moved = with_address(after, row.address, self.gazetteer, self.buildings, self.today)
        return self._as_agreed(before, after, moved)

    def _as_agreed(self, before: Member | None, after: Member, moved: Member) -> Member:
        """Take over a home only as precisely as its member agrees to; the same rough home is no move."""
        if before is None or moved.residence is None or before.id not in self.refused:
            return moved
        if after.residence is not None and moved.residence.address == after.residence.address:
            return after
        home = rough_home(moved.residence, self.places)
        return after if is_same_rough_home(home, before.residence) else replace(moved, residence=home)

    def _fault(self, outcome: _Outcome, row: RosterRow, name: str, message: str) -> set[OrgId]:
        outcome.faults.append(Fault(message, self.roster.file, row.sheet, row.row, name))
        return set()

    def _note_missing(self, sheet: RosterSheet, branches: Collection[OrgId], outcome: _Outcome) -> None:
        """Name the members whom this layout delivered before for the same branches and who are absent now."""
        named = {row.name for row in (*sheet.rejected, *sheet.rows) if row.name}
        for number in self.digests[sheet.layout]:
            member = self.members.get(number)  # type: ignore[call-overload]  # the store keeps plain numbers
            if member is None or member.branch_id not in branches or number in self.claimed:
                continue
            if member.name not in named and number not in outcome.missing:
                outcome.missing.append(number)  # type: ignore[arg-type]  # as above

    def report(self, *, is_applied: bool) -> RosterReport:
        """Sum up."""
        outcomes = self.outcomes.values()
        missing = tuple(number for outcome in outcomes for number in outcome.missing if number not in self.claimed)
        faults = [*self.roster.faults, *(fault for outcome in outcomes for fault in outcome.faults)]
        order = {sheet.name: index for index, sheet in enumerate(self.roster.sheets)}
        faults.sort(key=lambda fault: (order.get(fault.sheet, 0), fault.row or 0))
        return RosterReport(
            file=self.roster.file,
            layouts=tuple(LAYOUT_LABELS[layout] for layout in self.outcomes),
            rows=sum(sheet.row_count for sheet in self.roster.sheets),
            new=sum(outcome.new for outcome in outcomes),
            changed=sum(outcome.changed for outcome in outcomes),
            unchanged=sum(len(outcome.kept) for outcome in outcomes),
            missing=len(missing),
            missing_members=missing,
            applied=is_applied,
            faults=tuple(faults),
            notes=self._notes(),
            merges=tuple(case for outcome in outcomes for case in outcome.merges),
            located=located_of(self.after.values()),
            preview=tuple(m.residence.shape for m in self.after.values() if m.residence and m.residence.shape),
        )

    def _notes(self) -> tuple[str, ...]:
        several = len(self.roster.sheets) > 1
        notes = [
            f"工作表“{sheet.name}”：{note}" if several else note for sheet in self.roster.sheets for note in sheet.notes
        ]
        if self.old_addresses:
            rows = "、".join(str(row) for row in sorted(set(self.old_addresses))[:MOST_ROWS])
            more = " 等" if len(set(self.old_addresses)) > MOST_ROWS else ""
            notes.append(f"第 {rows} 行{more}仍是迁居（或更正）以前的住址，已保留登记的现住址")
        return tuple(dict.fromkeys((*self.roster.notes, *notes)))

    def save(self, writer: Writer, report: RosterReport, digest: str) -> None:
        """Write members, what the file said of each, the batch and the audit sentence."""
        counts = {"rows": report.rows, "new": report.new, "changed": report.changed, "missing": report.missing}
        for layout, outcome in self.outcomes.items():
            ids = writer.save_members(member for member, _ in outcome.saves)
            said: dict[int, str] = {number: text for number, (_, text) in zip(ids, outcome.saves, strict=True)}
            said |= {member.id: text for member, text in outcome.kept if member.id is not None}
            is_new = any(self.digests[layout].get(number) != text for number, text in said.items())
            if not outcome.saves and not outcome.faults and not is_new:
                continue
            batch = NewBatch(
                file_name=self.roster.file,
                sha256=digest,
                kind=f"roster:{layout.value}",
                counts={**counts, "faults": len(report.faults)},
                faults=report.faults,
            )
            writer.remember_digests(writer.add_batch(batch), _source(layout), TARGET, said)
        figures = f"新增 {report.new} 人，变化 {report.changed} 人，问题 {len(report.faults)} 处"
        writer.say(f"导入花名册：{figures}", **counts)


def _source(layout: Layout) -> str:
    return f"roster:{layout.value}"
