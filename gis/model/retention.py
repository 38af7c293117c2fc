"""保留期限: what is kept for how long, and which columns each rule answers for.

Every column of class S2, S3 or S4 must be answered for by a rule (tests/architecture/test_retention.py).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from gis.model.enums import Labelled

EXPORT_DAYS = 30  # a paper is printed or handed on within days
SIGN_IN_DAYS = 30
FAULT_MONTHS = 12


class Retained(Labelled):
    """The kinds of data with a term, in the order in which they are cleared."""

    LEFT = "left", "离开花名册的党员"
    CLOSED_HOMES = "closed_homes", "返迁后的详细住址和敏感信息"
    CONTACT_LOGS = "contact_logs", "联系记录"
    REQUESTS = "requests", "已办结的诉求"
    CARE = "care", "已结束的关爱需要和结对"
    ATTENDANCE = "attendance", "组织生活的到会名单"
    MODES = "modes", "已终止的学习方式"
    TIES = "ties", "已终止的联系人、岗位、片区、同组和联合体关系"
    SEATS = "seats", "已终止的编组记录中的距离和原因"
    PLANS = "plans", "已停止、作废和久置的方案"
    SURVEYS = "surveys", "已结束的摸排名单"
    VISITS = "visits", "走访安排、走访单和结果"
    HOSTS = "hosts", "已撤销的中心户"
    LIFE = "life", "变动登记的原因和复核"
    LOST = "lost", "已了结的失联记录"
    ANSWERS = "answers", "已被取代的同意记录、已办结的权利请求"
    NOTES = "notes", "规则提醒的处理"
    FAULTS = "faults", "导入问题清单"
    EXPORTS = "exports", "留在本机的导出文件"
    SIGN_INS = "sign_ins", "登录会话和停用账号的口令摘要"
    AUDIT = "audit", "操作记录的说明和明细"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """One rule: `setting` is the name of the office's setting (months), "" for the fixed `fixed` in words.

    `covers` names columns as `table.column`, or whole tables as `table.*`.
    """

    kind: Retained
    starts: str
    setting: str
    fixed: str
    does: str
    covers: tuple[str, ...]


_MEMBER_ROWS = ("member.*", "affiliation_history.*", "transition_episode.*", "import_key.*")

RULES: tuple[RetentionRule, ...] = (
    RetentionRule(
        Retained.LEFT,
        "去世、转出、出党之日",
        "keep_closed_months",
        "",
        "姓名、电话等全部清除，只留一行无法认出本人的记录；住址、联系卡、诉求、同意等删除",
        (*_MEMBER_ROWS, "contact_card.*", "household.*", "group_membership.*", "party_group.leader_member_id"),
    ),
    RetentionRule(
        Retained.CLOSED_HOMES,
        "返迁之日",
        "keep_closed_months",
        "",
        "过渡期内的住址只留网格；户档住址、行动能力、独居、步行上限、紧急联系人清除；返迁前登记的关爱、结对删除",
        (
            *("residence_history.*", "household.*", "member.mobility_level", "member.lives_alone"),
            *("member.max_walk_m", "contact_card.*", "transition_episode.note", "care_need.*", "pairing.*"),
        ),
    ),
    RetentionRule(Retained.CONTACT_LOGS, "联系之日", "keep_contact_log_months", "", "整条删除", ("contact_log.*",)),
    RetentionRule(Retained.REQUESTS, "办结之日", "keep_requests_months", "", "整条删除", ("member_request.*",)),
    RetentionRule(Retained.CARE, "结束之日", "keep_care_months", "", "整条删除", ("care_need.*", "pairing.*")),
    RetentionRule(
        Retained.ATTENDANCE,
        "召开之日",
        "keep_contact_log_months",
        "",
        "名单删除，只留人数；责任人姓名清除",
        ("attendance.*", "session.*"),
    ),
    RetentionRule(Retained.MODES, "终止之日", "keep_closed_months", "", "整条删除", ("study_mode_decision.*",)),
    RetentionRule(
        Retained.TIES,
        "终止之日",
        "keep_closed_months",
        "",
        "整条删除",
        (
            *("contact_person.*", "grid_assignment.*", "area_member.*", "area.leader_member_id"),
            *("member_companion.*", "joint_body_member.*"),
        ),
    ),
    RetentionRule(
        Retained.SEATS, "终止之日", "keep_closed_months", "", "距离和原因清除，起止日期保留", ("group_membership.*",)
    ),
    RetentionRule(
        Retained.PLANS,
        "停止、作废之日，草案为最后修改之日",
        "keep_closed_months",
        "",
        "方案全文、每步调整和经过删除；测算全文清空",
        ("saved_plan.*", "plan_step.*", "assignment_run.*", "party_group.host_id"),
    ),
    RetentionRule(Retained.SURVEYS, "摸排结束之日", "keep_closed_months", "", "名单删除", ("survey_target.*",)),
    RetentionRule(
        Retained.VISITS,
        "走访批次的最后一天",
        "keep_contact_log_months",
        "",
        "名单、路线、走访人、走访单和结果删除，只留人数",
        (
            *("visit_round.*", "visit_team_person.*", "visit_stop.*", "visit_target.*"),
            *("visit_result.*", "visit_sheet.*"),
        ),
    ),
    RetentionRule(
        Retained.HOSTS, "撤销之日", "keep_closed_months", "", "户主姓名、地址、位置清除", ("host_household.*",)
    ),
    RetentionRule(
        Retained.LIFE,
        "变动之日",
        "keep_closed_months",
        "",
        "过渡期已结束的：原因清除，已复核的事项删除",
        ("life_event.*", "life_review.*"),
    ),
    RetentionRule(
        Retained.LOST, "了结之日", "keep_closed_months", "", "整条删除", ("lost_contact.*", "lost_contact_event.*")
    ),
    RetentionRule(
        Retained.ANSWERS,
        "被取代、办结之日",
        "keep_disclosures_months",
        "",
        "整条删除；仍然有效的意见一直保留",
        ("consent.*", "rights_request.*"),
    ),
    RetentionRule(Retained.NOTES, "填写之日", "keep_closed_months", "", "整条删除", ("rule_note.*",)),
    RetentionRule(
        Retained.FAULTS, "导入之日", "", f"{FAULT_MONTHS} 个月", "清单清空，数量保留", ("import_batch.faults",)
    ),
    RetentionRule(
        Retained.EXPORTS,
        "写出之日",
        "",
        f"{EXPORT_DAYS} 天",
        "文件删除；登记再留到“导出和提供记录保留”期满",
        ("export_record.*",),
    ),
    RetentionRule(
        Retained.SIGN_INS,
        "最近使用之日",
        "",
        f"{SIGN_IN_DAYS} 天",
        "会话、到期和停用的大屏令牌删除；账号停用满期的，口令摘要清除",
        ("sign_in.*", "display_token.*", "app_user.password_hash"),
    ),
    RetentionRule(
        Retained.AUDIT,
        "操作之日",
        "keep_audit_months",
        "",
        "说明、明细和随机数清除，摘要保留，照样能核对",
        ("audit_log.*",),
    ),
)


def months_before(day: date, months: int) -> date:
    """Return the day so many months before; the last of a month that is shorter, the first day of all before that."""
    index = day.year * 12 + day.month - 1 - months
    if index < date.min.year * 12:
        return date.min
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
