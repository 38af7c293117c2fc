"""Roles, actions and who may do what, as data: every cell of the table has its reason.

`decide(role, action)` answers for a kind of work; which rows a person sees is the scope's business
(`Scope`, applied inside every query by `store.reading`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from gis.model.ids import OrgId, UserId


class Role(Labelled):
    """The built-in roles of domain.md section 6."""

    SYS_ADMIN = "sys_admin", "系统管理员"
    SEC_ADMIN = "sec_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"
    STREET_LEADER = "street_leader", "街道领导"
    STREET_CLERK = "street_clerk", "街道组织员"
    VILLAGE_SECRETARY = "village_secretary", "村（社区）书记"
    BRANCH_SECRETARY = "branch_secretary", "支部书记"
    GROUP_LEADER = "group_leader", "党小组长"
    LIAISON = "liaison", "联络员"
    VIEWER_BIG_SCREEN = "viewer_big_screen", "大屏展示"


class Action(StrEnum):
    """The kinds of work that the services guard."""

    VIEW_MAP = "view_map"
    VIEW_MEMBERS = "view_members"
    VIEW_GROUPS = "view_groups"
    PLAN_GROUPS = "plan_groups"
    ADOPT_GROUPS = "adopt_groups"
    IMPORT_DATA = "import_data"
    LOCATE_MEMBERS = "locate_members"
    SET_CONDITIONS = "set_conditions"
    MANAGE_USERS = "manage_users"
    EDIT_CARDS = "edit_cards"
    LOG_CONTACTS = "log_contacts"
    RUN_SURVEYS = "run_surveys"
    SET_MODES = "set_modes"
    VIEW_MATRIX = "view_matrix"
    VIEW_KPIS = "view_kpis"
    VIEW_ORGS = "view_orgs"
    MANAGE_ORGS = "manage_orgs"
    MANAGE_HOSTS = "manage_hosts"
    HOLD_SESSIONS = "hold_sessions"
    PLAN_VISITS = "plan_visits"
    MAKE_VISITS = "make_visits"
    CHECK_RULES = "check_rules"
    MOVE_MEMBERS = "move_members"
    MARK_LOST = "mark_lost"
    MANAGE_CONSENT = "manage_consent"
    HANDLE_RIGHTS = "handle_rights"
    RUN_RETENTION = "run_retention"
    VIEW_CARE = "view_care"
    CHANGE_SETTINGS = "change_settings"
    VERIFY_AUDIT = "verify_audit"
    SIGN_IN = "sign_in"


ACTION_LABELS: dict[Action, str] = {
    Action.VIEW_MAP: "查看一张图",
    Action.VIEW_MEMBERS: "查看党员",
    Action.VIEW_GROUPS: "查看临时党小组",
    Action.PLAN_GROUPS: "测算临时党小组",
    Action.ADOPT_GROUPS: "采用编组方案",
    Action.IMPORT_DATA: "导入数据",
    Action.LOCATE_MEMBERS: "核定党员位置",
    Action.SET_CONDITIONS: "核定编组条件",
    Action.MANAGE_USERS: "管理账号",
    Action.EDIT_CARDS: "登记联系卡",
    Action.LOG_CONTACTS: "登记联系和诉求",
    Action.RUN_SURVEYS: "组织走访摸排",
    Action.SET_MODES: "确定学习方式",
    Action.VIEW_MATRIX: "查看在册与居住地数量",
    Action.VIEW_KPIS: "查看大屏数量",
    Action.VIEW_ORGS: "查看组织",
    Action.MANAGE_ORGS: "维护组织、片区和岗位",
    Action.MANAGE_HOSTS: "维护党员中心户",
    Action.HOLD_SESSIONS: "登记组织生活",
    Action.PLAN_VISITS: "安排上门走访",
    Action.MAKE_VISITS: "上门走访和登记结果",
    Action.CHECK_RULES: "查看规则检查",
    Action.MOVE_MEMBERS: "登记迁居、返迁和离开",
    Action.MARK_LOST: "登记失联",
    Action.MANAGE_CONSENT: "登记告知与同意",
    Action.HANDLE_RIGHTS: "办理本人权利请求",
    Action.RUN_RETENTION: "到期清理",
    Action.VIEW_CARE: "查看关爱需要",
    Action.CHANGE_SETTINGS: "调整默认值",
    Action.VERIFY_AUDIT: "核对操作记录",
    Action.SIGN_IN: "登录",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a role may do an action, and why."""

    is_allowed: bool
    reason: str


_ADMINS = (Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN)
_COUNTING = (Role.STREET_LEADER, Role.STREET_CLERK, Role.VILLAGE_SECRETARY, Role.BRANCH_SECRETARY)
_ADMIN_NO_PEOPLE = "三员只管系统，不接触党员信息"
_COUNTS_ONLY = "只看数量，不看个人"
_SCREEN = "大屏账号只展示数量，无人值守"
_ROSTER_TEAM = "按组织关系管理本范围党员"


def _team(clerk: str, village: str, branch: str) -> dict[Role, str]:
    """Give the three roles that manage members their reasons."""
    return {Role.STREET_CLERK: clerk, Role.VILLAGE_SECRETARY: village, Role.BRANCH_SECRETARY: branch}


def _others(allowed: dict[Role, str], *, leader: str, helpers: str) -> dict[Role, str]:
    """Say why every role that is not allowed is not."""
    reasons = {
        **dict.fromkeys(_ADMINS, _ADMIN_NO_PEOPLE),
        Role.STREET_LEADER: leader,
        Role.STREET_CLERK: helpers,
        Role.VILLAGE_SECRETARY: helpers,
        Role.BRANCH_SECRETARY: helpers,
        Role.GROUP_LEADER: helpers,
        Role.LIAISON: helpers,
        Role.VIEWER_BIG_SCREEN: _SCREEN,
    }
    return {role: why for role, why in reasons.items() if role not in allowed}


#: For each action: the roles that may, with the reason; then the reasons of those that may not.
_ALLOWS: dict[Action, dict[Role, str]] = {
    Action.VIEW_MAP: {
        Role.SYS_ADMIN: "核对底图与图层是否可用，不含党员",
        Role.STREET_LEADER: "掌握网格、阵地和数量分布",
        Role.STREET_CLERK: "统筹全街道布点",
        Role.VILLAGE_SECRETARY: "掌握本村（社区）党员分布",
        Role.BRANCH_SECRETARY: "掌握本支部党员分布",
        Role.GROUP_LEADER: "查看本组周边网格和阵地",
        Role.LIAISON: "查看联系范围内网格和阵地",
        Role.VIEWER_BIG_SCREEN: "大屏展示网格和数量",
    },
    Action.VIEW_MEMBERS: {
        Role.STREET_CLERK: "全街道党员信息管理职责",
        Role.VILLAGE_SECRETARY: _ROSTER_TEAM,
        Role.BRANCH_SECRETARY: _ROSTER_TEAM,
        Role.GROUP_LEADER: "联系本支部过渡期党员",
        Role.LIAISON: "联系本支部过渡期党员",
    },
    Action.VIEW_GROUPS: {
        Role.STREET_LEADER: "掌握编组进度，只看数量",
        Role.STREET_CLERK: "指导各支部编组",
        Role.VILLAGE_SECRETARY: "掌握本村（社区）编组",
        Role.BRANCH_SECRETARY: "管理本支部编组",
        Role.GROUP_LEADER: "查看本支部编组",
        Role.LIAISON: "查看本支部编组",
    },
    Action.PLAN_GROUPS: {
        Role.STREET_CLERK: "统筹测算，供支部讨论",
        Role.VILLAGE_SECRETARY: "为所属支部测算方案",
        Role.BRANCH_SECRETARY: "为本支部测算方案",
    },
    Action.ADOPT_GROUPS: {
        Role.STREET_CLERK: "受支部委托统一登记已决定的方案",
        Role.VILLAGE_SECRETARY: "村（社区）党组织统一登记",
        Role.BRANCH_SECRETARY: "党小组由支部委员会决定",
    },
    Action.IMPORT_DATA: {
        Role.STREET_CLERK: "花名册和图层由街道统一导入",
        Role.VILLAGE_SECRETARY: "导入本村（社区）花名册",
    },
    Action.LOCATE_MEMBERS: {
        Role.STREET_CLERK: "核定全街道党员住址",
        Role.VILLAGE_SECRETARY: "了解本村（社区）党员实际住址",
        Role.BRANCH_SECRETARY: "了解本支部党员实际住址",
    },
    Action.SET_CONDITIONS: {
        Role.STREET_CLERK: "受支部委托登记党员的意愿和行动能力",
        Role.VILLAGE_SECRETARY: "与本人核定行动能力和意愿",
        Role.BRANCH_SECRETARY: "与本人核定行动能力和意愿，提名组长",
    },
    Action.MANAGE_USERS: {Role.SYS_ADMIN: "开设和停用账号"},
    Action.EDIT_CARDS: _team("登记全街道联系卡", "登记本村（社区）联系卡", "登记本支部联系卡"),
    Action.LOG_CONTACTS: {
        **_team("登记联系情况", "登记本村（社区）联系情况", "登记本支部联系情况"),
        Role.GROUP_LEADER: "联系本支部过渡期党员",
        Role.LIAISON: "联系本支部过渡期党员",
    },
    Action.RUN_SURVEYS: _team("统筹全街道摸排", "组织本村（社区）摸排", "组织本支部摸排"),
    Action.SET_MODES: _team("受支部委托统一登记", "村（社区）党组织统一登记", "学习方式由支部与本人商定"),
    Action.VIEW_MATRIX: {
        Role.STREET_LEADER: "掌握在册与居住地数量",
        **_team("统筹双重管理", "掌握本村（社区）双重管理", "掌握本支部双重管理"),
    },
    Action.VIEW_KPIS: dict.fromkeys((*_COUNTING, Role.VIEWER_BIG_SCREEN), "掌握本范围数量，供大屏展示"),
    Action.VIEW_ORGS: {
        Role.SYS_ADMIN: "开设账号时核对组织，不含党员",
        Role.STREET_LEADER: "掌握组织体系和覆盖范围",
        **_team("统筹全街道组织", "掌握本村（社区）组织", "掌握本支部和上级组织"),
        Role.GROUP_LEADER: "查看本支部组织和联系电话",
        Role.LIAISON: "查看本支部组织和联系电话",
    },
    Action.MANAGE_ORGS: {
        Role.STREET_CLERK: "维护全街道组织和片区",
        Role.VILLAGE_SECRETARY: "维护本村（社区）组织和片区",
    },
    Action.MANAGE_HOSTS: _team("维护全街道中心户", "维护本村（社区）中心户", "中心户由支部审定"),
    Action.HOLD_SESSIONS: {
        **_team("登记街道组织的活动", "登记本村（社区）组织生活", "登记本支部组织生活"),
        Role.GROUP_LEADER: "登记本支部小组会",
    },
    Action.PLAN_VISITS: _team("统筹上门送学", "安排本村（社区）上门送学", "安排本支部上门送学"),
    Action.MAKE_VISITS: {
        **_team("登记走访结果", "登记本村（社区）走访结果", "登记本支部走访结果"),
        Role.GROUP_LEADER: "走访排给自己的党员",
        Role.LIAISON: "走访排给自己的党员",
    },
    Action.CHECK_RULES: {
        Role.STREET_LEADER: "掌握各组织规则执行情况，只看数量",
        **_team("督促各组织落实", "掌握本村（社区）落实情况", "掌握本支部落实情况"),
    },
    Action.MOVE_MEMBERS: _team("登记全街道变动", "登记本村（社区）变动", "登记本支部变动"),
    Action.MARK_LOST: _team("核对失联情况", "核对本村（社区）失联情况", "查找并提出本支部失联情况"),
    Action.MANAGE_CONSENT: _team("登记告知与同意", "登记本村（社区）告知与同意", "登记本支部告知与同意"),
    Action.HANDLE_RIGHTS: {
        Role.STREET_CLERK: "统一受理本人权利请求",
        Role.VILLAGE_SECRETARY: "受理本村（社区）党员的请求",
        Role.BRANCH_SECRETARY: "受理本支部党员的请求",
    },
    Action.RUN_RETENTION: {Role.SYS_ADMIN: "按规定期限清理，不看内容", Role.STREET_CLERK: "按规定期限清理"},
    Action.VIEW_CARE: {
        Role.BRANCH_SECRETARY: "与本人商定关爱事项",
        Role.LIAISON: "只看由自己帮扶的党员",
    },
    Action.CHANGE_SETTINGS: {
        Role.SYS_ADMIN: "维护系统默认值",
        Role.STREET_CLERK: "按街道规定调整默认值",
    },
    Action.VERIFY_AUDIT: {
        Role.AUDIT_ADMIN: "核对操作记录是否完整",
        Role.STREET_CLERK: "在服务器上核对记录是否完整，不看内容",
    },
    Action.SIGN_IN: dict.fromkeys(Role, "所有启用的账号都可登录"),
}

_DENIES: dict[Action, dict[Role, str]] = {
    Action.VIEW_MAP: {
        Role.SEC_ADMIN: "安全管理员只管权限策略",
        Role.AUDIT_ADMIN: "审计管理员只看操作记录",
    },
    Action.VIEW_MEMBERS: {
        **dict.fromkeys(_ADMINS, _ADMIN_NO_PEOPLE),
        Role.STREET_LEADER: _COUNTS_ONLY,
        Role.VIEWER_BIG_SCREEN: _SCREEN,
    },
    Action.VIEW_GROUPS: {
        **dict.fromkeys(_ADMINS, _ADMIN_NO_PEOPLE),
        Role.VIEWER_BIG_SCREEN: _SCREEN,
    },
    Action.PLAN_GROUPS: {
        **dict.fromkeys(_ADMINS, _ADMIN_NO_PEOPLE),
        Role.STREET_LEADER: "编组由支部测算、支委会决定",
        Role.GROUP_LEADER: "组长可提建议，方案由支部测算",
        Role.LIAISON: "联络员可提建议，方案由支部测算",
        Role.VIEWER_BIG_SCREEN: _SCREEN,
    },
    Action.ADOPT_GROUPS: {
        **dict.fromkeys(_ADMINS, _ADMIN_NO_PEOPLE),
        Role.STREET_LEADER: "党小组由支部委员会决定，不由街道领导直接采用",
        Role.GROUP_LEADER: "党小组由支部委员会决定",
        Role.LIAISON: "党小组由支部委员会决定",
        Role.VIEWER_BIG_SCREEN: _SCREEN,
    },
    Action.IMPORT_DATA: {
        **dict.fromkeys(_ADMINS, _ADMIN_NO_PEOPLE),
        Role.STREET_LEADER: _COUNTS_ONLY,
        Role.BRANCH_SECRETARY: "花名册由村（社区）或街道统一导入，避免重复",
        Role.GROUP_LEADER: "花名册由村（社区）或街道统一导入",
        Role.LIAISON: "花名册由村（社区）或街道统一导入",
        Role.VIEWER_BIG_SCREEN: _SCREEN,
    },
    Action.LOCATE_MEMBERS: {
        **dict.fromkeys(_ADMINS, _ADMIN_NO_PEOPLE),
        Role.STREET_LEADER: _COUNTS_ONLY,
        Role.GROUP_LEADER: "住址由支部书记核定",
        Role.LIAISON: "住址由支部书记核定",
        Role.VIEWER_BIG_SCREEN: _SCREEN,
    },
    Action.SET_CONDITIONS: {
        **dict.fromkeys(_ADMINS, _ADMIN_NO_PEOPLE),
        Role.STREET_LEADER: _COUNTS_ONLY,
        Role.GROUP_LEADER: "行动能力和意愿由支部书记与本人核定",
        Role.LIAISON: "行动能力和意愿由支部书记与本人核定",
        Role.VIEWER_BIG_SCREEN: _SCREEN,
    },
    Action.MANAGE_USERS: dict.fromkeys(
        (role for role in Role if role is not Role.SYS_ADMIN), "账号只由系统管理员开设和停用"
    ),
    **{
        action: _others(_ALLOWS[action], leader=_COUNTS_ONLY, helpers=helpers)
        for action, helpers in {
            Action.EDIT_CARDS: "联系卡由支部书记登记，可把变化告诉支部",
            Action.LOG_CONTACTS: "联系情况由联系人登记",
            Action.RUN_SURVEYS: "摸排由支部以上组织",
            Action.SET_MODES: "学习方式由支部与本人商定",
            Action.VIEW_MATRIX: "数量由支部以上掌握",
            Action.VIEW_KPIS: "数量由支部以上掌握",
            Action.VIEW_ORGS: "组织由街道和村（社区）掌握",
            Action.MANAGE_ORGS: "组织和片区由村（社区）以上维护",
            Action.MANAGE_HOSTS: "中心户由支部审定",
            Action.HOLD_SESSIONS: "组织生活由召集人登记",
            Action.PLAN_VISITS: "走访由支部安排，可提建议",
            Action.MAKE_VISITS: "结果由走访人和支部登记",
            Action.CHECK_RULES: "规则检查由支部以上落实",
            Action.MOVE_MEMBERS: "变动由支部书记登记，可把变化告诉支部",
            Action.MARK_LOST: "失联由支部提出、另一人确认",
            Action.MANAGE_CONSENT: "告知与同意由支部书记当面登记",
            Action.HANDLE_RIGHTS: "本人权利请求由支部书记以上受理",
            Action.RUN_RETENTION: "到期清理由系统管理员或街道执行",
            Action.VIEW_CARE: "关爱事项只由支部书记和帮扶人掌握",
            Action.CHANGE_SETTINGS: "默认值由街道统一调整",
            Action.VERIFY_AUDIT: "操作记录由审计管理员核对",
        }.items()
    },
    Action.SIGN_IN: {},
}

RULES: dict[tuple[Role, Action], Decision] = {
    **{
        (role, action): Decision(is_allowed=True, reason=why)
        for action, rows in _ALLOWS.items()
        for role, why in rows.items()
    },
    **{
        (role, action): Decision(is_allowed=False, reason=why)
        for action, rows in _DENIES.items()
        for role, why in rows.items()
    },
}


def decide(role: Role, action: Action) -> Decision:
    """Look the cell up; a cell that nobody filled in is a deny."""
    return RULES.get((role, action), Decision(is_allowed=False, reason="未授权"))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows a reader returns.

    `org_roots` are the tops of the organisation subtrees whose members and groups may be read; `whole_street`
    opens them all. `sees_people` False keeps every personal row out, whatever the subtrees are.
    """

    org_roots: frozenset[OrgId] = frozenset()
    whole_street: bool = False
    sees_people: bool = False

    @property
    def key(self) -> tuple[tuple[int, ...], bool, bool]:
        """A hashable key for caches: what two readers share when they may see the same rows."""
        return tuple(sorted(self.org_roots)), self.whole_street, self.sees_people


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in user, or the operator at the command line."""

    name: str
    role: Role
    scope: Scope
    user_id: UserId | None = None
    display_name: str = ""

    def may(self, action: Action) -> bool:
        """Whether the role may do this kind of work."""
        return decide(self.role, action).is_allowed


def scope_for(role: Role, org_roots: frozenset[OrgId]) -> Scope:
    """Return what a role with these organisations may read; street roles read the whole street."""
    whole = role in (Role.STREET_CLERK, Role.STREET_LEADER, Role.SYS_ADMIN, Role.VIEWER_BIG_SCREEN)
    sees_people = decide(role, Action.VIEW_MEMBERS).is_allowed
    return Scope(org_roots=org_roots, whole_street=whole, sees_people=sees_people)


def operator(name: str = "命令行") -> Actor:
    """Return the person at the server's command line, who holds the files anyway: the street clerk's rights."""
    return Actor(name=name, role=Role.STREET_CLERK, scope=scope_for(Role.STREET_CLERK, frozenset()))
