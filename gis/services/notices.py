"""Papers of a plan: group list, notice to each member, sign-in sheet, report to the level above."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import ConfigError, InputError
from gis.model.access import Action
from gis.model.enums import Labelled
from gis.model.office_day import BEIJING
from gis.model.papers import Block, Closing, Column, Facts, Grid, Heading, Paper, PaperFormat, Text
from gis.services.access import require, require_orgs
from gis.services.plans import open_plan
from gis.store.formats.paper_docx import write_docx
from gis.store.formats.paper_pdf import fonts_found, write_pdf
from gis.store.formats.paper_xlsx import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime

    from gis.model.access import Actor
    from gis.model.ids import OrgId, PlanId
    from gis.model.organisation import PartyOrg
    from gis.model.plan import GroupPlan, Place, PlannedGroup
    from gis.model.plans import SavedPlan
    from gis.store.database import Store
    from gis.store.reader import Reader

NO_DATE = "　　年　　月　　日"
BLANK_ROWS = 3  # on a sign-in sheet, for who comes besides
SIGN_MM = 11.0
NORMAL_PT, LARGE_PT = 12.0, 16.0  # a notice is read by people over 60
AT_HOME_M = 10.0
_MODES = {
    "PREFERS_HOME_BRANCH": "回原支部就近参学",
    "PREFERS_HOME_VISIT": "上门送学",
    "CANNOT_LEAVE": "上门送学",
    "PREFERS_ONLINE": "网络共学",
}
_OTHERWISE = "由支部另行安排"


class NoticeKind(Labelled):
    """Which paper."""

    GROUP_LIST = "group-list", "小组名册"
    MEMBER_NOTICE = "member-notice", "编组通知"
    SIGN_IN = "sign-in", "签到表"
    REPORT = "report", "设立小组的报告"


MIME = {
    PaperFormat.PDF: "application/pdf",
    PaperFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PaperFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """A paper as a file."""

    name: str
    mime: str
    content: bytes


def notice_file(
    actor: Actor, store: Store, plan_id: PlanId, kind: NoticeKind, form: PaperFormat, *, font_dir: str = ""
) -> NoticeFile:
    """Make a paper of a saved plan; who made it and when stands at its foot and in the log.

    Raises
    ------
    InputError
        The plan has no groups, or a paper for members is asked for before the plan has been published.
    DeniedError, NotFoundError
        The plan is not within the actor's reach.
    ConfigError
        PDF without any Chinese font on this machine.
    """
    require(actor, Action.PLAN_GROUPS)
    saved = open_plan(actor, store, plan_id)
    if not saved.plan.groups:
        msg = "方案里没有一个小组，没有可以打印的内容"
        raise InputError(msg)
    if kind in (NoticeKind.MEMBER_NOTICE, NoticeKind.SIGN_IN) and saved.head.state.is_open:
        msg = f"方案还是{saved.head.state.label}，没有发布：{kind.label}在发布之后才能打印"
        raise InputError(msg)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, saved.head.branch_ids)
        paper = _Papers(reader, saved).paper(kind, _foot(actor, store))
    content = _WRITERS[form](paper, store.clock(), font_dir)
    with store.writing(actor, Action.PLAN_GROUPS) as writer:
        writer.say(f"导出{kind.label}（{form.label}）：方案 {plan_id}", plan=plan_id, groups=len(saved.plan.groups))
    return NoticeFile(f"{paper.name}.{form.value}", MIME[form], content)


def why_not(form: PaperFormat, font_dir: str = "") -> str:
    """Say what keeps this machine from writing the format; "" where nothing does."""
    if form is not PaperFormat.PDF:
        return ""
    try:
        fonts_found(font_dir)
    except ConfigError as error:
        return str(error)
    return ""


_WRITERS: Mapping[PaperFormat, Callable[[Paper, datetime, str], bytes]] = {
    PaperFormat.PDF: write_pdf,
    PaperFormat.DOCX: lambda paper, at, _: write_docx(paper, at),
    PaperFormat.XLSX: lambda paper, at, _: write_xlsx(paper, at),
}


def _foot(actor: Actor, store: Store) -> str:
    at = (store.clock() + BEIJING).strftime("%Y-%m-%d %H:%M")
    return f"内部资料，不得公开　{actor.display_name or actor.name} 于 {at} 导出"


class _Papers:
    """What the papers of one plan say."""

    def __init__(self, reader: Reader, saved: SavedPlan) -> None:
        self.saved, self.plan = saved, saved.plan
        self._orgs: dict[OrgId | None, PartyOrg] = {org.id: org for org in reader.orgs()}
        self._building_of = {host.id: host.building_id for host in reader.hosts(with_ended=True)}
        self._label_of = {building.id: building.label for building in reader.buildings()}
        self._branch_of = {member.id: member.branch_id for member in reader.members(saved.head.branch_ids)}
        self._decided = said_date(saved.head.decided_on)
        everybody = saved.plan.request.is_all_members  # not all of them are in transition
        self._whose, self._why_now = ("党员", "") if everybody else ("返迁过渡期党员", "返迁过渡期间，")

    def paper(self, kind: NoticeKind, foot: str) -> Paper:
        """Compose one paper."""
        sheets = {
            NoticeKind.GROUP_LIST: self._group_lists,
            NoticeKind.MEMBER_NOTICE: self._member_notices,
            NoticeKind.SIGN_IN: self._sign_in_sheets,
            NoticeKind.REPORT: self._reports,
        }[kind]()
        size_pt = LARGE_PT if kind is NoticeKind.MEMBER_NOTICE else NORMAL_PT
        return Paper(f"{kind.label}-{self.saved.head.name}", tuple(sheets), foot, size_pt)

    def _where(self, place: Place) -> str:
        building = self._building_of.get(place.host_id) if place.host_id is not None else None
        address = self._label_of.get(building, "") if building is not None else ""
        return f"{place.label}（{address}）" if address and address not in place.label else place.label

    def _leader(self, group: PlannedGroup) -> str:
        return next((seat.name for seat in group.seats if seat.member_id == group.leader_id), "未定")

    def _group_lists(self) -> Iterable[tuple[str, tuple[Block, ...]]]:
        draft = "（草案，供讨论）" if self.saved.head.state.is_open else ""
        columns = (
            Column("序号", 0.6),
            Column("姓名", 1.6),
            Column("组内分工"),
            Column("步行（米）", 1.1, is_number=True),
            Column("约几分钟", 1.0, is_number=True),
        )
        for number, group in enumerate(self.plan.groups, start=1):
            rows = tuple(
                (
                    str(k),
                    seat.name,
                    "组长" if seat.member_id == group.leader_id else "",
                    f"{seat.walk_m:.0f}",
                    str(seat.minutes),
                )
                for k, seat in enumerate(group.seats, start=1)
            )
            yield (
                f"{number} {group.branch}",
                (
                    Heading(f"{group.branch}临时党小组名册{draft}"),
                    self._facts(group, ("人数", f"{len(group.seats)} 名"), ("支委会决定", self._decided)),
                    Grid(columns, rows),
                ),
            )

    def _facts(self, group: PlannedGroup, *more: tuple[str, str]) -> Facts:
        return Facts((("活动地点", self._where(group.place)), ("组　　长", self._leader(group)), *more))

    def _member_notices(self) -> Iterable[tuple[str, tuple[Block, ...]]]:
        for group in self.plan.groups:
            for seat in group.seats:
                role = "，并担任组长" if seat.member_id == group.leader_id else ""
                about = "（估算）" if seat.is_estimated else ""
                far = (
                    f"约 {seat.walk_m:.0f} 米，{seat.minutes} 分钟{about}"
                    if seat.walk_m > AT_HOME_M
                    else "就在您住的楼里"
                )
                yield (
                    seat.name,
                    (
                        Heading("编组通知"),
                        Text(f"{seat.name}同志：", is_indented=False),
                        Text(
                            f"{self._why_now}为方便就近参加组织生活，经{committee(group.branch)}于{self._decided}研究决定，"
                            f"您编入本支部临时党小组{role}。您的组织关系仍在{group.branch}，村里的重大事项、换届选举和集体经济分配"
                            "仍按原支部通知参加。"
                        ),
                        self._facts(group, ("从住处走", far)),
                        Text(
                            "小组由程序按住处远近提出建议，由支部讨论决定。您想知道为什么这样编组、想换一个小组，或者更愿意回原支部、"
                            "由支部上门送学、网上学习的，请告诉组长或支部，支部会重新安排，以您本人的意愿为先。"
                        ),
                        Text("本通知请当面交给本人，不张贴、不转发。"),
                        Closing((f"中共{committee(group.branch)}", NO_DATE)),
                    ),
                )

    def _sign_in_sheets(self) -> Iterable[tuple[str, tuple[Block, ...]]]:
        columns = (Column("序号", 0.5), Column("姓名", 1.2), Column("签到", 1.5), Column("备注", 1.5))
        for number, group in enumerate(self.plan.groups, start=1):
            names = [seat.name for seat in group.seats] + [""] * BLANK_ROWS
            rows = tuple((str(k), name, "", "") for k, name in enumerate(names, start=1))
            yield (
                f"{number} {group.branch}",
                (
                    Heading(f"{group.branch}临时党小组签到表"),
                    self._facts(group, ("时　　间", NO_DATE + "　　时　　分"), ("主　　题", ""), ("主持 / 记录", "")),
                    Grid(columns, rows, SIGN_MM),
                    Text(
                        "应到　　　名，实到　　　名，请假　　　名。因故没到的，由组长会后补学或上门。",
                        is_indented=False,
                    ),
                ),
            )

    def _reports(self) -> Iterable[tuple[str, tuple[Block, ...]]]:
        columns = (
            Column("序号", 0.5),
            Column("活动地点", 2.4),
            Column("组长", 1.0),
            Column("人数", 0.6, is_number=True),
        )
        for branch_id in self.saved.head.branch_ids:
            groups = [group for group in self.plan.groups if group.branch_id == branch_id]
            if not groups:
                continue
            rows = tuple(
                (str(k), self._where(group.place), self._leader(group), str(len(group.seats)))
                for k, group in enumerate(groups, start=1)
            )
            branch = self._orgs[branch_id].name
            yield (
                branch,
                (
                    Heading("关于设立临时党小组的报告"),
                    Text(f"{self._above(branch_id)}：", is_indented=False),
                    Text(
                        f"我支部{self._whose}居住分散。为方便党员就近参加组织生活，经支部委员会于{self._decided}研究，"
                        f"决定设立临时党小组 {len(groups)} 个，编入党员 {sum(len(group.seats) for group in groups)} 名"
                        f"{self._others(branch_id)}。党员组织关系不变。小组情况如下："
                    ),
                    Grid(columns, rows),
                    Text("特此报告。"),
                    Closing((f"中共{committee(branch)}", said_date(self.saved.head.reported_on))),
                ),
            )

    def _above(self, branch_id: OrgId) -> str:
        parent = self._orgs.get(self._orgs[branch_id].parent_id) if self._orgs[branch_id].parent_id else None
        return parent.name if parent is not None else "上级党组织"

    def _others(self, branch_id: OrgId) -> str:
        """Count those without a group by what they have instead; counts only, the level above needs no names."""
        return others_said(self.plan, branch_id)


def others_said(plan: GroupPlan, branch_id: OrgId) -> str:
    """Say how many of a branch are not grouped and what they have instead; "" where all are grouped."""
    modes = Counter(_MODES.get(one.code, _OTHERWISE) for one in plan.unseated if one.branch_id == branch_id)
    said = "、".join(f"{mode} {count} 名" for mode, count in sorted(modes.items()))
    return f"；未编组 {sum(modes.values())} 名，其中{said}" if modes else ""


def committee(branch: str) -> str:
    """Name a branch's committee: 东风一支部 → 东风一支部委员会, 东风村 → 东风村支部委员会."""
    return f"{branch}委员会" if branch.endswith("支部") else f"{branch}支部委员会"


def said_date(day: date | None) -> str:
    """Say a date as papers do; blanks to fill in where there is none."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if day else NO_DATE
