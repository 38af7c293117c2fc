"""走访情况报告: what a round planned and did, in counts for the level above; names stand in a paper of their own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.papers import Block, Closing, Column, Grid, Heading, Paper, PaperFormat, Text
from gis.model.visits import ResultState, RoundState, VisitPurpose, VisitResult
from gis.services.access import require
from gis.services.contact_limits import is_overdue
from gis.services.notices import MIME, said_date
from gis.services.settings import office_settings
from gis.services.surveys import subtree
from gis.services.visits.exports import MOST_REASON, UNSEEN, VisitFile, watermark
from gis.store.formats.paper_docx import write_docx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId, RoundId
    from gis.model.people import Member
    from gis.model.visits import KeptResult, VisitRound, VisitStop, VisitTarget
    from gis.store.database import Store
    from gis.store.reader import Reader

NO_RESULT = "没有结果"
MET, PHONED, DECLINED, MOVED = "见到本人", "电话联系", "本人谢绝", "已迁"
_KIND = {  # 住院 is told to nobody above the branch: not met, like 不在
    VisitResult.MET: MET,
    VisitResult.PHONED: PHONED,
    VisitResult.DECLINED: DECLINED,
    VisitResult.MOVED: MOVED,
    VisitResult.NOT_HOME: UNSEEN,
    VisitResult.IN_HOSPITAL: UNSEEN,
}
_COLUMNS = (MET, PHONED, DECLINED, UNSEEN, MOVED, NO_RESULT)


def round_report(actor: Actor, store: Store, round_id: RoundId) -> VisitFile:
    """Make the report of a round as a Word document, without a name of a member.

    Raises
    ------
    InputError
        The round is still a draft.
    NotFoundError, DeniedError
        The round lies outside the scope, or the role may not plan visits.
    """
    require(actor, Action.PLAN_VISITS)
    with store.reading(actor.scope) as reader:
        facts = _facts(reader, round_id, store.today())
    paper = Paper(
        f"走访情况报告-{facts.round.name}",
        (("报告", _report(facts)),),
        watermark(actor.display_name or actor.name, store.clock()),
    )
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        writer.say("导出走访情况报告", round=round_id)
    return VisitFile(_file_name(paper), MIME[PaperFormat.DOCX], write_docx(paper, store.clock()))


def round_names(actor: Actor, store: Store, round_id: RoundId, reason: str) -> VisitFile:
    """Make the list with names as a Word document of its own, which stays in the branch.

    Raises
    ------
    InputError
        No reason, or the round is still a draft.
    NotFoundError, DeniedError
        As in `round_report`.
    """
    require(actor, Action.PLAN_VISITS)
    said = reason.strip()
    if not said or len(said) > MOST_REASON:
        msg = f"导出走访名单须写明用途，不超过 {MOST_REASON} 字；用途记入操作日志"
        raise InputError(msg)
    with store.reading(actor.scope) as reader:
        facts = _facts(reader, round_id, store.today())
    paper = Paper(
        f"走访名单-{facts.round.name}",
        (("名单", _names(facts)),),
        watermark(actor.display_name or actor.name, store.clock()),
        11.0,
    )
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        writer.say("导出走访名单", round=round_id, reason=said, members=len(facts.people))
    content = write_docx(paper, store.clock())
    about = (*facts.people, *(one for left in facts.round.left_out for one in left.member_ids))
    return VisitFile(_file_name(paper), MIME[PaperFormat.DOCX], content, tuple(sorted(set(about))))


def _file_name(paper: Paper) -> str:
    return re.sub(r'[\\/:*?"<>|\s]+', "-", paper.name) + ".docx"  # a round is called what people like


@dataclass(frozen=True, slots=True)
class _Person:
    """One member of the round: the name is for the list, everything else for both papers."""

    name: str
    branch: str
    target: VisitTarget
    stop: VisitStop
    team: int
    result: KeptResult | None

    @property
    def kind(self) -> str:
        """What came of it, as told outside the branch."""
        return _KIND[self.result.result] if self.result is not None else NO_RESULT

    @property
    def is_reached(self) -> bool:
        """Whether somebody spoke with the member."""
        return self.result is not None and self.result.result.is_reached


@dataclass(frozen=True, slots=True)
class _Facts:
    round: VisitRound
    org: str
    above: str
    people: dict[MemberId, _Person]
    names: dict[MemberId, str]
    unnamed: frozenset[MemberId]
    conflicts: int
    in_transition: int
    in_time: tuple[int, int]
    until: date


def _facts(reader: Reader, round_id: RoundId, today: date) -> _Facts:
    found = reader.visit_round(round_id)
    if found is None:
        msg = f"没有编号为 {round_id} 的走访批次，或不在管理范围内"
        raise NotFoundError(msg)
    if found.state is RoundState.DRAFT:
        msg = "这批走访还是草案，没有下发：下发并登记结果以后再写报告"
        raise InputError(msg)
    orgs = {org.id: org for org in reader.orgs()}
    results = reader.visit_results(round_id)
    accepted = {one.target_id: one for one in results if one.state is ResultState.ACCEPTED}
    members = {one.id: one for one in reader.members(include_left=True)}
    people = {
        target.member_id: _Person(
            members[target.member_id].name,
            orgs[members[target.member_id].branch_id].name,
            target,
            stop,
            team.number,
            accepted.get(target.id) if target.id is not None else None,
        )
        for team in found.teams
        for stop in team.stops
        for target in stop.targets
        if target.member_id in members
    }
    org = orgs[found.org_id]
    until = min(today, max([found.last_day, *(one.on_day for one in accepted.values())]))
    moving, in_time = _in_time(reader, found.org_id, (found.first_day - timedelta(days=1), until))
    return _Facts(
        round=found,
        org=org.name,
        above=orgs[org.parent_id].name if org.parent_id in orgs else "上级党组织",
        people=people,
        names={number: one.name for number, one in members.items() if number is not None},
        unnamed=_restricted(members.values()),
        conflicts=sum(one.state is ResultState.CONFLICT for one in results),
        in_transition=moving,
        in_time=in_time,
        until=until,
    )


def _restricted(members: Iterable[Member]) -> frozenset[MemberId]:
    return frozenset(one.id for one in members if one.id is not None and one.restricted_on is not None)


def _in_time(reader: Reader, org_id: OrgId, days: tuple[date, date]) -> tuple[int, tuple[int, int]]:
    """Count the members in transition, and those contacted in time on each of the days, by what the log holds now."""
    options = office_settings(reader)
    ours = reader.members(subtree(reader.orgs(), org_id), in_transition_only=True)
    modes = reader.modes_in_force()
    counts = [0, 0]
    for member in ours:
        if member.id is None:
            continue
        met = [one.on_day for one in reader.contacts(member.id) if one.is_reached]
        for place, day in enumerate(days):
            last = max((one for one in met if one <= day), default=None)
            counts[place] += not is_overdue(last, modes.get(member.id), options, day)
    return len(ours), (counts[0], counts[1])


def _report(facts: _Facts) -> tuple[Block, ...]:
    return (
        Heading("上门送学情况报告"),
        Text(f"{facts.above}：", is_indented=False),
        *_planned(facts),
        *_done(facts),
        *_by_branch(facts),
        *_coverage(facts),
        *_left_out(facts),
        *_to_do(facts),
        Closing((f"中共{facts.org.removeprefix('中共')}", said_date(facts.until))),
    )


def _planned(facts: _Facts) -> tuple[Block, ...]:
    planned, people = facts.round, facts.people.values()
    stops = [stop for team in planned.teams for stop in team.stops]
    groups = sum(_is_group(stop) for stop in stops)
    doors = f"{len(stops) - groups} 户" + (f"、小组学习 {groups} 次" if groups else "")
    shifts = sum(len({stop.shift for stop in team.stops}) for team in planned.teams)
    purposes = Counter(purpose for one in people for purpose in one.target.purposes)
    said = "、".join(f"{purpose.label} {purposes[purpose]} 人" for purpose in VisitPurpose if purposes[purpose])
    several = "（同一人可有几项）" if sum(purposes.values()) > len(people) else ""
    days = _days(planned.first_day, planned.last_day)
    return (
        Heading("一、安排", 2),
        Text(
            f"{days}，{facts.org}安排上门送学“{planned.name}”：走访党员 {len(people)} 人，{doors}，"
            f"由 {sum(bool(team.stops) for team in planned.teams)} 个小组用 {shifts} 个半天走完。"
            f"其中{said}{several}。"
            if people
            else f"{days}，{facts.org}安排上门送学“{planned.name}”，没有排入党员。"
        ),
    )


def _days(first: date, last: date) -> str:
    return said_date(first) if first == last else f"{said_date(first)}至 {last.month} 月 {last.day} 日"


def _is_group(stop: VisitStop) -> bool:
    return stop.group_id is not None or stop.session_id is not None


def _done(facts: _Facts) -> tuple[Block, ...]:
    people = tuple(facts.people.values())
    kinds = Counter(one.kind for one in people)
    with_result, reached = len(people) - kinds[NO_RESULT], sum(one.is_reached for one in people)
    rows = [
        (purpose.label, [one for one in people if purpose in one.target.purposes])
        for purpose in VisitPurpose
        if any(purpose in one.target.purposes for one in people)
    ]
    return (
        Heading("二、完成情况", 2),
        Text(
            f"已登记结果 {with_result} 人{_share(with_result, len(people))}，见到或联系上 {reached} 人"
            f"{_share(reached, len(people))}，其中当面见到 {kinds[MET]} 人。没见到的不作评价，另约时间再去。"
        ),
        _grid("目的", [*rows, ("合计人数", list(people))], lambda one: one.kind, _COLUMNS),
    )


def _by_branch(facts: _Facts) -> tuple[Block, ...]:
    """Say less of each branch than of all together: few people stand behind its figures."""
    people = tuple(facts.people.values())
    branches = sorted({one.branch for one in people})
    rows = [(name, [one for one in people if one.branch == name]) for name in branches]
    columns = ("见到或联系上", "没有见到", NO_RESULT)

    def kind(one: _Person) -> str:
        return columns[0] if one.is_reached else NO_RESULT if one.result is None else columns[1]

    return (Heading("三、各支部", 2), _grid("支部", rows, kind, columns))


def _grid(
    first: str,
    rows: Iterable[tuple[str, list[_Person]]],
    kind: Callable[[_Person], str],
    kinds: tuple[str, ...],
) -> Grid:
    counted = ((name, ours, Counter(kind(one) for one in ours)) for name, ours in rows)
    return Grid(
        (Column(first, 1.8), Column("安排", is_number=True), *(Column(name, 1.1, is_number=True) for name in kinds)),
        tuple((name, str(len(ours)), *(str(counts[one]) for one in kinds)) for name, ours, counts in counted),
    )


def _share(part: int, whole: int) -> str:
    return f"（{part / whole:.0%}）" if whole else ""


def _coverage(facts: _Facts) -> tuple[Block, ...]:
    before, after = facts.in_time
    whole = facts.in_transition
    return (
        Heading("四、走访前后", 2),
        Text(
            f"{facts.org}现有返迁过渡期党员 {whole} 人。按联系登记，在规定期限内有人见到或联系上的，"
            f"走访前一天 {before} 人{_share(before, whole)}，截至 {said_date(facts.until)} {after} 人"
            f"{_share(after, whole)}。"
        ),
    )


def _left_out(facts: _Facts) -> tuple[Block, ...]:
    reasons = Counter[str]()
    for left in facts.round.left_out:
        reasons[left.reason] += len(left.member_ids)
    if not reasons:
        return (Heading("五、没有排入的", 2), Text("该走访的党员都已排入。"))
    return (
        Heading("五、没有排入的", 2),
        Text(f"该走访而没有排入的 {reasons.total()} 人，原因如下："),
        Grid(
            (Column("原因", 5.0), Column("人数", is_number=True)),
            tuple((_nameless(reason, facts), str(count)) for reason, count in reasons.most_common()),
        ),
    )


def _nameless(reason: str, facts: _Facts) -> str:
    """Take names out of a reason, should one stand there."""
    for name in {facts.names.get(one, "") for left in facts.round.left_out for one in left.member_ids} - {""}:
        reason = reason.replace(name, "该党员")
    return reason


def _to_do(facts: _Facts) -> tuple[Block, ...]:
    kinds = Counter(one.kind for one in facts.people.values())
    promised = sorted(one.result.next_on for one in facts.people.values() if one.result and one.result.next_on)
    said = [
        (facts.conflicts, f"有 {facts.conflicts} 条结果前后不一致，待支部核对后确定采用哪一条"),
        (kinds[MOVED], f"{kinds[MOVED]} 人已不住在原处，待问清新住址后登记变动"),
        (kinds[UNSEEN], f"{kinds[UNSEEN]} 人没有见到，另约时间再去"),
        (kinds[NO_RESULT], f"{kinds[NO_RESULT]} 人还没有登记结果"),
        (
            len(promised),
            f"已与 {len(promised)} 人约定下次时间" + (f"，最早 {said_date(promised[0])}" if promised else ""),
        ),
    ]
    lines = [text for count, text in said if count]
    if not lines:
        return (Heading("六、后续", 2), Text("没有待办。"))
    return (Heading("六、后续", 2), *(Text(f"{k}．{text}。") for k, text in enumerate(lines, start=1)))


def _names(facts: _Facts) -> tuple[Block, ...]:
    columns = (
        Column("序号", 0.6),
        Column("姓名", 1.1),
        Column("支部", 2.0),
        Column("目的", 1.4),
        Column("结果", 1.3),
        Column("日期", 1.5),
        Column("下次", 1.5),
    )
    named = [one for number, one in facts.people.items() if number not in facts.unnamed]
    rows = tuple(
        (
            str(k),
            one.name,
            one.branch,
            "、".join(purpose.label for purpose in one.target.purposes),
            one.kind,
            one.result.on_day.isoformat() if one.result else "",
            one.result.next_on.isoformat() if one.result and one.result.next_on else "",
        )
        for k, one in enumerate(named, start=1)
    )
    left = tuple(
        (facts.names[number], one.reason)
        for one in facts.round.left_out
        for number in one.member_ids
        if number in facts.names.keys() - facts.unnamed
    )
    more: tuple[Block, ...] = ()
    if left:
        more = (Heading("没有排入的", 2), Grid((Column("姓名", 1.1), Column("原因", 5.0)), left))
    return (
        Heading(f"走访名单（{facts.round.name}）"),
        Text("本名单留支部使用，不随报告上报，不张贴、不转发，用后收回。", is_indented=False),
        Grid(columns, rows),
        *more,
    )
